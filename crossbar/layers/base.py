"""What all layers that multiply through solved crossbar tiles have in common."""

import math
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self

import keras
from keras import ops

from crossbar.hardware import Hardware
from crossbar.layers.maker import Maker, array_of, part_of, precision_of
from crossbar.layers.product import CrossbarProduct
from crossbar.layers.untyped import Setting, Shape, Tensor
from crossbar.tiles.matrix import TiledMatrix
from crossbar.tiles.ranges import Range
from device_models.checks import Floats

_SHOWN = 2**24  # numbers that drive rows, shown together


class AnalogLayer(keras.layers.Layer):
    """A layer of one matrix product, which is that of crossbar tiles.

    A layer of another kind says which layer of Keras it stands for and which of its settings it
    needs (`KIND`, `SETTINGS`), of which matrix that layer is made (`matrix_of`), how inputs drive
    rows (`rows`) and how columns become outputs (`outputs`); where Keras has an operation that does
    all of it with an ideal kernel, `native` names it. Its line in `crossbar.layers.registry` does
    the rest. Without current converters a linear circuit is one kernel, and `native` computes it as
    fast as Keras does.

    Parameters
    ----------
    product : CrossbarProduct
        The matrix in its tiles.
    activation : str or callable
        As of the layer of Keras; None is linear.
    output_dtype : str
        What outputs are cast to; currents are not.
    supports_masking : bool
        Whether masks are passed on, as by the layer of Keras.
    digital_bias : tuple of int, optional
        Shape of biases that are no part of the product, since they are not added to its columns.
    **settings
        Those that `SETTINGS` names, and those of every layer of Keras.
    """

    KIND: ClassVar[type[keras.Layer]]
    SETTINGS: ClassVar[tuple[str, ...]] = ()

    def __init__(self, product: CrossbarProduct | Mapping[str, Any], activation: Setting = None,
                 output_dtype: str | None = None, supports_masking: bool = False,
                 digital_bias: Shape | None = None, **settings: Setting) -> None:
        own = {name: settings.pop(name) for name in self.SETTINGS}
        super().__init__(**{"trainable": False, **settings})
        for name, value in own.items():
            setattr(self, name, tuple(value) if isinstance(value, list) else value)
        self.product: CrossbarProduct = part_of(product)
        self.activation = keras.activations.get(activation)
        self.output_dtype = output_dtype or self.compute_dtype
        self.supports_masking = supports_masking
        self.digital_bias = None if digital_bias is None else tuple(digital_bias)

    @classmethod
    def refusal(cls, layer: keras.Layer) -> str | None:
        """Why `layer`, though of this kind, is none that this class can stand for, if so."""
        return None

    @classmethod
    def matrix_of(cls, layer: keras.Layer) -> Floats:
        """The matrices that `layer` multiplies with: (groups, inputs, outputs)."""
        return array_of(layer.kernel)[None]

    @classmethod
    def bias_of(cls, layer: keras.Layer, shape: Shape) -> Floats | None:
        """What is added to their columns, (groups, outputs), if anything is; `shape` is theirs."""
        return array_of(layer.bias).reshape(shape[0], shape[2]) if _has_bias(layer) else None

    @classmethod
    def settings_of(cls, layer: keras.Layer) -> dict[str, Setting]:
        """Arguments of this class that make it a twin of `layer`, but for its product."""
        common = {"activation": layer.activation, "output_dtype": layer.compute_dtype,
                  "supports_masking": layer.supports_masking, "name": layer.name,
                  "dtype": precision_of(layer)}
        return common | cls.own_settings_of(layer)

    @classmethod
    def own_settings_of(cls, layer: keras.Layer) -> dict[str, Setting]:
        """Those that `SETTINGS` names."""
        return {name: getattr(layer, name) for name in cls.SETTINGS}

    @classmethod
    def of(cls, layer: keras.Layer, maker: Maker) -> Self:
        """The analog twin of a built `layer`, computing exactly until its product is programmed."""
        weights = cls.matrix_of(layer)
        bias = cls.bias_of(layer, weights.shape)
        apart = array_of(layer.bias) if bias is None and _has_bias(layer) else None
        made = cls(maker.product(weights, bias, precision_of(layer)), **cls.settings_of(layer),
                   digital_bias=None if apart is None else apart.shape)
        made.build()
        if apart is not None:
            made.bias.assign(apart.astype(made.bias.dtype))
        return made

    @property
    def matrix(self) -> TiledMatrix:
        """The programmed tiles; of a layer of several matrices, those of the first."""
        return self.product.matrices[0]

    @property
    def input_range(self) -> Range:
        """Inputs at minus and plus full read voltage."""
        return self.product.input_range

    @property
    def hardware(self) -> Hardware:
        """What the layer is programmed into."""
        return self.product.hardware

    def build(self, _: Shape | None = None) -> None:
        """Make the variables, whose shapes follow from the settings."""
        if not self.product.built:
            self.product.build()
        if self.digital_bias is not None:
            self.bias = self.add_weight(name="bias", shape=self.digital_bias, trainable=False,
                                        initializer="zeros")

    def rows(self, x: Tensor) -> Tensor:
        """What drives the rows for inputs `x`: (..., groups, inputs)."""
        return ops.expand_dims(x, -2)

    def outputs(self, y: Tensor) -> Tensor:
        """Results (..., groups, outputs) as the layer's outputs."""
        return ops.squeeze(y, -2)

    def native(self, x: Tensor, kernel: Tensor) -> Tensor:
        """Outputs without biases, for inputs `x` and an ideal `kernel` (groups, inputs, outputs).
        """
        return self.outputs(ops.einsum("...gi,gio->...go", self.rows(x), kernel))

    def call(self, inputs: Tensor) -> Tensor:
        """Inputs to outputs, as of the layer of Keras."""
        product = self.product
        x = ops.cast(inputs, self.compute_dtype)
        if product.show is not None:
            self._show(x, product.show)
        if product.by_tiles:
            y = self.outputs(product(self.rows(x)))
        else:
            rows = product.converted(x)
            y = self.add_results(self.native(rows, product.weights_in_use), rows, product.added)
        if self.digital_bias is not None:
            y = self.add_bias(y, self.bias)
        y = ops.cast(self.activation(y), self.output_dtype)
        product.observe(x, y)
        return y

    def add_bias(self, y: Tensor, bias: Tensor) -> Tensor:
        """Outputs with the product's biases (groups, outputs), or digital ones: on the last axis.
        """
        return y + ops.reshape(bias, (-1,))

    def add_results(self, y: Tensor, x: Tensor, added: Tensor | None) -> Tensor:
        """Outputs for inputs `x` with what is added to results (groups, outputs), if anything is.

        Without biases of its own a layer need not have columns that are its outputs: what is added
        goes the way of the results.
        """
        if added is None:
            return y
        if self.product.use_bias:
            return self.add_bias(y, added)
        return y + self.outputs(ops.zeros_like(self.rows(x[:1])[..., :1]) + added)

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """As of the layer of Keras."""
        kind = self.KIND(**{name: getattr(self, name) for name in self.SETTINGS})
        return tuple(kind.compute_output_shape(input_shape))

    def compute_output_spec(self, inputs: keras.KerasTensor) -> keras.KerasTensor:
        """Shape and type of outputs."""
        return keras.KerasTensor(self.compute_output_shape(inputs.shape), self.output_dtype)

    def _show(self, x: Tensor, show: Callable[[keras.Layer, Tensor], None]) -> None:
        """Show what drives the rows, of few samples at a time: images have many windows."""
        numbers = math.prod(self.rows(x[:1]).shape)
        portion = max(1, _SHOWN // max(1, numbers))
        for start in range(0, x.shape[0], portion):
            show(self.product, self.rows(x[start : start + portion]))

    def get_config(self) -> dict[str, Setting]:
        """What is needed to build the layer again; its variables hold the solved circuit."""
        return {**super().get_config(),
                "product": keras.saving.serialize_keras_object(self.product),
                "activation": keras.activations.serialize(self.activation),
                "output_dtype": self.output_dtype, "supports_masking": self.supports_masking,
                "digital_bias": self.digital_bias,
                **{name: getattr(self, name) for name in self.SETTINGS}}


def _has_bias(layer: keras.Layer) -> bool:
    return getattr(layer, "bias", None) is not None
