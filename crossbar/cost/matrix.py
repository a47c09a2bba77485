"""Read energy of a programmed matrix, from its solved circuits and its converters."""

from collections.abc import Mapping

import numpy as np

from circuits import solve_tiles
from circuits.solution.power import PARTS
from crossbar.tiles.grid import grid
from crossbar.tiles.matrix import Tile, TiledMatrix
from crossbar.tiles.progress import Progress, unseen
from crossbar.tiles.reading import MatrixReader, TileReader
from device_models.checks import Floats


class Moments:
    """Second moments of what drives the rows of a matrix, row of tiles by row of tiles.

    The power of a linear tile is a quadratic form of its row voltages: its mean over any number of
    inputs follows from these.

    Parameters
    ----------
    rows, height : int
        Rows of the matrix, and of a tile.
    """

    def __init__(self, rows: int, height: int) -> None:
        self.height = height
        self.reads = 0
        self.sums = [np.zeros((min(height, rows - start),) * 2) for start in range(0, rows, height)]

    @classmethod
    def of(cls, inputs: Floats, height: int) -> "Moments":
        """Of `inputs` (reads, rows) [1], fractions of the read voltage."""
        moments = cls(inputs.shape[1], height)
        moments.add(inputs)
        return moments

    def add(self, inputs: Floats) -> None:
        """Count more `inputs` (reads, rows) [1]."""
        self.reads += len(inputs)
        for i, total in enumerate(self.sums):
            part = inputs[:, i * self.height : (i + 1) * self.height]
            total += part.T @ part


def matrix_energy(matrix: TiledMatrix, moments: Moments, samples: int,
                  progress: Progress = unseen) -> dict[str, float]:
    """Energy [J] of each part of one matrix per inference.

    The mean over inputs is the sum over the principal components of their second moments: at most
    one solution per row, however many inputs.

    `moments` are of all reads that `samples` inferences make; convolutional or repeated use of a
    layer makes several of one.
    """
    hardware = matrix.hardware
    energy = dict.fromkeys(PARTS, 0.0)

    def power(tile: Tile) -> Mapping[str, Floats]:
        of_rows = moments.sums[tile.inputs.start // moments.height] / samples
        return tile.circuit.solve(hardware.read_voltage * principal(of_rows)).power

    for parts in solve_tiles(power, matrix.tiles):
        for part in PARTS:
            energy[part] += hardware.read_time * float(parts[part].sum())
        progress(1)
    return energy | _conversions(matrix, moments.reads / samples)


def nonlinear_energy(reader: MatrixReader, inputs: Floats, samples: int,
                     progress: Progress = unseen) -> dict[str, float]:
    """As `matrix_energy`, of a matrix whose devices are not linear: every read is solved.

    `inputs` (reads, rows) are fractions of the read voltage [1], of all that `samples` inferences
    make.
    """
    matrix, hardware = reader.matrix, reader.matrix.hardware
    energy = dict.fromkeys(PARTS, 0.0)

    def power(each: TileReader) -> Mapping[str, Floats]:
        voltages = np.ascontiguousarray(hardware.read_voltage * inputs[:, each.tile.inputs])
        return each.solve(voltages).power

    for parts in solve_tiles(power, reader.readers if len(inputs) else ()):
        for part in PARTS:
            energy[part] += hardware.read_time * float(parts[part].sum()) / samples
        progress(1)
    return energy | _conversions(matrix, len(inputs) / samples)


def _conversions(matrix: TiledMatrix, reads: float) -> dict[str, float]:
    """Energy [J] of the converters for so many reads: each row of each tile, and each current that
    is converted, once."""
    hardware = matrix.hardware
    rows = sum(tile.circuit.shape[0] for tile in matrix.tiles)
    currents = sum(hardware.mapping.converters(place.width)
                   for place in grid(matrix.shape, hardware))
    return hardware.converters.energy(reads * rows, reads * currents)


def principal(moments: Floats) -> Floats:
    """Inputs (components, n) whose second moments add up to `moments` (n, n)."""
    values, vectors = np.linalg.eigh(moments)
    kept = values > 1e-15 * max(values[-1], 0.0)
    if not kept.any():
        return np.zeros((1, len(moments)))
    return np.asarray((vectors[:, kept] * np.sqrt(values[kept])).T)
