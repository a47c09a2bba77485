"""A weight matrix spread over tiles of limited size."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.linalg import block_diag

from circuits import CrossbarCircuit, transconductances
from crossbar.hardware import Hardware
from crossbar.tiles.access import written
from crossbar.tiles.progress import Progress, unseen
from crossbar.tiles.quantisation import quantise_weights
from device_models.checks import Floats


@dataclass(frozen=True, eq=False)
class Tile:
    """One physical array: the part of a layer's matrix it holds.

    Parameters
    ----------
    inputs, outputs : slice
        The rows and columns of the layer's matrix.
    columns : slice
        The physical columns, counted through all tiles side by side.
    circuit : CrossbarCircuit
        Devices and wires.
    decoder : (columns, outputs) array
        From column currents to signed results [1].
    """

    inputs: slice
    outputs: slice
    columns: slice
    circuit: CrossbarCircuit
    decoder: Floats


@dataclass(frozen=True, eq=False)
class TiledMatrix:
    """A weight matrix as programmed into tiles.

    Parameters
    ----------
    shape : (int, int)
        Inputs and outputs of the matrix.
    scale : float
        Weight per siemens, as read [1/S].
    tiles : tuple of Tile
        Row by row of tiles.
    hardware : Hardware
        What they are made of.
    """

    shape: tuple[int, int]
    scale: float
    tiles: tuple[Tile, ...]
    hardware: Hardware

    @classmethod
    def program(cls, weights: Floats, hardware: Hardware, stream: int = 0) -> "TiledMatrix":
        """Quantise `weights` (inputs, outputs) and write them into tiles of `hardware`.

        `stream` tells the layers of a network apart in what their imperfections draw.
        """
        return cls.program_groups(np.asarray(weights)[None], hardware, stream)[0]

    @classmethod
    def program_groups(cls, weights: Floats, hardware: Hardware, stream: int = 0
                       ) -> tuple["TiledMatrix", ...]:
        """Matrices (groups, inputs, outputs) of one layer, on one scale and tiles of their own."""
        scale, tiles = written_tiles(weights, hardware, stream)
        held: list[list[Tile]] = [[] for _ in weights]
        for group, tile in tiles:
            held[group].append(tile)
        shape = (weights.shape[1], weights.shape[2])
        return tuple(cls(shape, scale, tuple(each), hardware) for each in held)

    @classmethod
    def restore(cls, conductance: Floats, shape: tuple[int, int], scale: float, hardware: Hardware
                ) -> "TiledMatrix":
        """Of all its devices (inputs, physical columns) [S], as `conductance` gives them."""
        return cls(shape, scale, tuple(
            Tile(inputs, outputs, columns, hardware.array.circuit(conductance[inputs, columns]),
                 hardware.mapping.decoder(outputs.stop - outputs.start))
            for inputs, outputs, columns in grid(shape, hardware)), hardware)

    @property
    def conductance(self) -> Floats:
        """All devices, tiles side by side: (inputs, physical columns) [S]."""
        devices = np.empty((self.shape[0], self.tiles[-1].columns.stop))
        for tile in self.tiles:
            devices[tile.inputs, tile.columns] = tile.circuit.conductance
        return devices

    def solve(self, progress: Progress = unseen) -> None:
        """Compute the transconductance of every tile, on all processors."""
        for _ in transconductances(tile.circuit for tile in self.tiles):
            progress(1)

    @cached_property
    def weights(self) -> Floats:
        """The weights (inputs, outputs) the solved circuit realises, in the layer's units."""
        weights = np.zeros(self.shape)
        for tile in self.tiles:
            matrix = tile.circuit.transconductance() @ tile.decoder
            weights[tile.inputs, tile.outputs] = self.scale * matrix
        return weights


def written_tiles(weights: Floats, hardware: Hardware, stream: int = 0
                  ) -> tuple[float, Iterator[tuple[int, Tile]]]:
    """Weight per siemens [1/S] of matrices (groups, inputs, outputs), and their tiles, as wanted.

    Each with the number of its matrix, matrix by matrix and row by row of tiles. All are on one
    scale, and on devices that are drawn as the tiles are taken.
    """
    if weights.ndim != 3:
        raise ValueError(f"weights have shape {weights.shape[1:]}; expected (inputs, outputs), one "
                         "or more of each")
    quantised = quantise_weights(weights.reshape(-1, weights.shape[2]), hardware)
    difference = quantised.difference.reshape(weights.shape)

    def write() -> Iterator[tuple[int, Tile]]:
        devices = hardware.devices(stream)
        for group, each in enumerate(difference):
            for inputs, outputs, columns in grid(each.shape, hardware):
                g = written(each[inputs, outputs], hardware, devices)
                yield group, Tile(
                    inputs, outputs, columns,
                    hardware.array.circuit(devices.standing(g, hardware.read_voltage)),
                    hardware.mapping.decoder(outputs.stop - outputs.start))

    return quantised.gain, write()


def grid(shape: tuple[int, int], hardware: Hardware) -> list[tuple[slice, slice, slice]]:
    """Inputs, outputs and physical columns of each tile of a matrix, row by row of tiles."""
    found, at = [], 0
    for inputs, outputs in hardware.array.cut(shape, hardware.mapping):
        at = at if outputs.start else 0
        columns = slice(at, at + hardware.mapping.columns(outputs.stop - outputs.start))
        at = columns.stop
        found.append((inputs, outputs, columns))
    return found


def decoder_of(outputs: int, hardware: Hardware) -> Floats:
    """From all physical columns of a row of tiles to outputs: (columns, outputs) [1]."""
    return np.asarray(block_diag(*(hardware.mapping.decoder(cut.stop - cut.start)
                                   for _, cut, _ in grid((1, outputs), hardware))))
