"""Cells of recurrent layers through solved crossbar tiles."""

from typing import Any, ClassVar, Self

import keras
from keras import ops

from crossbar.layers.maker import Maker, array_of, part_of, precision_of
from crossbar.layers.untyped import Setting, Shape, Tensor
from device_models.checks import Floats

Weights = tuple[Floats, Floats | None]
"""A kernel (inputs, outputs) and biases (outputs,)."""


class AnalogCell(keras.layers.Layer):
    """One step of a recurrent layer, with a product each for its inputs and for its state.

    Inputs drive the arrays of the kernel, the state those of the recurrent kernel; gates are
    digital. Dropout of the layer of Keras, which acts in training only, is left out.

    Parameters
    ----------
    products : sequence of CrossbarProduct
        Of the names `PARTS`, in that order.
    units : int
        Size of the state.
    activation, recurrent_activation : str or callable
        As of the cell of Keras.
    """

    KIND: ClassVar[type[keras.layers.Layer]]
    PARTS: ClassVar[tuple[str, ...]] = ("kernel", "recurrent")
    SETTINGS: ClassVar[tuple[str, ...]] = ("units",)

    def __init__(self, products: Any, activation: Setting = None,
                 recurrent_activation: Setting = None, **settings: Setting) -> None:
        own = {name: settings.pop(name) for name in self.SETTINGS}
        super().__init__(**{"trainable": False, **settings})
        for name, value in own.items():
            setattr(self, name, value)
        self.products = [part_of(each) for each in products]
        self.activation = keras.activations.get(activation)
        self.recurrent_activation = keras.activations.get(recurrent_activation)
        self.state_size: int | list[int] = self.units
        self.output_size = self.units

    @classmethod
    def weights_of(cls, cell: keras.Layer) -> list[Weights]:
        """Kernel and biases of each of `PARTS`."""
        bias = None if cell.bias is None else array_of(cell.bias)
        return [(array_of(cell.kernel), bias), (array_of(cell.recurrent_kernel), None)]

    @classmethod
    def of(cls, cell: keras.Layer, maker: Maker) -> Self:
        """The analog twin of a built `cell`, computing exactly until it is programmed."""
        kind = precision_of(cell)
        products = [maker.product(kernel[None], None if bias is None else bias[None], kind, name)
                    for name, (kernel, bias) in zip(cls.PARTS, cls.weights_of(cell), strict=True)]
        made = cls(products, cell.activation, getattr(cell, "recurrent_activation", None),
                   **{name: getattr(cell, name) for name in cls.SETTINGS}, name=cell.name,
                   dtype=kind)
        made.build()
        return made

    def build(self, _: Shape | None = None) -> None:
        """Make the variables, whose shapes follow from the settings."""
        for product in self.products:
            if not product.built:
                product.build()

    def times(self, part: str, x: Tensor) -> Tensor:
        """x (batch, inputs) through the product of that name, biases included."""
        product = self.products[self.PARTS.index(part)]
        rows = ops.expand_dims(ops.cast(x, self.compute_dtype), -2)
        if product.show is not None:
            product.show(product, rows)
        return ops.squeeze(product(rows), -2)

    def get_initial_state(self, batch_size: int | None = None) -> list[Tensor]:
        """Zeros."""
        sizes = [self.state_size] if isinstance(self.state_size, int) else self.state_size
        return [ops.zeros((batch_size, size), dtype=self.compute_dtype) for size in sizes]

    def get_config(self) -> dict[str, Setting]:
        """What is needed to build the cell again; its variables hold the solved circuits."""
        return {**super().get_config(),
                "products": [keras.saving.serialize_keras_object(each) for each in self.products],
                "activation": keras.activations.serialize(self.activation),
                "recurrent_activation": keras.activations.serialize(self.recurrent_activation),
                **{name: getattr(self, name) for name in self.SETTINGS}}


@keras.saving.register_keras_serializable("crossbar")
class AnalogSimpleRNNCell(AnalogCell):
    """`SimpleRNNCell`."""

    KIND = keras.layers.SimpleRNNCell

    def call(self, inputs: Tensor, states: list[Tensor], training: bool = False
             ) -> tuple[Tensor, list[Tensor]]:
        """One step."""
        h = self.activation(self.times("kernel", inputs) + self.times("recurrent", states[0]))
        return h, [h]


@keras.saving.register_keras_serializable("crossbar")
class AnalogLSTMCell(AnalogCell):
    """`LSTMCell`."""

    KIND = keras.layers.LSTMCell

    def __init__(self, *args: Any, **settings: Setting) -> None:
        super().__init__(*args, **settings)
        self.state_size = [self.units, self.units]

    def call(self, inputs: Tensor, states: list[Tensor], training: bool = False
             ) -> tuple[Tensor, list[Tensor]]:
        """One step."""
        h, c = states
        gates = self.times("kernel", inputs) + self.times("recurrent", h)
        into, forget, candidate, out = ops.split(gates, 4, axis=-1)
        c = (self.recurrent_activation(forget) * c
             + self.recurrent_activation(into) * self.activation(candidate))
        h = self.recurrent_activation(out) * self.activation(c)
        return h, [h, c]


@keras.saving.register_keras_serializable("crossbar")
class AnalogGRUCell(AnalogCell):
    """`GRUCell` that resets after its product with the state."""

    KIND = keras.layers.GRUCell

    @classmethod
    def weights_of(cls, cell: keras.Layer) -> list[Weights]:
        first, second = (None, None) if cell.bias is None else array_of(cell.bias)
        return [(array_of(cell.kernel), first), (array_of(cell.recurrent_kernel), second)]

    def call(self, inputs: Tensor, states: list[Tensor], training: bool = False
             ) -> tuple[Tensor, list[Tensor]]:
        """One step."""
        h = states[0]
        x_update, x_reset, x_new = ops.split(self.times("kernel", inputs), 3, axis=-1)
        h_update, h_reset, h_new = ops.split(self.times("recurrent", h), 3, axis=-1)
        reset = self.recurrent_activation(x_reset + h_reset)
        return self._mixed(h, x_update + h_update, x_new + reset * h_new)

    def _mixed(self, h: Tensor, update: Tensor, new: Tensor) -> tuple[Tensor, list[Tensor]]:
        z = self.recurrent_activation(update)
        h = z * h + (1.0 - z) * self.activation(new)
        return h, [h]


@keras.saving.register_keras_serializable("crossbar")
class AnalogGRUCellResetBefore(AnalogGRUCell):
    """`GRUCell(reset_after=False)`: the candidate's columns are read with the state it keeps."""

    PARTS = ("kernel", "recurrent", "candidate")

    @classmethod
    def weights_of(cls, cell: keras.Layer) -> list[Weights]:
        recurrent = array_of(cell.recurrent_kernel)
        bias = None if cell.bias is None else array_of(cell.bias)
        return [(array_of(cell.kernel), bias), (recurrent[:, : 2 * cell.units], None),
                (recurrent[:, 2 * cell.units :], None)]

    def call(self, inputs: Tensor, states: list[Tensor], training: bool = False
             ) -> tuple[Tensor, list[Tensor]]:
        """One step."""
        h = states[0]
        x_update, x_reset, x_new = ops.split(self.times("kernel", inputs), 3, axis=-1)
        h_update, h_reset = ops.split(self.times("recurrent", h), 2, axis=-1)
        reset = self.recurrent_activation(x_reset + h_reset)
        return self._mixed(h, x_update + h_update, x_new + self.times("candidate", reset * h))
