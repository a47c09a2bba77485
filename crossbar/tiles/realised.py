"""What solved tiles add up to: the weights that circuits realise, and how they come about."""

from collections.abc import Iterator
from itertools import islice
from typing import TypeVar

import numpy as np

from circuits import transconductances
from crossbar.hardware import Hardware
from crossbar.tiles.grid import columns_of, decoder_of, sensed_of
from crossbar.tiles.matrix import Tile, Wanted
from crossbar.tiles.scaling import of_matrix, scaled
from device_models.checks import Floats

AT_ONCE = 512  # tiles in memory at once
T = TypeVar("T")


def solved(tiles: Iterator[tuple[T, Tile]], at_once: int = AT_ONCE) -> Iterator[tuple[T, Tile]]:
    """The same tiles, their transconductances known: made, solved and let go some at a time."""
    while some := list(islice(tiles, at_once)):
        for _ in transconductances(tile.circuit for _, tile in some):
            pass
        yield from some


class Realised:
    """Matrices of one layer, as their solved tiles come in.

    Attributes
    ----------
    devices : (groups, rows, columns) array
        Conductances at the read voltage [S].

    Parameters
    ----------
    wanted : Wanted
        What the matrices are to be.
    hardware : Hardware
        Of which they are made.
    apart : bool
        Whether the tiles are kept apart too, for what converts their currents.
    """

    def __init__(self, wanted: Wanted, hardware: Hardware, apart: bool) -> None:
        groups, rows, outputs = wanted.difference.shape
        columns = columns_of(outputs, hardware)
        self.wanted, self.hardware = wanted, hardware
        self.devices = np.zeros((groups, rows, columns))
        self._sums = np.zeros((groups, rows, outputs))
        self._real = np.zeros((groups, rows, outputs) if wanted.reads_back(hardware) else 0)
        height = hardware.array.rows
        self._tiles = np.zeros((groups, -(-rows // height), min(height, rows), columns)
                               if apart else (0, 0, 0, columns))

    def add(self, group: int, tile: Tile) -> None:
        """Count in a solved tile of the matrix number `group`."""
        t = tile.circuit.transconductance()
        self._sums[group, tile.inputs, tile.outputs] += t @ tile.decoder
        if self._real.size:
            self._real[group, tile.inputs, tile.outputs] += tile.difference
        self.devices[group, tile.inputs, tile.columns] = tile.circuit.conductance
        if self._tiles.size:
            self._tiles[group, tile.number[0], : len(t), tile.columns] = t

    @property
    def scale(self) -> float | Floats:
        """Weight per siemens, as read: one, (outputs,) or (groups, outputs) [1/S]."""
        scale = self.wanted.gain(self.hardware, self.wanted.undone(self._real))
        return of_matrix(scale, 0) if len(self._sums) == 1 else scale

    @property
    def weights(self) -> Floats:
        """What the circuits realise, in the layer's units: (groups, rows, outputs)."""
        return scaled(self.scale, self.wanted.undone(self._sums))

    @property
    def transconductance(self) -> Floats:
        """From rows to converted currents: (groups, rows of tiles, rows, converters) [S]."""
        sensed = sensed_of(self._sums.shape[2], self.hardware)
        return self._tiles if sensed is None else np.asarray(self._tiles @ sensed)

    @property
    def decoder(self) -> Floats:
        """From what is converted to results in the layer's units, times volts: (converters,
        outputs). Where scales differ between matrices, or outputs stand in an order, it is without
        the scale, and of the outputs as they stand."""
        decoder, scale = decoder_of(self._sums.shape[2], self.hardware), self.scale
        apart = np.ndim(scale) == 2 or self.wanted.order is not None
        return decoder if apart else np.asarray(scale * decoder)
