"""Converters on Keras' tensors."""

from keras import ops

from crossbar.layers.untyped import Tensor
from crossbar.tiles.ranges import Range


def convert(x: Tensor, bits: int | None, limits: Range) -> Tensor:
    """`circuits.quantise` of tensors: 2^bits levels over `limits`; None leaves them as they are.

    Gradients pass straight through within the limits (Y. Bengio, N. Leonard and A. Courville,
    arXiv:1308.3432), and vanish outside.
    """
    if bits is None:
        return x
    low, high = limits
    step = (high - low) / (2**bits - 1)
    within = ops.clip(x, low, high)
    level = low + ops.round((within - low) / step) * step
    return within + ops.stop_gradient(level - within)
