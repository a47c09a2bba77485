"""A conversion checks itself: with exact weights it must be the original."""

import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

import keras
import numpy as np

from crossbar.conversion.samples import Batch, drawn
from crossbar.layers.model import all_layers
from crossbar.layers.product import CrossbarProduct
from crossbar.layers.untyped import Tensor
from device_models.checks import Floats

Pairs = Sequence[tuple[keras.Layer, keras.Layer]]
"""Layers of the original with what stands in their places."""
Seen = dict[int, list[tuple[list[Floats], list[Floats]]]]
"""Inputs and outputs of each call of layers, by their ids."""
SAMPLES = 16
# Of the largest output: rounding in another order through tens of layers, which half precision,
# that analog layers do not compute in, makes coarse.
_WITHIN = 5.0  # looser for one layer, whose sums may cancel
_TOLERANCE = {"float64": 1e-9, "float32": 2e-4, "float16": 0.05, "bfloat16": 0.2}


def check(model: keras.Model, analog: keras.Model, pairs: Pairs, sample: Batch | None) -> None:
    """Compare `analog`, which still has exact weights, with `model`, layer by layer and as a whole.

    Raises
    ------
    ValueError
        If they differ by more than rounding; the first layer that does is named.
    """
    batch = drawn(model) if sample is None else keras.tree.map_structure(
        lambda a: a if model.inputs[0].shape[0] else a[:SAMPLES], sample)
    try:
        with _watched([layer for layer, _ in pairs]) as before:
            expected = run(model, batch)
    except Exception as error:  # drawn inputs may be none that a model can take
        if sample is not None:
            raise
        warnings.warn(f"the conversion of {model.name!r} could not be checked: the model does not "
                      f"run on drawn inputs ({error}); pass calibration", UserWarning, stacklevel=4)
        return
    if not all(np.all(np.isfinite(y)) for y in expected if y.dtype.kind == "f"):
        raise ValueError(f"model {model.name!r} itself has outputs that are not finite on "
                         + ("drawn inputs: pass calibration" if sample is None else "calibration"))
    with _watched([twin for _, twin in pairs]) as after:
        found = run(analog, batch)
    worst = max(_distance(a, b) for a, b in zip(expected, found, strict=True))
    culprit = _first_to_differ(pairs, before, after)
    if culprit is None and worst <= max(map(_tolerance, all_layers(model))):
        return
    raise ValueError(
        f"{culprit or 'something'} computes something else than the original even with exact "
        f"weights: outputs of model {model.name!r} differ by {worst:.2g} of the largest. Leave "
        "that layer digital with digital=(...,), or register a twin for its class")


def run(model: keras.Model, batch: Batch) -> list[Floats]:
    """Outputs of `model`, run eagerly from cleared states; what it keeps is as it was before."""
    with _unmoved(model):
        for state in _states(model):
            state.assign(keras.ops.zeros_like(state.value))
        return [_array(y) for y in keras.tree.flatten(model(batch, training=False))]


@contextmanager
def _unmoved(model: keras.Model) -> Iterator[None]:
    """Afterwards states, counters and seeds are those of now; weights of products never move."""
    solved = {id(v) for layer in all_layers(model) if isinstance(layer, CrossbarProduct)
              for v in layer.variables}
    before = [(v, np.array(keras.ops.convert_to_numpy(v)))
              for v in (*model.variables, *_states(model))
              if not v.trainable and id(v) not in solved]
    try:
        yield
    finally:
        for variable, value in before:
            variable.assign(value)


def _states(model: keras.Model) -> list[keras.Variable]:
    """What recurrent layers keep between batches, which Keras counts among no variables."""
    return [state for layer in all_layers(model) if getattr(layer, "stateful", False)
            for state in keras.tree.flatten(getattr(layer, "states", None))
            if isinstance(state, keras.Variable)]


def _array(y: Tensor) -> Floats:
    """NumPy has no bfloat16."""
    half = keras.backend.standardize_dtype(y.dtype) == "bfloat16"
    return np.asarray(keras.ops.convert_to_numpy(keras.ops.cast(y, "float32") if half else y))


def _tolerance(layer: keras.Layer) -> float:
    return _TOLERANCE.get(layer.compute_dtype, _TOLERANCE["float32"])


def _distance(a: Floats, b: Floats) -> float:
    """Largest difference, in units of the largest of `a`."""
    if a.shape != b.shape:
        return np.inf
    if a.dtype.kind not in "fc":
        return float(np.mean(a != b))
    wide = a.astype(np.float64)
    size = float(np.abs(wide).max(initial=0.0))
    return float(np.abs(wide - b).max(initial=0.0)) / (size or 1.0)


def _equal(a: list[Floats], b: list[Floats], tolerance: float) -> bool:
    return all(_distance(p, q) <= tolerance for p, q in zip(a, b, strict=False))


def _first_to_differ(pairs: Pairs, before: Seen, after: Seen) -> str | None:
    """The first layer whose outputs differ though its inputs do not, in words."""
    for layer, twin in pairs:
        tolerance = _WITHIN * _tolerance(layer)
        for (x, y), (u, v) in zip(before[id(layer)], after[id(twin)], strict=False):
            if _equal(x, u, tolerance) and not _equal(y, v, tolerance):
                return f"layer {layer.name!r} ({type(layer).__name__})"
    return None


@contextmanager
def _watched(layers: Sequence[keras.Layer]) -> Iterator[Seen]:
    """What goes into `layers` and comes out of them, call by call, by the layers' ids."""
    seen: Seen = {id(layer): [] for layer in layers}

    def watching(layer: keras.Layer, call: Callable[..., Tensor]) -> Callable[..., Tensor]:
        def watched(*args: Any, **settings: Any) -> Tensor:
            outputs = call(*args, **settings)
            seen[id(layer)].append((_values(args), _values(outputs)))
            return outputs
        return watched

    with ExitStack() as restored:
        for layer in {id(layer): layer for layer in layers}.values():
            object.__setattr__(layer, "call", watching(layer, layer.call))
            restored.callback(object.__delattr__, layer, "call")
        yield seen


def _values(tensors: Any) -> list[Floats]:
    return [np.asarray(keras.ops.convert_to_numpy(keras.ops.cast(x, "float32")))
            for x in keras.tree.flatten(tensors) if keras.ops.is_tensor(x)
            and "string" not in str(x.dtype)]
