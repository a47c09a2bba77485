"""What reaches the layers of a model when it runs."""

from collections.abc import Callable, Sequence

import keras
import numpy as np
from numpy.typing import ArrayLike, NDArray

from crossbar.layers.untyped import Tensor
from device_models.checks import Floats

Inputs = ArrayLike | Sequence[ArrayLike]
Array = NDArray[np.generic]
_BATCH = 1024


class _Probe(keras.layers.Wrapper):
    """Pass inputs on to a layer, and show them."""

    def __init__(self, layer: keras.Layer, show: Callable[[str, Array], None]) -> None:
        super().__init__(layer)
        self._show = show

    def call(self, inputs: Tensor) -> Tensor:
        if hasattr(inputs, "numpy"):  # a value, not a symbol of a graph being built
            self._show(self.layer.name, inputs.numpy())
        return self.layer(inputs)


def _count(model: keras.Model, arrays: list[Array]) -> int:
    """Number of samples; refuses what cannot be run through `model`."""
    if len(arrays) != len(model.inputs):
        raise ValueError(f"got {len(arrays)} input arrays; model {model.name!r} takes "
                         f"{len(model.inputs)}")
    for part, wanted in zip(arrays, model.inputs, strict=True):
        fits = part.ndim == len(wanted.shape) and all(
            want in (None, have) for have, want in zip(part.shape, wanted.shape, strict=True))
        if not fits or len(part) == 0 or len(part) != len(arrays[0]):
            raise ValueError(f"inputs have shape {part.shape}; model {model.name!r} takes "
                             f"{('samples', *wanted.shape[1:])} with one sample or more")
        if part.dtype.kind == "f" and not np.all(np.isfinite(part)):
            raise ValueError("inputs have entries that are not finite")
    return len(arrays[0])


def layer_inputs(model: keras.Model, x: Inputs, wanted: Callable[[keras.Layer], bool]
                 ) -> dict[str, Floats]:
    """Inputs (samples, features) of every `wanted` layer of `model`, for model inputs `x`.

    `x` is one array, or a list of them for a model of several inputs. A layer used several times
    has the samples of all its uses.
    """
    seen: dict[str, list[Array]] = {}

    def show(name: str, inputs: Array) -> None:
        seen.setdefault(name, []).append(inputs.reshape(-1, inputs.shape[-1]))

    def wrap(layer: keras.Layer) -> keras.Layer:
        return _Probe(layer, show) if wanted(layer) else layer

    arrays = [np.asarray(part) for part in (x if isinstance(x, (list, tuple)) else [x])]
    samples = _count(model, arrays)
    probed = keras.models.clone_model(model, clone_function=wrap)
    for start in range(0, samples, _BATCH):
        batch = [part[start : start + _BATCH] for part in arrays]
        probed(batch if len(batch) > 1 else batch[0], training=False)
    return {name: np.concatenate(parts).astype(np.float64) for name, parts in seen.items()}
