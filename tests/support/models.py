"""Layers and models of Keras of every kind, with random weights, for the tests of conversion."""

from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

Floats = NDArray[np.float64]
SIDES = {1: (9,), 2: (7, 6), 3: (5, 4, 4)}


def randomise(model: keras.Model, seed: int = 2) -> keras.Model:
    """Signed weights; variances above zero; those that are whole numbers stay."""
    rng = np.random.default_rng(seed)
    model.set_weights([
        w if w.dtype.kind != "f" else np.abs(rng.normal(0.5, 0.3, w.shape)) + 0.1
        if "variance" in v.path else rng.normal(0, 0.5, w.shape)
        for v, w in zip(model.weights, model.get_weights(), strict=True)])
    return model


def alone(layer: keras.Layer, shape: tuple[int | None, ...]) -> keras.Model:
    """A model of one layer."""
    return randomise(keras.Sequential([keras.Input(shape), layer]))


def signed(model: keras.Model, samples: int = 3, side: int = 5) -> Any:
    """Random signed inputs of a model, in its structure; open axes have length `side`."""
    rng = np.random.default_rng(0)
    arrays = [rng.normal(0, 1, (samples, *(n or side for n in x.shape[1:]))).astype(np.float32)
              if "float" in str(x.dtype) else rng.integers(
                  0, 5, (samples, *(n or side for n in x.shape[1:]))) for x in model.inputs]
    return arrays[0] if len(arrays) == 1 else arrays


def outputs(model: keras.Model, x: Any) -> list[NDArray[Any]]:
    """All outputs of a model run eagerly, floating ones as float64."""
    flat = keras.tree.flatten(model(x, training=False))
    arrays = [keras.ops.convert_to_numpy(keras.ops.cast(y, "float32")
                                         if "float16" in str(y.dtype) else y) for y in flat]
    return [a.astype(np.float64) if a.dtype.kind == "f" else a for a in arrays]


def assert_close(found: list[NDArray[Any]], expected: list[NDArray[Any]], tolerance: float
                 ) -> None:
    """Within `tolerance` of the largest of each."""
    for a, b in zip(found, expected, strict=True):
        assert a.shape == b.shape
        np.testing.assert_allclose(a, b, rtol=0, atol=tolerance * (np.abs(b).max() or 1.0))


def _formats() -> list[str]:
    """Data formats that convolutions of this backend can do on a CPU."""
    return ["channels_last"] if keras.backend.backend() == "tensorflow" else [
        "channels_last", "channels_first"]


def _image(rank: int, channels: int, data_format: str) -> tuple[int, ...]:
    return (*SIDES[rank], channels) if data_format == "channels_last" else (
        channels, *SIDES[rank])


def _convolutions() -> Iterator[tuple[str, Callable[[], keras.Model]]]:
    ranks = {1: layers.Conv1D, 2: layers.Conv2D, 3: layers.Conv3D}
    for rank, padding, (stride, dilation), groups, form in product(
            ranks, ("valid", "same", "causal"), ((1, 1), (2, 1), (1, 2)), (1, 2), _formats()):
        if padding == "causal" and rank != 1:
            continue
        yield (f"conv{rank}d-{padding}-s{stride}-d{dilation}-g{groups}-{form}",
               lambda rank=rank, padding=padding, stride=stride, dilation=dilation, groups=groups,
               form=form: alone(ranks[rank](
                   4, (3, 2, 2)[:rank], stride, padding, form, dilation, groups,
                   activation="tanh"), _image(rank, 4, form)))


def _depthwise() -> Iterator[tuple[str, Callable[[], keras.Model]]]:
    kinds = {"depthwise1d": (layers.DepthwiseConv1D, 1), "depthwise2d": (layers.DepthwiseConv2D, 2),
             "separable1d": (layers.SeparableConv1D, 1), "separable2d": (layers.SeparableConv2D, 2)}
    for name, padding, (stride, dilation), multiplier, form in product(
            kinds, ("valid", "same"), ((1, 1), (2, 1), (1, 2)), (1, 2), _formats()):
        kind, rank = kinds[name]
        first = (5,) if name.startswith("separable") else ()
        yield (f"{name}-{padding}-s{stride}-d{dilation}-m{multiplier}-{form}",
               lambda kind=kind, rank=rank, first=first, padding=padding, stride=stride,
               dilation=dilation, multiplier=multiplier, form=form: alone(kind(
                   *first, kernel_size=3, strides=stride, padding=padding, data_format=form,
                   depth_multiplier=multiplier, dilation_rate=dilation, activation="relu"),
                   _image(rank, 3, form)))


def _transposed() -> Iterator[tuple[str, Callable[[], keras.Model]]]:
    ranks = {1: layers.Conv1DTranspose, 2: layers.Conv2DTranspose, 3: layers.Conv3DTranspose}
    for rank, padding, (stride, dilation, out), form in product(
            ranks, ("valid", "same"), ((1, 1, None), (2, 1, None), (1, 2, None), (2, 1, 1),
                                       (3, 1, None)), _formats()):
        yield (f"transposed{rank}d-{padding}-s{stride}-d{dilation}-o{out}-{form}",
               lambda rank=rank, padding=padding, stride=stride, dilation=dilation, out=out,
               form=form: alone(ranks[rank](
                   4, 3, stride, padding, dilation_rate=dilation, output_padding=out,
                   data_format=form), _image(rank, 3, form)))


EINSUMS = {
    "ab,bc->ac": ((4,), (3,), "c"), "abc,cd->abd": ((4, 5), (None, 3), "d"),
    "...x,xy->...y": ((4, 3, 5), (2,), "y"), "abc,cde->abde": ((4, 6), (None, 2, 3), "de"),
    "abde,dec->abc": ((4, 2, 3), (None, 5), "c"), "abc,bcd->abd": ((4, 5), (4, 3), "bd"),
    "abc,cd->adb": ((4, 5), (3, 4), None), "abc,bd->adc": ((4, 5), (3, 5), "dc"),
    "ab,bc->abc": ((4,), (4, 3), "c"), "abc,cd->abd ": ((4, 5), (4, 3), "bd"),
}


def _dense() -> Iterator[tuple[str, Callable[[], keras.Model]]]:
    yield "dense", lambda: alone(layers.Dense(5, activation="sigmoid"), (7,))
    yield "dense-3d", lambda: alone(layers.Dense(5, use_bias=False), (3, 2, 7))
    for equation, (shape, out, bias) in EINSUMS.items():
        yield (f"einsum-{equation}",
               lambda equation=equation, shape=shape, out=out, bias=bias: alone(layers.EinsumDense(
                   equation.strip(), out, bias_axes=bias, activation="tanh"), shape))


def _recurrent() -> Iterator[tuple[str, Callable[[], keras.Model]]]:
    kinds: dict[str, Callable[..., keras.Layer]] = {
        "lstm": layers.LSTM, "gru": layers.GRU, "simple": layers.SimpleRNN,
        "gru-before": lambda *a, **k: layers.GRU(*a, reset_after=False, **k),
        "lstm-hard": lambda *a, **k: layers.LSTM(
            *a, recurrent_activation="hard_sigmoid", use_bias=False, **k)}
    for name, kind in kinds.items():
        yield name, lambda kind=kind: alone(kind(4), (6, 3))
        yield f"{name}-sequences", lambda kind=kind: alone(
            kind(4, return_sequences=True, go_backwards=True), (6, 3))
        yield f"{name}-both", lambda kind=kind: alone(
            layers.Bidirectional(kind(4, return_sequences=True), merge_mode="sum"), (6, 3))
    yield "rnn", lambda: alone(layers.RNN(layers.LSTMCell(3)), (None, 3))
    yield "rnn-stacked", lambda: alone(
        layers.RNN([layers.GRUCell(3), layers.SimpleRNNCell(4)], return_sequences=True), (5, 3))
    yield "distributed", lambda: alone(
        layers.TimeDistributed(layers.Conv2D(3, 2, activation="relu")), (4, 5, 5, 2))
    yield "distributed-open", lambda: alone(layers.TimeDistributed(layers.Dense(3)), (None, 5))


def attention(kind: Callable[..., keras.Layer], **settings: Any) -> keras.Model:
    """Self-attention, and that to another sequence."""
    x, z = keras.Input((5, 6)), keras.Input((4, 6))
    y = kind(**settings)(x, x, use_causal_mask=True)
    return randomise(keras.Model([x, z], kind(**settings)(y, z)))


def _attention() -> Iterator[tuple[str, Callable[[], keras.Model]]]:
    yield "attention", lambda: attention(layers.MultiHeadAttention, num_heads=2, key_dim=3)
    yield "attention-sizes", lambda: attention(
        layers.MultiHeadAttention, num_heads=3, key_dim=2, value_dim=4, output_shape=5,
        use_bias=False)
    yield "attention-grouped", lambda: attention(
        layers.GroupQueryAttention, head_dim=3, num_query_heads=4, num_key_value_heads=2)


LAYERS: dict[str, Callable[[], keras.Model]] = dict(
    each for some in (_dense(), _convolutions(), _depthwise(), _transposed(), _recurrent(),
                      _attention()) for each in some)
ONE_OF_EACH = [
    "dense", "dense-3d", "einsum-abc,bcd->abd", "einsum-abc,cd->adb", "einsum-abc,bd->adc",
    "conv1d-causal-s2-d1-g2-channels_last", "conv2d-same-s2-d1-g2-channels_last",
    "conv3d-valid-s1-d1-g1-channels_last", "depthwise1d-same-s1-d1-m2-channels_last",
    "depthwise2d-valid-s2-d1-m2-channels_last", "separable2d-same-s1-d1-m1-channels_last",
    "transposed1d-same-s2-d1-oNone-channels_last", "transposed2d-valid-s2-d1-o1-channels_last",
    "lstm", "gru-both", "gru-before-sequences", "simple", "rnn-stacked", "distributed",
    "attention", "attention-grouped"]
"""One of each class, and those that differ in what biases are or where results go."""

EVERY = list(LAYERS)
if keras.backend.backend() != "tensorflow":
    # others compile every shape anew; jax has no attention whose values differ in size from keys
    EVERY = [name for number, name in enumerate(LAYERS)
             if (number % 6 == 0 or "-" not in name) and name != "attention-sizes"]
