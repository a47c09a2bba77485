"""All tiles of a matrix in one array, for what converts their currents."""

from dataclasses import dataclass

import numpy as np

from crossbar.tiles.grid import columns_of, sensed_of
from crossbar.tiles.matrix import TiledMatrix
from crossbar.tiles.ranges import Range
from device_models.checks import Floats


@dataclass(frozen=True, eq=False)
class StackedTiles:
    """Tiles side by side in their rows, rows of tiles behind one another.

    Parameters
    ----------
    transconductance : (row tiles, tile rows, converters) array
        From row voltages to the currents that are converted [S]; the rows that the last tiles lack
        are zero.
    decoder : (converters, outputs) array
        From what is converted of a row of tiles to results in the layer's units, times volts.
    """

    transconductance: Floats
    decoder: Floats

    @classmethod
    def of(cls, matrix: TiledMatrix) -> "StackedTiles":
        """The tiles of a programmed matrix, solved if they are not."""
        tile_rows, outputs = matrix.hardware.array.rows, matrix.shape[1]
        stacked = np.zeros((-(-matrix.shape[0] // tile_rows), tile_rows,
                            columns_of(outputs, matrix.hardware)))
        for tile in matrix.tiles:
            t = tile.circuit.transconductance()
            stacked[tile.number[0], : t.shape[0], tile.columns] = t
        sensed = sensed_of(outputs, matrix.hardware)
        return cls(stacked if sensed is None else stacked @ sensed, matrix.results)

    def current_range(self, inputs: Floats | None, limits: Range, percentile: float = 100.0
                      ) -> Range:
        """Smallest and largest converted current of one tile, per unit input [S].

        Those of `inputs` (samples, rows) [1], or of `percentile` per cent of the currents that they
        make, on either side; without any, those of the worst input in `limits`: all rows of the
        column that conducts most at one end of them.
        """
        if inputs is None or not np.any(inputs):
            positive, negative = (float(np.maximum(sign * self.transconductance, 0.0).sum(
                axis=1).max()) for sign in (1.0, -1.0))
            return (min(limits[0] * positive, -limits[1] * negative),
                    max(limits[1] * positive, -limits[0] * negative))
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
