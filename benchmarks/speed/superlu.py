"""The same network for SciPy's SuperLU, the usual sparse solver."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.linalg import SuperLU, splu

from benchmarks.speed.process import best

SOLVES = 16  # adjoint solutions that are timed
SYMMETRIC = "MMD_AT_PLUS_A, symmetric"
ORDERINGS: dict[str, dict[str, object]] = {
    SYMMETRIC: {
        "permc_spec": "MMD_AT_PLUS_A", "diag_pivot_thresh": 0.0,
        "options": {"SymmetricMode": True},
    },
    "COLAMD": {"permc_spec": "COLAMD"},
}


@dataclass(frozen=True, eq=False)
class Factor:
    """A factorisation with the fastest ordering.

    Parameters
    ----------
    ordering : str
        Its key in `ORDERINGS`.
    seconds : float
        Shortest time of the factorisation [s].
    lu : SuperLU
        SciPy's object.
    """

    ordering: str
    seconds: float
    lu: SuperLU


def factorise(
    matrix: sparse.csc_matrix, repeat: int, orderings: tuple[str, ...] = tuple(ORDERINGS)
) -> Factor:
    """Factorise with each of the orderings, and keep the fastest."""
    factors = []
    for name in orderings:
        seconds, lu = best(partial(splu, matrix, **ORDERINGS[name]), repeat)
        factors.append(Factor(name, seconds, lu))
    return min(factors, key=lambda factor: factor.seconds)


def nodal_matrix(g: NDArray[np.float64], wire: float) -> sparse.csc_matrix:
    """Nodal conductance matrix (2 m n, 2 m n) [S]: row nodes, then column nodes."""
    m, n = g.shape
    row = np.arange(m * n).reshape(m, n)
    column = row + m * n
    i = np.concatenate([row[:, :-1].ravel(), column[:-1].ravel(), row.ravel()])
    j = np.concatenate([row[:, 1:].ravel(), column[1:].ravel(), column.ravel()])
    y = np.concatenate([np.full(len(i) - g.size, 1 / wire), g.ravel()])
    ends = np.concatenate([row[:, 0], column[-1]])
    diagonal = (np.bincount(i, y, 2 * m * n) + np.bincount(j, y, 2 * m * n)
                + np.bincount(ends, minlength=2 * m * n) / wire)
    off = sparse.coo_matrix((-y, (i, j)), shape=(2 * m * n, 2 * m * n))
    return sparse.csc_matrix(off + off.T + sparse.diags(diagonal))


def injected(voltages: NDArray[np.float64], columns: int, wire: float) -> NDArray[np.float64]:
    """Currents (2 m n, batch) [A] that row voltages (batch, rows) [V] drive into the nodes."""
    batch, rows = voltages.shape
    inject = np.zeros((2 * rows * columns, batch))
    inject[np.arange(rows) * columns] = voltages.T / wire
    return inject


def column_currents(
    nodes: NDArray[np.float64], columns: int, wire: float
) -> NDArray[np.float64]:
    """Currents (batch, columns) [A] out of the last column nodes of `nodes` (2 m n, batch) [V]."""
    return np.asarray(nodes[-columns:].T / wire)


def adjoint(
    solve: Callable[[NDArray[np.float64]], NDArray[np.float64]], shape: tuple[int, int],
    wire: float, repeat: int,
) -> tuple[float, NDArray[np.float64]]:
    """Time [s] of one adjoint solution, and the first columns (rows, `SOLVES`) of T [S].

    One by one or all at once, whichever is faster: many keep the factors in the cache.
    """
    m, n = shape
    count = min(SOLVES, n)
    unit = np.zeros((2 * m * n, count))
    unit[2 * m * n - n + np.arange(count), np.arange(count)] = 1.0 / wire
    one, _ = best(partial(solve, np.ascontiguousarray(unit[:, 0])), repeat)
    block, nodes = best(partial(solve, unit), repeat)
    return min(one, block / count), nodes[: m * n : n] / wire
