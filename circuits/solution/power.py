"""Where the power of a solved circuit goes."""

from dataclasses import dataclass

import numpy as np

from circuits.array.array import Array
from circuits.array.network import Network
from circuits.solvers.nodes import Nodes
from device_models.checks import Floats

PARTS = ("devices", "rows", "columns", "drivers", "sense")


@dataclass(frozen=True, eq=False)
class Branches:
    """A batch of solved inputs.

    Parameters
    ----------
    array : Array
        The devices and wires.
    v : (m, batch) array
        Source voltages [V].
    nodes : Nodes
        Node voltages and device currents.
    """

    array: Array
    v: Floats
    nodes: Nodes

    @property
    def row_currents(self) -> Floats:
        """Current to the right in every row segment, ends included: (m, n + 1, batch) [A]."""
        return row_currents(self.array.network, self.nodes.currents)

    @property
    def column_currents(self) -> Floats:
        """Current downwards in every column segment, ends included: (m + 1, n, batch) [A]."""
        return column_currents(self.array.network, self.nodes.currents)

    @property
    def source_currents(self) -> Floats:
        """Current out of every source, through both ends of its row: (m, batch) [A]."""
        rows = self.row_currents
        return np.asarray(rows[:, 0] - rows[:, -1])

    def power(self) -> dict[str, Floats]:
        """Power of the sources and of `PARTS`, (batch,) arrays [W].

        Access transistors count as devices. Where devices conduct so well that almost nothing
        drops over them (g times wire resistance above 1e6) the balance loses digits to the
        difference of node voltages.
        """
        rows, columns, ohm = self.row_currents, self.column_currents, self.array.resistances
        ends = rows[:, [0, -1]], columns[[0, -1]]
        return {
            "source": np.einsum("ib,ib->b", self.v, self.source_currents),
            "devices": np.einsum("ijb,ijb->b", self.nodes.u - self.nodes.w, self.nodes.currents),
            "rows": np.einsum("ij,ijb,ijb->b", ohm.row_wire, rows, rows),
            "columns": np.einsum("ij,ijb,ijb->b", ohm.column_wire, columns, columns),
            "drivers": np.einsum("ie,ieb,ieb->b", _twice(ohm.source, 1), ends[0], ends[0]),
            "sense": np.einsum("ej,ejb,ejb->b", _twice(ohm.sense, 0), ends[1], ends[1]),
        }


def row_currents(network: Network, taken: Floats) -> Floats:
    """Current to the right in every row segment, ends included, (m, n + 1, batch) [A], when the
    devices take `taken` (m, n, batch) [A] from the rows."""
    return _segment_currents(network.row_z, taken)


def column_currents(network: Network, given: Floats) -> Floats:
    """Current downwards in every column segment, ends included, (m + 1, n, batch) [A], when the
    devices give `given` (m, n, batch) [A] to the columns."""
    return _segment_currents(network.column_z.T, -given.swapaxes(0, 1)).swapaxes(0, 1)


def _twice(resistance: Floats, axis: int) -> Floats:
    """The resistances of lines for both of their ends."""
    return np.repeat(resistance, 2, axis=axis)


def _segment_currents(z: Floats, taken: Floats) -> Floats:
    """Currents (lines, n + 1, batch) [A] along lines with resistances `z` (lines, n + 1) whose two
    ends are at one voltage, when each node gives off `taken` (lines, n, batch).

    What enters at the first end follows from the voltages around the loop of both ends; with one
    end open all of it, and with no resistance at all it is shared equally.
    """
    given = np.concatenate([np.zeros_like(taken[:, :1]), np.cumsum(taken, axis=1)], axis=1)
    total = given[:, -1:]
    first_open, last_open = np.isinf(z[:, 0]), np.isinf(z[:, -1])
    both = ~first_open & ~last_open
    around = np.where(both[:, None], z, 0.0)
    loop = around.sum(axis=1)
    entering = np.where(first_open[:, None], 0.0, total[:, 0])
    shared = np.einsum("lj,ljb->lb", around, given) / np.where(loop > 0, loop, 1.0)[:, None]
    shared = np.where((loop > 0)[:, None], shared, total[:, 0] / 2)
    entering = np.where(both[:, None], shared, entering)
    return np.asarray(entering[:, None] - given)
