"""A network in one line: its name, and the sizes of the layers that have weights."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import keras


def describe_network(name: str | Path, model: "keras.Model") -> str:
    """As "lenet: conv1 5x5x6, conv2 5x5x16, hidden1 120, hidden2 84, output 10".

    `name` is that of a bundled network, or the file that `model` is from. A layer that has neither
    units nor filters is described by its class.
    """
    layers = [f"{layer.name} {_size(layer)}" for layer in model.layers if layer.weights]
    return f"{Path(name).name}: {', '.join(layers)}"


def _size(layer: "keras.Layer") -> str:
    """The sides of a convolution's kernel, and the outputs, as of `Dense`."""
    outputs = getattr(layer, "units", None) or getattr(layer, "filters", None)
    if outputs is None:
        return type(layer).__name__
    return "x".join(map(str, (*getattr(layer, "kernel_size", ()), outputs)))
