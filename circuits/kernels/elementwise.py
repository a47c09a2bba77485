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


@compiled
def compare(g, u, w, w_before, current, excess, error, largest):
    """Largest KCL residual and device current of each input after a line relaxation [A].

    The rows were solved with `w_before`, the columns with `w`, both with `excess`; `current`
    (m, n, batch) is what the devices take. Writes `error` and `largest` (batch,) and leaves in
    `excess` what belongs to `current`.
    """
    m, n, batch = u.shape
    for b in range(batch):
        error[b] = 0.0
        largest[b] = 0.0
    for i in range(m):
        for a in range(n):
            for b in range(batch):
                taken = current[i, a, b]
                following = taken - g[i, a] * (u[i, a, b] - w[i, a, b])
                column = following - excess[i, a, b]
                row = abs(column + g[i, a] * (w_before[i, a, b] - w[i, a, b]))
                column, taken = abs(column), abs(taken)
                column = row if row > column else column
                error[b] = column if column > error[b] else error[b]
                largest[b] = taken if taken > largest[b] else largest[b]
                excess[i, a, b] = following
