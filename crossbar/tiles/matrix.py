"""A weight matrix spread over tiles of limited size."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from circuits import CrossbarCircuit, solve_tiles
from crossbar.hardware import Hardware
from crossbar.imperfections.writing import ImperfectWrite
from crossbar.tiles.quantisation import quantise_weights
from device_models.checks import Floats

_WRITES = 1  # a random stream of its own, so that failed writes leave the spread as it is


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

        `stream` tells the layers of a network apart in device spread and failed writes.
        """
        mapping, v = hardware.mapping, hardware.read_voltage
        quantised = quantise_weights(weights, hardware)
        rng = np.random.default_rng([hardware.seed, stream])
        device = hardware.synapse if hardware.write_probability == 1 else ImperfectWrite(
            hardware.synapse, hardware.write_probability,
            np.random.default_rng([hardware.seed, stream, _WRITES]))
        rows, width = hardware.tile[0], mapping.outputs_per_tile(hardware.tile[1])
        tiles = []
        for i in range(0, weights.shape[0], rows):
            for j in range(0, weights.shape[1], width):
                inputs, outputs = slice(i, i + rows), slice(j, j + width)
                block = quantised.difference[inputs, outputs]
                g = mapping.conductances(block, device, v)
                if hardware.spread:
                    g = g * np.exp(hardware.spread * rng.standard_normal(g.shape))
                tiles.append(Tile(
                    slice(i, i + block.shape[0]), slice(j, j + block.shape[1]),
                    CrossbarCircuit(g, hardware.wires), mapping.decoder(block.shape[1]),
                ))
        return cls((weights.shape[0], weights.shape[1]), quantised.gain, tuple(tiles), hardware)

    def solve(self, progress: Callable[[int], object] = lambda n: None) -> None:
        """Compute the transconductance of every tile, on all processors."""
        for _ in solve_tiles(lambda tile: tile.circuit.transconductance(), self.tiles):
            progress(1)

    @cached_property
    def weights(self) -> Floats:
        """The weights (inputs, outputs) the solved circuit realises, in the layer's units."""
        weights = np.zeros(self.shape)
        for tile in self.tiles:
            matrix = tile.circuit.transconductance() @ tile.decoder
            weights[tile.inputs, tile.outputs] = self.scale * matrix
        return weights
