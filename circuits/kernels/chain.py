"""All rows of a crossbar solved exactly for given column voltages, and the other way round.

A network is three arrays: `g` (m, n) [S] devices; `row_z` (m, n + 1) [ohm] along the rows;
`column_z` (m + 1, n) [ohm] along the columns, ends included.
"""

import numpy as np

from circuits.kernels.ladder import solve_ladder
from device_models.compiled import compiled


@compiled
def relax_columns(g, column_z, edge, excess, u, w):
    """Column node voltages `w` (m, n, batch) [V] for given row node voltages `u`, exactly."""
    m, n, batch = u.shape
    source = np.empty((m, batch))
    for a in range(n):
        for i in range(m):
            for b in range(batch):
                source[i, b] = g[i, a] * u[i, a, b] + excess[i, a, b]
        solve_ladder(g[:, a], column_z[:, a], edge[:, a], source, w[:, a])


@compiled
def relax_rows(g, row_z, ends, excess, u, w):
    """Row node voltages `u` (m, n, batch) [V] for given column node voltages `w`, exactly."""
    m, n, batch = u.shape
    source = np.empty((n, batch))
    for i in range(m):
        for a in range(n):
            for b in range(batch):
                source[a, b] = g[i, a] * w[i, a, b] - excess[i, a, b]
        solve_ladder(g[i], row_z[i], ends[i], source, u[i])
