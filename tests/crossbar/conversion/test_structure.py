"""Graphs of any structure convert: nested, shared, with states, several inputs, operations."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops

from crossbar import Hardware, conversion_report, count_tiles, read_energy, to_analog
from crossbar.layers.model import products_of
from device_models import CompoundMTJ, UnlimitedStates
from tests.support.models import assert_close, outputs, randomise

RNG = np.random.default_rng(8)


def uniform(*shape: int) -> np.ndarray:
    return RNG.uniform(-1, 1, shape).astype(np.float32)


def nested() -> keras.Model:
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(4, activation="relu"),
                              layers.Dense(4)], name="inner")
    x = keras.Input((4,))
    middle = keras.Model(x, layers.Add()([inner(x), x]), name="middle")
    z = keras.Input((4,))
    return keras.Model(z, layers.Dense(2, name="out")(middle(z)))


def shared_across() -> keras.Model:
    """One layer in two nested models, and one model used twice."""
    dense = layers.Dense(4, activation="tanh", name="shared")
    x, z = keras.Input((4,)), keras.Input((4,))
    first = keras.Model(x, dense(x), name="first")
    second = keras.Model(z, layers.Dense(4, name="own")(dense(z)), name="second")
    y = keras.Input((4,))
    return keras.Model(y, first(second(first(y))))


def dicts() -> keras.Model:
    a, b = keras.Input((4,), name="a"), keras.Input((3,), name="b")
    joined = layers.Concatenate()([layers.Dense(3)(a), layers.Dense(2)(b)])
    return keras.Model({"b": b, "a": a}, {"y": layers.Dense(2)(joined), "z": joined})


def nested_dicts() -> keras.Model:
    inner, x = dicts(), keras.Input((4,))
    y = inner({"a": x, "b": layers.Dense(3)(x)})
    return keras.Model(x, [y["z"], layers.Dense(2)(y["y"])])


def fixed_batch() -> keras.Model:
    x = keras.Input(batch_shape=(4, 3))
    return keras.Model(x, layers.Dense(2)(x))


def operations() -> keras.Model:
    x = keras.Input((4,))
    y = ops.relu(layers.Dense(5)(x)) * 0.5 + ops.sum(x, axis=-1, keepdims=True)
    return keras.Model(x, ops.concatenate([layers.Dense(2)(y), y[:, :1]], axis=-1))


def masked_by_keyword() -> keras.Model:
    x, m = keras.Input((5, 3)), keras.Input((5,), dtype="bool")
    y = layers.LSTM(4, return_sequences=True)(x, mask=m)
    y = layers.MultiHeadAttention(2, 3)(y, y, attention_mask=m[:, None, :])
    return keras.Model([x, m], layers.GlobalAveragePooling1D()(y, mask=m))


def translating() -> keras.Model:
    source, target = keras.Input((5, 3)), keras.Input((4, 2))
    _, h, c = layers.LSTM(3, return_state=True, name="encoder")(source)
    y = layers.LSTM(3, return_sequences=True, name="decoder")(target, initial_state=[h, c])
    return keras.Model([source, target], layers.Dense(2)(y))


def translating_gru() -> keras.Model:
    source, target = keras.Input((5, 3)), keras.Input((4, 2))
    _, h = layers.GRU(3, return_state=True)(source)
    y, *_ = layers.Bidirectional(layers.GRU(3, return_sequences=True, return_state=True))(
        target, initial_state=[h, h])
    return keras.Model([source, target], layers.Dense(2)(y))


def convolutional_rnn() -> keras.Model:
    x = keras.Input((4, 6, 6, 2))
    return keras.Model(x, layers.Dense(2)(layers.Flatten()(layers.ConvLSTM2D(2, 3)(x))))


def lambdas() -> keras.Model:
    return keras.Sequential([keras.Input((4,)), layers.Lambda(lambda x: 0.5 * x), layers.Dense(3),
                             layers.Lambda(lambda x: x ** 2), layers.Dense(2)])


def repeated_model() -> keras.Model:
    """A model over the steps of a sequence."""
    inner = keras.Sequential([keras.Input((4,)), layers.Dense(3, activation="relu"),
                              layers.Dense(2)])
    x = keras.Input((5, 4))
    return keras.Model(x, layers.TimeDistributed(inner)(x))


def passing_an_input() -> keras.Model:
    """An output that is an input, and one used twice."""
    x = keras.Input((4,))
    y = layers.Dense(3)(x)
    return keras.Model(x, [x, y, y])


KINDS = [nested, shared_across, dicts, nested_dicts, fixed_batch, operations, masked_by_keyword,
         translating, translating_gru, convolutional_rnn, lambdas, repeated_model,
         passing_an_input]


def inputs(model: keras.Model, samples: int = 4) -> Any:
    rng = np.random.default_rng(1)

    def draw(x: Any) -> np.ndarray:
        shape = (samples, *x.shape[1:])
        return rng.uniform(0, 1, shape) > 0.4 if "bool" in str(x.dtype) else rng.uniform(
            -1, 1, shape).astype(np.float32)

    structure = model.inputs[0] if isinstance(model, keras.Sequential) else model.input
    return keras.tree.map_structure(draw, structure)


@pytest.mark.parametrize(("bits", "kind"), [
    pytest.param(bits, kind, marks=[pytest.mark.slow] if bits or kind is translating_gru else [],
                 id=f"{bits}-{kind.__name__}") for bits, kinds in (
        (None, KINDS), (20, (nested, shared_across, nested_dicts, operations, masked_by_keyword,
                             translating_gru, convolutional_rnn, repeated_model)))
    for kind in kinds])
def test_any_graph_is_the_same_graph_on_arrays(
    bits: int | None, kind: Callable[[], keras.Model], synapse: CompoundMTJ
) -> None:
    model = randomise(kind())
    x = inputs(model)
    hardware = Hardware(UnlimitedStates(synapse), dac_bits=bits, adc_bits=bits)
    analog = to_analog(model, hardware, x)
    expected = outputs(model, x)
    assert_close(outputs(analog, x), expected, 1e-5 if bits is None else 1e-3)
    keras.tree.assert_same_structure(analog(x), model(x))
    again = keras.tree.flatten(analog.predict(x, batch_size=4, verbose=0))
    assert_close([np.asarray(y) for y in again], expected, 1e-5 if bits is None else 1e-3)
    tiles = sum(len(m.tiles) for product in products_of(analog) for m in product.matrices)
    assert count_tiles(model, hardware) == tiles == conversion_report(analog).tiles
    assert read_energy(analog, x).total > 0


def test_a_shared_layer_has_one_set_of_tiles(synapse: CompoundMTJ) -> None:
    analog = to_analog(randomise(shared_across()), Hardware(synapse))
    assert len(products_of(analog)) == 2
    assert [row.name for row in conversion_report(analog).layers] == ["first/shared", "second/own"]


@pytest.mark.parametrize("kind", [layers.LSTM, layers.GRU])
def test_states_kept_between_batches_are_kept(kind: type[keras.Layer], synapse: CompoundMTJ
                                              ) -> None:
    model = randomise(keras.Sequential([
        keras.Input(batch_shape=(2, 3, 4)), kind(3, stateful=True), layers.Dense(2)]))
    x = uniform(2, 3, 4)
    model.layers[0].reset_state()
    analog = to_analog(model, Hardware(UnlimitedStates(synapse)), x)
    first, second = outputs(model, x)[0], outputs(model, x)[0]
    assert np.abs(first - second).max() > 1e-3
    assert_close([outputs(analog, x)[0], outputs(analog, x)[0]], [first, second], 1e-5)
    analog.layers[0].reset_state()
    assert_close(outputs(analog, x), [first], 1e-5)


@keras.saving.register_keras_serializable("tests")
class Functional(keras.Model):
    """A class of someone's own, used as a functional model."""

    def summary_of(self) -> str:
        return f"of {len(self.layers)} layers"


def test_a_class_of_ones_own_is_kept(synapse: CompoundMTJ) -> None:
    x = keras.Input((4,))
    model = randomise(Functional(x, layers.Dense(2)(layers.Dense(3)(x))))
    given = inputs(model)
    analog = to_analog(model, Hardware(UnlimitedStates(synapse)), given)
    assert isinstance(analog, Functional)
    assert analog.summary_of() == "of 3 layers"
    assert_close(outputs(analog, given), outputs(model, given), 1e-5)


def off(y: Any, prediction: Any) -> Any:
    """A loss that nobody has registered."""
    return ops.mean(ops.abs(y - prediction), axis=-1)


class Largest(keras.metrics.Metric):
    """A metric that nobody has registered."""

    def __init__(self, name: str = "largest", **settings: Any) -> None:
        super().__init__(name=name, **settings)
        self.value = self.add_weight(name="value", initializer="zeros")

    def update_state(self, y: Any, prediction: Any, sample_weight: Any = None) -> None:
        self.value.assign(ops.maximum(self.value, ops.max(prediction)))

    def result(self) -> Any:
        return ops.convert_to_tensor(self.value)


@pytest.mark.parametrize("settings", [
    {"loss": off, "metrics": [Largest()]}, {"loss": "mse", "metrics": ["mae"]},
    {"loss": keras.losses.Huber(0.3), "metrics": [off], "optimizer": keras.optimizers.Adam(0.01)}],
    ids=["own", "names", "objects"])
def test_the_analog_model_is_compiled_as_the_original_is(settings: dict[str, Any],
                                                         synapse: CompoundMTJ) -> None:
    model = randomise(nested())
    model.compile(**settings)
    x, y = uniform(6, 4), uniform(6, 2)
    analog = to_analog(model, Hardware(UnlimitedStates(synapse)), x)
    expected = model.evaluate(x, y, verbose=0, return_dict=True)
    assert analog.evaluate(x, y, verbose=0, return_dict=True) == pytest.approx(expected, rel=1e-4)
    assert model.evaluate(x, y, verbose=0, return_dict=True) == expected


@keras.saving.register_keras_serializable("tests")
class AddedIfGiven(layers.Layer):
    """Its second input may be none."""

    def call(self, x: Any, more: Any = None) -> Any:
        return x if more is None else x + more


def test_inputs_that_may_be_none_still_may(synapse: CompoundMTJ, tmp_path: Path) -> None:
    x, more = keras.Input((4,), name="x"), keras.Input((4,), name="more", optional=True)
    model = randomise(keras.Model([x, more], layers.Dense(3)(AddedIfGiven()(x, more))))
    given = uniform(5, 4)
    analog = to_analog(model, Hardware(UnlimitedStates(synapse)), [given, given])
    analog.save(tmp_path / "a.keras")
    for each in (analog, keras.saving.load_model(tmp_path / "a.keras")):
        for second in (given, None):
            assert_close(outputs(each, [given, second]), outputs(model, [given, second]), 1e-5)


def test_sparse_inputs_stay_sparse(synapse: CompoundMTJ) -> None:
    model = keras.Sequential([keras.Input((4,), sparse=True), layers.Dense(3)])
    assert to_analog(model, Hardware(synapse), uniform(5, 4)).inputs[0].sparse
