"""Passes over node arrays that NumPy would make several of."""

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
