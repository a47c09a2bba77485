"""A half-sweep of line relaxation with the device law in the inner loop.

One column of a batch at a time: everything about it stays in cache while it is solved, its devices
are evaluated and its residual is taken, so a sweep reads and writes each node array once.
"""

import numpy as np

from circuits.kernels.ladder import solve_ladder
from device_models.compiled import compiled


@compiled  # not fast: ladders have infinite ends
def relax_columns_with_law(
    law, parameters, branches, g, column_z, edge, excess, u, w, error, largest
):
    """Solve all columns for given rows `u`, then renew the devices' excess currents.

    `law` is a compiled law with `parameters`, `branches` (branches, m, n) [S] its conductances,
    `g` (m, n) [S] the reference conductances. `w` and `excess` (m, n, batch) are replaced; writes
    the largest KCL residual and device current of each input, `error` and `largest` (batch,) [A].
    """
    m, n, batch = u.shape
    source, column, v = np.empty((m, batch)), np.empty((m, batch)), np.empty((m, batch))
    f = np.empty((branches.shape[0], m, batch))
    taken = np.empty(batch)
    for b in range(batch):
        error[b] = 0.0
        largest[b] = 0.0
    for a in range(n):
        for i in range(m):
            for b in range(batch):
                source[i, b] = g[i, a] * u[i, a, b] + excess[i, a, b]
        solve_ladder(g[:, a], column_z[:, a], edge[:, a], source, column)
        for i in range(m):
            for b in range(batch):
                v[i, b] = u[i, a, b] - column[i, b]
        law(v.ctypes, parameters.ctypes, f.ctypes, v.size)
        for i in range(m):
            for b in range(batch):
                taken[b] = branches[0, i, a] * f[0, i, b]
            for k in range(1, branches.shape[0]):
                for b in range(batch):
                    taken[b] += branches[k, i, a] * f[k, i, b]
            for b in range(batch):
                following = taken[b] - g[i, a] * v[i, b]
                at_column = following - excess[i, a, b]
                at_row = abs(at_column + g[i, a] * (w[i, a, b] - column[i, b]))
                at_column, size = abs(at_column), abs(taken[b])
                at_column = at_row if at_row > at_column else at_column
                error[b] = at_column if at_column > error[b] else error[b]
                largest[b] = size if size > largest[b] else largest[b]
                w[i, a, b] = column[i, b]
                excess[i, a, b] = following
