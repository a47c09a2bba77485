"""How much of a noise current inside an array comes out of its columns.

By reciprocity: with 1 V at the ends of column j and all other ends grounded, the voltage of a
device's column node over that of its row node is the current out of column j per ampere that a
source drives from row to column, and the current through a resistor is that per volt in series.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from circuits.array.array import Array
from circuits.copies import ReadOnly, read_only
from circuits.solution.power import column_currents, row_currents
from circuits.solvers.choice import response_of
from circuits.solvers.memory import check_memory
from device_models.checks import Floats

_AT_ONCE = 2**20  # node voltages of a chunk of columns


@dataclass(frozen=True, eq=False)
class NoiseTransfer(ReadOnly):
    """From all that makes noise to the column currents, the devices with their slope at no bias.

    Parameters
    ----------
    devices : (columns, rows, columns) array
        Entry (j, i, k): current out of column j per ampere of a source in parallel with device
        (i, k), from row to column. It includes what an access transistor in series leaves of it.
    resistors : (columns, columns) array
        What wires, drivers, sense and access resistances contribute [S]: their thermal noise has
        the covariance 4 k T times this [A^2/Hz].
    """

    devices: Floats
    resistors: Floats

    @classmethod
    def of(cls, array: Array) -> "NoiseTransfer":
        """That of an array: one linear solution for each column.

        Raises
        ------
        MemoryError
            If it does not fit into memory.
        """
        network, (m, n) = array.network, array.shape
        check_memory(56.0 * n * m * n, f"the noise transfer of {m} x {n} devices",
                     "cut the array into tiles")
        outside, resistors = np.empty((n, m, n)), np.zeros((n, n))
        adjoint, unit, step = response_of(network.turned()), np.eye(n), max(1, _AT_ONCE // (m * n))
        for start in range(0, n, step):
            w, u = adjoint.solve(np.ascontiguousarray(unit[:, start : start + step]))
            outside[start : start + step] = (w - u).transpose(2, 1, 0)
        for through in _through_resistors(array, np.moveaxis(outside, 0, -1)):
            resistors += through.T @ through
        outside /= 1.0 + array.devices.access * array.devices.own_conductance
        return cls(*read_only((outside, resistors)))


def _through_resistors(array: Array, across: Floats) -> Iterator[Floats]:
    """Current times root of resistance (resistors, columns) [V S^0.5] of row segments, column
    segments and access transistors, with 1 V at the ends of each column in turn and `across`
    (rows, columns, columns) [V] from row to column nodes."""
    network, access = array.network, array.devices.access
    taken = network.g[:, :, None] * -across
    for z, currents in ((network.row_z, row_currents), (network.column_z, column_currents)):
        ohm = np.where(np.isfinite(z), z, 0.0)
        if ohm.any():
            yield _weighted(ohm, currents(network, taken))
    if access.any():
        yield _weighted(access, taken)


def _weighted(ohm: Floats, currents: Floats) -> Floats:
    """`currents` (lines, places, columns) times the root of `ohm`, (lines * places, columns)."""
    return (np.sqrt(ohm)[:, :, None] * currents).reshape(-1, currents.shape[-1])
