"""How long one row vector takes on the arrays of a product, step by step.

Everything is done one after another: it is read pulse by pulse (one for each bit of bit-serial
inputs), tile by tile where these take turns; after each pulse the held currents are converted, as
many in turn as share a converter, and only then comes the next; what is done in numbers follows.
Amplifiers are sized to settle within the read pulse, see their energy.
"""

import math
from dataclasses import dataclass

import numpy as np

from crossbar.cost.periphery import Periphery
from crossbar.hardware import Hardware
from crossbar.tiles.grid import decoder_of, grid, shared_converters

_ENDING = 2  # clock cycles: gain and bias, activation


@dataclass(frozen=True)
class ReadTiming:
    """Of a product, whose matrices are read at once.

    Parameters
    ----------
    pulse : float
        Read pulse [s].
    conversions : int
        That the fullest converter makes after a pulse.
    conversion : float
        Of one of them [s].
    cycles : int
        Pulses that a row vector takes: one, or one for each bit.
    turns : int
        Tiles that are read one after another; 1 if all are read at once.
    numbers : float
        Of sums, differences, gains and activation after the last conversion [s].
    """

    pulse: float
    conversions: int
    conversion: float
    cycles: int
    turns: int
    numbers: float

    @classmethod
    def of(cls, shape: tuple[int, int], matrices: int, hardware: Hardware, periphery: Periphery
           ) -> "ReadTiming":
        """Of so many `matrices` (inputs, outputs) side by side, alike in `shape`."""
        return cls(hardware.read_time, conversions(shape[1], hardware),
                   1 / periphery.conversion_rate, hardware.converters.serial_bits or 1,
                   1 if periphery.parallel_tiles else matrices * len(grid(shape, hardware)),
                   stages(shape, hardware) / periphery.clock_rate)

    @property
    def cycle(self) -> float:
        """Of one pulse and its conversions [s]."""
        return self.pulse + self.conversions * self.conversion

    @property
    def arrays(self) -> float:
        """Of all pulses and conversions [s]."""
        return self.cycles * self.turns * self.cycle

    @property
    def total(self) -> float:
        """[s]."""
        return self.arrays + self.numbers


def conversions(outputs: int, hardware: Hardware) -> int:
    """How many currents the fullest converter of a matrix with `outputs` converts per pulse."""
    return int(np.bincount(shared_converters(outputs, hardware)).max())


def stages(shape: tuple[int, int], hardware: Hardware) -> int:
    """Clock cycles from converted currents to the results of a matrix (inputs, outputs): a tree of
    additions over columns and rows of tiles, the sum over bits if they come one after another,
    gain and bias, activation."""
    terms = np.count_nonzero(decoder_of(shape[1], hardware), axis=0).max()
    row_tiles = -(-shape[0] // hardware.array.rows)
    serial = hardware.converters.serial_bits is not None
    return math.ceil(math.log2(int(terms) * row_tiles)) + serial + _ENDING
