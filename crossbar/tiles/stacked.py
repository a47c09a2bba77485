"""All tiles of a matrix in one array, for what converts their currents."""

from dataclasses import dataclass

import numpy as np

from crossbar.tiles.matrix import TiledMatrix
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
        tile_rows = matrix.hardware.array.rows
        first = [tile for tile in matrix.tiles if tile.inputs.start == 0]
        offsets = np.cumsum([0] + [tile.decoder.shape[0] for tile in first])
        at = {tile.outputs.start: offset for tile, offset in zip(first, offsets, strict=False)}
        row_tiles = len(matrix.tiles) // len(first)
        stacked = np.zeros((row_tiles, tile_rows, offsets[-1]))
        decoder = np.zeros((offsets[-1], matrix.shape[1]))
        for tile in matrix.tiles:
            t = tile.circuit.transconductance()
            columns = slice(at[tile.outputs.start], at[tile.outputs.start] + t.shape[1])
            stacked[tile.inputs.start // tile_rows, : t.shape[0], columns] = t
            decoder[columns, tile.outputs] = matrix.scale * tile.decoder
        return cls(stacked, decoder)

    def current_range(self, inputs: Floats | None, limits: Range) -> Range:
        """Smallest and largest column current of one tile, per unit input [S].

        Those of `inputs` (samples, rows) [1]; without any, those of the worst input in `limits`.
        """
        total = self.transconductance.sum(axis=1)
        widest = float((limits[0] * total).min()), float((limits[1] * total).max())
        if inputs is None or not np.any(inputs):
            return widest
        row_tiles, rows, _ = self.transconductance.shape
        padded = np.zeros((len(inputs), row_tiles * rows))
        padded[:, : inputs.shape[1]] = inputs
        currents = [padded[:, i * rows : (i + 1) * rows] @ t
                    for i, t in enumerate(self.transconductance)]
        return min(0.0, *(float(c.min()) for c in currents)), max(float(c.max()) for c in currents)
