"""Passes over node arrays that NumPy would make several of."""

import numpy as np

from device_models.compiled import compiled


@compiled
def add_branch(g, f, first, out):
    """out = g f, or out += g f unless `first`, for `g` (m, n) and `f`, `out` (m, n, batch)."""
    m, n, batch = f.shape
    for i in range(m):
        for a in range(n):
            if first:
                for b in range(batch):
                    out[i, a, b] = g[i, a] * f[i, a, b]
            else:
                for b in range(batch):
                    out[i, a, b] += g[i, a] * f[i, a, b]


@compiled
def extremes(u, w, live):
    """Least and largest u - w, (m, n, batch) both, where `live` (m, n); inf and -inf of none."""
    m, n, batch = u.shape
    low, high = np.full(batch, np.inf), np.full(batch, -np.inf)
    for i in range(m):
        for a in range(n):
            if live[i, a]:
                for b in range(batch):
                    v = u[i, a, b] - w[i, a, b]
                    low[b] = np.minimum(low[b], v)
                    high[b] = np.maximum(high[b], v)
    return low.min(), high.max()
