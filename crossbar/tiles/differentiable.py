"""The transconductance of many arrays at once, as tensors with a gradient.

The equations are those that `circuits` solves, here in operations of Keras: they run on TensorFlow,
JAX and PyTorch. Blocks of cells are joined two and two until one is left.

A block owns the wire to the left of each of its cells and the one below. A voltage drives each of
its left and bottom ends, a current each right and top end. It answers with the currents into the
former and minus the voltages at the latter: one symmetric matrix P, and neither a resistance nor a
conductance is inverted to get it, so that any of them may be zero.

Two blocks are joined where ends of the first that answer with voltages (-Z in its P) meet ends of
the second that answer with currents (Y). With a and b what couples these ends to the others of the
first and of the second, the other ends have, joined,

    P1 + a^T Y S a      -a^T S^T b
    -b^T S a            P2 - b^T S Z b        where S = (1 + Z Y)^-1.

Y and Z have no negative eigenvalue, so those of 1 + Z Y are 1 or more: S always exists.
"""

from dataclasses import dataclass
from functools import cache
from itertools import combinations_with_replacement
from typing import TypeAlias

import keras
import numpy as np
from keras import ops

from circuits import ColumnSense, RowDrive, Wires
from circuits.array.array import Array, check_kinds
from circuits.laws import LinearLaw
from crossbar.tiles.halving import ROWS, End, Lines, Step, cells, halve
from device_models.checks import Floats, whole

Tensor: TypeAlias = keras.KerasTensor
Block: TypeAlias = dict[tuple[End, End], Tensor]
"""P of all blocks of a level [S, 1, ohm]: (blocks, arrays, lines, lines) for each two ends, the
first of them not behind the second in the order of `End`."""


@dataclass(frozen=True, eq=False)
class PortMerging:
    """Arrays of one shape on the same wires: from conductances to transconductance.

    Parameters
    ----------
    shape : (int, int)
        Rows m and columns n.
    steps : tuple of Step
        How the cells are joined.
    index : (cells,) array
        Which conductance of m n, row by row, each cell has; m n is an open one.
    left, below, access : (cells, 1) arrays
        Resistances to the left of each cell, below it, and in series with it [ohm].
    closing : _Closing
        What is around the whole.
    flipped : tuple of int
        The axes of the answer (arrays, rows, columns) that run backward.

    Examples
    --------
    >>> merging = PortMerging.of((64, 64), Wires(row=1.0, column=1.0))
    >>> t = merging(g)  # (..., 64, 64) siemens, of any backend of Keras
    """

    shape: tuple[int, int]
    steps: tuple[Step, ...]
    index: Lines
    left: Floats
    below: Floats
    access: Floats
    closing: "_Closing"
    flipped: tuple[int, ...]

    @classmethod
    def of(cls, shape: tuple[int, int], wires: Wires, drive: RowDrive = RowDrive.LEFT,
           sense: ColumnSense = ColumnSense.BOTTOM) -> "PortMerging":
        """For arrays of `shape` (rows, columns).

        Raises
        ------
        ValueError, TypeError
            If the shape is none, or resistances do not fit it.
        """
        check_kinds(wires, drive, sense)
        m, n = (whole("side of an array", side, 1) for side in shape)
        array = Array.of(np.zeros((m, n)), LinearLaw(), wires, drive, sense)
        # Rows are counted upward and columns to the right, from the ends that are always driven
        # and sensed; what is flipped for it is flipped back in the answer.
        flipped = (*((0,) if sense is not ColumnSense.TOP else ()),
                   *((1,) if drive is RowDrive.RIGHT else ()))
        row_z, column_z, access = (np.flip(a, flipped) for a in (
            array.network.row_z, array.network.column_z, array.devices.access))
        index = np.flip(np.arange(m * n).reshape(m, n), flipped)
        closing = _Closing.of(row_z, column_z)
        steps = halve((m, n), closing.ends)
        at = cells((m, n), steps)

        def of_cells(a: Floats) -> Floats:
            return np.pad(a, (0, 1))[at][:, None]

        left = np.where(np.isinf(row_z[:, :-1]), 0.0, row_z[:, :-1])  # see `_Closing.floating`
        return cls((m, n), steps, np.pad(index, (0, 1), constant_values=m * n)[at],
                   of_cells(left), of_cells(column_z[:-1]), of_cells(access), closing,
                   tuple(axis + 1 for axis in flipped))

    def __call__(self, conductance: Tensor) -> Tensor:
        """T (..., m, n) [S] of arrays with linear devices of `conductance` (..., m, n) [S].

        In the type of `conductance`, float32 or float64. If nothing determines the voltage of a
        floating row, since all its cells are open, the backend says that a matrix has no inverse
        (TensorFlow, PyTorch) or gives what is no number (JAX).

        Raises
        ------
        ValueError, TypeError
            If `conductance` has another shape or type.
        """
        g = _checked(conductance, self.shape)
        m, n = self.shape
        flat = ops.transpose(ops.reshape(g, (-1, m * n)))
        flat = ops.concatenate([flat, ops.zeros_like(flat[:1])], axis=0)
        block = self._cells(ops.take(flat, self.index, axis=0))
        for step in self.steps:
            block = _join(block, step)
        t = self.closing.transconductance(block)
        for axis in self.flipped:
            t = ops.flip(t, axis)
        return ops.reshape(t, ops.shape(g))

    def _cells(self, g: Tensor) -> Block:
        """Single cells of conductance `g` (cells, arrays) [S]."""
        left, below = _like(self.left, g), _like(self.below, g)
        g = g / (1.0 + g * (_like(self.access, g) + left + below))
        across, down = 1.0 - g * left, 1.0 - g * below  # what passes of a voltage or a current
        block = {
            (End.LEFT, End.LEFT): g, (End.LEFT, End.RIGHT): -across,
            (End.RIGHT, End.RIGHT): -left * across,
            (End.BOTTOM, End.BOTTOM): g, (End.BOTTOM, End.TOP): -down,
            (End.TOP, End.TOP): -below * down,
            (End.LEFT, End.BOTTOM): -g, (End.LEFT, End.TOP): -g * below,
            (End.RIGHT, End.BOTTOM): -g * left, (End.RIGHT, End.TOP): -g * left * below,
        }
        return {ends: x[:, :, None, None] for ends, x in block.items()}


@dataclass(frozen=True, eq=False)
class _Closing:
    """What closes the circuit around a whole array.

    Grounds at the bottom and voltages on the left are what the ports are made for. Unknown are the
    voltages of floating rows, which no current enters, and the currents that enter right and top
    ends that are driven and sensed too; where zero ohm lead there from the other end, they are
    taken as zero, which changes nothing outside the line.

    Parameters
    ----------
    ends : tuple of End
        The ends of the array that are wanted.
    unknown : (unknowns,) array
        Their numbers among all lines of these ends.
    resistance : (unknowns, 1) array
        What stands before them [ohm].
    of_rows, of_columns : (unknowns, m), (unknowns, n) arrays
        One where an unknown is at the right end of a row or the top end of a column, else zero.
    driven : (m, 1) array
        One for a row that is driven, zero for one that floats.
    """

    ends: tuple[End, ...]
    unknown: Lines
    resistance: Floats
    of_rows: Floats
    of_columns: Floats
    driven: Floats

    @classmethod
    def of(cls, row_z: Floats, column_z: Floats) -> "_Closing":
        """From resistances along rows (m, n + 1) and up columns (m + 1, n) [ohm]."""
        m, n = len(row_z), column_z.shape[1]
        floating = np.isinf(row_z[:, 0])
        right = np.isfinite(row_z[:, -1]) & (row_z.sum(axis=1) > 0)
        top = np.isfinite(column_z[-1]) & (column_z.sum(axis=0) > 0)
        is_unknown = {End.LEFT: floating, End.BOTTOM: np.zeros(n, bool)}
        is_unknown |= {End.RIGHT: right} if right.any() else {}
        is_unknown |= {End.TOP: top} if top.any() else {}
        ends = tuple(sorted(is_unknown))
        f, r, t = (np.flatnonzero(mask) for mask in (floating, right, top))
        z = np.concatenate([np.zeros(len(f)), row_z[r, -1], column_z[-1, t]])
        of_rows, of_columns = np.zeros((len(z), m)), np.zeros((len(z), n))
        of_rows[len(f) + np.arange(len(r)), r] = 1.0
        of_columns[len(f) + len(r) + np.arange(len(t)), t] = 1.0
        return cls(ends, np.flatnonzero(np.concatenate([is_unknown[end] for end in ends])),
                   z[:, None], of_rows, of_columns, 1.0 - floating[:, None])

    def transconductance(self, block: Block) -> Tensor:
        """T (arrays, m, n) [S] of the arrays that `block` has come to."""
        t = -block[End.LEFT, End.BOTTOM][0]
        if not len(self.unknown):
            return t
        m, n = t.shape[1:]
        q = ops.concatenate([ops.concatenate([_part(block, x, y) for y in self.ends], axis=-1)
                             for x in self.ends], axis=-2)[0]
        below = sum(m for end in self.ends if end in ROWS)
        answers = ops.take(q, self.unknown, axis=1)
        within = (ops.take(answers, self.unknown, axis=2)
                  - _like(self.resistance * np.eye(len(self.unknown)), t))
        by_rows = answers[:, :, :m] + _like(self.of_rows, t)
        to_columns = answers[:, :, below : below + n] + _like(self.of_columns, t)
        # siemens of floating rows beside ohms of ends: brought to one size for the elimination
        size = 1.0 / ops.sqrt(ops.abs(ops.diagonal(within, axis1=1, axis2=2)))[:, :, None]
        solved = ops.solve(size * within * _turned(size), size * to_columns)
        return _like(self.driven, t) * (t + _turned(size * by_rows) @ solved)


def _join(block: Block, step: Step) -> Block:
    """The blocks of the first half joined with those of the second."""
    near, far = step.along
    half = block[near, near].shape[0] // 2
    parts = ({ends: x[:half] for ends, x in block.items()},
             {ends: _cut(x[half:], ends, step) for ends, x in block.items()})
    joint = (far, near)
    of_end = {near: (0,), far: (1,)}
    inner = _at_joint(_part(parts[0], far, far), _part(parts[1], near, near))

    @cache
    def toward(a: int, x: End, b: int) -> Tensor:
        """From the joint as seen by part `b` to the ends `x` of part `a`."""
        return _product(_part(parts[a], x, joint[a]), inner[a][b])

    def both(a: int, x: End, b: int, y: End) -> Tensor:
        passed = _product(toward(a, x, b), _part(parts[b], joint[b], y))
        return _part(parts[a], x, y) + passed if a == b else passed

    def joined(x: End, y: End) -> Tensor:
        rows = [_beside([both(a, x, b, y) for b in of_end.get(y, (0, 1))], -1)
                for a in of_end.get(x, (0, 1))]
        return _beside(rows, -2)

    return {(x, y): joined(x, y) for x, y in combinations_with_replacement(step.kept, 2)}


def _at_joint(minus_z: Tensor, y: Tensor) -> tuple[tuple[Tensor, Tensor], tuple[Tensor, Tensor]]:
    """[[Y S, -S^T], [-S, -S Z]] with S = (1 + Z Y)^-1."""
    s = ops.eye(y.shape[-1], dtype=y.dtype) - _product(minus_z, y)
    s = ops.inv(s) if y.shape[-1] > 1 else 1.0 / s
    return ((_product(y, s), -_turned(s)), (-s, _product(s, minus_z)))


def _part(block: Block, x: End, y: End) -> Tensor:
    """P between the ends `x` and `y`, (blocks, arrays, lines, lines)."""
    return block[x, y] if x <= y else _turned(block[y, x])


def _cut(x: Tensor, ends: tuple[End, End], step: Step) -> Tensor:
    """A second block without the padding that is not to be in the joined one."""
    rows, columns = (x.shape[axis] if end in step.along else step.lines // 2
                     for axis, end in zip((-2, -1), ends, strict=True))
    return x if (rows, columns) == tuple(x.shape[-2:]) else x[..., :rows, :columns]


def _product(x: Tensor, y: Tensor) -> Tensor:
    """Products of matrices; of columns and rows without a call for each block.

    The operator, since `ops.matmul` on PyTorch makes float32 of float64.
    """
    return x * y if x.shape[-1] == 1 else x @ y


def _turned(x: Tensor) -> Tensor:
    return ops.swapaxes(x, -1, -2)


def _beside(parts: list[Tensor], axis: int) -> Tensor:
    return ops.concatenate(parts, axis=axis) if len(parts) > 1 else parts[0]


def _like(constant: Floats, x: Tensor) -> Tensor:
    return ops.convert_to_tensor(constant, dtype=x.dtype)


def _checked(conductance: Tensor, shape: tuple[int, int]) -> Tensor:
    """`conductance` as a tensor, if it is one of floats for arrays of `shape`."""
    g = ops.convert_to_tensor(conductance)
    if len(g.shape) < 2 or tuple(g.shape[-2:]) != shape:
        raise ValueError(f"conductance has shape {tuple(g.shape)}; expected "
                         f"(..., {shape[0]}, {shape[1]}), rows and columns last")
    came, kind = (keras.backend.standardize_dtype(x.dtype) for x in (conductance, g))
    if kind not in ("float32", "float64"):
        raise TypeError(f"conductance is {kind}; expected float32 or float64: convert it, since "
                        "wires cost fewer digits than that type has")
    if came != kind:
        raise TypeError(f"conductance is {came}, of which {keras.backend.backend()} made {kind}; "
                        "pass float32, or allow 64 bits (JAX: jax_enable_x64)")
    return g
