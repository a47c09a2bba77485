"""All rows of a crossbar solved exactly for given column voltages.

`g` (m, n) [S] are its devices, `row_z` (m, n + 1) [ohm] what lies along the rows, ends included.
"""

import numpy as np

from circuits.kernels.ladder import solve_ladder
from device_models.compiled import compiled


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
