"""Reads of programmed tiles that no matrix describes: nonlinear devices, and noise."""

import math
from collections.abc import Sequence

import numpy as np

from circuits import ColumnNoise, CrossbarCircuit, OperatingPoint, branches_of, solve_tiles
from crossbar.hardware import Hardware
from crossbar.tiles.grid import columns_of, sensed_of
from crossbar.tiles.matrix import Tile, TiledMatrix, Wanted
from device_models.checks import Floats

_MARGIN = 1.25  # of the read voltage, up to which laws of devices are made
_MANY = 1000
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
        if tile.devices is None:
            raise ValueError("nothing is known of the devices of this tile but their conductance; "
                             "expected one that was programmed, and not restored")
        self.tile, self.hardware, self.devices = tile, hardware, tile.devices
        self._made: dict[int, tuple[CrossbarCircuit, ColumnNoise | None]] = {}

    def currents(self, voltages: Floats, rng: np.random.Generator) -> Floats:
        """Column currents (reads, columns) [A] for row voltages (reads, rows) [V]."""
        circuit, noise = self._up_to(voltages)
        if noise is not None:
            op = circuit.solve(voltages, TOLERANCE)
            return op.column_currents + noise.sample(op, rng)
        found = np.zeros((len(voltages), circuit.shape[1]))
        driven = voltages.any(axis=1)  # without a voltage nothing flows
        if driven.any():
            found[driven] = circuit.solve(voltages[driven], TOLERANCE).column_currents
        return found

    def solve(self, voltages: Floats) -> OperatingPoint:
        """The circuit, solved for row voltages (reads, rows) [V]."""
        return self._up_to(voltages)[0].solve(voltages, TOLERANCE)

    def noise(self, voltages: Floats) -> Floats:
        """Standard deviation of the noise of column currents (reads, columns) [A] for row voltages
        (reads, rows) [V]; zero without noise of reads."""
        circuit, noise = self._up_to(voltages)
        if noise is None:
            return np.zeros((len(voltages), circuit.shape[1]))
        return noise.rms(circuit.solve(voltages, TOLERANCE))

    def _up_to(self, voltages: Floats) -> tuple[CrossbarCircuit, ColumnNoise | None]:
        """The circuit and its noise, of a law that holds for these voltages whatever came before:
        up to a limit, or that doubled as often as it takes."""
        limit = _MARGIN * self.hardware.read_voltage
        over = float(np.abs(voltages).max(initial=0.0)) / limit if self.hardware.nonlinear else 0.0
        doubled = math.ceil(math.log2(over)) if over > 1.0 else 0
        if doubled not in self._made:
            circuit = self._circuit(limit * 2.0**doubled)
            self._made[doubled] = circuit, self._noise(circuit)
        return self._made[doubled]

    def _circuit(self, limit: float) -> CrossbarCircuit:
        """Devices that follow the synapse's own law, if they shall; else linear ones."""
        if not self.hardware.nonlinear:
            return self.tile.circuit
        alike = self.devices.branches
        if alike is not None:
            return self.hardware.array.circuit(alike[1][:, :, self.tile.own], alike[0])
        law, branches = branches_of(
            lambda v: self.devices.conductances(v)[:, self.tile.own], limit)
        return self.hardware.array.circuit(branches, law)

    def _noise(self, circuit: CrossbarCircuit) -> ColumnNoise | None:
        """Noise of reads, if there is any."""
        law, hardware = self.hardware.noise, self.hardware
        if law is None:
            return None
        area = self.devices.noise_areas[:, self.tile.own] if law.alpha else None
        return law.of(circuit, hardware.read_time, hardware.temperature, area)


def noise_of(wanted: Wanted, hardware: Hardware, layer: str) -> Floats:
    """Standard deviation of the noise of currents that are converted, over the read voltage, as if
    all rows were at half of it: (groups, rows of tiles, converters) [S].

    Where currents are subtracted before they are converted, their noise counts as independent.
    """
    groups, rows, outputs = wanted.difference.shape
    found = np.zeros((groups, -(-rows // hardware.array.rows), columns_of(outputs, hardware)))
    for group, tile in wanted.write(hardware, layer):
        half = np.full((1, tile.circuit.shape[0]), 0.5 * hardware.read_voltage)
        found[group, tile.number[0], tile.columns] = TileReader(tile, hardware).noise(half)[0]
    found /= hardware.read_voltage
    sensed = sensed_of(outputs, hardware)
    return found if sensed is None else np.sqrt(found**2 @ sensed**2)


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

    def currents(self, inputs: Floats, rng: np.random.Generator) -> Floats:
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

        wanted = range(len(self.readers) if len(inputs) else 0)
        for reader, part in zip(self.readers, solve_tiles(read, wanted), strict=False):
            found[:, reader.tile.number[0], reader.tile.columns] = part
        found /= self.hardware.read_voltage
        return found if self.sensed is None else np.asarray(found @ self.sensed)
