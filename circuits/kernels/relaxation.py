"""Sweeps of line relaxation that pass once over the node arrays.

A column is solved by an elimination in one direction and a substitution in the other. So a pass
over the rows may do all of this to a row while it is in cache: finish the columns that the pass
before began, renew the devices' currents, solve the row, and begin to eliminate the columns anew in
its own direction. The next pass goes the other way.

`rows`, `opened` and `begun` (m, n, 4) are the `steps` of `ladder.factor_ladder`: of the rows, of
the columns that the pass before began, and of those that this one begins. Node arrays are (m, n,
batch): `u` [V] of the rows; `w` [V] and `excess` [A] with which these were solved; `half`, the
columns begun.
"""

from functools import partial

import numpy as np

from circuits.kernels.calls import call_law
from device_models.compiled import compiled

# a product and a sum may be rounded once; no more, as ladders have infinite ends
fused = partial(compiled, fastmath={"contract"})


@fused
def _finish_columns(opened, half, u, w, v):
    """Column voltages `w` (n, batch) of a row from those of the row before, and u - w."""
    n, batch = u.shape
    for a in range(n):
        back, ahead = opened[a, 2], opened[a, 3]
        for b in range(batch):
            x = back * half[a, b] + ahead * w[a, b]
            w[a, b] = x
            v[a, b] = u[a, b] - x


@fused
def add_branches(branches, f):
    """Device currents of a row in f[0], from the branches' conductances and shapes."""
    count, n, batch = f.shape
    for a in range(n):
        for b in range(batch):
            f[0, a, b] *= branches[0, a]
        for k in range(1, count):
            for b in range(batch):
                f[0, a, b] += branches[k, a] * f[k, a, b]


@fused
def judge(g, taken, v, solved, share, w, excess, error, largest):
    """Compare a row's devices, which take `taken`, with Kirchhoff's laws, and renew its sources.

    Rows were solved with `w`, columns are at `solved`, both with `excess`. `w` and `excess` go by
    `share` of the way to what follows from the columns.
    """
    n, batch = v.shape
    for a in range(n):
        for b in range(batch):
            at_column = taken[a, b] - g[a] * v[a, b] - excess[a, b]
            moved = solved[a, b] - w[a, b]
            at_row = abs(at_column - g[a] * moved)
            w[a, b] += share * moved
            excess[a, b] += share * at_column
            at_column = abs(at_column)
            worst = at_row if at_row > at_column else at_column
            # np.maximum lets through what is no number, and needs no conditional store: those
            # take four times as long
            error[b] = np.maximum(error[b], worst)
            largest[b] = np.maximum(largest[b], abs(taken[a, b]))


@fused
def _begin(g, rows, begun, voltages, w, excess, before, u, half):
    """Solve a row, and eliminate its column nodes after those of the row `before`."""
    n, batch = u.shape
    for b in range(batch):
        u[0, b] = rows[0, 0] * voltages[b] + rows[0, 1] * (g[0] * w[0, b] - excess[0, b])
    for a in range(1, n):
        keep, lift = rows[a, 0], rows[a, 1]
        for b in range(batch):
            u[a, b] = keep * u[a - 1, b] + lift * (g[a] * w[a, b] - excess[a, b])
    for b in range(batch):
        u[n - 1, b] = rows[n - 1, 2] * u[n - 1, b] + rows[n - 1, 3] * voltages[b]
    for a in range(n - 2, -1, -1):
        back, ahead = rows[a, 2], rows[a, 3]
        for b in range(batch):
            u[a, b] = back * u[a, b] + ahead * u[a + 1, b]
    for a in range(n):
        keep, lift = begun[a, 0], begun[a, 1]
        for b in range(batch):
            half[a, b] = keep * before[a, b] + lift * (g[a] * u[a, b] + excess[a, b])


@fused
def _start(g, rows, begun, voltages, before, u, half):
    """`_begin` with columns at rest, where every node has a share of its row's voltage."""
    n, batch = u.shape
    share = np.empty(n)
    share[0] = rows[0, 0]
    for a in range(1, n):
        share[a] = rows[a, 0] * share[a - 1]
    share[n - 1] = rows[n - 1, 2] * share[n - 1] + rows[n - 1, 3]
    for a in range(n - 2, -1, -1):
        share[a] = rows[a, 2] * share[a] + rows[a, 3] * share[a + 1]
    for a in range(n):
        of, keep, lift = share[a], begun[a, 0], begun[a, 1] * g[a] * share[a]
        for b in range(batch):
            u[a, b] = of * voltages[b]
            half[a, b] = keep * before[a, b] + lift * voltages[b]


@fused
def begin(anew, g, rows, begun, voltages, u, w, excess, half):
    """Solve all rows for given `w` and `excess`, or `anew` with none; begin columns downwards."""
    m, n, batch = u.shape
    edge = np.zeros((n, batch))
    for i in range(m):
        before = half[i - 1] if i > 0 else edge
        if anew:
            w[i], excess[i] = 0.0, 0.0  # row by row in cache
            _start(g[i], rows[i], begun[i], voltages[i], before, u[i], half[i])
        else:
            _begin(g[i], rows[i], begun[i], voltages[i], w[i], excess[i], before, u[i], half[i])


@fused
def finish(opened, up, u, half, v):
    """The device voltages `v` (m, n, batch) once columns are finished; changes nothing else."""
    m, n, batch = u.shape
    w = np.zeros((n, batch))
    for k in range(m):
        i = m - 1 - k if up else k
        _finish_columns(opened[i], half[i], u[i], w, v[i])


@fused
def _go_on(i, k, up, last, share, g, taken, v, solved, rows, begun, voltages, edge,
           u, w, excess, half, error, largest):
    """What a pass does in row `i`, its `k`-th, when the devices' currents there are known."""
    judge(g[i], taken, v, solved, share, w[i], excess[i], error, largest)
    if last:
        half[i] = taken
        return
    before = edge if k == 0 else half[i + 1] if up else half[i - 1]
    _begin(g[i], rows[i], begun[i], voltages[i], w[i], excess[i], before, u[i], half[i])


@fused
def sweep_with_law(law, parameters, branches, up, last, share, g, opened, rows, begun, voltages,
                   u, w, excess, half, error, largest):
    """One sweep, upwards or downwards, of devices whose law is machine code.

    `law` is the address of machine code that takes `parameters`; `branches` (branches, m, n) [S]
    are its conductances. Writes the largest KCL residual and device current of each input, `error`
    and `largest` (batch,) [A]. Goes on from there, with `w` and `excess` moved by `share` of the
    way; or, if `last`, leaves what belongs to `u`, and the device currents in `half`.
    """
    m, n, batch = u.shape
    solved, edge, v = np.zeros((n, batch)), np.zeros((n, batch)), np.empty((n, batch))
    f = np.empty((branches.shape[0], n, batch))
    error[:], largest[:] = 0.0, 0.0
    for k in range(m):
        i = m - 1 - k if up else k
        _finish_columns(opened[i], half[i], u[i], solved, v)
        call_law(law, v, parameters, f)
        add_branches(branches[:, i], f)
        _go_on(i, k, up, last, share, g, f[0], v, solved, rows, begun, voltages, edge,
               u, w, excess, half, error, largest)


@fused
def sweep_with_currents(current, up, last, share, g, opened, rows, begun, voltages,
                        u, w, excess, half, error, largest):
    """`sweep_with_law` of devices that take `current` (m, n, batch) [A] at what `finish` says."""
    m, n, batch = u.shape
    solved, edge, v = np.zeros((n, batch)), np.zeros((n, batch)), np.empty((n, batch))
    error[:], largest[:] = 0.0, 0.0
    for k in range(m):
        i = m - 1 - k if up else k
        _finish_columns(opened[i], half[i], u[i], solved, v)
        _go_on(i, k, up, last, share, g, current[i], v, solved, rows, begun, voltages, edge,
               u, w, excess, half, error, largest)
