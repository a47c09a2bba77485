"""All tiles of a matrix in one array, for what converts their currents."""

from dataclasses import dataclass

import numpy as np

from crossbar.tiles.matrix import TiledMatrix, decoder_of
from crossbar.tiles.ranges import Range
from device_models.checks import Floats


@dataclass(frozen=True, eq=False)
class StackedTiles:
    """Tiles side by side in their rows, rows of tiles behind one another.

    Parameters
    ----------
    transconductance : (row tiles, tile rows, columns) array
        From row voltages to column currents [S]; the rows that the last tiles lack are zero.
    decoder : (columns, outputs) array
        From the column currents of a row of tiles to results in the layer's units, times volts.
    """

    transconductance: Floats
    decoder: Floats

    @classmethod
    def of(cls, matrix: TiledMatrix) -> "StackedTiles":
        """The tiles of a programmed matrix, solved if they are not."""
        tile_rows, columns = matrix.hardware.array.rows, matrix.tiles[-1].columns.stop
        stacked = np.zeros((-(-matrix.shape[0] // tile_rows), tile_rows, columns))
        for tile in matrix.tiles:
            t = tile.circuit.transconductance()
            stacked[tile.inputs.start // tile_rows, : t.shape[0], tile.columns] = t
        return cls(stacked, matrix.scale * decoder_of(matrix.shape[1], matrix.hardware))

    def current_range(self, inputs: Floats | None, limits: Range, percentile: float = 100.0
                      ) -> Range:
        """Smallest and largest column current of one tile, per unit input [S].

        Those of `inputs` (samples, rows) [1], or of `percentile` per cent of the currents that they
        make, on either side; without any, those of the worst input in `limits`: all rows of the
        column that conducts most at one end of them.
        """
        if inputs is None or not np.any(inputs):
            total = float(self.transconductance.sum(axis=1).max())
            return limits[0] * total, limits[1] * total
        row_tiles, rows, _ = self.transconductance.shape
        padded = np.zeros((len(inputs), row_tiles * rows))
        padded[:, : inputs.shape[1]] = inputs
        ends = np.array([0.0, 0.0])
        for i, t in enumerate(self.transconductance):
            currents = padded[:, i * rows : (i + 1) * rows] @ t
            low, high = (np.percentile(currents, [100.0 - percentile, percentile])
                         if percentile < 100.0 else (currents.min(), currents.max()))
            ends = np.array([min(ends[0], low), max(ends[1], high)])
        return float(ends[0]), float(ends[1])
