"""Converters on Keras' tensors. Gradients pass straight through within their limits (Y. Bengio,
N. Leonard and A. Courville, arXiv:1308.3432), and vanish outside."""

from dataclasses import dataclass

import numpy as np
from keras import ops
from numpy.typing import NDArray

from crossbar.layers.untyped import Tensor
from crossbar.tiles.ranges import Range
from device_models.checks import Floats

_CELLS = 4  # to a step, in which thresholds are looked for

def convert(x: Tensor, bits: int | None, limits: Range) -> Tensor:
    """`circuits.quantise` of tensors: 2^bits levels over `limits`; None leaves them as they are."""
    if bits is None:
        return x
    low, high = limits
    step = (high - low) / (2**bits - 1)
    within = ops.clip(x, low, high)
    return _straight(within, low + ops.round((within - low) / step) * step)


def by_levels(x: Tensor, limits: Range, levels: Floats) -> Tensor:
    """Outputs of converters for `x` (..., n): what each of them has for the nearest code.

    `levels` (n, 2^bits) are those of every converter [1], in shares of the span of `limits`.
    """
    low, high = limits
    n, count = levels.shape
    within = ops.clip(x, low, high)
    code = ops.cast(ops.round((within - low) * ((count - 1) / (high - low))), "int32")
    table = ops.convert_to_tensor(low + (high - low) * levels.reshape(-1), x.dtype)
    return _straight(within, ops.take(table, code + count * ops.arange(n, dtype="int32")))


@dataclass(frozen=True, eq=False)
class Thresholds:
    """Where the codes of many current converters begin, laid out to be found quickly.

    A code is the number of thresholds that are passed: those below one of many cells of equal width
    are known beforehand, the next ones are compared with.

    Parameters
    ----------
    table : (n, steps + compared) array
        Thresholds of every converter in shares of the range's span, and what is never passed [1].
    below : (n, cells) array of int
        Code from which on a cell is looked at.
    first, width : float
        Middle of the first cell, and how far the next one is [1].
    compared : int
        Thresholds that a value is compared with.
    """

    table: Floats
    below: NDArray[np.int32]
    first: float
    width: float
    compared: int

    @classmethod
    def of(cls, thresholds: Floats) -> "Thresholds":
        """Those given (n, steps), which do not fall from code to code, in shares of the span [1].
        """
        n, steps = thresholds.shape
        first, last = float(thresholds.min()), float(thresholds.max())
        cells = _CELLS * (steps + 1)
        width = max(last - first, 1.0 / steps) / (cells - 1)
        edges = first + width * np.arange(-0.5, cells + 0.5)
        passed = np.stack([np.searchsorted(row, edges, side="left") for row in thresholds])
        # and one more on either side, for what rounding moves to a neighbouring cell
        compared = int(np.diff(passed, axis=1).max()) + 2
        table = np.concatenate([thresholds, np.full((n, compared), np.inf)], axis=1)
        below = np.maximum(passed[:, :-1] - 1, 0).astype(np.int32)
        return cls(table, below, first, width, compared)

    @property
    def steps(self) -> int:
        """Of one converter."""
        return int(self.table.shape[1]) - self.compared


def by_thresholds(x: Tensor, limits: Range, made: Thresholds) -> Tensor:
    """What the codes of converters stand for, for `x` (..., n)."""
    low, high = limits
    n, cells = made.below.shape
    each = ops.arange(n, dtype="int32")
    share = (x - low) / (high - low)
    cell = ops.cast(ops.clip(ops.round((share - made.first) / made.width), 0, cells - 1), "int32")
    code = ops.take(ops.convert_to_tensor(made.below.reshape(-1)), cell + cells * each)
    table = ops.convert_to_tensor(made.table.reshape(-1), x.dtype)
    passed = ops.cast(code, x.dtype)
    for k in range(made.compared):
        threshold = ops.take(table, code + k + made.table.shape[1] * each)
        passed = passed + ops.cast(share > threshold, x.dtype)
    return _straight(ops.clip(x, low, high), low + passed * ((high - low) / made.steps))


def planes(x: Tensor, bits: int, reach: float) -> list[tuple[float, Tensor]]:
    """Inputs bit by bit: what each plane counts [1], and the plane, of -reach, 0 and reach.

    As `circuits.BitSerial`; times what they count they add up to `x` in 2^bits - 1 steps of its
    size.
    """
    within = ops.clip(x, -reach, reach)
    code = ops.round(ops.abs(within) * ((2**bits - 1) / reach))
    found = []
    for k in range(bits):
        bit = ops.floor(code / 2.0**k) - 2.0 * ops.floor(code / 2.0 ** (k + 1))
        found.append((2.0**k / (2**bits - 1), _straight(within, reach * ops.sign(x) * bit)))
    return found


def _straight(within: Tensor, converted: Tensor) -> Tensor:
    return within + ops.stop_gradient(converted - within)
