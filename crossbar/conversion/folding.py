"""Batch normalisations folded into the linear layers before them."""

import keras
import numpy as np

from crossbar.layers.maker import array_of
from device_models.checks import Floats

# Layers whose outputs have channels, and where among the axes of their kernel these are.
_KINDS: dict[type[keras.Layer], str] = {
    keras.layers.Dense: "last", keras.layers.Conv1D: "last", keras.layers.Conv2D: "last",
    keras.layers.Conv3D: "last", keras.layers.DepthwiseConv1D: "both",
    keras.layers.DepthwiseConv2D: "both", keras.layers.Conv1DTranspose: "last but one",
    keras.layers.Conv2DTranspose: "last but one", keras.layers.Conv3DTranspose: "last but one",
}


def foldable(model: keras.Model) -> list[tuple[keras.Layer, keras.Layer]]:
    """Linear layers of a graph with the normalisations that can be folded into them.

    One that normalises the channels of what a linear layer gives, which goes nowhere else.
    """
    if isinstance(model, keras.Sequential):
        following = list(zip(model.layers[:-1], model.layers[1:], strict=True))
    else:
        following = _only_consumers(model)
    return [(layer, normal) for layer, normal in following
            if type(normal) is keras.layers.BatchNormalization and _takes(layer, normal)]


def folded(layer: keras.Layer, normal: keras.Layer) -> keras.Layer:
    """A layer like `layer` that gives what `normal` makes of it."""
    gain, shift = _factors(normal)
    made = type(layer).from_config({**layer.get_config(), "use_bias": True})
    made.build_from_config(layer.get_build_config())
    kernel = array_of(layer.kernel)
    shape = {"last": (-1,), "last but one": (-1, 1), "both": kernel.shape[-2:]}[_KINDS[type(layer)]]
    bias = 0.0 if layer.bias is None else array_of(layer.bias)
    made.set_weights([kernel * gain.reshape(shape), bias * gain + shift])
    return made


def _factors(normal: keras.Layer) -> tuple[Floats, Floats]:
    """What a built `BatchNormalization` multiplies channels by as it infers, and then adds."""
    variance, mean = array_of(normal.moving_variance), array_of(normal.moving_mean)
    gain = np.asarray(1.0 / np.sqrt(variance + normal.epsilon))
    gain = gain * array_of(normal.gamma) if normal.scale else gain
    return gain, (array_of(normal.beta) if normal.center else 0.0) - mean * gain


def _takes(layer: keras.Layer, normal: keras.Layer) -> bool:
    """Whether `layer` is linear and gives the channels that `normal` normalises."""
    if type(layer) not in _KINDS or layer.activation is not keras.activations.linear:
        return False
    if getattr(layer, "quantization_mode", None) or getattr(layer, "lora_enabled", False):
        return False
    rank = len(layer.output.shape)
    first = getattr(layer, "data_format", "channels_last") == "channels_first"
    axis = normal.axis if isinstance(normal.axis, int) else normal.axis[0]
    return int(axis) % rank == (1 if first else rank - 1)


def _only_consumers(model: keras.Model) -> list[tuple[keras.Layer, keras.Layer]]:
    """Pairs of layers, used once each, of which the second alone takes what the first gives."""
    consumers: dict[int, list[keras.Layer]] = {}
    uses: dict[int, int] = {}
    for operation in model.operations:
        nodes = [node for node in operation._inbound_nodes if node in _nodes(model)]
        uses[id(operation)] = len(nodes)
        for node in nodes:
            for x in node.input_tensors:
                consumers.setdefault(id(x), []).append(operation)
    outputs = {id(y) for y in keras.tree.flatten(model.output)}
    found = []
    for layer in model.layers:
        if uses.get(id(layer)) != 1 or isinstance(layer, keras.layers.InputLayer):
            continue
        node = next(node for node in layer._inbound_nodes if node in _nodes(model))
        y = node.outputs[0]
        after = consumers.get(id(y), [])
        if len(after) == 1 and uses[id(after[0])] == 1 and id(y) not in outputs:
            found.append((layer, after[0]))
    return found


def _nodes(model: keras.Model) -> set[object]:
    """Uses of layers that belong to `model`."""
    return {node for nodes in model._nodes_by_depth.values() for node in nodes}
