"""Which analog layer stands for which layer of Keras.

A new type of layer is a new file and its line here.
"""

from typing import Any, Protocol

import keras
from keras import layers

from crossbar.layers.attention import AnalogGroupQueryAttention, AnalogMultiHeadAttention
from crossbar.layers.conv import AnalogConv1D, AnalogConv2D, AnalogConv3D
from crossbar.layers.dense import AnalogDense
from crossbar.layers.depthwise import (
    AnalogDepthwiseConv1D,
    AnalogDepthwiseConv2D,
    AnalogSeparableConv1D,
    AnalogSeparableConv2D,
)
from crossbar.layers.einsum import AnalogEinsumDense
from crossbar.layers.maker import Maker
from crossbar.layers.recurrent import AnalogRNN
from crossbar.layers.transposed import (
    AnalogConv1DTranspose,
    AnalogConv2DTranspose,
    AnalogConv3DTranspose,
)
from crossbar.layers.wrappers import AnalogBidirectional, AnalogTimeDistributed


class Twin(Protocol):
    """A class that makes analog twins of a kind of layer."""

    @classmethod
    def refusal(cls, layer: keras.Layer) -> str | None:
        """Why `layer`, though of that kind, can have no twin, if so."""

    @classmethod
    def of(cls, layer: keras.Layer, maker: Maker) -> keras.Layer:
        """The twin of a built `layer`, computing exactly until its products are programmed."""


ANALOG: dict[type[keras.Layer], Any] = {
    layers.Dense: AnalogDense,
    layers.EinsumDense: AnalogEinsumDense,
    layers.Conv1D: AnalogConv1D,
    layers.Conv2D: AnalogConv2D,
    layers.Conv3D: AnalogConv3D,
    layers.DepthwiseConv1D: AnalogDepthwiseConv1D,
    layers.DepthwiseConv2D: AnalogDepthwiseConv2D,
    layers.SeparableConv1D: AnalogSeparableConv1D,
    layers.SeparableConv2D: AnalogSeparableConv2D,
    layers.Conv1DTranspose: AnalogConv1DTranspose,
    layers.Conv2DTranspose: AnalogConv2DTranspose,
    layers.Conv3DTranspose: AnalogConv3DTranspose,
    layers.MultiHeadAttention: AnalogMultiHeadAttention,
    layers.GroupQueryAttention: AnalogGroupQueryAttention,
    layers.SimpleRNN: AnalogRNN,
    layers.LSTM: AnalogRNN,
    layers.GRU: AnalogRNN,
    layers.RNN: AnalogRNN,
}
WRAPPERS: dict[type[keras.Layer], Any] = {
    layers.TimeDistributed: AnalogTimeDistributed,
    layers.Bidirectional: AnalogBidirectional,
}

# What a subclass may define without computing anything else than its base.
_HARMLESS = {"__module__", "__qualname__", "__doc__", "__init__", "get_config", "from_config",
             "__firstlineno__", "__static_attributes__", "__annotations__", "__annotate_func__",
             "__annotations_cache__", "_auto_config"}


def registered(layer: keras.Layer, kinds: dict[type[keras.Layer], Any]) -> Any:
    """The entry of `kinds` for `layer`, or None.

    A subclass of what is registered counts as that if it defines nothing that could compute
    something else; every conversion is checked against the original besides.
    """
    for kind in type(layer).__mro__:
        if kind in kinds:
            return kinds[kind]
        if own_methods(kind):
            return None
    return None


def own_methods(kind: type) -> list[str]:
    """What a class defines that could make it compute something else than its bases."""
    return sorted(set(vars(kind)) - _HARMLESS)


def analog_twin(layer: keras.Layer) -> Any:
    """The `Twin` that stands for `layer`, or None."""
    return registered(layer, ANALOG)
