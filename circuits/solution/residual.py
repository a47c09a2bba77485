"""Whether the currents of a solved circuit balance."""

import numpy as np

from circuits.array.array import Array
from circuits.solvers.nodes import Nodes
from device_models.checks import Floats


def imbalance(array: Array, v: Floats, nodes: Nodes) -> Floats:
    """Largest sum of currents into any node, (batch,) [A], for source voltages `v` (m, batch) [V].

    All currents come from node voltages here, those of devices by their law; nodes joined by zero
    ohm count as one.
    """
    network = array.network
    taken = array.devices.current(nodes.u - nodes.w)
    row = _line_imbalance(network.row_z, v, nodes.u, taken)
    ground = np.zeros((array.shape[1], v.shape[1]))
    column = _line_imbalance(network.column_z.T, ground, nodes.w.swapaxes(0, 1),
                             -taken.swapaxes(0, 1))
    return np.maximum(row, column)


def _line_imbalance(z: Floats, ends: Floats, u: Floats, taken: Floats) -> Floats:
    """Largest error (batch,) [A] of Kirchhoff's current law on lines of impedances `z`
    (lines, n + 1) [ohm] between `ends` (lines, batch) [V]; nodes at `u` [V] give off `taken`
    (lines, n, batch) [A]."""
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
