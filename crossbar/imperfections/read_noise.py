"""Noise of the reads of a network."""

from dataclasses import dataclass

from circuits import ColumnNoise, CrossbarCircuit
from crossbar.imperfections.cells import check_compound
from device_models import Synapse
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

    def check(self, synapse: Synapse, read_time: float) -> None:
        """Refuse, with ValueError, a synapse or a read time that it cannot be the noise of."""
        if not self.alpha:
            return
        check_compound(synapse, "1/f noise (read_noise, but for ReadNoise(alpha=0))")
        if self.lowest_frequency >= self._bandwidth(read_time):
            raise ValueError(f"read_noise has a lowest_frequency of {self.lowest_frequency:g} Hz; "
                             f"expected less than its bandwidth, {self._bandwidth(read_time):g} Hz")

    def _bandwidth(self, read_time: float) -> float:
        return 0.5 / read_time if self.bandwidth is None else self.bandwidth

    def of(self, circuit: CrossbarCircuit, read_time: float, temperature: float,
           area: Floats | None) -> ColumnNoise:
        """That of a `circuit` of junctions of `area` (rows, columns) [m^2], all of it at
        `temperature` [K]; without areas there is no 1/f noise."""
        return ColumnNoise(circuit, self._bandwidth(read_time), temperature, self.amplifier,
                           area if self.alpha else None, self.alpha, self.lowest_frequency)
