"""How large the arrays of a network are with what stands around them: estimates.

Arrays are fabricated whole: a tile that a matrix fills in part takes the area of a full one, with
all its rows' drivers and converters. Where tiles are read in turn, those of a product share its
input converters, amplifiers and current converters, sized for one tile. Wiring between parts, the
drivers of writing, control and clocks are not counted.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crossbar.cost.periphery import Periphery
from crossbar.cost.resolution import Resolution, Sums
from crossbar.cost.surroundings import driver_resistance
from crossbar.cost.timing import ReadTiming
from crossbar.hardware import Hardware
from crossbar.tables import aligned
from crossbar.tiles.grid import grid, shared_converters
from crossbar.tiles.matrix import TiledMatrix

AREAS = {
    "cells": "cross-points, unused ones among them",
    "drivers": "of rows",
    "dac": "input converters",
    "amplifiers": "of columns",
    "adc": "current converters",
    "accumulation": "an adder to each current converter, a register to each result",
    "scaling": "multipliers for digital gains, as many as keep up with the arrays",
    "activation": "likewise",
    "buffers": "of one vector of inputs and one of results",
}
"""Parts of an area."""


@dataclass(frozen=True)
class LayerArea:
    """Of one layer.

    Parameters
    ----------
    parts : mapping
        Area [m^2] of each of `AREAS`.
    devices, used : int
        Cross-points that are fabricated, and those of them that hold weights.
    """

    parts: Mapping[str, float]
    devices: int
    used: int

    @property
    def total(self) -> float:
        """[m^2]."""
        return sum(self.parts.values())

    def __add__(self, other: "LayerArea") -> "LayerArea":
        parts = {name: self.parts[name] + other.parts[name] for name in AREAS}
        return LayerArea(parts, self.devices + other.devices, self.used + other.used)


@dataclass(frozen=True)
class AreaReport:
    """Of all layers; estimates.

    Parameters
    ----------
    layers : mapping
        By the names of `conversion_report`, those that run on arrays.
    """

    layers: Mapping[str, LayerArea]

    @property
    def split(self) -> dict[str, float]:
        """Area of each part [m^2], summed over layers."""
        return {name: sum(layer.parts[name] for layer in self.layers.values()) for name in AREAS}

    @property
    def array(self) -> float:
        """Of all cross-points [m^2]."""
        return self.split["cells"]

    @property
    def periphery(self) -> float:
        """Of everything around them [m^2]."""
        return self.total - self.array

    @property
    def total(self) -> float:
        """[m^2]."""
        return sum(self.split.values())

    def __str__(self) -> str:
        parts = [name for name, area in self.split.items() if area > 0]
        rows = [("[um2]", *self.layers, "sum")]
        for name in parts:
            rows.append((name, *(f"{layer.parts[name] * 1e12:.4g}"
                                 for layer in self.layers.values()),
                         f"{self.split[name] * 1e12:.4g}"))
        rows.append(("total", *(f"{layer.total * 1e12:.4g}" for layer in self.layers.values()),
                     f"{self.total * 1e12:.4g}"))
        rows.append(("cells used", *(f"{100 * layer.used / layer.devices:.3g} %"
                                     for layer in self.layers.values()), ""))
        return "\n".join(["area (estimate), tiles fabricated whole", *aligned(rows)])


@dataclass(frozen=True)
class Whole:
    """What one tile has as fabricated.

    Parameters
    ----------
    arrays : int
        Physical arrays, each of all its rows and columns.
    outputs, currents, converters : int
        That fit into it, that are converted of it, and current converters.
    """

    arrays: int
    outputs: int
    currents: int
    converters: int

    @classmethod
    def of(cls, hardware: Hardware) -> "Whole":
        """A full tile."""
        mapping = hardware.mapping
        width = mapping.outputs_per_tile(hardware.array.columns)
        return cls(len(mapping.arrays(width)), width, mapping.converters(width),
                   int(shared_converters(width, hardware)[-1]) + 1)


def product_area(matrices: Sequence[TiledMatrix], periphery: Periphery,
                 activation: bool | None = None) -> LayerArea:
    """Of one product, whose `matrices` stand side by side.

    `activation` tells whether the function behind it is simple, a comparison; None for none.
    """
    hardware, shape = matrices[0].hardware, matrices[0].shape
    whole, array = Whole.of(hardware), hardware.array
    tiles = sum(len(grid(matrix.shape, hardware)) for matrix in matrices)
    arrays, sets = tiles * whole.arrays, tiles if periphery.parallel_tiles else 1
    devices = arrays * array.rows * array.columns
    drivers = arrays * array.rows * sum(array.drive.ends)
    parts = {
        "cells": devices * periphery.cell.area,
        "drivers": drivers * periphery.driver.area(driver_resistance(hardware, periphery)),
        "dac": sets * whole.arrays * array.rows * _dac(hardware, periphery),
        "amplifiers": sets * whole.currents * sum(array.sense.ends) * periphery.amplifier.area(),
        "adc": sets * whole.converters * periphery.converter_area(
            Resolution.of(hardware, periphery).currents),
        **_numbers(shape, len(matrices), sets * whole.converters, hardware, periphery, activation),
    }
    used = sum(tile.circuit.conductance.size for matrix in matrices for tile in matrix.tiles)
    return LayerArea(parts, devices, used)


def _dac(hardware: Hardware, periphery: Periphery) -> float:
    """Of one input converter [m^2]; bits one after another need none."""
    if hardware.converters.serial_bits is not None:
        return 0.0
    return periphery.dac.area(Resolution.of(hardware, periphery).inputs)


def _numbers(shape: tuple[int, int], matrices: int, converters: int, hardware: Hardware,
             periphery: Periphery, activation: bool | None) -> dict[str, float]:
    """Of what is done in numbers behind so many current converters [m^2]."""
    digital, results = periphery.digital, matrices * shape[1]
    bits = Resolution.of(hardware, periphery)
    word = Sums.of(shape[1], -(-shape[0] // hardware.array.rows), hardware, bits).bits
    read = ReadTiming.of(shape, matrices, hardware, periphery)
    units = math.ceil(results / (read.arrays * periphery.clock_rate))
    return {
        "accumulation": converters * digital.add_area(word) + results * digital.register_area(word),
        "scaling": units * digital.multiply_area(word, bits.currents),
        "activation": 0.0 if activation is None else units * digital.activation_area(
            bits.inputs, activation),
        "buffers": digital.buffer_area(bits.inputs, matrices * sum(shape)),
    }
