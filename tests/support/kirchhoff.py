"""Kirchhoff's current law from node voltages alone, with resistances read from `Wires` afresh."""

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from circuits import ColumnSense, CrossbarCircuit, RowDrive


def kirchhoff(
    circuit: CrossbarCircuit, v: np.ndarray, u: np.ndarray, w: np.ndarray
) -> tuple[np.ndarray, np.ndarray, float]:
    """Error and sum of |g u| [A] at each free node, and the largest device current [A].

    Nodes in a row: rows, columns, sources, ground; those joined by zero ohm are one.
    """
    m, n = circuit.shape
    r = np.arange(m * n).reshape(m, n)
    c, ground = r + m * n, 2 * m * n + m
    source = np.arange(m)[:, None] + 2 * m * n
    ends = np.full((1, n), ground)
    volt = np.concatenate([u.ravel(), w.ravel(), v, [0.0]])
    row_ohm, column_ohm = segments(circuit)
    rows, columns = np.hstack([source, r, source]), np.vstack([ends, c, ends])
    start = np.concatenate([rows[:, :-1].ravel(), columns[:-1].ravel()])
    end = np.concatenate([rows[:, 1:].ravel(), columns[1:].ravel()])
    ohm = np.concatenate([row_ohm.ravel(), column_ohm.ravel()])
    zero = ohm == 0
    joined = coo_array((np.ones(zero.sum()), (start[zero], end[zero])), (len(volt), len(volt)))
    count, group = connected_components(joined, directed=False)
    y = np.where(zero, 0.0, 1 / np.where(zero, 1.0, ohm))
    device, slope = device_currents(circuit, u - w)
    start, end = np.append(start, r), np.append(end, c)
    flow = np.append(y * (volt[start] - volt[end])[: len(y)], device)
    size = np.append(y, slope) * (np.abs(volt[start]) + np.abs(volt[end]))
    residual, scale = np.zeros(count), np.zeros(count)
    for node, sign in ((start, 1), (end, -1)):
        np.add.at(residual, group[node], sign * flow)
        np.add.at(scale, group[node], size)
    driven = np.isfinite(np.broadcast_to(circuit.wires.source, m))
    fixed = np.append(source[driven, 0], ground)
    free = np.setdiff1d(group[: 2 * m * n], group[fixed])
    return np.abs(residual[free]), scale[free], float(np.abs(device).max())


def segments(circuit: CrossbarCircuit) -> tuple[np.ndarray, np.ndarray]:
    """Resistances along rows (m, n + 1) and down columns (m + 1, n) [ohm], as `Wires` says."""
    (m, n), wires = circuit.shape, circuit.wires
    row, column = np.asarray(wires.row), np.asarray(wires.column)
    rows = np.array(np.broadcast_to(row[:, None] if row.ndim == 1 else row, (m, n + 1)))
    columns = np.array(np.broadcast_to(column, (m + 1, n)))
    for side, driven in ((0, circuit.drive != RowDrive.RIGHT), (n, circuit.drive != RowDrive.LEFT)):
        rows[:, side] = rows[:, side] + wires.source if driven else np.inf
    for side, sensed in ((0, circuit.sense != ColumnSense.BOTTOM),
                         (m, circuit.sense != ColumnSense.TOP)):
        columns[side] = columns[side] + wires.sense if sensed else np.inf
    return rows, columns


def device_currents(circuit: CrossbarCircuit, v: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Currents [A] and slopes [S] of devices behind access transistors under `v`, by bisection."""
    g = circuit.conductance.reshape(-1, *circuit.shape)
    access = np.broadcast_to(circuit.wires.access, circuit.shape)

    def current(x: np.ndarray) -> np.ndarray:
        return np.asarray((g * circuit.law.shape(x)).sum(axis=0))

    low, high = np.minimum(v, 0.0) - 1.0, np.maximum(v, 0.0) + 1.0
    for _ in range(70 if access.any() else 0):
        middle = (low + high) / 2
        above = middle + access * current(middle) > v
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    x = np.where(access > 0, (low + high) / 2, v)
    slope = (g * circuit.law.slope(x)).sum(axis=0)
    # a bisected x is exact to rounding only; one Newton step on the current makes up for it
    i = current(x) + slope / (1 + access * slope) * (v - x - access * current(x))
    return np.where(access > 0, i, current(x)), slope / (1 + access * slope)
