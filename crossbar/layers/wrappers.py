"""Layers of Keras around layers that are analog."""

from typing import Self

import keras

from crossbar.layers.maker import Maker, replace_part
from crossbar.layers.product import CrossbarProduct
from crossbar.layers.untyped import Tensor
from crossbar.layers.watching import looping


@keras.saving.register_keras_serializable("crossbar")
class AnalogTimeDistributed(keras.layers.TimeDistributed):
    """`TimeDistributed` of an analog layer or model."""

    @classmethod
    def of(cls, layer: keras.Layer, maker: Maker) -> Self:
        """`layer` around the analog twin of what it is around."""
        made = cls(maker.child(layer.layer), name=layer.name, dtype=layer.dtype_policy)
        made.build_from_config(layer.get_build_config())
        return made

    def call(self, inputs: Tensor, training: bool | None = None, mask: Tensor = None) -> Tensor:
        """As of `keras.layers.TimeDistributed`; what inputs and outputs are is kept."""
        with looping():
            outputs = super().call(inputs, training, mask)
        inner = getattr(self.layer, "product", None)
        if isinstance(inner, CrossbarProduct):
            inner.observe(inputs, outputs)
        return outputs


class AnalogBidirectional:
    """`Bidirectional` needs no class of its own, only analog layers inside."""

    @classmethod
    def of(cls, layer: keras.Layer, maker: Maker) -> keras.layers.Bidirectional:
        """`layer` around the analog twins of its two."""
        forward, backward = (maker.child(each) for each in (
            layer.forward_layer, layer.backward_layer))
        made = keras.layers.Bidirectional(forward, layer.merge_mode, backward_layer=backward,
                                          name=layer.name, dtype=layer.dtype_policy)
        replace_part(made, "forward_layer", forward)  # Keras has made a copy without its variables
        made.build_from_config(layer.get_build_config())
        return made
