"""Where the arrays of a layer's matrix stand."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import block_diag

from crossbar.hardware import Hardware
from device_models.checks import Floats


@dataclass(frozen=True)
class Place:
    """A tile of a matrix: one physical array, or several that are read against each other.

    Parameters
    ----------
    number : (int, int)
        Row and column of tiles.
    inputs, outputs : slice
        Rows and columns of the layer's matrix.
    columns : slice
        Physical columns, counted through all tiles side by side.
    """

    number: tuple[int, int]
    inputs: slice
    outputs: slice
    columns: slice

    @property
    def width(self) -> int:
        """Outputs of the tile."""
        return int(self.outputs.stop - self.outputs.start)


def grid(shape: tuple[int, int], hardware: Hardware) -> list[Place]:
    """The tiles of a matrix (inputs, outputs), row by row of tiles."""
    found: list[Place] = []
    row, column, at = -1, 0, 0
    for inputs, outputs in hardware.array.cut(shape, hardware.mapping):
        if not outputs.start:
            row, column, at = row + 1, 0, 0
        columns = slice(at, at + hardware.mapping.columns(outputs.stop - outputs.start))
        found.append(Place((row, column), inputs, outputs, columns))
        column, at = column + 1, columns.stop
    return found


def count_arrays(shape: tuple[int, int], hardware: Hardware) -> int:
    """How many physical arrays a matrix (inputs, outputs) takes."""
    return sum(len(hardware.mapping.arrays(place.width)) for place in grid(shape, hardware))


def columns_of(outputs: int, hardware: Hardware) -> int:
    """Physical columns of a row of tiles."""
    return int(grid((1, outputs), hardware)[-1].columns.stop)


def converters_of(outputs: int, hardware: Hardware) -> int:
    """Currents of a row of tiles that are converted."""
    return sum(hardware.mapping.converters(place.width) for place in grid((1, outputs), hardware))


def shared_converters(outputs: int, hardware: Hardware) -> NDArray[np.intp]:
    """Which current converter each converted current of a row of tiles goes to: (currents,).

    Neighbours take turns at one, as many as `columns_per_adc`, but not from array to array.
    """
    found: list[NDArray[np.intp]] = []
    for place in grid((1, outputs), hardware):
        mapping, first = hardware.mapping, found[-1][-1] + 1 if found else 0
        apart = mapping.arrays(place.width) if mapping.sensed(place.width) is None else [
            slice(0, mapping.converters(place.width))]
        for own in apart:
            found.append(first + np.arange(own.stop - own.start)
                         // hardware.converters.columns_per_adc)
            first = found[-1][-1] + 1
    return np.concatenate(found)


def sensed_of(outputs: int, hardware: Hardware) -> Floats | None:
    """From the columns of a row of tiles to what is converted, (columns, converters) [1]; None if
    that is the columns themselves."""
    blocks = [hardware.mapping.sensed(place.width) for place in grid((1, outputs), hardware)]
    kept = [block for block in blocks if block is not None]
    return np.asarray(block_diag(*kept)) if kept else None


def decoder_of(outputs: int, hardware: Hardware) -> Floats:
    """From what is converted of a row of tiles to outputs: (converters, outputs) [1]."""
    return np.asarray(block_diag(*(hardware.mapping.decoder(place.width)
                                   for place in grid((1, outputs), hardware))))
