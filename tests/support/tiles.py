"""Products of analog layers, tile by tile, from their circuits alone."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from crossbar.layers.product import CrossbarProduct
from crossbar.tiles.matrix import Tile

Floats = NDArray[np.float64]
Currents = Callable[[Tile, Floats], Floats]
"""Column currents (reads, columns) [A] of a tile for its row voltages (reads, rows) [V]."""


def voltages(product: CrossbarProduct, rows: Floats) -> Floats:
    """Row voltages (reads, groups, rows) [V] for rows (reads, groups, inputs) of ideal drivers."""
    if product.bias_row:
        bias = np.full((*rows.shape[:-1], 1), product.input_range[1])
        rows = np.concatenate([rows, bias], axis=-1)
    return np.asarray(product.hardware.read_voltage * rows / product.input_range[1])


def by_tiles(product: CrossbarProduct, rows: Floats, currents: Currents) -> Floats:
    """Results (reads, groups, outputs) of a product, biases included, of which every tile has these
    `currents`; there are no current converters."""
    v = voltages(product, rows)
    total = np.zeros((len(rows), product.shape[0], product.shape[2]))
    for group, matrix in enumerate(product.matrices):
        for tile in matrix.tiles:
            read = currents(tile, np.ascontiguousarray(v[:, group, tile.inputs]))
            total[:, group, tile.outputs] += read @ tile.decoder
    total *= product.scale * product.input_range[1] / product.hardware.read_voltage
    if product.use_bias and not product.bias_row:
        total += np.asarray(product.bias, np.float64)
    return total


def states_of(tile: Tile, g: Floats) -> NDArray[np.intp]:
    """The state of each device of a tile whose states have the conductances `g` (states,) [S]."""
    return np.asarray(np.abs(tile.circuit.conductance[..., None] - g).argmin(axis=-1))
