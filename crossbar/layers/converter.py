"""Converters on Keras' tensors. Gradients pass straight through within their limits (Y. Bengio,
N. Leonard and A. Courville, arXiv:1308.3432), and vanish outside."""

import numpy as np
from keras import ops

from crossbar.layers.untyped import Tensor
from crossbar.tiles.ranges import Range
from device_models.checks import Floats


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


def by_thresholds(x: Tensor, limits: Range, thresholds: Floats) -> Tensor:
    """What the codes of converters stand for, for `x` (..., n).

    `thresholds` (n, steps) of every converter rise from code to code [1], in shares of the span of
    `limits`. A code is the number of thresholds that are passed. It is looked for next to the code
    of an ideal converter, as far away as any of these thresholds is from an ideal one.
    """
    low, high = limits
    n, steps = thresholds.shape
    share = (x - low) / (high - low)
    far = np.abs(thresholds * steps - (np.arange(steps) + 0.5)).max()
    near = ops.clip(ops.round(share * steps), 0, steps)
    reach = int(np.ceil(far)) + 1
    ends = np.full((n, reach), np.inf)
    padded = np.concatenate([-ends, thresholds, ends], axis=1)
    table = ops.convert_to_tensor(padded.reshape(-1), x.dtype)
    first = ops.cast(near, "int32") + padded.shape[1] * ops.arange(n, dtype="int32")
    code = near - reach
    for k in range(2 * reach):
        code = code + ops.cast(share > ops.take(table, first + k), x.dtype)
    return _straight(ops.clip(x, low, high), low + code * ((high - low) / steps))


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
