"""Read energy of the arrays of a programmed matrix, from their solved circuits."""


from dataclasses import dataclass

import numpy as np

from circuits import solve_tiles
from circuits.solution import Budget, budget
from crossbar.cost.channels import channel_shares
from crossbar.cost.moments import EvenReads, Moments
from crossbar.cost.parts import Parts
from crossbar.hardware import Hardware
from crossbar.tiles.matrix import Tile, TiledMatrix
from crossbar.tiles.progress import Progress, unseen
from crossbar.tiles.reading import MatrixReader, TileReader
from device_models.checks import Floats

Lines = tuple[float, float]
"""Capacitances to ground of the row and the column node of a cross-point [F]."""


@dataclass(frozen=True, eq=False)
class Spent:
    """What one array takes in an inference.

    Parameters
    ----------
    parts : mapping
        Mean energies [J].
    current : float
        Of a column in a read, root of the mean square over columns and reads [A].
    """

    parts: Parts
    current: float


def matrix_energy(matrix: TiledMatrix, moments: Moments, samples: int, lines: Lines = (0.0, 0.0),
                  progress: Progress = unseen) -> list[Spent]:
    """What each tile of one matrix takes per inference.

    The mean over inputs is the sum over the principal components of their second moments: at most
    one solution per row, however many inputs.

    `moments` are of all reads that `samples` inferences make; convolutional or repeated use of a
    layer makes several of one.
    """
    hardware, found = matrix.hardware, []

    def spent(tile: Tile) -> Budget:
        driven = moments.principal(tile.number[0]) / np.sqrt(samples)
        return budget(tile.circuit.solve(hardware.read_voltage * driven), *lines)

    for tile, each in zip(matrix.tiles, solve_tiles(spent, matrix.tiles), strict=True):
        reads = max(moments.reads, 1) / samples
        found.append(Spent(_parts(each, tile, hardware),
                           float(np.sqrt(each.squares.mean() / reads))))
        progress(1)
    return found


def nonlinear_energy(reader: MatrixReader, moments: Moments, reads: EvenReads, samples: int,
                     lines: Lines = (0.0, 0.0), progress: Progress = unseen) -> list[Spent]:
    """As `matrix_energy`, of a matrix whose devices are not linear.

    What nonlinear devices take beyond linear ones is the mean over reads that are solved, chosen
    evenly among all; it differs little from read to read. With up to twice `MOST_SOLVED` reads it
    is all of them, and the energy exact.
    """
    matrix, hardware = reader.matrix, reader.matrix.hardware
    linear = matrix_energy(matrix, moments, samples, lines,
                           unseen if reads.count else progress)
    if not reads.count:
        return linear
    chosen = reads.chosen
    each = moments.reads / samples / len(chosen)
    alike = matrix_energy(matrix, Moments.of(chosen, moments.height), 1, lines)

    def spent(one: TileReader) -> Budget:
        return budget(one.solve(np.ascontiguousarray(
            hardware.read_voltage * chosen[:, one.tile.inputs])), *lines)

    found = []
    for one, of_all, of_some, real in zip(reader.readers, linear, alike,
                                          solve_tiles(spent, reader.readers), strict=True):
        solved = _parts(real, one.tile, hardware)
        found.append(Spent({part: of_all.parts[part] + each * (solved[part] - of_some.parts[part])
                            for part in solved}, of_all.current))
        progress(1)
    return found


def source_energies(admittances: list[Floats], driven: Floats, hardware: Hardware) -> Floats:
    """Energy [J] that the sources of a linear matrix deliver in each read: (reads,).

    Of `admittances` of its rows of tiles, see `row_admittances`, and what drives its rows, `driven`
    (reads, rows) [1].
    """
    total, height = np.zeros(len(driven)), hardware.array.rows
    for number, y in enumerate(admittances):
        x = driven[:, number * height : (number + 1) * height]
        total += np.einsum("bi,bi->b", x @ y, x)
    return hardware.read_time * hardware.read_voltage**2 * total


def row_admittances(matrix: TiledMatrix) -> list[Floats]:
    """Admittance (rows, rows) [S] of each row of tiles, whose arrays are driven alike."""
    def of(tile: Tile) -> Floats:
        return tile.circuit.admittance()

    found: dict[int, Floats] = {}
    for tile, y in zip(matrix.tiles, solve_tiles(of, matrix.tiles), strict=True):
        found[tile.number[0]] = found.get(tile.number[0], 0.0) + y
    return [found[number] for number in sorted(found)]


def _parts(spent: Budget, tile: Tile, hardware: Hardware) -> Parts:
    """Energy [J] of a tile for what a budget has of it."""
    time, power = hardware.read_time, spent.parts
    channel = float(np.sum((spent.devices - spent.access) * channel_shares(tile, hardware)))
    access = float(spent.access.sum())
    return {"devices": time * (power["devices"] - access - channel), "channels": time * channel,
            "access": time * access,
            **{part: time * power[part] for part in ("rows", "columns", "drivers", "sense")},
            "charging": float(spent.charges.sum())}
