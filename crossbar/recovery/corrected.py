"""An analog model once more, made to hold corrections."""

from typing import Any

import keras

from crossbar.conversion.plan import is_graph
from crossbar.conversion.rebuild import copy_compilation, rebuild
from crossbar.conversion.stand_ins import copy_devices
from crossbar.layers.maker import Maker, copy_into
from crossbar.layers.model import own_variables, products_of
from crossbar.layers.product import CrossbarProduct
from crossbar.layers.registry import WRAPPERS, registered
from crossbar.layers.untyped import Setting
from crossbar.recovery.ranges import as_mapped

_NAME = CrossbarProduct.__name__


def corrected(model: keras.Model, per_tile: bool) -> keras.Model:
    """`model` as it was before any correction, its products made to have one; nothing of it is
    changed, and layers without crossbars belong to both."""
    made = _Twins(per_tile).of(model)
    copy_compilation(model, made)
    return made


class _Twins:
    """Makes each layer once, at any depth."""

    def __init__(self, per_tile: bool) -> None:
        self.per_tile = per_tile
        self._made: dict[int, Any] = {}

    def of(self, model: keras.Model) -> keras.Model:
        """The graph of `model` with other layers."""
        made = rebuild(model, self._child)
        made.reasons.update(getattr(model, "reasons", {}))
        return made

    def _child(self, layer: Any) -> Any:
        if id(layer) not in self._made:
            self._made[id(layer)] = self._twin(layer) if isinstance(
                layer, keras.layers.Layer) and products_of(layer) else layer
        return self._made[id(layer)]

    def _twin(self, layer: keras.Layer) -> keras.Layer:
        if is_graph(layer):
            return self.of(layer)
        wrapper = registered(layer, WRAPPERS)
        if wrapper is not None:
            made: keras.Layer = wrapper.of(layer, Maker(self._child))
            return made
        made = type(layer).from_config(self._marked(layer.get_config()))
        shapes = layer.get_build_config()
        if shapes is not None:
            made.build_from_config(shapes)
        elif not made.built:
            made.build()
        _copy(layer, made)
        return made

    def _marked(self, config: Setting) -> Setting:
        """A configuration with that of every product made to be corrected."""
        if isinstance(config, (list, tuple)):
            return type(config)(map(self._marked, config))
        if not isinstance(config, dict):
            return config
        marked = {key: self._marked(value) for key, value in config.items()}
        if marked.get("class_name") == _NAME:
            marked["config"] |= {"corrected": True, "per_tile": self.per_tile}
        return marked


def _copy(layer: keras.Layer, made: keras.Layer) -> None:
    """What the variables of `layer` hold, but for corrections, into those of `made`."""
    for product, other in zip(products_of(layer), products_of(made), strict=True):
        copy_devices(product, other)
        as_mapped(other)
    for variable, other in zip(own_variables(layer), own_variables(made), strict=True):
        copy_into(other, variable)
