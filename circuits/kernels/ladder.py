"""One row of a crossbar: a resistor ladder with a device from every node to a column.

A row has devices `g` (n,) [S] and resistances `z` (n + 1,) [ohm], its two ends included. An
infinite end is open; zero joins two nodes. The recursions add, multiply and divide non-negative
numbers only, so they stay accurate when resistances differ by many orders of magnitude.
"""

import numpy as np

from device_models.compiled import compiled


@compiled
def shunted(z, g):
    """Impedance [ohm] of `z` in parallel with the conductance `g`."""
    if z == np.inf:
        return 1.0 / g if g > 0.0 else np.inf
    return z / (1.0 + z * g)


@compiled
def _divide(z, y):
    """Fraction of a voltage that remains over the admittance `y` behind the resistance `z`."""
    if z == 0.0:
        return 1.0
    if z == np.inf or y == np.inf:
        return 0.0
    return 1.0 / (1.0 + z * y)


@compiled
def factor_ladder(g, z, steps):
    """What solving a row takes, whatever its sources: writes `steps` (n, 4).

    Towards the right, u[a] = steps[a, 0] u[a - 1] + steps[a, 1] source[a]; then back,
    u[a] = steps[a, 2] u[a] + steps[a, 3] u[a + 1]; the ends are the nodes before and after.
    """
    impedance, cut = z[0], False
    for a in range(g.shape[0]):
        inner, ahead = shunted(impedance, g[a]), z[a + 1]
        if inner == np.inf:  # no way out behind: u there is a current
            steps[a, 0], steps[a, 1] = (1.0 if cut else 0.0), 1.0
        else:
            steps[a, 0], steps[a, 1] = (inner if cut else _divide(impedance, g[a])), inner
        if ahead == np.inf or inner == 0.0:
            steps[a, 2], steps[a, 3] = 1.0, 0.0
        elif inner == np.inf:
            steps[a, 2], steps[a, 3] = ahead, 1.0
        else:
            steps[a, 2], steps[a, 3] = ahead / (inner + ahead), inner / (inner + ahead)
        impedance, cut = inner + ahead, inner == np.inf


@compiled
def factor_ladders(g, z, steps):
    """`factor_ladder` of every row of an array: writes `steps` (m, n, 4)."""
    for i in range(g.shape[0]):
        factor_ladder(g[i], z[i], steps[i])


@compiled
def solve_ladder(g, z, ends, source, u):
    """Node voltages of one row whose devices end in ground, for a batch of injected currents.

    `source` (n, batch) [A] flows into the nodes and `ends` (2, batch) [V] drives the two ends;
    writes `u` (n, batch) [V]. For column voltages w, inject g w.
    """
    n, batch = source.shape
    steps = np.empty((n, 4))
    factor_ladder(g, z, steps)
    for a in range(n):
        keep, lift = steps[a, 0], steps[a, 1]
        for b in range(batch):
            before = u[a - 1, b] if a > 0 else ends[0, b]
            u[a, b] = keep * before + lift * source[a, b]
    for a in range(n - 1, -1, -1):
        back, ahead = steps[a, 2], steps[a, 3]
        if ahead == 0.0:  # an open end, or a node held by the other one
            continue
        for b in range(batch):
            after = u[a + 1, b] if a + 1 < n else ends[1, b]
            u[a, b] = back * u[a, b] + ahead * after
