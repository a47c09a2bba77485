"""The converters around a product's tiles, each with its own errors."""

import numpy as np
from keras import ops
from numpy.typing import NDArray

from crossbar.converters import Converters
from crossbar.imperfections import Chance
from crossbar.layers.converter import Thresholds, by_levels, by_thresholds, convert, planes
from crossbar.layers.untyped import Tensor
from crossbar.tiles.ranges import Range
from device_models.checks import Floats

_DAC, _ADC = 8, 9  # streams of what converters draw


class Periphery:
    """Converters of the matrices of one product.

    Parameters
    ----------
    made : Converters
        What they are.
    chance : Chance
        Where their errors come from.
    groups, rows : int
        Matrices, and inputs of each.
    row_tiles : int
        Rows of tiles of each.
    shared : (currents,) array of int
        Which converter each current of a row of tiles goes to.
    """

    def __init__(self, made: Converters, chance: Chance, groups: int, rows: int, row_tiles: int,
                 shared: NDArray[np.intp]) -> None:
        self.made = made
        self._levels: list[Floats] = []
        self._thresholds: list[list[Thresholds]] = []
        seeds = [chance.at(group) for group in range(groups)]
        if made.dac_errs:
            self._levels = [made.levels(rows, (seed.seed, _DAC, *seed.place)) for seed in seeds]
        if made.adc_errs:
            count = int(shared[-1]) + 1
            drawn = [made.thresholds(row_tiles * count, (seed.seed, _ADC, *seed.place))
                     for seed in seeds]
            self._thresholds = [[Thresholds.of(row[shared]) for row in each.reshape(
                row_tiles, count, -1)] for each in drawn]

    def levels(self, group: int) -> Floats | None:
        """Outputs of the input converters of a matrix, see `row_inputs`; None of ideal ones."""
        return self._levels[group] if self._levels else None

    def inputs(self, x: Tensor, limits: Range) -> Tensor:
        """What drives the rows; of bits one after another what they add up to.

        `x` of any shape; (..., groups, inputs) where each row's converter errs in its own way.
        """
        made = self.made
        if made.serial_bits:
            return sum(count * plane for count, plane in planes(x, made.serial_bits, limits[1]))
        if not self._levels:
            return convert(x, made.dac_bits, limits)
        return ops.stack([by_levels(x[..., group, :], limits, levels)
                          for group, levels in enumerate(self._levels)], axis=-2)

    def reads(self, x: Tensor, limits: Range) -> list[tuple[float, Tensor]]:
        """What drives the rows, read by read, and what each counts [1]."""
        if self.made.serial_bits:
            return planes(x, self.made.serial_bits, limits[1])
        return [(1.0, self.inputs(x, limits))]

    def numbers(self, currents: Tensor, row: int, limits: Range) -> Tensor:
        """What converters make of the currents (..., groups, converters) of a row of tiles."""
        if not self._thresholds:
            return convert(currents, self.made.adc_bits, limits)
        return ops.stack([by_thresholds(currents[..., group, :], limits, rows[row])
                          for group, rows in enumerate(self._thresholds)], axis=-2)


def coded(values: Floats) -> Floats:
    """Numbers (...) as pairs of 32 bits (..., 2), which every backend can hold."""
    return np.asarray(np.ascontiguousarray(values, np.float64)[..., None].view(np.uint32))


def decoded(variable: Tensor) -> Floats:
    """The numbers (...) that were coded in a variable (..., 2)."""
    pairs = np.ascontiguousarray(ops.convert_to_numpy(variable), np.uint32)
    return np.asarray(pairs.view(np.float64)[..., 0])
