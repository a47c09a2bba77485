"""Depthwise and separable convolutions through solved crossbar tiles."""

from typing import Any, ClassVar, Self

import keras
from keras import ops

from crossbar.layers.channels import OnChannels
from crossbar.layers.conv import AnalogConv, AnalogConv1D, AnalogConv2D
from crossbar.layers.maker import Maker, array_of, part_of
from crossbar.layers.patches import channels_as, channels_last, patches
from crossbar.layers.untyped import Setting, Shape, Tensor
from device_models.checks import Floats


class AnalogDepthwiseConv(OnChannels):
    """A convolution of each channel by itself: the points of its window drive rows of its own."""

    SETTINGS = ("kernel_size", "strides", "padding", "depth_multiplier", "data_format",
                "dilation_rate")

    @classmethod
    def matrix_of(cls, layer: keras.Layer) -> Floats:
        """The kernel (*points, channels, multiplier) as a matrix for each channel."""
        kernel = array_of(layer.kernel)
        return kernel.reshape(-1, *kernel.shape[-2:]).swapaxes(0, 1)

    def rows(self, x: Tensor) -> Tensor:
        """The windows of each channel."""
        windows = patches(channels_last(x, self.data_format), self.kernel_size, self.strides,
                          self.padding, self.dilation_rate)
        return ops.swapaxes(windows, -1, -2)

    def outputs(self, y: Tensor) -> Tensor:
        """All results of the first channel, then those of the next."""
        *lead, channels, multiplier = ops.shape(y)
        return channels_as(ops.reshape(y, (*lead, channels * multiplier)), self.data_format)

    def native(self, x: Tensor, kernel: Tensor) -> Tensor:
        """As Keras computes it, in one convolution."""
        channels, _, multiplier = kernel.shape
        kernel = ops.reshape(ops.swapaxes(kernel, 0, 1), (
            *self.kernel_size, channels, multiplier))
        return ops.depthwise_conv(x, kernel, self.strides, self.padding, self.data_format,
                                  self.dilation_rate)


@keras.saving.register_keras_serializable("crossbar")
class AnalogDepthwiseConv1D(AnalogDepthwiseConv):
    """`DepthwiseConv1D`."""

    KIND = keras.layers.DepthwiseConv1D


@keras.saving.register_keras_serializable("crossbar")
class AnalogDepthwiseConv2D(AnalogDepthwiseConv):
    """`DepthwiseConv2D`."""

    KIND = keras.layers.DepthwiseConv2D


class AnalogSeparableConv(keras.layers.Layer):
    """A depthwise convolution, then one of width one, each in arrays of its own.

    Parameters
    ----------
    depthwise : AnalogDepthwiseConv
        The first, without biases.
    pointwise : AnalogConv
        The second, with biases and activation.
    supports_masking : bool
        As of the layer of Keras.
    """

    DEPTHWISE: ClassVar[type[AnalogDepthwiseConv]]
    POINTWISE: ClassVar[type[AnalogConv]]

    def __init__(self, depthwise: Setting, pointwise: Setting, supports_masking: bool = False,
                 **settings: Setting) -> None:
        super().__init__(**{"trainable": False, **settings})
        self.depthwise, self.pointwise = part_of(depthwise), part_of(pointwise)
        self.supports_masking = supports_masking

    @classmethod
    def refusal(cls, layer: keras.Layer) -> str | None:
        """None: it stands for all of its kind."""
        return None

    @classmethod
    def of(cls, layer: keras.Layer, maker: Maker) -> Self:
        """The analog twin of a built `layer`, computing exactly until it is programmed."""
        common = {"data_format": layer.data_format, "dtype": layer.dtype_policy}
        channels = layer.depthwise_kernel.shape[-2]
        first = cls.DEPTHWISE.KIND(
            layer.kernel_size, layer.strides, layer.padding, layer.depth_multiplier,
            dilation_rate=layer.dilation_rate, use_bias=False, name="depthwise", **common)
        second = cls.POINTWISE.KIND(layer.filters, 1, activation=layer.activation,
                                    use_bias=layer.use_bias, name="pointwise", **common)
        for part, width, weights in (
                (first, channels, [layer.depthwise_kernel]),
                (second, channels * layer.depth_multiplier, [layer.pointwise_kernel, layer.bias])):
            sides = [None] * layer.rank
            part.build((None, *sides, width) if layer.data_format == "channels_last" else
                       (None, width, *sides))
            part.set_weights([array_of(w) for w in weights if w is not None])
        made = cls(cls.DEPTHWISE.of(first, maker), cls.POINTWISE.of(second, maker),
                   layer.supports_masking, name=layer.name, dtype=layer.dtype_policy)
        made.build()
        return made

    def build(self, _: Shape | None = None) -> None:
        """Make the variables of both."""
        for part in (self.depthwise, self.pointwise):
            if not part.built:
                part.build()

    def call(self, inputs: Tensor) -> Tensor:
        """Inputs to outputs, as of the layer of Keras."""
        return self.pointwise(self.depthwise(inputs))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """As of the layer of Keras."""
        made: Shape = self.pointwise.compute_output_shape(
            self.depthwise.compute_output_shape(input_shape))
        return made

    def get_config(self) -> dict[str, Setting]:
        """Both parts, and what every layer has."""
        parts: dict[str, Any] = {name: keras.saving.serialize_keras_object(getattr(self, name))
                                 for name in ("depthwise", "pointwise")}
        return {**super().get_config(), **parts, "supports_masking": self.supports_masking}


@keras.saving.register_keras_serializable("crossbar")
class AnalogSeparableConv1D(AnalogSeparableConv):
    """`SeparableConv1D`."""

    KIND = keras.layers.SeparableConv1D
    DEPTHWISE, POINTWISE = AnalogDepthwiseConv1D, AnalogConv1D


@keras.saving.register_keras_serializable("crossbar")
class AnalogSeparableConv2D(AnalogSeparableConv):
    """`SeparableConv2D`."""

    KIND = keras.layers.SeparableConv2D
    DEPTHWISE, POINTWISE = AnalogDepthwiseConv2D, AnalogConv2D
