"""Multiply-adds of the exact solver, counted from the steps that it carries out."""

from collections.abc import Iterator

from circuits.kernels.mesh import FEW, MANY
from circuits.kernels.ports import HALVES, LEAF, PIECES, VECTORS
from circuits.solvers.plan import Steps, plan_of


def multiply_adds(rows: int, columns: int) -> tuple[int, int]:
    """Those of all leaves, and of all merges, for T of an array driven left and sensed below."""
    steps = plan_of((max(rows, columns), min(rows, columns)), False, False).steps
    leaves = [_leaf(*_sides(step)) for step in steps if step[0] == LEAF]
    return sum(leaves), sum(_merge(step) for step in steps if step[0] != LEAF)


def _sides(step: Steps) -> tuple[int, int]:
    """Rows and columns of a leaf."""
    return int(step[5] - step[4]), int(step[7] - step[6])


def _leaf(p: int, q: int) -> int:
    """Of a block of p rows and q columns, whose cells each eliminate two nodes.

    The column's is a neighbour of all ports so far, the row's of its own left end, of the row's end
    and of the columns it has passed.
    """
    counts = [(2 * q + 2 * k + 2, k, j) for k in range(p) for j in range(q)]
    columns = sum(count * (count - 1) // 2 for count, k, _ in counts if k > 0)
    rows = sum(2 * count - 3 + j * (j - 1) // 2 for count, _, j in counts if j > 0)
    return columns + rows


def _merge(step: Steps) -> int:
    """Impedances of the shared nodes, their shares, and what these add to the mesh."""
    p = int(step[12])
    others = int(step[5] + step[9]) - 2 * p
    return _inverse(p) + p * p * others + p * sum(_entries(step))


def _inverse(n: int) -> int:
    """Of `invert_mesh`."""
    few = FEW if n <= 8 * FEW else MANY
    total = 0
    for k in range(0, n, few):
        more = min(few, n - k)
        total += 2 * k * k * more + 2 * k * more * more + sum(2 * i * i + 2 * i
                                                              for i in range(more))
    return total


def _entries(step: Steps) -> Iterator[int]:
    """Entries of the new mesh that are worked out, piece by piece."""
    pieces = [tuple(map(int, piece)) for piece in step[14:VECTORS].reshape(PIECES, 4)]
    for i, (_, _, rows, kind) in enumerate(pieces):
        for k, (_, _, columns, other) in enumerate(pieces[: i + 1]):
            if other == 1 or (kind != 0 and kind == other):
                continue
            yield _halves(rows) if i == k else rows * columns


def _halves(n: int) -> int:
    """Of the lower half of n x n, in blocks of rows."""
    block = max(HALVES, (n + 3) // 4)
    return sum((min(start + block, n) - start) * min(start + block, n)
               for start in range(0, n, block))
