"""What a change of any device does to a sum over the transconductance: `ports.run` backwards.

For a loss that depends on the admittances Y of a block's ports there is a symmetric Q with
dL = sum of Q dY. With W the voltages of the nodes inside per volt at the ports, a change of the
admittances inside changes Y by W^T dY W, and so their own Q is W Q W^T. The matrices Q have the
form of the meshes, with a diagonal, and lie in the same places.
"""

import numpy as np

from circuits.kernels.blas import copy, mirror, multiply, multiply_bt
from circuits.kernels.ports import LEAF, PIECES, VECTORS, between, kept_of, mesh_at, panels_of
from device_models.compiled import compiled


@compiled
def run_back(steps, places, arena, panels, gradient):
    """From the Q of the whole, at the front of `arena`, to dL/dg of every device: `gradient`."""
    n = gradient.shape[1]
    for k in range(steps.shape[0] - 1, -1, -1):
        s = steps[k]
        out = mesh_at(arena, s[1], s[2], s[3])
        if s[0] == LEAF:
            rows, columns = slice(s[4], s[5]), slice(s[6], s[7])
            _leaf(out, s[4] == 0, s[7] == n, places[s[8] : s[8] + s[2]],
                  panels[s[9] : s[9] + s[10]], gradient[rows, columns])
        else:
            one, two = mesh_at(arena, s[4], s[5], s[6]), mesh_at(arena, s[8], s[9], s[10])
            _merge(out, s[7], s[11], s[12], s[14:VECTORS].reshape(PIECES, 4), panels[s[13] :],
                   one, two)


@compiled
def _merge(out, start1, start2, p, pieces, panels, one, two):
    """From the Q of a merged block to those of its two parts."""
    n1, n = one.shape[0] - p, one.shape[0] + two.shape[0] - 2 * p
    _, shares = panels_of(panels, n, p)
    joint, own = np.zeros((p, n)), np.empty((p, p))
    row = 0
    for i in range(PIECES):
        r, column = pieces[i], 0
        rows = slice(r[1] + n1 * r[0], r[1] + n1 * r[0] + r[2])
        for k in range(i + 1):
            c = pieces[k]
            if r[2] > 0 and c[2] > 0 and c[3] != 1:
                columns = slice(c[1] + n1 * c[0], c[1] + n1 * c[0] + c[2])
                here = out[row : row + r[2], column : column + c[2]]
                if i == k:
                    mirror(here)
                else:
                    multiply_bt(shares[:, columns], here, joint[:, rows], 1.0, 1.0)
                multiply(shares[:, rows], here, joint[:, columns], 1.0, 1.0)
                if r[0] == 0 and c[0] == 0:
                    copy(here, between(one, start1, p, r, c))
                elif r[0] == 1 and c[0] == 1:
                    copy(here, between(two, start2, p, r, c))
            column += c[2]
        row += r[2]
    multiply_bt(joint, shares, own, 1.0, 0.0)
    _put_joint(one, start1, joint[:, :n1], own)
    _put_joint(two, start2, joint[:, n1:], own)


@compiled
def _put_joint(q, start, others, own):
    """Set what belongs to the joint's ports, from `start` on, and to them and the others."""
    p, n = others.shape
    copy(own, q[start : start + p, start : start + p])
    copy(others[:, :start], q[start : start + p, :start])
    for b in range(start, n):
        for k in range(p):
            q[b + p, start + k] = others[k, b]


@compiled
def _leaf(out, above, right, place, kept, gradient):
    """The devices' part from the Q of a leaf: its advances backwards."""
    p, q = gradient.shape
    size = 2 * (p + q)
    own, seen = np.zeros((size, size)), np.empty(size)
    for a in range(out.shape[0]):
        for b in range(min(a + 1, out.shape[1])):
            own[place[a], place[b]] = own[place[b], place[a]] = out[a, b]
    number = 2 * p * q - (0 if right else p) - (0 if above else q)
    if above:
        for j in range(q - 1, -1, -1):
            number = _take_back(own, j, size, kept, number, seen)
    for k in range(p - 1, -1, -1):
        i, end = p - 1 - k, 2 * q + 2 * k + 1
        if right:
            number = _take_back(own, end, end + 1, kept, number, seen)
        for j in range(q - 1, -1, -1):
            gradient[i, j] = own[end, end] - 2.0 * own[end, j] + own[j, j]
            if k > 0:
                number = _take_back(own, j, end + 1, kept, number, seen)
            if j > 0:
                number = _take_back(own, end, end + 1, kept, number, seen)


@compiled
def _take_back(own, port, count, kept, number, seen):
    """Put an eliminated node back in the place of the one that came after it; returns the number of
    what was kept for it."""
    shares, total = kept_of(kept, number - 1, own.shape[0])[1:], 0.0
    for a in range(count):
        seen[a] = 0.0
    for b in range(count):
        if shares[b] > 0.0:
            for a in range(count):
                seen[a] += shares[b] * own[b, a]
    for a in range(count):
        total += shares[a] * seen[a]
    for a in range(count):
        own[port, a] = own[a, port] = seen[a]
    own[port, port] = total
    return number - 1
