"""The elimination of a crossbar, row by row, in admittances seen downwards.

A network is three arrays: `g` (m, n) [S] devices; `row_z` (m, n + 1) [ohm] along the rows;
`column_z` (m + 1, n) [ohm] along the columns, ends included. With N_i the admittance of row i alone
seen from its columns, h_i its drive, R_i the column segments above row i:

    K_0 = N_0 + top end,  F_i = (1 + R_i K_(i-1))^-1,  K_i = N_i + K_(i-1) F_i.

K_i is everything above and including row i, seen from the columns below it; a current collected
above segment i passes on as F_i^T. No inverse of a segment resistance appears, so zero ohm needs no
special case and nothing cancels.
"""

import numpy as np

from circuits.kernels.ladder import behind, row_port, solve_ladder
from circuits.kernels.lapack import copy, invert, mirror, multiply, multiply_at
from device_models.compiled import compiled


@compiled
def pinned(y):
    """`y`, or for a node joined to a voltage source a number so large that it acts as infinite."""
    return min(y, 1e200)


@compiled
def column_transfer(k, r, transfer, scratch, info):
    """transfer = (1 + diag(r) k)^-1 for the admittance `k` (n, n) [S] behind segments `r` (n,)."""
    n = k.shape[0]
    root = np.empty(n)
    uniform = True
    for a in range(n):
        root[a] = np.sqrt(r[a])
    for a in range(n):
        uniform = uniform and r[a] == r[0]
        for b in range(n):
            transfer[a, b] = root[a] * k[a, b] * root[b]
        transfer[a, a] += 1.0
    invert(transfer[:n, :n], scratch[:n, :n], info)
    if not uniform:
        _unscale(k, r, root, transfer)


@compiled
def _unscale(k, r, root, transfer):
    """Undo the symmetric scaling of `column_transfer` where the segments of one level differ."""
    n = k.shape[0]
    for a in range(n):
        if r[a] > 0.0:
            for b in range(n):
                if r[b] > 0.0:
                    transfer[a, b] *= root[a] / root[b]
    for a in range(n):
        if r[a] > 0.0:
            for b in range(n):
                if r[b] == 0.0:
                    total = 0.0
                    for c in range(n):
                        if r[c] > 0.0:
                            total -= transfer[a, c] * r[c] * k[c, b]
                    transfer[a, b] = total


@compiled
def _add_product(k, transfer, out):
    """out += k @ transfer, a symmetric product: its lower blocks, then mirrored."""
    n = k.shape[0]
    block = max(32, (n + 3) // 4)
    for start in range(0, n, block):
        stop = min(start + block, n)
        multiply(k[start:, :n], transfer[:, start:stop], out[start:, start:stop], 1.0, 1.0)
    mirror(out)


@compiled
def eliminate(g, row_z, column_z, top, k, transfers, drives, work, info):
    """Take a run of rows into the admittance `k` (n, n) of everything above them.

    `column_z` (rows, n) are the segments above each row; `top` says that the run begins at the
    array's edge. Writes `transfers` (rows, n, n), the F_i (the top one is unused), and `drives`
    (rows, n). `work` (2 n + 2, n) is scratch; `info[0]` is non-zero on failure.
    """
    rows, n = g.shape
    port, scratch = work[:n], work[n : 2 * n]
    for i in range(rows):
        row_port(g[i], row_z[i], work[2 * n], work[2 * n + 1], port, drives[i])
        if top and i == 0:
            mirror(port)
            for a in range(n):
                port[a, a] += pinned(behind(column_z[0, a], np.inf))
        else:
            column_transfer(k, column_z[i], transfers[i], scratch, info)
            if info[0] != 0:
                return
            _add_product(k, transfers[i], port)
        copy(port, k)


@compiled
def carry(transfers, drives, top, start, x, y):
    """Carry the first `start` currents of `x` (currents, n) down a run of rows, in place.

    Every row multiplies the currents collected so far by its transfer and appends its own drive.
    `y` is scratch like `x`.
    """
    n = x.shape[1]
    for i in range(drives.shape[0]):
        stop = start + i
        if not (top and i == 0):
            multiply(x[:stop, :n], transfers[i, :n, :n], y[:stop, :n], 1.0, 0.0)
            copy(y[:stop], x[:stop])
        for a in range(n):
            x[stop, a] = drives[i, a]


@compiled
def descend(g, row_z, column_z, transfers, ends, edge, excess, u, w):
    """Collect the currents of all sources down the array; first half of a nodal solution.

    `transfers` (m + 1, n, n); `ends` (m, 2, batch) [V] drive the row ends, `edge` (2, n, batch)
    [V] the column ends; `excess` (m, n, batch) [A] flows from row to column nodes beside the
    devices. Writes into `w` (m, n, batch) the current collected above each column node; `u` is
    scratch.
    """
    m, n, batch = u.shape
    work = np.empty((n, batch))
    for i in range(m):
        for a in range(n):
            for b in range(batch):
                work[a, b] = -excess[i, a, b]
        solve_ladder(g[i], row_z[i], ends[i], work, u[i])
        for a in range(n):
            top = pinned(behind(column_z[0, a], np.inf)) if i == 0 else 0.0
            for b in range(batch):
                w[i, a, b] = excess[i, a, b] + g[i, a] * u[i, a, b] + top * edge[0, a, b]
        if i > 0:
            multiply_at(transfers[i, :n, :n], w[i - 1, :n, :batch], w[i, :n, :batch], 1.0, 1.0)


@compiled
def ascend(g, row_z, column_z, transfers, ends, edge, excess, u, w):
    """Turn collected currents into node voltages, bottom up; second half of a nodal solution."""
    m, n, batch = u.shape
    work = np.empty((n, batch))
    for i in range(m - 1, -1, -1):
        for a in range(n):
            for b in range(batch):
                below = w[i + 1, a, b] if i + 1 < m else edge[1, a, b]
                work[a, b] = below + column_z[i + 1, a] * w[i, a, b]
        multiply(transfers[i + 1, :n, :n], work[:n, :batch], w[i, :n, :batch], 1.0, 0.0)
        for a in range(n):
            for b in range(batch):
                work[a, b] = g[i, a] * w[i, a, b] - excess[i, a, b]
        solve_ladder(g[i], row_z[i], ends[i], work, u[i])


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
