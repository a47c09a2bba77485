"""Reads of programmed tiles that no matrix describes: nonlinear devices, and noise."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from circuits import ColumnNoise, CrossbarCircuit, OperatingPoint, branches_of, solve_tiles
from crossbar.hardware import Hardware
from crossbar.tiles.grid import columns_of, sensed_of
from crossbar.tiles.matrix import Tile, TiledMatrix
from crossbar.tiles.progress import Progress, unseen
from device_models.checks import Floats

_MARGIN = 1.25  # beyond the largest input so far, up to which laws of devices are made
TOLERANCE = 1e-7
"""Of nonlinear solutions: residual of Kirchhoff's current law over the largest device current."""


class TileReader:
    """One tile as it is read.

    Parameters
    ----------
    tile : Tile
        With its devices.
    hardware : Hardware
        Of which it is a tile.
    """

    def __init__(self, tile: Tile, hardware: Hardware) -> None:
        self.tile, self.hardware = tile, hardware
        self.limit = _MARGIN * hardware.read_voltage

    @cached_property
    def circuit(self) -> CrossbarCircuit:
        """Devices that follow the synapse's own law, if they shall; else linear ones."""
        devices, own = self.tile.devices, self.tile.own
        if not self.hardware.nonlinear or devices is None:
            return self.tile.circuit
        law, branches = branches_of(lambda v: devices.conductances(v)[:, own], self.limit)
        return self.hardware.array.circuit(branches, law)

    @cached_property
    def noise(self) -> ColumnNoise | None:
        """Noise of its reads, if there is any."""
        law = self.hardware.noise
        devices, own = self.tile.devices, self.tile.own
        if law is None:
            return None
        area = devices.noise_areas[:, own] if devices is not None and law.alpha else None
        return law.of(self.circuit, self.hardware.read_time, self.hardware.temperature, area)

    def currents(self, voltages: Floats, rng: np.random.Generator) -> Floats:
        """Column currents (reads, columns) [A] for row voltages (reads, rows) [V]."""
        if self.noise is None:  # nothing flows where nothing is driven
            driven = voltages.any(axis=1)
            found = np.zeros((len(voltages), self.circuit.shape[1]))
            if driven.any():
                found[driven] = self.solve(voltages[driven]).column_currents
            return found
        op = self.solve(voltages)
        return op.column_currents + self.noise.sample(op, rng)

    def solve(self, voltages: Floats) -> OperatingPoint:
        """The circuit, solved for row voltages (reads, rows) [V]."""
        highest = float(np.abs(voltages).max(initial=0.0))
        if self.hardware.nonlinear and highest > self.limit:
            self.limit = _MARGIN * highest
            for name in ("circuit", "noise"):
                self.__dict__.pop(name, None)
        return self.circuit.solve(voltages, TOLERANCE)


class MatrixReader:
    """All tiles of a matrix as they are read.

    Parameters
    ----------
    matrix : TiledMatrix
        Its tiles with their devices.
    """

    def __init__(self, matrix: TiledMatrix) -> None:
        hardware = matrix.hardware
        self.matrix, self.hardware = matrix, hardware
        self.readers = [TileReader(tile, hardware) for tile in matrix.tiles]
        self.shape = (-(-matrix.shape[0] // hardware.array.rows),
                      columns_of(matrix.shape[1], hardware))
        self.sensed = sensed_of(matrix.shape[1], hardware)

    def currents(self, inputs: Floats, rng: np.random.Generator,
                 progress: Progress = unseen) -> Floats:
        """Currents that are converted, over the read voltage: (reads, rows of tiles, converters)
        [S].

        `inputs` (reads, rows) are fractions of the read voltage [1].
        """
        voltages = self.hardware.read_voltage * inputs
        found = np.zeros((len(inputs), *self.shape))
        chances: Sequence[np.random.Generator] = rng.spawn(len(self.readers))

        def read(number: int) -> Floats:
            reader = self.readers[number]
            return reader.currents(np.ascontiguousarray(voltages[:, reader.tile.inputs]),
                                   chances[number])

        for reader, part in zip(self.readers, solve_tiles(read, range(len(self.readers))),
                                strict=True):
            found[:, reader.tile.number[0], reader.tile.columns] = part
            progress(1)
        found /= self.hardware.read_voltage
        return found if self.sensed is None else np.asarray(found @ self.sensed)
