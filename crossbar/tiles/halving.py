"""How an array is halved again and again down to its cells, all blocks of a level of one size.

Where a length is odd, the second half gets one more line: with open cells and wires of zero ohm it
changes nothing, and it goes again when the halves are joined.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Lines = NDArray[np.int64]
PADDING = -1  # an index, of a line that is not there


class End(IntEnum):
    """The four sides on which a block's lines end."""

    LEFT = 0
    RIGHT = 1
    BOTTOM = 2
    TOP = 3


ROWS, COLUMNS = (End.LEFT, End.RIGHT), (End.BOTTOM, End.TOP)
Axis = tuple[End, End]
"""The ends of the lines along it: where voltages drive them, and where currents do."""


@dataclass(frozen=True)
class Step:
    """Blocks are joined two and two.

    Parameters
    ----------
    along : Axis
        The lines that go on from the first block into the second.
    lines : int
        How many lines across a joined block has; one less than both together drops a padding.
    kept : tuple of End
        The ends of joined blocks that are still wanted.
    """

    along: Axis
    lines: int
    kept: tuple[End, ...]


def halve(shape: tuple[int, int], kept: tuple[End, ...]) -> tuple[Step, ...]:
    """The steps from cells to an array of `shape`, of whose ends `kept` are wanted.

    Blocks stay as square as they can, which takes the fewest operations.
    """
    left = {ROWS: _lengths(shape[1]), COLUMNS: _lengths(shape[0])}
    length, order = {ROWS: 1, COLUMNS: 1}, []
    while any(left.values()):
        along = ROWS if left[ROWS] and (
            not left[COLUMNS] or length[ROWS] <= length[COLUMNS]) else COLUMNS
        length[along] = left[along].pop()
        ends = tuple(end for end in End if end in kept or any(
            left[axis] and end in axis for axis in left))
        order.append(Step(along, length[along], ends))
    return tuple(order)


def cells(shape: tuple[int, int], order: tuple[Step, ...]) -> tuple[Lines, Lines]:
    """Row and column of every cell, so that each step joins the first half with the second.

    Rows are counted upward and columns to the right; `PADDING` where there is none.
    """
    blocks = [(np.arange(shape[0]), np.arange(shape[1]))]
    for step in reversed(order):
        if step.along == ROWS:
            parts = [[(r, half) for half in _halves(c)] for r, c in blocks]
        else:
            parts = [[(half, c) for half in _halves(r)] for r, c in blocks]
        blocks = [first for first, _ in parts] + [second for _, second in parts]
    return np.array([r[0] for r, _ in blocks]), np.array([c[0] for _, c in blocks])


def _lengths(length: int) -> list[int]:
    """Of blocks along one axis, the whole first, halves rounded up, without the single cell."""
    lengths = []
    while length > 1:
        lengths.append(length)
        length = -(-length // 2)
    return lengths


def _halves(lines: Lines) -> tuple[Lines, Lines]:
    half = -(-len(lines) // 2)
    padding = np.full(2 * half - len(lines), PADDING)
    return lines[:half], np.concatenate([lines[half:], padding])
