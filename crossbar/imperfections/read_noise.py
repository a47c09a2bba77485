"""Noise of the reads of a network."""

from dataclasses import dataclass

from circuits import ColumnNoise, CrossbarCircuit
from device_models.checks import Floats, nonnegative, positive


@dataclass(frozen=True)
class ReadNoise:
    """Shot, thermal, 1/f and amplifier noise of every read, drawn anew for each.

    Parameters
    ----------
    bandwidth : float, optional
        Noise bandwidth of the amplifiers [Hz]; by default that of a current averaged over the read
        time, 1/(2 read_time): 16.7 MHz for 30 ns.
    amplifier : float
        Input noise density of a column's amplifiers [A/sqrt(Hz)]; none by default.
    alpha : float
        Strength of the 1/f noise [m^2], as in `device_models.junction.noise.flicker_density`; its
        default is assumed there. Zero is none.
    lowest_frequency : float
        One over the time since the amplifiers were zeroed [Hz]; 1 is assumed.
    """

    bandwidth: float | None = None
    amplifier: float = 0.0
    alpha: float = 1e-21
    lowest_frequency: float = 1.0

    def __post_init__(self) -> None:
        if self.bandwidth is not None:
            positive("bandwidth", self.bandwidth, "Hz")
        nonnegative("amplifier", self.amplifier, "A/sqrt(Hz)")
        nonnegative("alpha", self.alpha, "m^2")
        positive("lowest_frequency", self.lowest_frequency, "Hz")

    def of(self, circuit: CrossbarCircuit, read_time: float, temperature: float,
           area: Floats | None) -> ColumnNoise:
        """That of a `circuit` of junctions of `area` (rows, columns) [m^2], all of it at
        `temperature` [K]; without areas there is no 1/f noise."""
        bandwidth = 0.5 / read_time if self.bandwidth is None else self.bandwidth
        return ColumnNoise(circuit, bandwidth, temperature, self.amplifier,
                           area if self.alpha else None, self.alpha, self.lowest_frequency)
