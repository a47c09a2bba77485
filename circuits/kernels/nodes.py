"""Node voltages from the merges of `circuits.kernels.ports`: currents up the tree, voltages down.

`gather` and `spread` work on `vectors` (ports of all blocks, batch): first the currents that
sources inside a block drive out of its ports when these are held at 0 V, then the ports' voltages.
`joints` (nodes of all merges, batch) keeps the currents that are injected where blocks meet.
"""

import numpy as np

from circuits.kernels.blas import copy, multiply, multiply_at
from circuits.kernels.ports import LEAF, PIECES, VECTORS, kept_of, panels_of
from device_models.compiled import compiled


@compiled
def gather(steps, places, excess, panels, vectors, joints, u, w):
    """Collect the currents of all sources, from the leaves up.

    `excess` (m, n, batch) [A] flows from row to column nodes beside the devices. `u` and `w`
    (m, n, batch) get the currents into the nodes as they are when these are eliminated.
    """
    n, batch = u.shape[1:]
    for k in range(steps.shape[0]):
        s = steps[k]
        at = s[VECTORS]
        out = vectors[at : at + s[2]]
        if s[0] == LEAF:
            rows, columns = slice(s[4], s[5]), slice(s[6], s[7])
            _gather_leaf(excess[rows, columns], s[4] == 0, s[7] == n, places[s[8] : s[8] + s[2]],
                         panels[s[9] : s[9] + s[10]], out, u[rows, columns], w[rows, columns])
        else:
            p, one, two = s[12], s[5] - s[12], s[9] - s[12]
            first = vectors[s[VECTORS + 1] : s[VECTORS + 1] + s[5]]
            second = vectors[s[VECTORS + 2] : s[VECTORS + 2] + s[9]]
            into = joints[s[VECTORS + 3] : s[VECTORS + 3] + p]
            for a in range(p):
                for b in range(batch):
                    into[a, b] = first[s[7] + a, b] + second[s[11] + a, b]
            _, shares = panels_of(panels[s[13] :], one + two, p)
            others = np.empty((one + two, batch))
            _split(first, s[7], p, others[:one])
            _split(second, s[11], p, others[one:])
            multiply_at(shares, into, others, 1.0, 1.0)
            row = 0
            for piece in s[14:VECTORS].reshape(PIECES, 4):
                start = piece[1] + one * piece[0]
                copy(others[start : start + piece[2]], out[row : row + piece[2]])
                row += piece[2]


@compiled
def _split(vector, start, p, others):
    """The entries of a block's `vector` without the p from `start` on."""
    copy(vector[:start], others[:start])
    copy(vector[start + p :], others[start:])


@compiled
def spread(steps, places, sources, panels, vectors, joints, u, w):
    """Work out all voltages from those of the whole's ports, down to the leaves.

    `sources` says whether `gather` has come before. Writes `u` and `w` (m, n, batch) [V].
    """
    n, batch = u.shape[1:]
    for k in range(steps.shape[0] - 1, -1, -1):
        s = steps[k]
        at = s[VECTORS]
        out = vectors[at : at + s[2]]
        if s[0] == LEAF:
            rows, columns = slice(s[4], s[5]), slice(s[6], s[7])
            _spread_leaf(s[4] == 0, s[7] == n, places[s[8] : s[8] + s[2]],
                         panels[s[9] : s[9] + s[10]], sources, out, u[rows, columns],
                         w[rows, columns])
        else:
            p, one, two = s[12], s[5] - s[12], s[9] - s[12]
            z, shares = panels_of(panels[s[13] :], one + two, p)
            others, voltage, row = np.empty((one + two, batch)), np.empty((p, batch)), 0
            for piece in s[14:VECTORS].reshape(PIECES, 4):
                start = piece[1] + one * piece[0]
                copy(out[row : row + piece[2]], others[start : start + piece[2]])
                row += piece[2]
            multiply(shares, others, voltage, 1.0, 0.0)
            if sources:
                into = joints[s[VECTORS + 3] : s[VECTORS + 3] + p]
                multiply(z, into, voltage, 1.0, 1.0)
            _join(others[:one], voltage, s[7], vectors[s[VECTORS + 1] : s[VECTORS + 1] + s[5]])
            _join(others[one:], voltage, s[11], vectors[s[VECTORS + 2] : s[VECTORS + 2] + s[9]])


@compiled
def _join(others, own, start, vector):
    """A block's `vector` of its other ports and its own from `start` on."""
    p = own.shape[0]
    copy(others[:start], vector[:start])
    copy(own, vector[start : start + p])
    copy(others[start:], vector[start + p :])


@compiled
def _gather_leaf(excess, above, right, place, kept, out, u, w):
    """The currents out of a leaf's ports, and those into each node that is eliminated."""
    p, q, batch = excess.shape
    size, number = 2 * (p + q), 0
    slots = np.zeros((size, batch))
    for k in range(p):
        i, end = p - 1 - k, 2 * q + 2 * k + 1
        for j in range(q):
            if j > 0:
                number = _pass_on(slots, end, end + 1, kept, number, u[i, j - 1])
            if k > 0:
                number = _pass_on(slots, j, end + 1, kept, number, w[i + 1, j])
            for b in range(batch):
                slots[end, b] -= excess[i, j, b]
                slots[j, b] += excess[i, j, b]
        if right:
            number = _pass_on(slots, end, end + 1, kept, number, u[i, q - 1])
    if above:
        for j in range(q):
            number = _pass_on(slots, j, size, kept, number, w[0, j])
    for a in range(out.shape[0]):
        for b in range(batch):
            out[a, b] = slots[place[a], b]


@compiled
def _pass_on(slots, port, count, kept, number, into):
    """Share the currents into a node that is eliminated among the ports; keep them in `into`."""
    size, batch = slots.shape
    for b in range(batch):
        into[b], slots[port, b] = slots[port, b], 0.0
    own = kept_of(kept, number, size)
    for a in range(count):
        share = own[1 + a]
        if share > 0.0:
            for b in range(batch):
                slots[a, b] += share * into[b]
    return number + 1


@compiled
def _spread_leaf(above, right, place, kept, sources, out, u, w):
    """The voltages of all nodes of a leaf from those of its ports."""
    p, q, batch = u.shape
    size, slots = 2 * (p + q), np.zeros((2 * (p + q), batch))
    number = 2 * p * q - (0 if right else p) - (0 if above else q)
    for a in range(out.shape[0]):
        for b in range(batch):
            slots[place[a], b] = out[a, b]
    for j in range(q - 1, -1, -1):
        if above:
            number = _take_back(slots, j, size, kept, number, sources, w[0, j])
        else:
            copy(slots[j : j + 1], w[0, j : j + 1])
    for k in range(p - 1, -1, -1):
        i, end = p - 1 - k, 2 * q + 2 * k + 1
        if right:
            number = _take_back(slots, end, end + 1, kept, number, sources, u[i, q - 1])
        else:
            copy(slots[end : end + 1], u[i, q - 1 : q])
        for j in range(q - 1, -1, -1):
            if k > 0:
                number = _take_back(slots, j, end + 1, kept, number, sources, w[i + 1, j])
            if j > 0:
                number = _take_back(slots, end, end + 1, kept, number, sources, u[i, j - 1])


@compiled
def _take_back(slots, port, count, kept, number, sources, voltage):
    """The `voltage` of an eliminated node, from those of the ports and the current into it that was
    kept there; it takes its place among the ports. Returns the number of what was kept for it."""
    size, batch = slots.shape
    own = kept_of(kept, number - 1, size)
    for b in range(batch):
        voltage[b] = own[0] * voltage[b] if sources else 0.0
    for a in range(count):
        share = own[1 + a]
        if share > 0.0:
            for b in range(batch):
                voltage[b] += share * slots[a, b]
    for b in range(batch):
        slots[port, b] = voltage[b]
    return number - 1
