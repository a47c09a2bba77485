"""Convolutions through solved crossbar tiles: every window of the input is one read."""

import keras
from keras import ops

from crossbar.layers.channels import OnChannels
from crossbar.layers.maker import array_of
from crossbar.layers.patches import channels_as, channels_last, grouped, patches
from crossbar.layers.untyped import Tensor
from device_models.checks import Floats


class AnalogConv(OnChannels):
    """A convolution of any rank: points of a window and their channels drive the rows.

    A matrix is the kernel (points, channels of a group) by (filters of a group); groups have
    matrices and tiles of their own.
    """

    SETTINGS = ("filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate",
                "groups")

    @classmethod
    def matrix_of(cls, layer: keras.Layer) -> Floats:
        """The kernel (*points, channels of a group, filters) as matrices."""
        kernel = array_of(layer.kernel)
        filters = kernel.shape[-1] // layer.groups
        flat = kernel.reshape(-1, layer.groups, filters)
        return flat.swapaxes(0, 1)

    def rows(self, x: Tensor) -> Tensor:
        """Windows, their points first, then their channels."""
        x, padding = self._padded(channels_last(x, self.data_format), "channels_last")
        return grouped(patches(x, self.kernel_size, self.strides, padding, self.dilation_rate),
                       self.groups)

    def outputs(self, y: Tensor) -> Tensor:
        """Filters, group after group, as channels."""
        y = ops.reshape(y, (*ops.shape(y)[:-2], self.filters))
        return channels_as(y, self.data_format)

    def native(self, x: Tensor, kernel: Tensor) -> Tensor:
        """As Keras computes it, in one convolution."""
        if self.groups > 1:
            kernel = ops.swapaxes(kernel, 0, 1)
        kernel = ops.reshape(kernel, (*self.kernel_size, -1, self.filters))
        x, padding = self._padded(x, self.data_format)
        return ops.conv(x, kernel, list(self.strides), padding, self.data_format,
                        list(self.dilation_rate))

    def _padded(self, x: Tensor, data_format: str) -> tuple[Tensor, str]:
        """Inputs and the padding that is left to do: a causal one is done before."""
        if self.padding != "causal":
            return x, self.padding
        before = [self.dilation_rate[0] * (self.kernel_size[0] - 1), 0]
        last = data_format == "channels_last"
        return ops.pad(x, [[0, 0], before, [0, 0]] if last else [[0, 0], [0, 0], before]), "valid"


@keras.saving.register_keras_serializable("crossbar")
class AnalogConv1D(AnalogConv):
    """`Conv1D`."""

    KIND = keras.layers.Conv1D


@keras.saving.register_keras_serializable("crossbar")
class AnalogConv2D(AnalogConv):
    """`Conv2D`."""

    KIND = keras.layers.Conv2D


@keras.saving.register_keras_serializable("crossbar")
class AnalogConv3D(AnalogConv):
    """`Conv3D`."""

    KIND = keras.layers.Conv3D
