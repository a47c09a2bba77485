"""Attention whose projections are analog; scores and their sums stay digital."""

from typing import Any, ClassVar, Self

import keras

from crossbar.layers.einsum import AnalogEinsumDense
from crossbar.layers.maker import Maker, part_of, replace_part
from crossbar.layers.untyped import Setting, Shape

_NAMES = ("_query_dense", "_key_dense", "_value_dense", "_output_dense", "_gate_dense")


class _AnalogProjections:
    """The projections of an attention layer of Keras, replaced by analog ones.

    Parameters
    ----------
    projections : mapping
        An `AnalogEinsumDense` for the name of each projection.
    """

    KIND: ClassVar[type[keras.Layer]]

    def __init__(self, *args: Any, projections: Any, **settings: Setting) -> None:
        super().__init__(*args, **settings)
        self._made = {name: part_of(part) for name, part in dict(projections).items()}

    @classmethod
    def refusal(cls, layer: keras.Layer) -> str | None:
        """None: it stands for all of its kind."""
        return None

    @classmethod
    def of(cls, layer: keras.Layer, maker: Maker) -> Self:
        """The analog twin of a built `layer`, computing exactly until it is programmed."""
        parts = {name: AnalogEinsumDense.of(getattr(layer, name), maker) for name in _NAMES
                 if getattr(layer, name, None) is not None}
        config = cls.KIND.get_config(layer)
        made = cls(**{**config, "trainable": False}, projections=parts)
        made.build_from_config(layer.get_build_config())  # type: ignore[attr-defined]  # of Keras
        return made

    def build(self, query_shape: Shape, value_shape: Shape, key_shape: Shape | None = None) -> None:
        """As of Keras, then with analog projections."""
        super().build(query_shape, value_shape, key_shape)  # type: ignore[misc]  # of Keras
        for name, part in self._made.items():
            if not part.built:
                part.build()
            replace_part(self, name, part)

    def get_config(self) -> dict[str, Setting]:
        """As of Keras, with the projections."""
        config: dict[str, Setting] = super().get_config()  # type: ignore[misc]  # likewise
        return {**config, "projections": {
            name: keras.saving.serialize_keras_object(part) for name, part in self._made.items()}}


@keras.saving.register_keras_serializable("crossbar")
class AnalogMultiHeadAttention(_AnalogProjections, keras.layers.MultiHeadAttention):
    """`MultiHeadAttention`."""

    KIND = keras.layers.MultiHeadAttention


@keras.saving.register_keras_serializable("crossbar")
class AnalogGroupQueryAttention(_AnalogProjections, keras.layers.GroupQueryAttention):
    """`GroupQueryAttention`."""

    KIND = keras.layers.GroupQueryAttention
