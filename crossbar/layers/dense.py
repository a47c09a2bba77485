"""`Dense` through solved crossbar tiles."""

import keras
from keras import ops

from crossbar.layers.base import AnalogLayer
from crossbar.layers.untyped import Shape, Tensor


@keras.saving.register_keras_serializable("crossbar")
class AnalogDense(AnalogLayer):
    """`Dense`: the features of the last axis drive the rows."""

    KIND = keras.layers.Dense
    SETTINGS = ("units",)

    def native(self, x: Tensor, kernel: Tensor) -> Tensor:
        """As `Dense` computes it."""
        return ops.matmul(x, ops.reshape(kernel, kernel.shape[1:]))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """The input's shape with `units` features."""
        return (*input_shape[:-1], self.units)
