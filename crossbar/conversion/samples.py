"""Samples of a model's inputs: those that are given, in whatever form, or drawn."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import keras
import numpy as np

from crossbar.layers.untyped import Tensor

Samples = Any
"""An array, a list or dict of them, or what yields batches: tf.data, generators, PyDataset."""
Batch = Any
"""Of the structure of the model's inputs."""
BATCH = 256
MOST = 4096  # samples taken of what may never end
_DRAWN, _SIDE = 4, 32  # samples, and the length of axes that the model leaves open


def batches(model: keras.Model, samples: Samples) -> list[Batch]:
    """Samples as batches of arrays, in the structure of the model's inputs.

    Of arrays all are taken, of what yields batches the first `MOST` samples.

    Raises
    ------
    ValueError
        If they do not fit the model, are none, or are not finite.
    """
    wholes = _taken(model, samples) if _yields(samples) else [_fitting(model, samples)]
    if not wholes:
        raise ValueError("there are no samples")
    size = _fixed_size(model) or BATCH
    return [_filled(model, keras.tree.map_structure(lambda a, i=i: a[i : i + size], whole))
            for whole in wholes for i in range(0, count(whole), size)]


def drawn(model: keras.Model) -> Batch:
    """A few random samples: between 0 and 1, or 0 and 1 where inputs are whole numbers."""
    rng = np.random.default_rng(0)

    def draw(x: keras.KerasTensor) -> np.ndarray[Any, Any]:
        shape = [x.shape[0] or _DRAWN, *(side or _SIDE for side in x.shape[1:])]
        kind = keras.backend.standardize_dtype(x.dtype)
        if kind == "string":
            return np.full(shape, "a b", object)
        if kind.startswith(("int", "uint", "bool")):
            return rng.integers(0, 2, shape).astype(kind)
        return rng.uniform(0, 1, shape).astype("float32" if "float64" not in kind else kind)

    return keras.tree.map_structure(draw, inputs_of(model))


def inputs_of(model: keras.Model) -> Batch:
    """The inputs of a model in their structure."""
    return model.inputs[0] if isinstance(model, keras.Sequential) else model.input


def count(batch: Batch) -> int:
    """How many samples a batch has."""
    return len(keras.tree.flatten(batch)[0])


def _yields(samples: Samples) -> bool:
    return not isinstance(samples, (list, tuple, Mapping, np.ndarray, str)) and not hasattr(
        samples, "__array__") and (hasattr(samples, "__iter__") or hasattr(samples, "__getitem__"))


def _each(samples: Iterable[Any]) -> Iterator[Any]:
    """The inputs of each batch, without labels and weights."""
    if not hasattr(samples, "__iter__"):
        samples = (samples[i] for i in range(len(samples)))  # type: ignore[arg-type, index]  # PyDataset
    for each in samples:
        yield keras.utils.unpack_x_y_sample_weight(each)[0] if isinstance(
            each, (tuple, list)) else each


def _taken(model: keras.Model, samples: Samples) -> list[Batch]:
    """The first of what yields batches, as one where their shapes allow.

    What is made of them must not depend on how they were batched.
    """
    found: list[Batch] = []
    taken = 0
    for batch in islice(_each(samples), MOST):
        found.append(_fitting(model, batch))
        taken += count(found[-1])
        if taken >= MOST:
            break
    sides = {tuple(a.shape[1:] for a in keras.tree.flatten(batch)) for batch in found}
    if len(sides) != 1:  # none, or steps and images of several sizes
        return found
    return [keras.tree.map_structure(lambda *parts: np.concatenate(parts), *found)]


def _fitting(model: keras.Model, samples: Samples) -> Batch:
    """Samples in the structure of the model's inputs, or an error."""
    wanted = inputs_of(model)
    flat = keras.tree.flatten(wanted)
    arrays = [_array(part) for part in _parts(model, samples, wanted, flat)]
    if len(arrays) != len(flat):
        raise ValueError(f"got {len(arrays)} input arrays; model {model.name!r} takes {len(flat)}")
    for part, one in zip(arrays, flat, strict=True):
        fits = part.ndim == len(one.shape) and all(
            want in (None, have) for have, want in zip(part.shape[1:], one.shape[1:], strict=True))
        if not fits or len(part) == 0 or len(part) != len(arrays[0]):
            raise ValueError(f"inputs have shape {part.shape}; model {model.name!r} takes "
                             f"{('samples', *one.shape[1:])} with one sample or more")
        if part.dtype.kind not in "biuf" and str(one.dtype) != "string":
            raise ValueError(f"inputs have type {part.dtype}; model {model.name!r} takes "
                             f"{one.dtype}: expected real numbers")
        if part.dtype.kind == "f" and not np.all(np.isfinite(part)):
            raise ValueError("inputs have entries that are not finite")
    return keras.tree.pack_sequence_as(wanted, arrays)


def _parts(model: keras.Model, samples: Samples, wanted: Batch, flat: list[keras.KerasTensor]
           ) -> list[Any]:
    """One array for each of the model's inputs `flat`, whose structure is `wanted`."""
    if isinstance(samples, Mapping):
        keys = sorted(wanted) if isinstance(wanted, Mapping) else [x.name for x in flat]
        if set(samples) != set(keys):
            raise ValueError(f"got inputs {sorted(map(str, samples))}; model {model.name!r} takes "
                             f"{sorted(map(str, keys))}")
        return [samples[key] for key in keys]
    if not isinstance(samples, (list, tuple)):
        return [samples]
    one_array = len(flat) == 1 and not (
        len(samples) == 1 and np.ndim(samples[0]) == len(flat[0].shape))
    return [samples] if one_array else list(samples)


def _array(part: Tensor) -> np.ndarray[Any, Any]:
    if keras.ops.is_tensor(part):
        return np.asarray(keras.ops.convert_to_numpy(part))
    try:
        return np.asarray(part)
    except ValueError as error:
        raise ValueError("inputs have rows of several lengths, or are (inputs, labels): expected "
                         "an array for each input, without labels") from error


def _fixed_size(model: keras.Model) -> int | None:
    """The batch size of a model that takes no other."""
    size = model.inputs[0].shape[0]
    return None if size is None else int(size)


def _filled(model: keras.Model, batch: Batch) -> Batch:
    """A batch of the size that the model takes, its samples repeated where they are too few."""
    size = _fixed_size(model)
    if size is None or count(batch) == size:
        return batch
    return keras.tree.map_structure(lambda a: np.resize(a, (size, *a.shape[1:])), batch)
