"""How many bits inputs, currents and sums have, assumed where converters are ideal."""

from dataclasses import dataclass

import numpy as np

from crossbar.cost.periphery import Periphery
from crossbar.hardware import Hardware
from crossbar.tiles.grid import decoder_of

_SAME = 1e-9  # of the binary logarithm of a factor that is a shift


@dataclass(frozen=True)
class Resolution:
    """Of what is converted.

    Parameters
    ----------
    inputs, currents : int
        Bits.
    serial : int
        Reads that an input takes, one for each of its bits if these come one after another.
    """

    inputs: int
    currents: int
    serial: int

    @classmethod
    def of(cls, hardware: Hardware, periphery: Periphery) -> "Resolution":
        """Of a hardware, with the bits that a periphery assumes where it has none."""
        made = hardware.converters
        return cls(made.dac_bits or periphery.assumed_bits,
                   made.adc_bits or periphery.assumed_bits, made.serial_bits or 1)


@dataclass(frozen=True)
class Sums:
    """What converted currents of one matrix are added up to.

    Parameters
    ----------
    terms : int
        That are added for all outputs, over rows of tiles and bits of inputs.
    multiplied : float
        Share of them that no shift makes of a converted current [1].
    bits : int
        Of a result.
    """

    terms: int
    multiplied: float
    bits: int

    @classmethod
    def of(cls, outputs: int, row_tiles: int, hardware: Hardware, bits: Resolution) -> "Sums":
        """Of a matrix with so many outputs and rows of tiles."""
        decoder = decoder_of(outputs, hardware)
        several = row_tiles * bits.serial
        most = int(np.count_nonzero(decoder, axis=0).max()) * several
        powers = np.log2(np.abs(decoder[decoder != 0]))
        powers -= powers.min()
        shift = int(np.ceil(powers.max() - _SAME))
        odd = np.abs(powers - np.rint(powers)) > _SAME
        return cls(int(np.count_nonzero(decoder)) * several, float(odd.mean()),
                   bits.currents + shift + int(np.ceil(np.log2(most))))
