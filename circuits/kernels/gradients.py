"""Passes of conjugate gradients over one input of a large array, each a stretch of rows.

A line of nodes with devices to ground and resistances between them is solved by recursions from
both ends towards its middle and back, with factors `t` and `h` that are worked out once: f is the
current collected at a node, of which the share t passes on to the next one; on the way back the
voltage is u = h f + t u_next. `t` and `h` are sums, products and quotients of non-negative numbers,
so zero ohm and open ends are no special cases. Two threads take a half of the columns each and
compute the same bits as one.
"""

import numpy as np

from circuits.kernels.ladder import shunted
from device_models.compiled import compiled


@compiled
def _passed(inner, z):
    """Share of a current into a node of impedance `inner` that passes on through `z`."""
    if z == np.inf or inner == 0.0:
        return 0.0
    return 1.0 if inner == np.inf else inner / (inner + z)


@compiled
def _held(inner, z):
    """Impedance [ohm] of `inner` and `z` in parallel; zero for a node that has no way out."""
    if inner == np.inf:
        return 0.0 if z == np.inf else z
    if z == np.inf:
        return inner
    return inner * (z / (inner + z)) if inner > 0.0 else 0.0


@compiled
def _joint(above, below, g):
    """Impedance [ohm] of a node between two ladders; zero where there is no way out."""
    if above == np.inf and below == np.inf:
        return 1.0 / g if g > 0.0 else 0.0
    return shunted(_held(above, below), g)


@compiled
def factorise_rows(g, z, t, h):
    """Factors `t`, `h` (rows, n) of rows with devices `g` (rows, n) [S] and `z` (rows, n + 1)."""
    rows, n = g.shape
    meet = n // 2
    for i in range(rows):
        left, right = z[i, 0], z[i, n]
        for a in range(meet):
            inner, ahead = shunted(left, g[i, a]), z[i, a + 1]
            t[i, a], h[i, a] = _passed(inner, ahead), _held(inner, ahead)
            left = inner + ahead
        for a in range(n - 1, meet, -1):
            inner, ahead = shunted(right, g[i, a]), z[i, a]
            t[i, a], h[i, a] = _passed(inner, ahead), _held(inner, ahead)
            right = inner + ahead
        t[i, meet], h[i, meet] = 0.0, _joint(left, right, g[i, meet])


@compiled
def factorise_columns(g, z, start, stop, down, t, h, impedance):
    """Factors `t`, `h` (m, n) of one half of the columns with `z` (m + 1, n) [ohm].

    Leaves in `impedance` (n,) [ohm] what is seen from the node after the last one; `g` may be `h`.
    """
    n = g.shape[1]
    for a in range(n):
        impedance[a] = z[start, a] if down else z[stop, a]
    for k in range(stop - start):
        i = start + k if down else stop - 1 - k
        ahead = z[i + 1] if down else z[i]
        for a in range(n):
            inner = shunted(impedance[a], g[i, a])
            t[i, a], h[i, a] = _passed(inner, ahead[a]), _held(inner, ahead[a])
            impedance[a] = inner + ahead[a]


@compiled
def factorise_joint(g, above, below, t, h):
    """Factors of the row (n,) in which both halves meet."""
    for a in range(g.shape[0]):
        t[a], h[a] = 0.0, _joint(above[a], below[a], g[a])


@compiled
def modes(mean, r, y, out):
    """Admittances `out` (m, n) [S] of uniform rows as their modes see them from the columns.

    `mean` (m,) [S] are the devices of each row, `r` (m,) [ohm] its segments, `y` (n,) the modes'
    admittances in units of 1 / r.
    """
    for i in range(out.shape[0]):
        for a in range(out.shape[1]):
            out[i, a] = mean[i] * (y[a] / (y[a] + r[i] * mean[i]))


@compiled
def collect(t, f, start, stop, down):
    """Collect currents `f` (m, n) of rows start..stop, downwards or upwards, in place."""
    m, n = f.shape
    for k in range(stop - start):
        i = start + k if down else stop - 1 - k
        before = i - 1 if down else i + 1
        if 0 <= before < m:
            for a in range(n):
                f[i, a] += t[before, a] * f[before, a]


@compiled
def join(t, h, meet, f):
    """Turn the currents collected from both sides at `meet` into voltages."""
    for a in range(f.shape[1]):
        above = t[meet - 1, a] * f[meet - 1, a] if meet > 0 else 0.0
        f[meet, a] = h[meet, a] * (f[meet, a] + above)


@compiled
def spread(t, h, meet, f, start, stop):
    """Turn collected currents `f` of rows start..stop into voltages, away from `meet`."""
    n = f.shape[1]
    for k in range(stop - start):
        i = stop - 1 - k if stop <= meet else start + k
        after = i + 1 if stop <= meet else i - 1
        if i != meet:
            for a in range(n):
                f[i, a] = h[i, a] * f[i, a] + t[i, a] * f[after, a]


@compiled
def _settle(t, h, f):
    """Turn currents `f` (n,) injected into one row into voltages.

    A recursion waits for itself at every node; here those from both ends wait together.
    """
    n = f.shape[0]
    meet = n // 2
    x, y, to_x, to_y = 0.0, 0.0, 0.0, 0.0
    for a in range(n - 1 - meet):
        b = n - 1 - a
        x, y = f[a] + to_x * x, f[b] + to_y * y
        to_x, to_y = t[a], t[b]
        f[a], f[b] = x, y
    for a in range(n - 1 - meet, meet):  # of an even number one more lies on the left
        x, to_x = f[a] + to_x * x, t[a]
        f[a] = x
    x = h[meet] * (f[meet] + to_x * x + to_y * y)
    f[meet], y = x, x
    for a in range(n - 1 - meet, meet):
        x = h[a] * f[a] + t[a] * x
        f[a] = x
    for a in range(n - 2 - meet, -1, -1):
        b = n - 1 - a
        x, y = h[a] * f[a] + t[a] * x, h[b] * f[b] + t[b] * y
        f[a], f[b] = x, y


@compiled
def solve_rows(g, t, h, w, excess, driven, u):
    """Row voltages `u` (rows, n) for column voltages `w`, beside those `driven` by the ends."""
    for i in range(g.shape[0]):
        for a in range(g.shape[1]):
            u[i, a] = g[i, a] * w[i, a] - excess[i, a]
        _settle(t[i], h[i], u[i])
        for a in range(g.shape[1]):
            u[i, a] += driven[i, a]


@compiled
def dot(a, b):
    """Sum of the products of two stretches of rows; columns first, which is faster."""
    sums = np.zeros(a.shape[1])
    for i in range(a.shape[0]):
        for k in range(a.shape[1]):
            sums[k] += a[i, k] * b[i, k]
    return sums.sum()


@compiled
def respond(g, t, h, beta, z, r, p, pp, taken):
    """A new direction p = z + beta p, and z = S p where columns were solved with their devices.

    `pp` is the preconditioner times p. Adds to `taken` (n,) [A] what the devices of each column
    take less for it; returns the sum of p S p.
    """
    rows, n = g.shape
    f, sums = np.empty(n), np.zeros(n)
    for i in range(rows):
        for a in range(n):
            p[i, a] = z[i, a] + beta * p[i, a]
            pp[i, a] = r[i, a] + beta * pp[i, a]
            f[a] = g[i, a] * p[i, a]
        _settle(t[i], h[i], f)
        for a in range(n):
            drawn = g[i, a] * f[a]
            taken[a] += g[i, a] * p[i, a] - drawn
            z[i, a] = pp[i, a] - drawn
            sums[a] += p[i, a] * z[i, a]
    return sums.sum()


@compiled
def respond_to_mean(g, t, h, mean, t0, h0, beta, z, r, p, pp, taken):
    """`respond` where columns were solved beside rows of the devices `mean` (rows,) [S].

    `t0`, `h0` are the factors of these rows, (rows, n) or (1, n) where they are alike.
    """
    rows, n = g.shape
    f, f0, sums = np.empty(n), np.empty(n), np.zeros(n)
    for i in range(rows):
        for a in range(n):
            p[i, a] = z[i, a] + beta * p[i, a]
            pp[i, a] = r[i, a] + beta * pp[i, a]
            f[a], f0[a] = g[i, a] * p[i, a], mean[i] * p[i, a]
        same = min(i, t0.shape[0] - 1)
        _settle(t[i], h[i], f)
        _settle(t0[same], h0[same], f0)
        for a in range(n):
            own = g[i, a] * (p[i, a] - f[a])
            taken[a] += own
            z[i, a] = pp[i, a] + own - mean[i] * (p[i, a] - f0[a])
            sums[a] += p[i, a] * z[i, a]
    return sums.sum()


@compiled
def advance(alpha, p, s, x, r):
    """x += alpha p and r -= alpha s over some rows; returns the sum of all |r|."""
    sums = np.zeros(p.shape[1])
    for i in range(p.shape[0]):
        for a in range(p.shape[1]):
            x[i, a] += alpha * p[i, a]
            r[i, a] -= alpha * s[i, a]
            sums[a] += abs(r[i, a])
    return sums.sum()


@compiled
def inject(g, u, excess, out):
    """out = g u + excess, the currents that grounded columns collect."""
    for i in range(g.shape[0]):
        for a in range(g.shape[1]):
            out[i, a] = g[i, a] * u[i, a] + excess[i, a]


@compiled
def mismatch(g, excess, before, u, w, r, sums):
    """What rows `u` and columns `w` disagree on, where `w` was solved for the rows `before`.

    Writes r = g (u - before) [A] and adds, for each column, to `sums` (4, n) [A]: the devices'
    currents, their absolute values, |r|, and g (|u| + |w|), in units of which currents round.
    """
    for i in range(g.shape[0]):
        for a in range(g.shape[1]):
            r[i, a] = g[i, a] * (u[i, a] - before[i, a])
            current = g[i, a] * (u[i, a] - w[i, a]) + excess[i, a]
            sums[0, a] += current
            sums[1, a] += abs(current)
            sums[2, a] += abs(r[i, a])
            sums[3, a] += g[i, a] * (abs(u[i, a]) + abs(w[i, a])) + abs(excess[i, a])
