"""What follows a linear solution of the chord method, in one pass over the node arrays."""

import numpy as np

from circuits.kernels.calls import call_law
from circuits.kernels.relaxation import add_branches, fused, judge


@fused
def _renew(g, taken, v, w, excess, current, error, largest):
    """The `current` of a row by Kirchhoff's laws; then its `excess`, its devices taking `taken`."""
    n, batch = v.shape
    for a in range(n):
        for b in range(batch):
            current[a, b] = g[a] * v[a, b] + excess[a, b]
    judge(g, taken, v, w, 1.0, w, excess, error, largest)


@fused
def renew_with_law(law, parameters, branches, g, u, w, excess, current, error, largest):
    """Device currents by Kirchhoff's laws, then excess currents by the devices' law.

    `law` is the address of machine code that takes `parameters`, `branches` (branches, m, n) [S]
    its conductances. `u` and `w` (m, n, batch) [V] belong to `excess`, which is renewed; writes
    `current` and the largest KCL residual and device current of each input, `error` and `largest`
    (batch,) [A].
    """
    m, n, batch = u.shape
    v, f = np.empty((n, batch)), np.empty((branches.shape[0], n, batch))
    error[:], largest[:] = 0.0, 0.0
    for i in range(m):
        for a in range(n):
            for b in range(batch):
                v[a, b] = u[i, a, b] - w[i, a, b]
        call_law(law, v, parameters, f)
        add_branches(branches[:, i], f)
        _renew(g[i], f[0], v, w[i], excess[i], current[i], error, largest)


@fused
def renew_with_currents(taken, g, v, w, excess, current, error, largest):
    """`renew_with_law` of devices that take `taken` at `v` = u - w, (m, n, batch) both."""
    error[:], largest[:] = 0.0, 0.0
    for i in range(v.shape[0]):
        _renew(g[i], taken[i], v[i], w[i], excess[i], current[i], error, largest)
