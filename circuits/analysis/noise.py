"""Noise of the read currents, from the solved currents and voltages of the devices.

Tunnel junctions are full shot noise sources with thermal noise as their limit at low bias. Left
out: the thermal noise of wires, drivers and amplifier inputs, and that a part of each device's
noise current returns through its own row and column instead of reaching the sensed end; the
first is small where wires have much less resistance than devices, the second makes the noise of
the devices an upper bound. An access transistor counts as a part of its junction, which again is
an upper bound: a resistor is as noisy as a junction at no bias, and quieter at any other.
"""

import numpy as np
from numpy.typing import ArrayLike

from circuits.solution.operating_point import OperatingPoint
from device_models.checks import Floats, nonnegative_array, positive
from device_models.junction.noise import current_noise_density, flicker_density

__all__ = ["column_noise", "current_noise_density", "flicker_density", "sample_noise"]


def column_noise(
    op: OperatingPoint, bandwidth: float, temperature: float = 300.0,
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
    low_bias = op.array.devices.slope(np.zeros((*op.array.shape, 1)))[:, :, 0]
    density = current_noise_density(op.device_currents, voltage, temperature, low_bias)
    amplifier = nonnegative_array("amplifier_noise", amplifier_noise, "A/sqrt(Hz)")
    total = density.sum(axis=-2) + amplifier**2
    return np.asarray(np.sqrt(total * positive("bandwidth", bandwidth, "Hz")))


def sample_noise(
    op: OperatingPoint, bandwidth: float, rng: np.random.Generator | int,
    temperature: float = 300.0, amplifier_noise: ArrayLike = 0.0,
) -> Floats:
    """One draw of the noise of the column currents, (..., columns) [A]: normal, independent.

    The arguments are those of `column_noise`; `rng` is a generator or a seed.
    """
    rms = column_noise(op, bandwidth, temperature, amplifier_noise)
    return np.asarray(rms * np.random.default_rng(rng).standard_normal(rms.shape))
