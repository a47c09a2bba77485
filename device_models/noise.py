"""Noise of one junction's current: shot, thermal and 1/f, all one-sided spectral densities."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import Boltzmann, elementary_charge

from device_models.checks import (
    Floats,
    fitting,
    nonnegative,
    nonnegative_array,
    positive,
    real_array,
)

_LOW_BIAS = 1e-6  # eV/2kT below which I/V is the low-bias conductance: x coth x is 1 to 3e-13
_HIGH_BIAS = 300.0  # eV/2kT above which coth is 1, and sinh would soon overflow


def current_noise_density(
    current: ArrayLike, voltage: ArrayLike, temperature: float = 300.0,
    conductance: ArrayLike | None = None,
) -> Floats:
    """Power spectral density of a tunnel junction's current noise [A^2/Hz]; arrays broadcast.

    S = 2 e I coth(eV/2kT): 4 k T G at low bias, 2 e I at high (Rogovin and Scalapino, Ann. Phys.
    86, 1 (1974)). One-sided.

    Parameters
    ----------
    current, voltage : array
        Through and over the junction [A], [V].
    temperature : float
        [K].
    conductance : array, optional
        At zero bias [S]; needed where `voltage` is zero, which leaves it undetermined.

    Raises
    ------
    ValueError, TypeError
        If an array does not fit, or a current flows against its voltage, or a voltage is zero and
        no conductance given.
    """
    given = {} if conductance is None else {"conductance": conductance}
    fitting(current=current, voltage=voltage, **given)
    i, v = np.broadcast_arrays(real_array("current", current, "A"),
                               real_array("voltage", voltage, "V"))
    kt = Boltzmann * positive("temperature", temperature, "K")
    x = np.abs(v) * (elementary_charge / (2 * kt))
    low = x < _LOW_BIAS
    if conductance is None and np.any(v == 0):
        raise ValueError("voltage [V] is 0, where current and voltage do not determine the noise; "
                         "pass conductance=..., the junction's at zero bias")
    if np.any(~low & (np.sign(i) * np.sign(v) < 0)):
        raise ValueError("a current flows against its voltage; a junction's noise needs both in "
                         "one direction")
    safe = np.where(low & (v == 0), 1.0, v)
    g = i / safe
    if conductance is not None:
        g = np.where(low, nonnegative_array("conductance", conductance, "S"), g)
    bounded = np.clip(x, _LOW_BIAS, _HIGH_BIAS)
    growth = np.where(low, 1.0, x / np.tanh(bounded))
    return np.asarray(4 * kt * g * growth)


def flicker_density(
    current: ArrayLike, frequency: ArrayLike, area: float, alpha: float = 1e-21
) -> Floats:
    """1/f noise of a junction's current [A^2/Hz]: S = alpha I^2/(area f); arrays broadcast.

    Parameters
    ----------
    current : array
        [A].
    frequency : array
        [Hz], above zero.
    area : float
        Of the junction [m^2].
    alpha : float
        Hooge-like parameter [m^2]; 1e-21, within 1e-22 to 1e-20, is assumed.
    """
    f = real_array("frequency", frequency, "Hz")
    if np.any(f <= 0):
        raise ValueError(f"frequency [Hz] is {f.min():g}; expected more than zero, where 1/f ends")
    fitting(current=current, frequency=f)
    scale = nonnegative("alpha", alpha, "m^2") / positive("area", area, "m^2")
    return np.asarray(scale * real_array("current", current, "A") ** 2 / f)


def read_noise(
    current: ArrayLike, voltage: ArrayLike, area: float, bandwidth: float,
    lowest_frequency: float = 1.0, temperature: float = 300.0, alpha: float = 1e-21,
) -> Floats:
    """Root mean square of a junction's current noise in a read [A]; arrays broadcast.

    sqrt(S_shot,thermal B + integral of S_1/f from `lowest_frequency` to B): with 3.8 uA at 0.1 V,
    3.6 nA in 10 MHz, against a step between states of about 1 uA.

    Parameters
    ----------
    current, voltage : array
        Through and over the junction [A], [V]; the voltage not zero.
    area : float
        [m^2].
    bandwidth, lowest_frequency : float
        Of the amplifier, and one over the time since it was last zeroed [Hz].
    temperature : float
        [K].
    alpha : float
        As in `flicker_density` [m^2].
    """
    high = positive("bandwidth", bandwidth, "Hz")
    low = positive("lowest_frequency", lowest_frequency, "Hz")
    if low >= high:
        raise ValueError(f"lowest_frequency [Hz] is {low:g}; expected less than the bandwidth of "
                         f"{high:g}")
    white = current_noise_density(current, voltage, temperature) * high
    flicker = flicker_density(current, 1.0, area, alpha) * np.log(high / low)
    return np.asarray(np.sqrt(white + flicker))
