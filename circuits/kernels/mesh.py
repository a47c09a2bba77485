"""The impedances of nodes from the conductances between them, without a difference.

The admittance matrix of resistive nodes is diag(leak + sum of a) - a. Solved as it stands it loses
the small leaks beside large conductances; here the leaks are carried along as numbers of their own,
so all terms are positive and only added, multiplied and divided (Grassmann, Taksar, Heyman,
Oper. Res. 1985, 33, 1107, by blocks).
"""

import numpy as np

from circuits.kernels.blas import copy, multiply, multiply_at, multiply_bt
from device_models.compiled import compiled

LEAST = 1e-300  # S; what less leads from a node, an underflow left, and its impedance may be none
FEW, MANY = 12, 32  # nodes joined at a time, measured: for up to 96 of them and for more


@compiled
def invert_mesh(a, leak, scratch):
    """Write the impedances [ohm] of nodes over the conductances among them, in place.

    `a` (n, n) [S] is symmetric, its diagonal not looked at; `leak` (n,) [S] leads from each node to
    what is held at 0 V. `a` becomes the inverse of the admittance matrix, zero for a node that is
    connected to nothing. `scratch` is like `a`.

    With the impedances P of the nodes so far, all others at 0 V, and b from them to the next few,
    the next nodes are a mesh with b^T P b in addition and the leaks of the first, P b of them, too.
    """
    n = a.shape[0]
    step, beyond = (FEW if n <= 8 * FEW else MANY), np.empty(n)
    for k in range(0, n, step):
        end = min(k + step, n)
        for i in range(end):
            beyond[i] = leak[i] + a[i, end:].sum()
        p, b, d = a[:k, :k], a[:k, k:end], a[k:end, k:end]
        shares, on = scratch[:k, k:end], scratch[k:end, :k]
        multiply(p, b, shares, 1.0, 0.0)
        multiply_at(b, shares, d, 1.0, 1.0)
        for i in range(k):
            for j in range(end - k):
                beyond[k + j] += shares[i, j] * beyond[i]
        _invert_few(d, beyond[k:end])
        multiply_bt(d, shares, on, 1.0, 0.0)
        multiply(shares, on, p, 1.0, 1.0)
        copy(on, a[k:end, :k])
        copy(on.T, b)


@compiled
def _invert_few(a, leak):
    """`invert_mesh` node by node."""
    n = a.shape[0]
    beyond, q = np.empty((n, n)), np.empty(n)
    for i in range(n):
        beyond[i, n - 1] = leak[i]
        for k in range(n - 1, 0, -1):
            beyond[i, k - 1] = beyond[i, k] + (a[i, k] if k != i else 0.0)
    for k in range(n):
        total = beyond[k, k]
        q[:k] = 0.0
        for j in range(k):
            for i in range(k):
                q[i] += a[k, j] * a[j, i]
        for i in range(k):
            total += q[i] * beyond[i, k]
        z = 1.0 / total if total > LEAST else 0.0
        for i in range(k):
            for j in range(k):
                a[i, j] += q[i] * z * q[j]
            a[i, k] = a[k, i] = q[i] * z
        a[k, k] = z
