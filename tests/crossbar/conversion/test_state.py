"""What a model knows besides weights survives conversion: statistics, vocabularies, masks."""

from collections.abc import Callable

import keras
import numpy as np
import pytest
from keras import layers

from crossbar import Hardware, read_energy, to_analog
from device_models import CompoundMTJ, UnlimitedStates
from tests.support.models import assert_close, outputs, randomise

RNG = np.random.default_rng(3)
TOKENS = np.array([[3, 1, 4, 0, 0], [5, 0, 0, 0, 0], [2, 6, 5, 3, 1]])
STEPS = np.where(TOKENS[..., None] > 0, RNG.normal(1, 1, (3, 5, 4)), 0).astype(np.float32)
WORDS = np.array([["red"], ["blue"], ["what"]], object)


@pytest.fixture(scope="module")
def exact(synapse: CompoundMTJ) -> Hardware:
    """No wires, states of any conductance: an analog layer is the layer of Keras."""
    return Hardware(UnlimitedStates(synapse))


def sequential(shape: tuple[int, ...], *parts: keras.Layer, dtype: str | None = None
               ) -> keras.Model:
    return keras.Sequential([keras.Input(shape, dtype=dtype), *parts])


def normalised() -> tuple[keras.Model, np.ndarray]:
    x = np.vstack([np.full((1, 6), 3.0), RNG.normal(3, 2, (50, 6))]).astype(np.float32)
    adapted = layers.Normalization()
    adapted.adapt(x)
    model = sequential((6,), adapted, layers.Dense(4))
    model.layers[-1].set_weights([RNG.normal(size=(6, 4)), RNG.normal(size=4)])
    return model, x


def strings() -> tuple[keras.Model, np.ndarray]:
    return sequential((1,), layers.StringLookup(vocabulary=["red", "green", "blue"]),
                      layers.Embedding(4, 3), layers.Flatten(), layers.Dense(2), dtype="string"
                      ), WORDS


def numbers() -> tuple[keras.Model, np.ndarray]:
    return sequential((5,), layers.IntegerLookup(vocabulary=[3, 1, 4], output_mode="multi_hot"),
                      layers.Dense(2), dtype="int64"), TOKENS


def texts() -> tuple[keras.Model, np.ndarray]:
    vectors = layers.TextVectorization(vocabulary=["red", "green", "blue"],
                                       output_sequence_length=4)
    return sequential((1,), vectors, layers.Embedding(5, 3, mask_zero=True), layers.LSTM(4),
                      layers.Dense(2), dtype="string"), np.array([["red what"], ["blue"]], object)


def discretised() -> tuple[keras.Model, np.ndarray]:
    return sequential((4,), layers.Discretization([-0.5, 0.0, 0.5], output_mode="one_hot"),
                      layers.Dense(3)), RNG.normal(size=(6, 4)).astype(np.float32)


def crossed() -> tuple[keras.Model, np.ndarray]:
    return sequential((2,), layers.Rescaling(1 / 255, -0.5), layers.Dense(3)), RNG.integers(
        0, 255, (6, 2)).astype(np.float32)


STATES = [normalised, strings, numbers, texts, discretised, crossed]


@pytest.mark.parametrize("kind", STATES)
def test_state_that_is_no_weight_is_kept(
    kind: Callable[[], tuple[keras.Model, np.ndarray]], exact: Hardware
) -> None:
    keras.utils.set_random_seed(1)
    model, x = kind()
    expected = outputs(model, x)
    assert_close(outputs(to_analog(model, exact, x), x), expected, 1e-5)
    drawn = to_analog(model, exact)  # checked on random samples
    assert_close(outputs(drawn, x[:1]), outputs(model, x[:1]), 1e-5)


def averaged() -> keras.Model:
    return sequential((5, 4), layers.Masking(), layers.Dense(3, activation="tanh"),
                      layers.GlobalAveragePooling1D())


def embedded(inner: Callable[[], keras.Layer]) -> Callable[[], keras.Model]:
    return lambda: sequential((5,), layers.Embedding(8, 4, mask_zero=True), inner(),
                              layers.Dense(2), dtype="int32")


def distributed() -> keras.Model:
    return sequential((5, 4), layers.Masking(), layers.TimeDistributed(layers.Dense(3)),
                      layers.LSTM(3), layers.Dense(2))


def attended() -> keras.Model:
    tokens = keras.Input((5,), dtype="int32")
    y = layers.Embedding(8, 4, mask_zero=True)(tokens)
    y = layers.MultiHeadAttention(2, 3)(y, y)
    return keras.Model(tokens, layers.Dense(2)(layers.GlobalAveragePooling1D()(y)))


def convolved() -> keras.Model:
    return sequential((5, 4), layers.Masking(), layers.Dense(3, activation="tanh"),
                      layers.Activation("relu"), layers.GRU(3))


MASKED = {
    "averaged": averaged, "lstm": embedded(lambda: layers.LSTM(4)),
    "gru": embedded(lambda: layers.GRU(4)),
    "both ways": embedded(lambda: layers.Bidirectional(layers.LSTM(3))),
    "both ways, sequences": embedded(lambda: layers.Bidirectional(
        layers.GRU(3, return_sequences=True, zero_output_for_mask=True), merge_mode="ave")),
    "distributed": distributed, "attention": attended, "activation": convolved,
    "stacked": embedded(lambda: layers.RNN([layers.LSTMCell(3), layers.GRUCell(3)])),
}


@pytest.mark.parametrize("kind", MASKED)
@pytest.mark.parametrize("bits", [None, pytest.param(20, marks=pytest.mark.slow)])
def test_masks_leave_out_what_they_left_out(kind: str, bits: int | None, synapse: CompoundMTJ
                                            ) -> None:
    model = randomise(MASKED[kind]())
    x = TOKENS if "int" in str(model.inputs[0].dtype) else STEPS
    analog = to_analog(model, Hardware(UnlimitedStates(synapse), dac_bits=bits, adc_bits=bits), x)
    expected = outputs(model, x)
    assert_close(outputs(analog, x), expected, 1e-5 if bits is None else 1e-3)
    full = np.where(x == 0, 7 if x is TOKENS else 0.5, x).astype(x.dtype)
    assert np.abs(outputs(model, full)[0] - expected[0]).max() > 1e-3  # the mask does something


def test_layers_that_are_random_in_training_are_idle(exact: Hardware) -> None:
    model = sequential(
        (8, 8, 3), layers.RandomFlip(seed=1), layers.RandomRotation(0.5, seed=1),
        layers.GaussianNoise(1.0, seed=1), layers.Conv2D(4, 3), layers.SpatialDropout2D(0.5),
        layers.AlphaDropout(0.5), layers.Flatten(), layers.Dense(2))
    x = RNG.uniform(0, 1, (4, 8, 8, 3)).astype(np.float32)
    analog = to_analog(model, exact, x)
    expected = outputs(model, x)
    assert_close(outputs(analog, x), expected, 1e-5)
    np.testing.assert_array_equal(analog.predict(x, verbose=0), analog.predict(x, verbose=0))


def test_statistics_of_normalisation_do_not_move(exact: Hardware) -> None:
    model = randomise(sequential((6,), layers.Dense(5), layers.BatchNormalization(),
                                 layers.Dense(2)))
    x = RNG.normal(size=(8, 6)).astype(np.float32)
    before = model.get_weights()
    analog = to_analog(model, exact, x)
    assert_close(outputs(analog, x), outputs(model, x), 1e-5)
    for old, new in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(old, new)


MEMORIES: dict[str, Callable[[], keras.Layer]] = {
    "one cell": lambda: layers.LSTM(3, stateful=True, name="memory"),
    "two cells": lambda: layers.RNN([layers.LSTMCell(3), layers.GRUCell(3)], stateful=True,
                                    name="memory"),
}


@pytest.mark.parametrize("memory", MEMORIES)
@pytest.mark.parametrize("digital", [(), ("memory",)], ids=["analog", "digital"])
def test_states_of_a_model_in_use_stay(memory: str, digital: tuple[str, ...], exact: Hardware
                                       ) -> None:
    model = randomise(keras.Sequential([
        keras.Input(batch_shape=(2, 3, 4)), MEMORIES[memory](), layers.Dense(2)]))
    x = RNG.normal(size=(2, 3, 4)).astype(np.float32)
    outputs(model, 2 * x)
    before = states(model)
    assert np.abs(before).max() > 1e-3
    analog = to_analog(model, exact, x, digital=digital)
    np.testing.assert_array_equal(states(model), before)
    outputs(analog, 2 * x)
    before = states(analog)
    first, second = (read_energy(analog, x).total for _ in range(2))
    assert first == second
    np.testing.assert_array_equal(states(analog), before)


def states(model: keras.Model) -> np.ndarray:
    return np.array([keras.ops.convert_to_numpy(state) for state in keras.tree.flatten(
        model.get_layer("memory").states)])


class Counting(layers.Layer):
    """Counts its calls, and adds noise in inference as well."""

    def build(self, _: object) -> None:
        self.calls = self.add_weight(shape=(), initializer="zeros", trainable=False)
        self.seed = keras.random.SeedGenerator(1)

    def call(self, x: object) -> object:
        self.calls.assign(self.calls + 1)
        return x + keras.random.normal((6,), seed=self.seed)


def test_counters_and_seeds_of_layers_stay(exact: Hardware) -> None:
    model = randomise(sequential((6,), Counting(), layers.Dense(2)))
    x = RNG.normal(size=(8, 6)).astype(np.float32)
    before = [keras.ops.convert_to_numpy(v) for v in model.variables]
    to_analog(model, exact, x)
    for old, new in zip(before, model.variables, strict=True):
        np.testing.assert_array_equal(old, keras.ops.convert_to_numpy(new))
