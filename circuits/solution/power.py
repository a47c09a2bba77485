"""Where the power of a solved circuit goes, and whether its currents balance."""

from dataclasses import dataclass, replace

import numpy as np

from circuits.array.network import Network
from circuits.array.topology import ColumnSense, RowDrive
from circuits.array.wires import Wires
from device_models.checks import Floats

PARTS = ("devices", "rows", "columns", "drivers", "sense")


@dataclass(frozen=True, eq=False)
class Array:
    """The resistances that dissipate around the devices of a circuit.

    Parameters
    ----------
    network : Network
        Resistances between nodes and ends.
    row_wire, column_wire : (m, n + 1), (m + 1, n) arrays
        The wires' part of them [ohm].
    source, sense : (m, 1), (1, n) arrays
        The drivers' and the amplifiers' part [ohm]; zero where infinite.
    """

    network: Network
    row_wire: Floats
    column_wire: Floats
    source: Floats
    sense: Floats

    @classmethod
    def of(cls, network: Network, wires: Wires, drive: RowDrive, sense: ColumnSense) -> "Array":
        """The resistances of a circuit's wires."""
        m, n = network.g.shape
        bare = Network.build(network.g, replace(wires, source=0.0, sense=0.0), drive, sense)
        source = np.where(np.isinf(wires.source), 0.0, wires.source)
        return cls(
            network,
            np.where(np.isinf(bare.row_z), 0.0, bare.row_z),
            np.where(np.isinf(bare.column_z), 0.0, bare.column_z),
            np.broadcast_to(source, (m,))[:, None],
            np.broadcast_to(wires.sense, (n,))[None],
        )


@dataclass(frozen=True, eq=False)
class Branches:
    """A batch of solved inputs.

    Parameters
    ----------
    array : Array
        The resistances.
    v : (m, batch) array
        Source voltages [V].
    u, w : (m, n, batch) arrays
        Row and column node voltages [V].
    currents : (m, n, batch) array
        Device currents [A].
    """

    array: Array
    v: Floats
    u: Floats
    w: Floats
    currents: Floats

    @property
    def row_currents(self) -> Floats:
        """Current to the right in every row segment, ends included: (m, n + 1, batch) [A]."""
        return _segment_currents(self.array.network.row_z, self.currents)

    @property
    def column_currents(self) -> Floats:
        """Current downwards in every column segment, ends included: (m + 1, n, batch) [A]."""
        z = self.array.network.column_z.T
        leaving = _segment_currents(z, -self.currents.swapaxes(0, 1))
        return leaving.swapaxes(0, 1)

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
        rows, columns, array = self.row_currents, self.column_currents, self.array
        ends = rows[:, [0, -1]], columns[[0, -1]]
        return {
            "source": np.einsum("ib,ib->b", self.v, self.source_currents),
            "devices": np.einsum("ijb,ijb->b", self.u - self.w, self.currents),
            "rows": np.einsum("ij,ijb,ijb->b", array.row_wire, rows, rows),
            "columns": np.einsum("ij,ijb,ijb->b", array.column_wire, columns, columns),
            "drivers": np.einsum("ie,ieb,ieb->b", _twice(array.source, 1), ends[0], ends[0]),
            "sense": np.einsum("ej,ejb,ejb->b", _twice(array.sense, 0), ends[1], ends[1]),
        }

    def imbalance(self) -> Floats:
        """Largest sum of currents into any node, (batch,) [A].

        Wire currents come from node voltages here, not from the sums of device currents; nodes
        joined by zero ohm count as one.
        """
        network = self.array.network
        row = _line_imbalance(network.row_z, self.v, self.u, self.currents)
        ground = np.zeros((network.g.shape[1], self.v.shape[1]))
        column = _line_imbalance(network.column_z.T, ground, self.w.swapaxes(0, 1),
                                 -self.currents.swapaxes(0, 1))
        return np.maximum(row, column)


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


def _line_imbalance(z: Floats, ends: Floats, u: Floats, taken: Floats) -> Floats:
    """Largest error [A] of Kirchhoff's current law on lines, (batch,); see `_segment_currents`."""
    lines, n, batch = u.shape
    between = np.concatenate([ends[:, None], u, ends[:, None]], axis=1)
    conducts = np.isfinite(z) & (z > 0)
    y = np.where(conducts, 1.0 / np.where(conducts, z, 1.0), 0.0)
    flow = -np.diff(between, axis=1) * y[..., None]
    error = flow[:, :-1] - flow[:, 1:] - taken
    joined = z[:, :-1] == 0.0  # with the node before, or with the first end
    group = np.cumsum(~joined.ravel() | (np.arange(lines * n) % n == 0)) - 1
    total = np.zeros((group[-1] + 1, batch))
    np.add.at(total, group, error.reshape(-1, batch))
    first, last = group[::n][z[:, 0] == 0.0], group[n - 1 :: n][z[:, -1] == 0.0]
    total[np.concatenate([first, last])] = 0.0  # nodes joined to an end take any current
    return np.asarray(np.abs(total).max(axis=0))
