"""Noise of the read currents, from the solved currents and voltages of the devices.

Tunnel junctions are full shot noise sources with thermal noise as their limit at low bias. Left
out: the thermal noise of wires, drivers and amplifier inputs, and that a part of each device's
noise current returns through its own row and column instead of reaching the sensed end; the
first is small where wires have much less resistance than devices, the second makes the noise of
the devices an upper bound. An access transistor counts as a part of its junction, which again is
an upper bound: a resistor is as noisy as a junction at no bias, and quieter at any other.
"""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import Boltzmann, elementary_charge

from device_models.checks import (
    Floats,
    nonnegative,
    nonnegative_array,
    positive,
    real_array,
)

if TYPE_CHECKING:
    from circuits.operating_point import OperatingPoint

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
    scale = nonnegative("alpha", alpha, "m^2") / positive("area", area, "m^2")
    return np.asarray(scale * real_array("current", current, "A") ** 2 / f)


def column_noise(
    op: "OperatingPoint", bandwidth: float, temperature: float = 300.0,
    amplifier_noise: ArrayLike = 0.0,
) -> Floats:
    """Noise of the column currents, root mean square: (..., columns) [A].

    The devices' noise and the amplifiers' add in power; see the module for what is left out.

    Parameters
    ----------
    op : OperatingPoint
        The solved circuit.
    bandwidth : float
        Noise bandwidth of the amplifiers [Hz].
    temperature : float
        [K].
    amplifier_noise : float or (columns,) array
        Input noise density of the amplifiers [A/sqrt(Hz)].
    """
    voltage = op.row_voltages - op.column_voltages
    low_bias = op.circuit.devices.slope(np.zeros((*op.circuit.shape, 1)))[:, :, 0]
    density = current_noise_density(op.device_currents, voltage, temperature, low_bias)
    amplifier = nonnegative_array("amplifier_noise", amplifier_noise, "A/sqrt(Hz)")
    total = density.sum(axis=-2) + amplifier**2
    return np.asarray(np.sqrt(total * positive("bandwidth", bandwidth, "Hz")))


def sample_noise(
    op: "OperatingPoint", bandwidth: float, rng: np.random.Generator | int,
    temperature: float = 300.0, amplifier_noise: ArrayLike = 0.0,
) -> Floats:
    """One draw of the noise of the column currents, (..., columns) [A]: normal, independent.

    The arguments are those of `column_noise`; `rng` is a generator or a seed.
    """
    rms = column_noise(op, bandwidth, temperature, amplifier_noise)
    return np.asarray(rms * np.random.default_rng(rng).standard_normal(rms.shape))
