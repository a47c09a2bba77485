"""What stands for a normalisation that has become part of other weights."""

import keras

from crossbar.layers.untyped import Setting, Shape, Tensor


@keras.saving.register_keras_serializable("crossbar")
class FoldedNormalization(keras.layers.Layer):
    """Nothing is left to do; it is called with what a normalisation is called with."""

    def __init__(self, **settings: Setting) -> None:
        super().__init__(**settings)
        self.supports_masking = True

    def call(self, inputs: Tensor, training: bool | None = None, mask: Tensor = None) -> Tensor:
        """The inputs."""
        return inputs

    def compute_output_shape(self, input_shape: Shape) -> Shape:
        """That of the inputs."""
        return input_shape
