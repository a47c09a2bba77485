"""What reaches the layers of a model when it runs."""

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import Floats

_BATCH = 1024


class _Probe(keras.layers.Wrapper):
    """Pass inputs on to a layer, and show them."""

    def __init__(self, layer: keras.Layer, show: Callable[[str, Any], None]) -> None:
        super().__init__(layer)
        self._show = show

    def call(self, inputs: Any) -> Any:
        if hasattr(inputs, "numpy"):  # a value, not a symbol of a graph being built
            self._show(self.layer.name, inputs.numpy())
        return self.layer(inputs)


def layer_inputs(model: keras.Model, x: ArrayLike, kind: type) -> dict[str, Floats]:
    """Inputs (samples, features) of every layer of `kind` in `model`, for model inputs `x`.

    A layer used several times has the samples of all its uses.
    """
    seen: dict[str, list[Floats]] = {}

    def show(name: str, inputs: Any) -> None:
        seen.setdefault(name, []).append(inputs.reshape(-1, inputs.shape[-1]))

    def wrap(layer: keras.Layer) -> keras.Layer:
        return _Probe(layer, show) if isinstance(layer, kind) else layer

    probed = keras.models.clone_model(model, clone_function=wrap)
    samples = np.asarray(x)
    for start in range(0, len(samples), _BATCH):
        probed(samples[start : start + _BATCH], training=False)
    return {name: np.concatenate(parts).astype(np.float64) for name, parts in seen.items()}
