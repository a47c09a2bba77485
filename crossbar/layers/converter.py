"""Converters on Keras' tensors."""

from keras import ops

from crossbar.layers.untyped import Tensor
from crossbar.tiles.ranges import Range


def convert(x: Tensor, bits: int | None, limits: Range) -> Tensor:
    """`circuits.quantise` of tensors: 2^bits levels over `limits`; None leaves them as they are."""
    if bits is None:
        return x
    low, high = limits
    step = (high - low) / (2**bits - 1)
    return low + ops.round((ops.clip(x, low, high) - low) / step) * step
