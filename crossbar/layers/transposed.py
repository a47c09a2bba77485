"""Transposed convolutions through solved crossbar tiles: every place of the input is one read."""

import math

import keras
from keras import ops

from crossbar.layers.channels import OnChannels
from crossbar.layers.maker import array_of
from crossbar.layers.patches import channels_as, channels_last, single_points
from crossbar.layers.untyped import Shape, Tensor
from device_models.checks import Floats


class AnalogConvTranspose(OnChannels):
    """A transposed convolution of any rank: the channels of one place drive the rows.

    The matrix is (channels) by (points of the kernel, filters): what a place adds to the outputs
    around it. Where these overlap they are added digitally, and so are biases.
    """

    SETTINGS = ("filters", "kernel_size", "strides", "padding", "output_padding", "data_format",
                "dilation_rate")

    @classmethod
    def matrix_of(cls, layer: keras.Layer) -> Floats:
        """The kernel (*points, filters, channels) as a matrix."""
        kernel = array_of(layer.kernel)
        return kernel.reshape(-1, kernel.shape[-1]).T[None]

    @classmethod
    def bias_of(cls, layer: keras.Layer, shape: Shape) -> Floats | None:
        """None: biases are added where windows have been."""
        return None

    def rows(self, x: Tensor) -> Tensor:
        """The channels of each place."""
        return ops.expand_dims(channels_last(x, self.data_format), -2)

    def outputs(self, y: Tensor) -> Tensor:
        """Windows laid over one another, by the transposed convolution of single points."""
        points, rank = math.prod(self.kernel_size), len(self.kernel_size)
        sides = ops.shape(y)[1:-2]
        windows = ops.reshape(y, (-1, *sides, points, self.filters))
        alone = ops.reshape(ops.moveaxis(windows, -1, 1), (-1, *sides, points))
        put = single_points(self.kernel_size, y.dtype)
        laid = self._transposed(alone, put, "channels_last")
        laid = ops.reshape(laid, (-1, self.filters, *ops.shape(laid)[1:-1]))
        return channels_as(ops.moveaxis(laid, 1, rank + 1), self.data_format)

    def native(self, x: Tensor, kernel: Tensor) -> Tensor:
        """As Keras computes it, in one convolution."""
        kernel = ops.transpose(ops.reshape(kernel, kernel.shape[1:]))
        kernel = ops.reshape(kernel, (*self.kernel_size, self.filters, -1))
        return self._transposed(x, kernel, self.data_format)

    def _transposed(self, x: Tensor, kernel: Tensor, data_format: str) -> Tensor:
        return ops.conv_transpose(x, kernel, list(self.strides), self.padding, self.output_padding,
                                  data_format, list(self.dilation_rate))


@keras.saving.register_keras_serializable("crossbar")
class AnalogConv1DTranspose(AnalogConvTranspose):
    """`Conv1DTranspose`."""

    KIND = keras.layers.Conv1DTranspose


@keras.saving.register_keras_serializable("crossbar")
class AnalogConv2DTranspose(AnalogConvTranspose):
    """`Conv2DTranspose`."""

    KIND = keras.layers.Conv2DTranspose


@keras.saving.register_keras_serializable("crossbar")
class AnalogConv3DTranspose(AnalogConvTranspose):
    """`Conv3DTranspose`."""

    KIND = keras.layers.Conv3DTranspose
