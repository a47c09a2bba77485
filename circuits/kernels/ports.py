"""Blocks of a crossbar as meshes between their ports, and the merging of two.

A block of rows and columns owns the segment left of each of its cells and the one below. Its ports
are nodes: L, the far ends of its leftmost segments; B, those of its lowest ones; R, the row nodes
of its last column; T, the column nodes of its top row. Seen from there it is a mesh: a conductance
between every two ports. Two blocks that lie side by side share nodes: their meshes are put
together and the shared nodes eliminated, by star-mesh transformation of all at once. At the array's
own edges L, B and, where it has ends there, R and T are its driven and sensed ends.

Every number is positive and none is ever subtracted, so each entry of a mesh has nearly all its
digits, whatever the resistances; `docs/solver.md` derives all of it. A zero resistance counts as
`SHORT`, 9e99 S, and an open end as 0 S, as does what conducts less than `OPEN`, 1e-200 S: products
of less would underflow.

Of a mesh the lower triangle is kept, without the diagonal. Ports are in the order T, L, B, R; the
array's own left ends come last, as rows of the matrix but not columns: what one of them sees of
another is never needed.
"""

import numpy as np

from circuits.kernels.blas import copy, multiply, multiply_at
from circuits.kernels.mesh import LEAST, invert_mesh
from device_models.compiled import compiled

SHORT = 2.0**332  # S; a power of two loses no digit, and its square is still in range
OPEN = 2.0**-664  # S
LEAF, MERGE = 0, 1
PIECES = 6
VECTORS = 14 + 4 * PIECES  # the column of a step where the places of vectors begin
COLUMNS = VECTORS + 4
HALVES = 32  # rows of a symmetric product computed at a time, measured


@compiled
def leaf(g, row_y, column_y, edges, mesh, place, kept):
    """The mesh of a block of a few cells, taken in one by one, from the bottom row on.

    `g` (p, q), `row_y` (p, q + 1), `column_y` (p + 1, q): conductances [S] of the cells and of the
    segments on either side of them. `edges` says whether the block ends above and on the right with
    the array: its last segments there lead to the array's ends. `place` says which of the leaf's
    ports, in the order in which they are met, are those of `mesh`. `kept` gets what
    node voltages follow from, if it has room: see `kept_of`.
    """
    p, q = g.shape
    size, number = 2 * (p + q), 0
    own, found, shares = np.zeros((size, size)), np.empty(size), np.empty(size)
    for k in range(p):
        i, end = p - 1 - k, 2 * q + 2 * k + 1
        for j in range(q):
            if j == 0:
                own[end, end - 1] = row_y[i, 0]
            else:
                number = _advance(own, end, end + 1, row_y[i, j], found, shares, kept, number)
            if k == 0:
                own[q + j, j] = column_y[p, j]
            else:
                number = _advance(own, j, end + 1, column_y[i + 1, j], found, shares, kept, number)
            own[end, j] += g[i, j]
        if edges[1]:
            number = _advance(own, end, end + 1, row_y[i, q], found, shares, kept, number)
    if edges[0]:
        for j in range(q):
            number = _advance(own, j, size, column_y[0, j], found, shares, kept, number)
    for a in range(mesh.shape[0]):
        for b in range(min(a, mesh.shape[1])):
            i, j = place[a], place[b]
            mesh[a, b] = own[i, j] if i >= j else own[j, i]


@compiled
def kept_of(kept, number, size):
    """What the `number`-th advance of a leaf keeps of the node that it eliminates: its impedance
    [ohm], then its voltage per volt at each of the leaf's `size` ports."""
    return kept[number * (1 + size) : (number + 1) * (1 + size)]


@compiled
def _advance(own, port, count, y, found, shares, kept, number):
    """Go on from the end of a row or a column over its next segment, of conductance `y`.

    The node at `port` of the `count` ports of `own` is eliminated, and the one behind the segment
    takes its place. `found` and `shares` are scratch. Returns the next number. A row's node and the
    column's below the next cell are never neighbours, so one after the other is both at once.
    """
    size, total = own.shape[0], y
    for a in range(port):
        found[a], own[port, a] = own[port, a], 0.0
        total += found[a]
    for a in range(port + 1, count):
        found[a], own[a, port] = own[a, port], 0.0
        total += found[a]
    found[port] = y
    total = total if total > LEAST else np.inf
    for a in range(count):
        shares[a] = found[a] / total
    for a in range(count):
        share = shares[a]
        if share > 0.0:
            for b in range(a):
                own[a, b] += share * found[b]
    if kept.shape[0] > 0:
        kept[number * (1 + size)] = 1.0 / total
        for a in range(count):
            kept[number * (1 + size) + 1 + a] = shares[a]
    return number + 1


@compiled
def joint(mesh, start, p, others, own):
    """Conductances from a block's p ports from `start` on to its others and among themselves."""
    n = mesh.shape[0] - p
    for k in range(p):
        row = mesh[start + k]
        for b in range(start):
            others[k, b] = row[b]
        for b in range(k):
            own[k, b] += row[start + b]
            own[b, k] += row[start + b]
    for b in range(start, n):  # what comes after them is in the rows below
        row = mesh[b + p]
        for k in range(p):
            others[k, b] = row[start + k]


@compiled
def panels_of(panels, n, p):
    """Views of what a merge keeps: `z` (p, p), the impedances of the nodes it eliminates, and
    `shares` (p, n), their voltages per volt at each of the n other ports."""
    return panels[: p * p].reshape(p, p), panels[p * p : p * p + p * n].reshape(p, n)


@compiled
def merge(one, start1, two, start2, p, pieces, panels, work, out):
    """The mesh `out` of two blocks that share p nodes: those from `start1` and from `start2` on.

    `pieces` (6, 4) says where the new ports come from: the block, the first among its other ports,
    how many, and 1 for the array's row ends, 2 for its column ends. `panels` keeps what `panels_of`
    says; `work` is scratch.
    """
    n1, n = one.shape[0] - p, one.shape[0] + two.shape[0] - 2 * p
    z, shares = panels_of(panels, n, p)
    to, leak = work[: p * n].reshape(p, n), work[p * n : p * n + p]
    scratch = work[p * n + p :][: p * p].reshape(p, p)
    z[:] = 0.0
    joint(one, start1, p, to[:, :n1], z)
    joint(two, start2, p, to[:, n1:], z)
    for k in range(p):
        leak[k] = to[k].sum()
    invert_mesh(z[:p, :p], leak, scratch[:p, :p])
    multiply(z, to, shares, 1.0, 0.0)
    row = 0
    for i in range(PIECES):
        r, column = pieces[i], 0
        for k in range(i + 1):
            c = pieces[k]
            if r[2] > 0 and c[2] > 0 and c[3] != 1 and (r[3] == 0 or r[3] != c[3]):
                here = out[row : row + r[2], column : column + c[2]]
                if r[0] != c[0]:
                    here[:] = 0.0
                elif r[0] == 0:
                    copy(between(one, start1, p, r, c), here)
                else:
                    copy(between(two, start2, p, r, c), here)
                _add(to[:, r[1] + n1 * r[0] :], shares[:, c[1] + n1 * c[0] :], here, i == k)
            column += c[2]
        row += r[2]


@compiled
def between(mesh, start, p, r, c):
    """What a block's mesh has between the ports of two pieces, counted without the joint."""
    i = r[1] if r[1] < start else r[1] + p
    j = c[1] if c[1] < start else c[1] + p
    return mesh[i : i + r[2], j : j + c[2]]


@compiled
def _add(a, x, out, symmetric):
    """out += a.T @ x for as many columns as `out` has, or its lower half if it is `symmetric`."""
    n = out.shape[0]
    block = max(HALVES, (n + 3) // 4) if symmetric else n
    for start in range(0, n, block):
        stop = min(start + block, n)
        most = stop if symmetric else out.shape[1]
        multiply_at(a[:, start:stop], x[:, :most], out[start:stop, :most], 1.0, 1.0)


@compiled
def mesh_at(arena, at, size, width):
    """A block's mesh (size, width) in `arena`."""
    return arena[at : at + size * width].reshape(size, width)


@compiled
def run(steps, places, g, row_y, column_y, arena, panels, work):
    """Carry out `steps` (see `circuits.solvers.plan`) on one network, in `arena`."""
    for k in range(steps.shape[0]):
        s = steps[k]
        out = mesh_at(arena, s[1], s[2], s[3])
        if s[0] == LEAF:
            top, bottom, left, right = s[4], s[5], s[6], s[7]
            leaf(g[top:bottom, left:right], row_y[top:bottom, left : right + 1],
                 column_y[top : bottom + 1, left:right], (top == 0, right == g.shape[1]),
                 out, places[s[8] : s[8] + s[2]], panels[s[9] : s[9] + s[10]])
        else:
            one, two = mesh_at(arena, s[4], s[5], s[6]), mesh_at(arena, s[8], s[9], s[10])
            merge(one, s[7], two, s[11], s[12], s[14:VECTORS].reshape(PIECES, 4),
                  panels[s[13] :], work, out)


@compiled
def transfer(mesh, left, right, bottom, top, out):
    """Conductances `out` (rows, columns) [S] from the driven ends of each row to the sensed ends of
    each column; the ports of each kind are given as slices of the whole's `mesh`."""
    copy(mesh[left, bottom], out)
    for rows, columns in ((left, top), (right, bottom), (right, top)):
        part = mesh[rows, columns]
        for i in range(part.shape[0]):
            for j in range(part.shape[1]):
                out[i, j] += part[i, j]


@compiled
def run_each(steps, places, size, width, left, right, bottom, top, g, row_y, column_y, arena,
             panels, work, out):
    """`run` and `transfer` on each of the networks `g` (networks, rows, columns)."""
    for k in range(g.shape[0]):
        run(steps, places, g[k], row_y[k], column_y[k], arena, panels, work)
        transfer(mesh_at(arena, 0, size, width), left, right, bottom, top, out[k])
