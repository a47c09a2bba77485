"""Reading a junction through a series resistor: its voltage, the error of R, and the disturbance.

A source drives the junction and a reference resistor in series; the voltage over the reference
gives the current. Kumar et al. 2024 read about 0.1 V over 25 to 45 kohm behind 1 Mohm, which takes
a source of 4.1 V: nearly a current source, of 4 uA.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import Floats, first, fitting, fraction, positive, real_array
from device_models.junction.bias import bias_array

_HALVINGS = 200


def source_voltage(
    junction_voltage: ArrayLike, resistance: ArrayLike, series: float = 1e6
) -> Floats:
    """Source voltage [V] that puts `junction_voltage` [V] over `resistance` [ohm]; they broadcast.

    V_s = V (1 + R_s/R); 0.1 V over 25.2 kohm behind 1 Mohm takes 4.07 V.
    """
    r = _resistance(resistance)
    fitting(junction_voltage=junction_voltage, resistance=r)
    return np.asarray(real_array("junction_voltage", junction_voltage, "V") * (
        1.0 + positive("series", series, "ohm") / r))


def junction_voltage(
    conductance: Callable[[Floats], Floats], source: ArrayLike, series: float = 1e6
) -> Floats:
    """Voltage over the junction [V], its bias law included.

    Solves V (1 + R_s G(V)) = V_s by bisection.

    Parameters
    ----------
    conductance : function
        Chord conductance [S] at each bias [V], as `partial(mtj.conductance, True)`; it must
        broadcast with `source`, and G(V) V must grow with V.
    source : array
        Source voltage [V].
    series : float
        Reference resistor R_s [ohm].
    """
    if not callable(conductance):
        raise TypeError(f"conductance is {conductance!r}; expected a function of the bias [V], as "
                        "partial(mtj.conductance, True), or lambda v: 1 / r + 0 * v of a resistor")
    v_s, r_s = bias_array("source", source), positive("series", series, "ohm")
    shape = fitting(source=v_s, conductance=conductance(v_s))
    low, high = np.zeros(shape), np.broadcast_to(np.abs(v_s), shape)
    sign = np.sign(v_s)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        over = middle * (1.0 + r_s * conductance(sign * middle)) > np.abs(v_s)
        low, high = np.where(over, low, middle), np.where(over, middle, high)
        if np.all(high - low <= 2e-16 * high):
            break
    return np.asarray(sign * (low + high) / 2)


def inferred_resistance(
    reference_voltage: ArrayLike, source: ArrayLike, series: float = 1e6
) -> Floats:
    """Resistance [ohm] that a measured voltage over the reference resistor [V] means.

    R = R_s (V_s/V_ref - 1); `source` [V], `series` [ohm]; arrays broadcast.
    """
    v, v_s = real_array("reference_voltage", reference_voltage, "V"), real_array(
        "source", source, "V")
    fitting(reference_voltage=v, source=v_s)
    if np.any(v / np.where(v_s == 0, np.nan, v_s) <= 0) or np.any(v_s == 0):
        raise ValueError("reference_voltage and source [V] must have one sign, and not be zero")
    over = np.broadcast_to(v / v_s > 1, np.broadcast_shapes(v.shape, v_s.shape))
    if np.any(over):
        where, found = first(np.broadcast_to(v, over.shape), over)
        raise ValueError(f"reference_voltage [V] is {found:g}{where}, above the source, which no "
                         "resistance does; expected less: check the order of the two, and offsets "
                         "of the meter")
    return np.asarray(positive("series", series, "ohm") * (v_s / v - 1.0))


def resistance_error(
    resistance: ArrayLike, series: float = 1e6, meter_error: float = 0.0,
    series_error: float = 0.0, meter_resistance: float = np.inf,
) -> Floats:
    """Relative error of an inferred resistance [1], small errors added in size; any shape.

    A relative error e of the voltage over the reference becomes (1 + R_s/R) e: forty times more
    for 25 kohm behind 1 Mohm. An error of the reference enters as it is. A meter of input
    resistance R_m in parallel to the reference makes every R appear too large by R_s/R_m.

    Parameters
    ----------
    resistance : array
        The junction's [ohm].
    series, meter_resistance : float
        R_s and R_m [ohm].
    meter_error, series_error : float
        Relative errors of the measured voltage (or of the source) and of R_s [1].
    """
    r, r_s = _resistance(resistance), positive("series", series, "ohm")
    load = 0.0 if meter_resistance == np.inf else r_s / positive(
        "meter_resistance", meter_resistance, "ohm")
    return np.asarray((1.0 + r_s / r) * fraction("meter_error", meter_error, one=False)
                      + fraction("series_error", series_error, one=False) + load)


def disturb_current(source: ArrayLike, resistance: ArrayLike, series: float = 1e6) -> Floats:
    """Current through the junction while it is read [A]: V_s/(R_s + R); arrays broadcast.

    What it does to the state is for `reliability.read_disturb`, against the critical current of
    spin transfer through the junction. `source` [V], `resistance` and `series` [ohm].
    """
    v_s, r = real_array("source", source, "V"), _resistance(resistance)
    fitting(source=v_s, resistance=r)
    return np.asarray(v_s / (positive("series", series, "ohm") + r))


def _resistance(value: ArrayLike) -> Floats:
    r = real_array("resistance", value, "ohm")
    if np.any(r <= 0):
        raise ValueError(f"resistance [ohm] is {r.min():g}; expected more than zero")
    return r
