"""Read energy of a programmed matrix, from its solved circuits and its converters."""

from collections.abc import Mapping

import numpy as np

from circuits import solve_tiles
from circuits.solution.power import PARTS
from crossbar.tiles.matrix import Progress, Tile, TiledMatrix, unseen
from device_models.checks import Floats


def matrix_energy(
    matrix: TiledMatrix, inputs: Floats, samples: int, progress: Progress = unseen,
) -> dict[str, float]:
    """Energy [J] of each part of one matrix per inference.

    The power of a linear tile is a quadratic form of its row voltages, so the mean over any
    number of inputs is the sum over the principal components of their second moments: at most
    one solution per row, however many inputs.

    `inputs` (reads, rows) [1] are fractions of the read voltage; convolutional or repeated use of
    a layer makes several reads a sample.
    """
    hardware = matrix.hardware
    voltages = hardware.read_voltage * inputs
    moments = voltages.T @ voltages / samples
    energy = dict.fromkeys(PARTS, 0.0)

    def power(tile: Tile) -> Mapping[str, Floats]:
        components = principal(moments[tile.inputs, tile.inputs])
        return tile.circuit.solve(components).power

    for parts in solve_tiles(power, matrix.tiles):
        for part in PARTS:
            energy[part] += hardware.read_time * float(parts[part].sum())
        progress(1)
    reads = len(inputs) / samples  # each row and column of each tile is converted once
    rows = sum(tile.circuit.shape[0] for tile in matrix.tiles)
    columns = sum(tile.circuit.shape[1] for tile in matrix.tiles)
    return energy | hardware.converters.energy(reads * rows, reads * columns)


def principal(moments: Floats) -> Floats:
    """Inputs (components, n) whose second moments add up to `moments` (n, n)."""
    values, vectors = np.linalg.eigh(moments)
    kept = values > 1e-15 * max(values[-1], 0.0)
    if not kept.any():
        return np.zeros((1, len(moments)))
    return np.asarray((vectors[:, kept] * np.sqrt(values[kept])).T)
