"""A weight matrix spread over tiles of limited size."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from circuits import CrossbarCircuit, transconductances
from crossbar.hardware import Hardware
from crossbar.tiles.quantisation import quantise_weights
from device_models.checks import Floats

Progress = Callable[[int], object]
"""Called with 1 after each tile."""


def unseen(done: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, eq=False)
class Tile:
    """One physical array: the part of a layer's matrix it holds.

    Parameters
    ----------
    inputs, outputs : slice
        The rows and columns of the layer's matrix.
    circuit : CrossbarCircuit
        Devices and wires.
    decoder : (columns, outputs) array
        From column currents to signed results [1].
    """

    inputs: slice
    outputs: slice
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
        mapping, v = hardware.mapping, hardware.read_voltage
        quantised = quantise_weights(weights, hardware)
        shape = (weights.shape[0], weights.shape[1])
        devices, tiles = hardware.devices(stream), []
        for inputs, outputs in hardware.array.cut(shape, mapping):
            g = mapping.conductances(quantised.difference[inputs, outputs], devices, v)
            tiles.append(Tile(inputs, outputs, hardware.array.circuit(devices.standing(g, v)),
                              mapping.decoder(outputs.stop - outputs.start)))
        return cls(shape, quantised.gain, tuple(tiles), hardware)

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
