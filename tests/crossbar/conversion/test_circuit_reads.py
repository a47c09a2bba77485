"""Networks that read circuits run like any other: compiled, in loops over time, in training."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from circuits import Wires
from crossbar import Hardware, to_analog
from crossbar.layers.model import products_of
from device_models import CompoundMTJ
from tests.support.models import assert_close, outputs, randomise, signed

WIRES = Wires(20.0, 20.0, 300.0, 100.0)


def dense() -> keras.Model:
    return randomise(keras.Sequential([
        keras.Input((6,)), layers.Dense(5, activation="tanh", name="first"),
        layers.Dense(4, activation="tanh", name="second"), layers.Dense(3, name="third")]))


def depthwise() -> keras.Model:
    return randomise(keras.Sequential([
        keras.Input((4, 4, 3)), layers.DepthwiseConv2D(2, name="first"), layers.Flatten(),
        layers.Dense(3, name="third")]))


def lstm() -> keras.Model:
    return randomise(keras.Sequential([
        keras.Input((4, 3)), layers.LSTM(3, return_sequences=True, name="first"),
        layers.TimeDistributed(layers.Dense(3), name="third")]))


KINDS: dict[str, Callable[[], keras.Model]] = {
    "dense": dense, "depthwise": depthwise, "lstm": lstm}
every_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(scope="module")
def hardware(synapse: CompoundMTJ) -> Hardware:
    return Hardware(synapse, WIRES, tile=(4, 6), read_voltage=0.3, nonlinear=True, seed=2)


def compiled(model: keras.Model, **settings: Any) -> keras.Model:
    model.compile("sgd", "mse", metrics=["mae"], jit_compile=False, **settings)
    return model


@every_kind
def test_a_compiled_network_reads_the_same_circuits(kind: str, hardware: Hardware) -> None:
    model = KINDS[kind]()
    x = signed(model, 5)
    analog = compiled(to_analog(model, hardware, x))
    expected = outputs(analog, x)
    assert_close([analog.predict(x, batch_size=2, verbose=0)], expected, 1e-5)
    target = np.zeros_like(expected[0])
    loss, error = analog.evaluate(x, target, batch_size=5, verbose=0)
    assert loss == pytest.approx(np.mean(expected[0] ** 2), rel=1e-4)
    assert error == pytest.approx(np.mean(np.abs(expected[0])), rel=1e-4)


@every_kind
def test_noise_is_fresh_in_every_run_and_comes_again_with_the_conversion(
    kind: str, hardware: Hardware
) -> None:
    model, noisy = KINDS[kind](), replace(hardware, read_noise=True)
    x = np.repeat(signed(model, 1), 6, axis=0)
    analog, again = (compiled(to_analog(model, noisy, x)) for _ in range(2))
    runs = [analog.predict(x, batch_size=3, verbose=0) for _ in range(2)]
    assert len(np.unique(np.concatenate(runs).reshape(12, -1)[:, 0])) == 12
    exact = outputs(to_analog(model, hardware, x), x)[0]
    assert np.abs(np.mean(runs, axis=0) - exact).max() < 0.3 * np.abs(exact).max()
    for run in runs:
        np.testing.assert_array_equal(again.predict(x, batch_size=3, verbose=0), run)


@every_kind
def test_digital_layers_around_train(kind: str, hardware: Hardware) -> None:
    """Through the straight gradient of the product with the solved circuit."""
    model = KINDS[kind]()
    x = signed(model, 8)
    analog = to_analog(model, replace(hardware, read_noise=True), x, digital=("first",))
    assert products_of(analog)
    target = 0.1 * outputs(model, x)[0]
    compiled(analog)
    losses = analog.fit(x, target, batch_size=4, epochs=8, verbose=0).history["loss"]
    assert np.isfinite(losses).all()
    assert losses[-1] < losses[0]


def test_every_step_of_a_loop_draws_its_own(hardware: Hardware) -> None:
    """A cell without memory, of the same input at each step."""
    model = keras.Sequential([
        keras.Input((5, 3)), layers.SimpleRNN(4, activation=None, return_sequences=True)])
    rng = np.random.default_rng(0)
    model.set_weights([rng.normal(size=(3, 4)), np.zeros((4, 4)), np.zeros(4)])
    x = np.tile(rng.normal(size=(1, 1, 3)), (2, 5, 1)).astype(np.float32)
    ideal = replace(hardware, wires=Wires())  # where a pair without weight is one
    analog = to_analog(model, replace(ideal, read_noise=True), x)
    for y in (outputs(analog, x)[0], compiled(analog).predict(x, verbose=0)):
        assert len(np.unique(y[..., 0])) == 10
    same = outputs(to_analog(model, ideal, x), x)[0]
    np.testing.assert_allclose(same, same[:1, :1] + np.zeros_like(same), rtol=1e-5, atol=1e-6)


def test_weights_that_are_set_are_those_that_are_read(hardware: Hardware) -> None:
    """Readers follow what the variables hold."""
    x = signed(dense(), 5)
    other = dense()
    other.set_weights([w[::-1].copy() for w in other.get_weights()])
    first, second = (to_analog(model, hardware, x) for model in (dense(), other))
    expected = outputs(second, x)
    assert np.abs(outputs(first, x)[0] - expected[0]).max() > 1e-2
    for a, b in zip(products_of(first), products_of(second), strict=True):
        a.input_range, a.scale = b.input_range, b.scale
    first.set_weights(second.get_weights())
    assert_close(outputs(first, x), expected, 1e-6)


def test_a_model_of_a_configuration_alone_has_nothing_to_read(hardware: Hardware) -> None:
    x = signed(dense(), 5)
    analog = to_analog(dense(), hardware, x)
    empty = type(analog).from_config(analog.get_config())
    with pytest.raises(ValueError, match=r"'first' has no programmed devices.*set_weights"):
        outputs(empty, x)
    empty.set_weights(analog.get_weights())
    np.testing.assert_array_equal(outputs(empty, x)[0], outputs(analog, x)[0])


def test_functions_of_the_users_own_read_in_the_order_of_the_network(hardware: Hardware) -> None:
    """Compiled by the backend, not by Keras: reads are not left out, doubled or exchanged."""
    model = lstm()
    x = signed(model, 3)
    analog = to_analog(model, replace(hardware, read_noise=True), x)
    again = to_analog(model, replace(hardware, read_noise=True), x)
    expected = [outputs(again, x)[0] for _ in range(2)]
    if keras.backend.backend() == "jax":
        import jax

        values = [[v.value for v in each] for each in (analog.trainable_variables,
                                                       analog.non_trainable_variables)]
        function = jax.jit(lambda x: analog.stateless_call(*values, x)[0])
    else:
        import tensorflow as tf

        function = tf.function(lambda x: analog(x))
    for y in expected:
        assert_close([np.asarray(function(keras.ops.convert_to_tensor(x)))], [y], 1e-5)
