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

MOST_SOLVED = 64
"""Reads of nonlinear devices that are solved for their energy, or up to twice as many."""


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


class EvenReads:
    """Reads of a matrix, evenly chosen among all: no more than twice `MOST_SOLVED` are kept."""

    def __init__(self) -> None:
        self.count = 0
        self._stride = 1
        self._kept: list[Floats] = []

    def add(self, inputs: Floats) -> None:
        """Choose among more `inputs` (reads, rows) [1]."""
        first = -self.count % self._stride
        self._kept.extend(inputs[first :: self._stride].copy())
        self.count += len(inputs)
        while len(self._kept) > 2 * MOST_SOLVED:
            self._kept, self._stride = self._kept[::2], 2 * self._stride

    @property
    def chosen(self) -> Floats:
        """(reads, rows) [1]; at least one must have been added."""
        return np.array(self._kept)


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


def nonlinear_energy(reader: MatrixReader, moments: Moments, reads: EvenReads, samples: int,
                     progress: Progress = unseen) -> dict[str, float]:
    """As `matrix_energy`, of a matrix whose devices are not linear.

    What nonlinear devices take beyond linear ones is the mean over reads that are solved, chosen
    evenly among all; it differs little from read to read. With up to twice `MOST_SOLVED` reads it
    is all of them, and the energy exact.
    """
    matrix, hardware = reader.matrix, reader.matrix.hardware
    if not reads.count:
        return matrix_energy(matrix, moments, samples, progress)
    chosen = reads.chosen
    each = moments.reads / samples / len(chosen)
    linear = matrix_energy(matrix, moments, samples)
    alike = matrix_energy(matrix, Moments.of(chosen, moments.height), len(chosen))

    def power(one: TileReader) -> Mapping[str, Floats]:
        return one.solve(np.ascontiguousarray(
            hardware.read_voltage * chosen[:, one.tile.inputs])).power

    energy = {part: linear[part] - each * len(chosen) * alike[part] for part in PARTS}
    for parts in solve_tiles(power, reader.readers):
        for part in PARTS:
            energy[part] += each * hardware.read_time * float(parts[part].sum())
        progress(1)
    return linear | energy


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
