"""`Dense` through solved crossbar tiles."""

from collections.abc import Callable

import keras

from crossbar.layers.base import AnalogLayer
from crossbar.layers.untyped import Setting, Shape, Tensor


@keras.saving.register_keras_serializable("crossbar")
class AnalogDense(AnalogLayer):
    """A `Dense` layer whose matrix product is that of solved crossbar tiles.

    Parameters
    ----------
    units : int
        Number of outputs.
    activation : str or callable
        As in `keras.layers.Dense`.
    **settings
        As of `AnalogLayer`.
    """

    def __init__(self, units: int, activation: str | Callable[[Tensor], Tensor] | None = None,
                 **settings: Setting) -> None:
        super().__init__(**settings)
        self.units = units
        self.activation = keras.activations.get(activation)

    @classmethod
    def settings_of(cls, layer: keras.Layer) -> dict[str, Setting]:
        """Units and activation."""
        return {"units": layer.units, "activation": layer.activation}

    def build(self, input_shape: Shape) -> None:
        """Make the weights for inputs (..., features)."""
        self.add_tiles(input_shape[-1], self.units)

    def call(self, inputs: Tensor) -> Tensor:
        """Inputs (..., features) to outputs (..., units)."""
        return self.activation(self.product(inputs))

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """The input's shape with `units` features."""
        return (*input_shape[:-1], self.units)

    def get_config(self) -> dict[str, Setting]:
        """As of every analog layer, with units and activation."""
        return {**super().get_config(), "units": self.units,
                "activation": keras.activations.serialize(self.activation)}
