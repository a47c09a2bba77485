"""A weight matrix spread over tiles of limited size."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from circuits import CrossbarCircuit, transconductances
from crossbar.hardware import Hardware
from crossbar.imperfections import Chance, TileDevices
from crossbar.tiles.access import wanted_devices
from crossbar.tiles.grid import Place, decoder_of, grid
from crossbar.tiles.order import Order
from crossbar.tiles.progress import Progress, unseen
from crossbar.tiles.quantisation import quantise_weights
from crossbar.tiles.scaling import of_matrix
from device_models.checks import Floats

_ROUNDED = 1e-6  # of the outermost level, that a state may be off a level


@dataclass(frozen=True, eq=False)
class Tile:
    """One physical array: the part of a layer's matrix it holds.

    Parameters
    ----------
    number : (int, int)
        Row and column of tiles.
    inputs, outputs : slice
        The rows and columns of the layer's matrix.
    columns : slice
        The physical columns, counted through all tiles side by side.
    circuit : CrossbarCircuit
        Devices and wires.
    decoder : (columns, outputs) array
        From column currents to signed results [1].
    devices : TileDevices, optional
        What stands at the cross-points of the tile, of which the array may be a part; unknown of
        tiles that come from a file.
    own : slice
        Which of that tile's columns the array holds.
    """

    number: tuple[int, int]
    inputs: slice
    outputs: slice
    columns: slice
    circuit: CrossbarCircuit
    decoder: Floats
    devices: TileDevices | None = None
    own: slice | None = None

    @property
    def difference(self) -> Floats:
        """What its devices add to signed differences of conductance: (rows, outputs) [S]."""
        return np.asarray(self.circuit.conductance @ self.decoder)


@dataclass(frozen=True, eq=False)
class TiledMatrix:
    """A weight matrix as programmed into tiles.

    Parameters
    ----------
    shape : (int, int)
        Inputs and outputs of the matrix.
    scale : float or (outputs,) array
        Weight per siemens, as read [1/S].
    tiles : tuple of Tile
        Row by row of tiles.
    hardware : Hardware
        What they are made of.
    order : Order, optional
        Which of its rows and outputs stands where, if not in its own order: tiles are of places.
    """

    shape: tuple[int, int]
    scale: float | Floats
    tiles: tuple[Tile, ...]
    hardware: Hardware
    order: Order | None = None

    @classmethod
    def program(cls, weights: Floats, hardware: Hardware, layer: str = "") -> "TiledMatrix":
        """Quantise `weights` (inputs, outputs) and write them into tiles of `hardware`.

        The name of the `layer` tells its devices from those of other layers on the same chip.
        """
        return cls.program_groups(np.asarray(weights)[None], hardware, layer)[0]

    @classmethod
    def program_groups(cls, weights: Floats, hardware: Hardware, layer: str = ""
                       ) -> tuple["TiledMatrix", ...]:
        """Matrices (groups, inputs, outputs) of one layer, on one scale and tiles of their own."""
        return cls.write(Wanted.of(weights, hardware), hardware, layer)

    @classmethod
    def write(cls, wanted: "Wanted", hardware: Hardware, layer: str = ""
              ) -> tuple["TiledMatrix", ...]:
        """Matrices of one layer as `wanted`, on tiles of their own."""
        held: list[list[Tile]] = [[] for _ in wanted.difference]
        real = np.zeros(wanted.difference.shape)
        for group, tile in wanted.write(hardware, layer):
            held[group].append(tile)
            real[group, tile.inputs, tile.outputs] += tile.difference
        scale, order = wanted.gain(hardware, wanted.undone(real)), wanted.order
        _, inputs, outputs = wanted.difference.shape
        return tuple(cls((inputs, outputs), of_matrix(scale, group), tuple(each), hardware,
                         None if order is None else order.of_matrix(group))
                     for group, each in enumerate(held))

    @classmethod
    def restore(cls, conductance: Floats, shape: tuple[int, int], scale: float | Floats,
                hardware: Hardware, order: Order | None = None) -> "TiledMatrix":
        """Of all its devices (inputs, physical columns) [S], as `conductance` gives them."""
        return cls(shape, scale, tuple(
            tile for place in grid(shape, hardware)
            for tile in _arrays(place, conductance[place.inputs, place.columns], hardware)),
            hardware, order)

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
            weights[tile.inputs, tile.outputs] += tile.circuit.transconductance() @ tile.decoder
        return self.scale * (weights if self.order is None else self.order.undone(weights[None])[0])

    @property
    def results(self) -> Floats:
        """From what is converted of a row of tiles to outputs in the layer's units, times volts:
        (converters, outputs)."""
        decoder = decoder_of(self.shape[1], self.hardware)
        return np.asarray(self.scale * (
            decoder if self.order is None else self.order.results(decoder)[0]))


@dataclass(frozen=True, eq=False)
class Wanted:
    """What a layer's matrices are to be in devices, whatever the chip.

    Parameters
    ----------
    difference : (groups, inputs, outputs) array
        Signed conductance differences, each one of the mapping's levels [S].
    scale : float, (outputs,) or (groups, outputs) array
        Weight per siemens [1/S], as read if all devices become what they are to be.
    order : Order, optional
        Which row and output stands where in tiles, if not in the matrices' own order.
    given : bool
        Whether these levels were chosen elsewhere, so that they do not follow from weights.
    offset : (groups, outputs) array, optional
        What is to be added to digital biases, to make up for what the levels are off in the mean
        [layer's units].
    """

    difference: Floats
    scale: float | Floats
    order: Order | None = None
    given: bool = True
    offset: Floats | None = None

    @classmethod
    def of(cls, weights: Floats, hardware: Hardware) -> "Wanted":
        """Of `weights` (groups, inputs, outputs), on one scale."""
        if weights.ndim != 3:
            raise ValueError(f"weights have shape {weights.shape[1:]}; expected (inputs, outputs), "
                             "one or more of each")
        quantised = quantise_weights(weights.reshape(-1, weights.shape[2]), hardware)
        return cls(quantised.difference.reshape(weights.shape), quantised.gain, given=False)

    def check(self, shape: tuple[int, int, int], hardware: Hardware) -> None:
        """Raise ValueError unless these are levels of `hardware`, (groups, inputs, outputs) as
        `shape` says, with scales that fit."""
        found = np.shape(self.difference)
        if found != shape:
            raise ValueError(f"states have shape {found}; expected {shape}: groups, rows with that "
                             "of biases if these are analog, outputs")
        if self.order is not None and self.order.shape != shape:
            raise ValueError(f"the order is of {self.order.shape} groups, rows and outputs; "
                             f"expected {shape}")
        if self.offset is not None and np.shape(self.offset) != shape[::2]:
            raise ValueError(f"offset has shape {np.shape(self.offset)}; expected {shape[::2]}, "
                             "groups and outputs")
        scale = np.asarray(self.scale)
        if scale.shape not in ((), shape[2:], shape[::2]) or not np.all(scale > 0):
            raise ValueError(f"scale [1/S] has shape {scale.shape}, least {scale.min():g}; "
                             f"expected above zero: one number, {shape[2:]} or {shape[::2]}")
        levels = hardware.levels
        off = np.abs(levels.nearest(self.difference) - self.difference)
        if not off.max() <= _ROUNDED * levels.reach:
            at = np.unravel_index(int(off.argmax()), shape)
            raise ValueError(f"difference {self.difference[at]:g} S at {tuple(map(int, at))} is no "
                             "level of the mapping; expected hardware.levels.nearest(...) of it")

    @property
    def placed(self) -> Floats:
        """The differences as they stand in tiles: (groups, rows, outputs) [S]."""
        return self.difference if self.order is None else self.order.placed(self.difference)

    def undone(self, matrices: Floats) -> Floats:
        """What stands in tiles as (groups, rows, outputs), in the matrices' own order."""
        return matrices if self.order is None or not matrices.size else self.order.undone(matrices)

    def gain(self, hardware: Hardware, real: Floats) -> float | Floats:
        """Weight per siemens [1/S], for devices that have become the differences `real` [S]."""
        if not self.reads_back(hardware):
            return self.scale
        found: float | Floats = hardware.gain.corrected(  # type: ignore[attr-defined]
            self.scale, self.difference, real)  # as reads_back says
        return found

    @staticmethod
    def reads_back(hardware: Hardware) -> bool:
        """Whether the gain is told what devices have become."""
        return hasattr(hardware.gain, "corrected")

    def write(self, hardware: Hardware, layer: str = "") -> Iterator[tuple[int, Tile]]:
        """Tiles with these in them, as wanted: each with the number of its matrix, matrix by matrix
        and row by row of tiles. `hardware` may be another chip of what they were made for."""
        chance = Chance.of_layer(hardware.seed, layer)
        mapping, v = hardware.mapping, hardware.read_voltage
        for group, each in enumerate(self.placed):
            for place in grid(each.shape, hardware):
                devices = hardware.imperfections.devices(
                    wanted_devices(each[place.inputs, place.outputs], hardware),
                    mapping.trimmed(place.width), hardware.synapse, v,
                    chance.at(group, *place.number))
                for tile in _arrays(place, devices.conductances(v), hardware, devices):
                    yield group, tile


def _arrays(place: Place, conductance: Floats, hardware: Hardware,
            devices: TileDevices | None = None) -> Iterator[Tile]:
    """The physical arrays of a tile whose devices have `conductance` (rows, columns) [S]."""
    results = hardware.mapping.results(place.width)
    for own in hardware.mapping.arrays(place.width):
        columns = slice(place.columns.start + own.start, place.columns.start + own.stop)
        yield Tile(place.number, place.inputs, place.outputs, columns,
                   hardware.array.circuit(conductance[:, own]), results[own], devices, own)
