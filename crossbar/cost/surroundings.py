"""What stands around the tiles of a matrix takes: converters, drivers, amplifiers, and numbers."""

from dataclasses import dataclass

import numpy as np

from crossbar.cost.parts import Parts
from crossbar.cost.periphery import Periphery
from crossbar.cost.resolution import Resolution, Sums
from crossbar.hardware import Hardware
from crossbar.tiles.grid import decoder_of
from crossbar.tiles.matrix import Tile


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
    array = hardware.array
    drivers = rows * sum(array.drive.ends) * periphery.driver.energy(
        driver_resistance(hardware, periphery))
    dac = 0.0 if hardware.converters.serial_bits else periphery.dac.energy(bits.inputs)
    return {"gates": reads * drivers, "dac": reads * rows * dac,
            "amplifiers": reads * columns * sum(array.sense.ends) * hardware.read_time
            * amplifier_power(tile, hardware, periphery, current, span),
            "adc": reads * converted * periphery.conversion_energy(bits.currents)}


def driver_resistance(hardware: Hardware, periphery: Periphery) -> float:
    """That drivers of rows have to have [ohm], the periphery's where the wires take them as ideal.

    Where they differ it is that of the mean conductance, with which their widths go.
    """
    source = np.asarray(hardware.wires.source, np.float64)
    driven = np.where(source == 0, periphery.driver.on_resistance, source)[np.isfinite(source)]
    return float(1 / np.mean(1 / driven)) if driven.size else periphery.driver.on_resistance


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
        sums = Sums.of(self.outputs, self.row_tiles, hardware, bits)
        add, keep = digital.add(sums.bits), digital.register(sums.bits)
        scale = digital.multiply(sums.bits, bits.currents)
        results = reads / bits.serial
        trims = self.row_tiles * decoder_of(self.outputs, hardware).shape[0] if self.trimmed else 0
        function = 0.0 if self.activation is None else digital.activation(
            bits.inputs, self.activation)
        return {
            "accumulation": results * (sums.terms * (keep + sums.multiplied * scale)
                                       + (sums.terms - self.outputs) * add),
            "scaling": results * (self.outputs * (scale + self.added * add) + trims * scale),
            "activation": results * self.outputs * function,
            "buffers": results * (self.inputs + self.outputs) * digital.buffer(bits.inputs)}
