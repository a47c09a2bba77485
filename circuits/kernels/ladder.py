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
def solve_ladder(g, z, ends, source, u):
    """Node voltages of one row whose devices end in ground, for a batch of injected currents.

    `source` (n, batch) [A] flows into the nodes and `ends` (2, batch) [V] drives the two ends;
    writes `u` (n, batch) [V]. For column voltages w, inject g w.
    """
    n, batch = source.shape
    inner = np.empty(n)
    impedance = z[0]
    for a in range(n):
        inner[a] = shunted(impedance, g[a])
        cut = a > 0 and inner[a - 1] == np.inf  # no way out behind: u there is a current
        if inner[a] == np.inf:
            keep, lift = (1.0 if cut else 0.0), 1.0
        else:
            keep, lift = (inner[a] if cut else _divide(impedance, g[a])), inner[a]
        for b in range(batch):
            before = u[a - 1, b] if a > 0 else ends[0, b]
            u[a, b] = keep * before + lift * source[a, b]
        impedance = inner[a] + z[a + 1]
    for a in range(n - 1, -1, -1):
        if z[a + 1] == np.inf or inner[a] == 0.0:
            continue
        ahead = 1.0 if inner[a] == np.inf else inner[a] / (inner[a] + z[a + 1])
        back = z[a + 1] if inner[a] == np.inf else z[a + 1] / (inner[a] + z[a + 1])
        for b in range(batch):
            after = u[a + 1, b] if a + 1 < n else ends[1, b]
            u[a, b] = back * u[a, b] + ahead * after
