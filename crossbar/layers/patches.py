"""From images to what drives the rows of a convolution's matrix, and back."""

import math

from keras import ops

from crossbar.layers.untyped import Shape, Tensor


def channels_last(x: Tensor, data_format: str) -> Tensor:
    """A tensor of `data_format` with its channels behind."""
    return x if data_format == "channels_last" else ops.moveaxis(x, 1, -1)


def channels_as(x: Tensor, data_format: str) -> Tensor:
    """The same undone."""
    return x if data_format == "channels_last" else ops.moveaxis(x, -1, 1)


def patches(x: Tensor, kernel_size: Shape, strides: Shape, padding: str, dilation_rate: Shape
            ) -> Tensor:
    """Windows (batch, *places, points of the kernel, channels) of x (batch, *sides, channels).

    By the convolution itself, with kernels that pick one point each: padding, strides and holes
    are those of the backend, and the values pass as they are.
    """
    rank, points = len(kernel_size), math.prod(kernel_size)
    _, *sides, channels = ops.shape(x)
    alone = ops.reshape(ops.moveaxis(x, -1, 1), (-1, *sides, 1))
    pick = single_points(kernel_size, x.dtype)
    seen = ops.conv(alone, pick, list(strides), padding, dilation_rate=list(dilation_rate),
                    data_format="channels_last")
    places = ops.shape(seen)[1:-1]
    seen = ops.reshape(seen, (-1, channels, *places, points))
    return ops.moveaxis(seen, 1, rank + 2)


def single_points(kernel_size: Shape, dtype: str) -> Tensor:
    """Kernels (*points, 1, points) each of one point."""
    points = math.prod(kernel_size)
    return ops.reshape(ops.eye(points, dtype=dtype), (*kernel_size, 1, points))


def grouped(windows: Tensor, groups: int) -> Tensor:
    """Windows (batch, *places, points, channels) as rows (batch, *places, groups, inputs)."""
    *lead, points, channels = ops.shape(windows)
    if groups == 1:
        return ops.reshape(windows, (*lead, 1, points * channels))
    apart = ops.reshape(windows, (*lead, points, groups, channels // groups))
    return ops.reshape(ops.swapaxes(apart, -3, -2), (*lead, groups, -1))
