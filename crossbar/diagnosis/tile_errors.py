"""How far realised weights are from wanted ones, tile by tile, as inputs weigh them."""

import numpy as np

from crossbar.cost.moments import Moments
from crossbar.diagnosis.findings import TileError
from crossbar.hardware import Hardware
from crossbar.tiles.grid import grid
from crossbar.tiles.order import Order
from device_models.checks import Floats


def column_errors(difference: Floats, moments: Moments, hardware: Hardware
                  ) -> dict[tuple[int, int], Floats]:
    """Rms of what each tile adds wrongly to each of its outputs, by the tile's row and column.

    Of `difference` (rows, outputs) between realised and wanted weights, over inputs of the second
    moments `moments`, in the layer's units.
    """
    found = {}
    for place in grid(difference.shape, hardware):
        d = difference[place.inputs, place.outputs]
        of_rows = moments.sums[place.number[0]] / max(1, moments.reads)
        found[place.number] = np.sqrt(np.maximum(np.sum(d * (of_rows @ d), axis=0), 0.0))
    return found


def tile_map(columns: dict[tuple[int, int], Floats]) -> tuple[tuple[float, ...], ...]:
    """The rms over outputs of each tile: rows of tiles, columns of tiles."""
    rows, width = (1 + max(number[axis] for number in columns) for axis in (0, 1))
    return tuple(tuple(float(np.sqrt(np.mean(columns[row, column] ** 2)))
                       for column in range(width)) for row in range(rows))


def tiles_of(layer: str, matrix: int, columns: dict[tuple[int, int], Floats], hardware: Hardware,
             order: Order | None = None) -> list[TileError]:
    """Every tile of a matrix, with the worst of its outputs, which stand in an `order` perhaps."""
    width = hardware.mapping.outputs_per_tile(hardware.array.columns)
    found = []
    for number, errors in columns.items():
        worst = number[1] * width + int(errors.argmax())
        found.append(TileError(layer, matrix, number, float(np.sqrt(np.mean(errors**2))),
                               worst if order is None else int(order.outputs[0, worst]),
                               float(errors.max())))
    return found
