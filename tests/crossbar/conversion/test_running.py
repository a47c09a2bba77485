"""However an analog model is run or trained, it is the same model."""

import warnings
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers, ops

from circuits import Wires
from crossbar import Hardware, read_energy, to_analog
from crossbar.layers.model import products_of
from device_models import CompoundMTJ, UnlimitedStates
from tests.support.models import outputs, randomise

WIRES = Wires(3.0, 2.0, 40.0, 10.0)
RNG = np.random.default_rng(11)


def dense() -> keras.Model:
    return keras.Sequential([keras.Input((6,)), layers.Dense(8, activation="relu"),
                             layers.BatchNormalization(), layers.Dense(3)])


def conv() -> keras.Model:
    return keras.Sequential([keras.Input((8, 8, 2)), layers.Conv2D(4, 3, activation="relu"),
                             layers.MaxPooling2D(), layers.DepthwiseConv2D(3), layers.Flatten(),
                             layers.Dense(3)])


def lstm() -> keras.Model:
    return keras.Sequential([keras.Input((5, 4)), layers.LSTM(4), layers.Dense(3)])


KINDS = {"dense": dense, "conv": conv, "lstm": lstm}
every_kind = pytest.mark.parametrize("kind", KINDS)


def samples(model: keras.Model, count: int) -> np.ndarray:
    return np.random.default_rng(0).normal(0, 1, (count, *model.input_shape[1:])).astype(
        np.float32)


@every_kind
def test_batches_of_any_size_give_the_same(kind: str, synapse: CompoundMTJ) -> None:
    model = randomise(KINDS[kind]())
    x = samples(model, 65)
    analog = to_analog(model, Hardware(synapse, WIRES, tile=(16, 12)), x)
    found = [analog.predict(x, batch_size=size, verbose=0) for size in (1, 7, 64)]
    for each in (*found, outputs(analog, x)[0]):
        np.testing.assert_allclose(each, found[0], rtol=1e-4, atol=1e-5 * np.abs(found[0]).max())


@pytest.mark.parametrize(("kind", "bits"), [
    ("conv", None), ("dense", 8), *(pytest.param(*each, marks=pytest.mark.slow) for each in (
        ("conv", 8), ("lstm", None)))])
def test_compiled_and_eager_runs_give_the_same(kind: str, bits: int | None, synapse: CompoundMTJ
                                               ) -> None:
    model = randomise(KINDS[kind]())
    x = samples(model, 12)
    analog = to_analog(model, Hardware(synapse, WIRES, dac_bits=bits, adc_bits=bits), x)
    found = []
    for settings in ({"run_eagerly": True}, {"jit_compile": True}, {"jit_compile": False}):
        analog.compile(loss="mse", **settings)
        found.append(analog.predict(x, verbose=0))
        with pytest.warns(UserWarning, match="has inputs from"):
            analog.predict(5 * x, verbose=0)
        for product in products_of(analog):
            product.warned = False
    for each in found[1:]:
        close = np.isclose(each, found[0], rtol=1e-4, atol=1e-5 * np.abs(found[0]).max())
        assert close.all() if bits is None else close.mean() > 0.8  # a code more or less


def test_digital_layers_behind_analog_ones_are_trained(synapse: CompoundMTJ) -> None:
    model = randomise(keras.Sequential([
        keras.Input((8, 8, 1)), layers.Conv2D(4, 3, activation="relu"), layers.Flatten(),
        layers.BatchNormalization(), layers.Dense(6, activation="relu"),
        layers.Dense(2, name="head")]))
    x, y = samples(model, 64), RNG.normal(size=(64, 2)).astype(np.float32)
    analog = to_analog(model, Hardware(synapse, WIRES, dac_bits=6, adc_bits=6), x, digital="head")
    analog.compile(keras.optimizers.Adam(0.01), "mse")
    before = [[w.numpy() for w in product.weights if "seen" not in w.path]
              for product in products_of(analog)]
    loss = analog.fit(x, y, epochs=8, verbose=0).history["loss"]
    assert loss[-1] < 0.9 * loss[0]
    after = [[w.numpy() for w in product.weights if "seen" not in w.path]
             for product in products_of(analog)]
    for old, new in zip(before, after, strict=True):
        for a, b in zip(old, new, strict=True):
            np.testing.assert_array_equal(a, b)
    assert len(analog.trainable_variables) == 4  # of the normalisation and the head


def gradient(model: keras.Model, x: np.ndarray) -> np.ndarray:
    if keras.backend.backend() == "jax":
        import jax

        return np.asarray(jax.grad(lambda given: ops.sum(model(given)))(ops.convert_to_tensor(x)))
    import tensorflow as tf

    given = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(given)
        y = tf.reduce_sum(model(given))
    return np.asarray(tape.gradient(y, given))


@pytest.mark.parametrize("settings", [{"dac_bits": 4}, {"adc_bits": 4},
                                      {"dac_bits": 4, "adc_bits": 4}], ids=str)
def test_gradients_pass_through_converters_within_their_range(
    settings: dict[str, Any], synapse: CompoundMTJ
) -> None:
    model = randomise(keras.Sequential([keras.Input((6,)), layers.Dense(3)]))
    x = RNG.uniform(0.1, 0.9, (4, 6)).astype(np.float32)
    plain, analog = (to_analog(model, Hardware(UnlimitedStates(synapse), **each), 1.1 * x)
                     for each in ({}, settings))
    np.testing.assert_allclose(gradient(analog, x), gradient(plain, x), rtol=1e-4)
    assert np.all(gradient(analog, x) != 0)


@pytest.mark.filterwarnings("ignore:layer:UserWarning")
def test_gradients_vanish_where_a_converter_clips(synapse: CompoundMTJ) -> None:
    model = randomise(keras.Sequential([keras.Input((6,)), layers.Dense(3)]))
    x = RNG.uniform(0.1, 0.9, (4, 6)).astype(np.float32)
    analog = to_analog(model, Hardware(UnlimitedStates(synapse), dac_bits=4), x)
    x[0, 0], x[1, 1] = 2.0, -0.5
    found = gradient(analog, x)
    assert found[0, 0] == found[1, 1] == 0
    assert np.count_nonzero(found) == found.size - 2
    dark = to_analog(model, Hardware(synapse, adc_bits=4), 0.01 * x)
    with warnings.catch_warnings():  # of what is beyond, where a backend can
        warnings.simplefilter("ignore", UserWarning)
        found = gradient(dark, np.full((1, 6), 10.0, np.float32))
    assert np.all(found == 0)  # every current clips


def test_a_model_around_an_analog_one_trains(synapse: CompoundMTJ) -> None:
    analog = to_analog(randomise(dense()), Hardware(synapse))
    x = keras.Input((6,))
    around = keras.Model(x, layers.Dense(1)(analog(ops.tanh(x))))
    around.compile("sgd", "mse")
    around.fit(samples(around, 8), np.zeros((8, 1)), verbose=0)
    assert np.isfinite(around.predict(samples(around, 8), verbose=0)).all()


@every_kind
def test_a_clone_without_weights_computes_nothing(kind: str, synapse: CompoundMTJ) -> None:
    model = randomise(KINDS[kind]())
    x = samples(model, 5)
    analog = to_analog(model, Hardware(synapse, WIRES), x)
    clone = type(analog).from_config(analog.get_config())
    for run in (lambda: clone(x), lambda: clone.predict(x, verbose=0),
                lambda: read_energy(clone, x)):
        with pytest.raises(ValueError, match=r"has no programmed devices.*set_weights"):
            run()
    clone.set_weights(analog.get_weights())
    np.testing.assert_array_equal(clone.predict(x, verbose=0), analog.predict(x, verbose=0))
    assert read_energy(clone, x).total == read_energy(analog, x).total
