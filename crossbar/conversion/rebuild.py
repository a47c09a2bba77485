"""The same graph with other layers, compiled as the original is."""

import warnings
from collections.abc import Callable
from threading import RLock
from typing import Any

import keras

from crossbar.layers.maker import copy_into
from crossbar.layers.model import AnalogModel, AnalogSequential, looking
from crossbar.layers.registry import own_methods

Exchange = Callable[[keras.Layer], keras.Layer]
ALONE = RLock()  # while a model, which others may convert as well, is not what it is


def rebuild(model: keras.Model, exchange: Exchange) -> keras.Model:
    """A Sequential or functional model with `exchange(layer)` in the place of every layer.

    Layers that it returns as they are belong to both models then. Keras' two classes become those
    that look at what their layers have seen. A class derived from `keras.Model` is kept, and the
    model looks as long as it is not loaded from a file; where it cannot be, a warning says so.
    """
    made = _cloned(model, exchange)
    if isinstance(model, keras.Sequential):
        _warn_of_lost_class(model, keras.Sequential)
        first = [] if made.built and not made.inputs else _input_of(model)
        return AnalogSequential([*first, *made.layers], name=model.name,
                                trainable=model.trainable)
    functional = type(_functional())
    if type(made) is not functional:
        return looking(made)
    _warn_of_lost_class(model, functional)
    return AnalogModel(made.input, made.output, name=model.name)


def _warn_of_lost_class(model: keras.Model, kept: type[keras.Model]) -> None:
    """Of a class that does something of its own, which `kept` does not."""
    kind = type(model)
    if kind not in (kept, AnalogModel, AnalogSequential) and own_methods(kind):
        warnings.warn(f"model {model.name!r} is a {kind.__name__}, of which Keras copies the graph "
                      f"only: the analog model lacks {', '.join(own_methods(kind))}",
                      UserWarning, stacklevel=6)


def copy_compilation(model: keras.Model, made: keras.Model) -> None:
    """Compile `made` as `model` is: by configuration, or with its own losses and metrics.

    Warns where a model compiles itself in a way of its own.
    """
    with ALONE:
        compiled = model.compiled
    if not compiled:
        return
    if type(made).compile is not keras.Model.compile:
        warnings.warn(f"model {model.name!r} has a compile() of its own: compile what "
                      "crossbar.to_analog returned yourself", UserWarning, stacklevel=3)
        return
    try:
        made.compile_from_config(model.get_compile_config())
    except (TypeError, ValueError):  # losses or metrics that nobody has registered
        asked = dict(model._compile_config.config)
        if isinstance(asked.get("optimizer"), keras.optimizers.Optimizer):
            optimizer = asked["optimizer"]
            asked["optimizer"] = type(optimizer).from_config(optimizer.get_config())
        made.compile(**asked)


def copied(layer: keras.Layer) -> keras.Layer:
    """A layer like this one, with the same values in variables of its own.

    Raises TypeError if it cannot be made of its configuration.
    """
    try:
        made = type(layer).from_config(layer.get_config())
        if layer.built and not made.built:
            made.build_from_config(layer.get_build_config())
        for mine, its in zip(made.variables, layer.variables, strict=True):
            copy_into(mine, its)
    except Exception as error:  # whatever a class of the user's own may raise
        raise TypeError(f"layer {layer.name!r} ({type(layer).__name__}) stays digital and cannot "
                        f"be copied, so that training would change the original ({error}); give "
                        "its class a get_config() that holds its arguments") from error
    return made


def _cloned(model: keras.Model, exchange: Exchange) -> keras.Model:
    """By Keras, which would also compile it."""
    with ALONE:
        compiled = model.compiled
        model.compiled = False
        try:
            return keras.models.clone_model(model, _optional_inputs(model),
                                            clone_function=exchange)
        finally:
            model.compiled = compiled


def _optional_inputs(model: keras.Model) -> Any:
    """New inputs of a functional model that can do without some; Keras' clones could not."""
    def new(x: keras.KerasTensor) -> keras.KerasTensor:
        layer = x._keras_history.operation
        return keras.Input(batch_shape=x.shape, dtype=x.dtype, sparse=x.sparse, name=layer.name,
                           optional=layer.optional)

    if isinstance(model, keras.Sequential) or not any(
            getattr(x._keras_history.operation, "optional", False) for x in model.inputs):
        return None
    return keras.tree.map_structure(new, model.input)


def _input_of(model: keras.Model) -> list[keras.layers.Layer]:
    """The input of a Sequential model."""
    (x,) = model.inputs
    return [keras.layers.InputLayer(batch_shape=x.shape, dtype=x.dtype, sparse=x.sparse,
                                    name=x.name)]


def _functional() -> keras.Model:
    """A model of the class that `keras.Model(inputs, outputs)` has."""
    x = keras.Input((1,))
    return keras.Model(x, x)
