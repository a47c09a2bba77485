"""How long a state lasts, what reading does to it, and when the barrier breaks."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from device_models.checks import (
    Floats,
    first,
    fitting,
    nonnegative,
    nonnegative_array,
    positive,
    real_array,
    whole,
)
from device_models.switching.pulses import ATTEMPT_TIME

YEAR = 365.25 * 86400.0  # [s]
_LEAST_SHAPE = 0.01  # Gamma(101) is 1e158
_TAIL = 38.5  # standard deviations, beyond which the normal density is zero in floating point
_STEEPEST = 1000.0  # of a step that is resolved; a steeper one errs by less than 1e-3 of the result


def retention_failure(
    time: ArrayLike, stability: ArrayLike, attempt_time: float = ATTEMPT_TIME
) -> Floats:
    """Probability [1] that a state is lost within `time` [s]: 1 - exp(-(t/tau0) exp(-Delta)).

    `stability` Delta [1], `attempt_time` tau0 [s]; accurate however small [T: Neel, Brown].
    """
    fitting(time=time, stability=stability)
    tries = nonnegative_array("time", time, "s") / positive("attempt_time", attempt_time, "s")
    return np.asarray(-np.expm1(-tries * np.exp(-nonnegative_array("stability", stability, "1"))))


def required_stability(
    time: ArrayLike, failure: ArrayLike, attempt_time: float = ATTEMPT_TIME
) -> Floats:
    """Delta [1] that keeps the loss within `time` [s] to `failure` [1]; zero where any will do.

    The inverse of `retention_failure`: 10 years at 1e-6 need 54 [calc].
    """
    fitting(time=time, failure=failure)
    tries = nonnegative_array("time", time, "s") / positive("attempt_time", attempt_time, "s")
    with np.errstate(divide="ignore"):
        return np.asarray(np.maximum(np.log(tries / -np.log1p(-_share("failure", failure))), 0.0))


def read_disturb(
    stability: ArrayLike, current: ArrayLike, critical_current: ArrayLike, duration: ArrayLike,
    attempt_time: float = ATTEMPT_TIME,
) -> Floats:
    """Probability [1] that reading for `duration` [s] in all flips a cell.

    The barrier falls to Delta (1 - I/I_c0), I = `current` [A] of the read, against its
    `critical_current` [A]; at or above it nothing of the barrier is left [T: Neel, Brown].
    """
    fitting(stability=stability, current=current, critical_current=critical_current,
            duration=duration)
    critical = nonnegative_array("critical_current", critical_current, "A")
    if np.any(critical == 0):
        raise ValueError("critical_current has an entry of 0 A; expected more than zero")
    left = np.maximum(1.0 - nonnegative_array("current", current, "A") / critical, 0.0)
    barrier = nonnegative_array("stability", stability, "1") * left
    return retention_failure(duration, barrier, attempt_time)


def breakdown_probability(
    voltage: ArrayLike, scale_voltage: ArrayLike, shape: float = 20.0, cells: int = 1
) -> Floats:
    """Share [1] of compounds broken by `voltage` [V]: 1 - exp(-n (|V|/V_0)^shape).

    Weibull, weakest of `cells`; `scale_voltage` V_0 [V] breaks 63 % of single cells; `shape` [1]
    about 20 follows from 1.8 against 1.7 V for 1 and 3 cells [calc from P §D].
    """
    return np.asarray(-np.expm1(-_hazard(voltage, scale_voltage, shape, cells)))


def breakdown_quantile(
    share: ArrayLike, scale_voltage: ArrayLike, shape: float = 20.0, cells: int = 1
) -> Floats:
    """Voltage [V] that breaks a `share` [1] of compounds; the inverse of `breakdown_probability`,
    whose other arguments it has."""
    fitting(share=share, scale_voltage=scale_voltage)
    scale = nonnegative_array("scale_voltage", scale_voltage, "V")
    hazard = -np.log1p(-_share("share", share)) / whole("cells", cells, 1)
    return np.asarray(scale * hazard ** (1.0 / positive("shape", shape, "1")))


def mean_breakdown(scale_voltage: ArrayLike, shape: float = 20.0, cells: int = 1) -> Floats:
    """Mean of the Weibull law [V]: V_0 n^(-1/shape) Gamma(1 + 1/shape); arguments as above."""
    beta = positive("shape", shape, "1")
    if beta < _LEAST_SHAPE:
        raise ValueError(f"shape [1] is {beta:g}, whose mean is beyond all numbers; expected "
                         f"{_LEAST_SHAPE:g} or more: barriers have 5 to 50")
    weakest = whole("cells", cells, 1) ** (-1.0 / beta)
    scale = nonnegative_array("scale_voltage", scale_voltage, "V")
    return np.asarray(scale * weakest * math.gamma(1.0 + 1.0 / beta))


def write_margin(critical_voltage: ArrayLike, breakdown_voltage: ArrayLike) -> Floats:
    """V_b/V_c - 1 [1]: how much a write may exceed what it needs before the barrier breaks.

    `critical_voltage` V_c and `breakdown_voltage` V_b, both across the channel [V], any signs and
    shapes that broadcast. Below zero the cell breaks first. 1 cell of Kumar et al.: 1.8/0.7 - 1 =
    157 % at 1.6 nm, 0 at 2.6 nm, where both are 2.0 V [calc from P §D].
    """
    fitting(critical_voltage=critical_voltage, breakdown_voltage=breakdown_voltage)
    needed = np.abs(real_array("critical_voltage", critical_voltage, "V"))
    if np.any(needed == 0):
        raise ValueError("critical_voltage has an entry of 0 V, of which there is no share; "
                         "expected more than zero in size")
    return np.asarray(np.abs(real_array("breakdown_voltage", breakdown_voltage, "V")) / needed - 1)


def breakdown_before_switching(
    critical_voltage: ArrayLike, scale_voltage: ArrayLike, spread: float = 0.06,
    shape: float = 20.0, cells: int = 1,
) -> Floats:
    """Share [1] of compounds that break before a growing pulse has switched all their cells.

    The mean of `breakdown_probability` at the largest critical voltage of n cells, each log-normal
    and independent of its barrier [A]; accurate however small.

    Parameters
    ----------
    critical_voltage : array
        Median over cells [V], any sign.
    scale_voltage : array
        V_0 of single cells [V], as in `breakdown_probability`; they broadcast.
    spread : float
        Standard deviation of the critical voltage's logarithm [1]; 0.05-0.08 assumed [A].
    shape, cells
        As in `breakdown_probability`.
    """
    n, sigma = whole("cells", cells, 1), nonnegative("spread", spread, "1")
    median = np.abs(real_array("critical_voltage", critical_voltage, "V"))
    fitting(critical_voltage=median, scale_voltage=scale_voltage)
    beta = positive("shape", shape, "1")
    # the hazard, (V/V_0)^shape, weighs the normal's tail so far out
    reach = min(12.0 + sigma * beta, _TAIL)
    steepness = min(sigma * beta, _STEEPEST)
    z, step = np.linspace(-reach, reach, int(40 * reach * (1.0 + steepness)), retstep=True)
    density = n * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) * ndtr(z) ** (n - 1) * step
    broken = breakdown_probability(
        median[..., None] * np.exp(np.clip(sigma * z, -600.0, 600.0)),
        nonnegative_array("scale_voltage", scale_voltage, "V")[..., None], beta, n)
    return np.asarray(broken @ density)


def endurance_failure(
    pulses: ArrayLike, voltage: ArrayLike, scale_voltage: ArrayLike, shape: float = 20.0,
    cells: int = 1, acceleration: float = 40.0,
) -> Floats:
    """Share [1] of compounds broken after `pulses` [1] of `voltage` [V].

    1 - exp(-n (N (|V|/V_0)^a)^(shape/a)): every pulse of V ages a barrier as (V/V_0)^a of one at
    V_0 does (power law of time to breakdown, E. Y. Wu et al., IEEE Trans. Electron Devices 49
    (2002) 2244 [T]), which leaves `breakdown_probability` at N = 1. `acceleration` a = 40 is
    assumed [A]: the paper gives no lifetimes, only that SOT cells in general reach 1e15 [P §A].
    """
    a = positive("acceleration", acceleration, "1")
    fitting(pulses=pulses, voltage=voltage, scale_voltage=scale_voltage)
    aged = nonnegative_array("pulses", pulses, "1") ** (positive("shape", shape, "1") / a)
    return np.asarray(-np.expm1(-aged * _hazard(voltage, scale_voltage, shape, cells)))


def endurance(
    voltage: ArrayLike, scale_voltage: ArrayLike, failure: ArrayLike = 0.632, shape: float = 20.0,
    cells: int = 1, acceleration: float = 40.0,
) -> Floats:
    """Pulses [1] of `voltage` [V] until a share `failure` [1] is broken; inf at 0 V.

    The inverse of `endurance_failure`, whose other arguments it has.
    """
    a = positive("acceleration", acceleration, "1")
    fitting(voltage=voltage, scale_voltage=scale_voltage, failure=failure)
    one = _hazard(voltage, scale_voltage, shape, cells)
    with np.errstate(divide="ignore"):
        aged = -np.log1p(-_share("failure", failure)) / one
    return np.asarray(aged ** (a / shape))


def _hazard(voltage: ArrayLike, scale_voltage: ArrayLike, shape: float, cells: int) -> Floats:
    """n (|V|/V_0)^shape [1]."""
    fitting(voltage=voltage, scale_voltage=scale_voltage)
    scale = nonnegative_array("scale_voltage", scale_voltage, "V")
    if np.any(scale == 0):
        raise ValueError("scale_voltage has an entry of 0 V; expected more than zero")
    ratio = np.abs(real_array("voltage", voltage, "V")) / scale
    with np.errstate(over="ignore"):  # an infinite hazard breaks all, as it should
        return np.asarray(whole("cells", cells, 1) * ratio ** positive("shape", shape, "1"))


def _share(name: str, value: ArrayLike) -> Floats:
    """A probability strictly between 0 and 1."""
    p = real_array(name, value, "1")
    if np.any((p <= 0) | (p >= 1)):
        where, found = first(p, (p <= 0) | (p >= 1))
        raise ValueError(f"{name} is {found:g}{where}; expected a share between 0 and 1")
    return p
