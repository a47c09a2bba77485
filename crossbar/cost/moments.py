"""What drives the rows of a matrix: all that the energy of many reads follows from."""

import numpy as np

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

    def principal(self, row: int) -> Floats:
        """Inputs (components, rows) [1] to a row of tiles that have these second moments in all: at
        most one for each row, however many inputs."""
        values, vectors = np.linalg.eigh(self.sums[row])
        kept = values > 1e-15 * max(values[-1], 0.0)
        if not kept.any():
            return np.zeros((1, len(values)))
        return np.asarray((vectors[:, kept] * np.sqrt(values[kept])).T)


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
