"""What stands around the tiles of a matrix takes: converters, drivers, amplifiers, and numbers."""

from dataclasses import dataclass

import numpy as np

from crossbar.cost.parts import Parts
from crossbar.cost.periphery import Periphery
from crossbar.hardware import Hardware
from crossbar.tiles.grid import decoder_of
from crossbar.tiles.matrix import Tile
from device_models.checks import Floats

_SAME = 1e-9  # of the binary logarithm of a factor that is a shift


@dataclass(frozen=True)
class Resolution:
    """Bits that inputs and currents are converted with, assumed where they are ideal.

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
        """Of a hardware."""
        made = hardware.converters
        return cls(made.dac_bits or periphery.assumed_bits,
                   made.adc_bits or periphery.assumed_bits, made.serial_bits or 1)


def tile_energy(tile: Tile, hardware: Hardware, periphery: Periphery, reads: float, current: float,
                span: float | None = None) -> Parts:
    """Energy [J] of what is at the ends of an array, for so many `reads`.

    Each row is driven, each column's current held and amplified, and each current converted, once
    a read. `current` is that of a typical column [A], `span` that of the converters [A]; if not
    given, all that the fullest column can carry.
    """
    rows, columns = tile.circuit.shape
    bits = Resolution.of(hardware, periphery)
    width = tile.outputs.stop - tile.outputs.start
    converted = hardware.mapping.converters(width) / len(hardware.mapping.arrays(width))
    source = hardware.wires.source
    drivers = np.mean([periphery.driver.energy(ohm) for ohm in np.unique(source)])
    dac = 0.0 if hardware.converters.serial_bits else periphery.dac.energy(bits.inputs)
    return {"gates": reads * rows * float(drivers), "dac": reads * rows * dac,
            "amplifiers": reads * columns * hardware.read_time * amplifier_power(
                tile, hardware, periphery, current, span),
            "adc": reads * converted * periphery.adc.energy(
                bits.currents, periphery.conversion_rate)}


def amplifier_power(tile: Tile, hardware: Hardware, periphery: Periphery, current: float,
                    span: float | None = None) -> float:
    """Of one column's amplifier [W]: it settles to half a step within the read pulse, and adds no
    more noise than the steps do, each of which has a root mean square of its 12^-1/2."""
    bits = Resolution.of(hardware, periphery).currents
    most = float(tile.circuit.conductance.sum(axis=0).max())
    if span is None:
        span = hardware.read_voltage * most
    bandwidth = (bits + 1) * np.log(2.0) / (2 * np.pi * hardware.read_time)
    line = tile.circuit.shape[0] * periphery.cell.column_capacitance
    noise = span / 2**bits / np.sqrt(12.0) or None  # of columns that carry nothing
    return periphery.amplifier.power(bandwidth, noise, line, current, most)


@dataclass(frozen=True)
class Numbers:
    """What is done in numbers for one matrix, behind its converters.

    Parameters
    ----------
    inputs, outputs, row_tiles : int
        Of the matrix.
    added : bool
        Whether biases or offsets are added.
    trimmed : bool
        Whether what each row of tiles gives is multiplied by gains of its own.
    activation : bool or None
        Whether the activation function is simple, as a comparison; None for no function.
    """

    inputs: int
    outputs: int
    row_tiles: int
    added: bool
    trimmed: bool
    activation: bool | None

    def energy(self, hardware: Hardware, periphery: Periphery, reads: float) -> Parts:
        """Energy [J] for so many `reads` of the arrays, all bits of serial inputs counted."""
        bits, digital = Resolution.of(hardware, periphery), periphery.digital
        decoder = decoder_of(self.outputs, hardware)
        terms = np.count_nonzero(decoder) * self.row_tiles * bits.serial
        most = int(np.count_nonzero(decoder, axis=0).max()) * self.row_tiles * bits.serial
        multiplied, shift = _factors(decoder)
        word = bits.currents + shift + int(np.ceil(np.log2(most)))
        add, keep = digital.add(word), digital.register(word)
        scale = digital.multiply(word, bits.currents)
        results = reads / bits.serial
        trims = decoder.shape[0] * self.row_tiles if self.trimmed else 0
        function = 0.0 if self.activation is None else digital.activation(
            bits.inputs, self.activation)
        return {
            "accumulation": results * (terms * (keep + multiplied * scale)
                                       + (terms - self.outputs) * add),
            "scaling": results * (self.outputs * (scale + self.added * add) + trims * scale),
            "activation": results * self.outputs * function,
            "buffers": results * (self.inputs + self.outputs) * digital.buffer(bits.inputs)}


def _factors(decoder: Floats) -> tuple[float, int]:
    """Share of the terms of a decoder that are multiplied, since no shift makes them, and by how
    many bits the others are shifted at most."""
    powers = np.log2(np.abs(decoder[decoder != 0]))
    powers -= powers.min()
    odd = np.abs(powers - np.rint(powers)) > _SAME
    return float(odd.mean()), int(np.ceil(powers.max() - _SAME))
