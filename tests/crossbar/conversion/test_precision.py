"""Networks that compute in half or double precision: currents never do in half."""

from collections.abc import Callable

import keras
import numpy as np
import pytest
from keras import layers

from circuits import Wires
from crossbar import Hardware, to_analog
from crossbar.layers.model import products_of
from device_models import CompoundMTJ, UnlimitedStates
from tests.support.models import attention, outputs, randomise

RNG = np.random.default_rng(6)
PRECISIONS = {"mixed_float16": 0.01, "mixed_bfloat16": 0.08, "float64": 1e-5}
WIRES = Wires(3.0, 2.0, 40.0, 10.0)


def image() -> keras.Model:
    return keras.Sequential([
        keras.Input((7, 7, 2)), layers.Conv2D(4, 3, activation="relu"),
        layers.SeparableConv2D(3, 3, padding="same"), layers.BatchNormalization(),
        layers.Flatten(), layers.Dense(3)])


def sequence() -> keras.Model:
    return keras.Sequential([
        keras.Input((6, 4)), layers.Bidirectional(layers.LSTM(3, return_sequences=True)),
        layers.TimeDistributed(layers.Dense(3, activation="tanh")), layers.GRU(3)])


def attended() -> keras.Model:
    return attention(layers.MultiHeadAttention, num_heads=2, key_dim=3)


KINDS = {"image": image, "sequence": sequence, "attention": attended}


def built(kind: Callable[[], keras.Model], policy: str) -> keras.Model:
    """With weights that do not depend on the policy."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(policy)
    try:
        return randomise(kind())
    finally:
        keras.config.set_dtype_policy(before)


def inputs(model: keras.Model) -> np.ndarray | list[np.ndarray]:
    rng = np.random.default_rng(6)
    arrays = [rng.normal(size=(4, *x.shape[1:])).astype(np.float32) for x in model.inputs]
    return arrays[0] if len(arrays) == 1 else arrays


@pytest.mark.parametrize(("policy", "kind", "bits"), [
    *((policy, *each) for policy in PRECISIONS for each in (
        ("image", None), ("image", 8), ("attention", None))),
    *(pytest.param(policy, *each, marks=pytest.mark.slow) for policy, *each in (
        ("mixed_float16", "sequence", 8), ("mixed_bfloat16", "sequence", None),
        ("float64", "sequence", 8), ("mixed_float16", "attention", 8)))])
def test_outputs_are_finite_near_those_of_single_precision_and_of_their_type(
    policy: str, kind: str, bits: int | None, synapse: CompoundMTJ
) -> None:
    hardware = Hardware(synapse, WIRES, dac_bits=bits, adc_bits=bits)
    model, single = (built(KINDS[kind], each) for each in (policy, "float32"))
    single.set_weights([keras.ops.convert_to_numpy(keras.ops.cast(w, "float32"))
                        for w in model.weights])
    x = inputs(single)
    analog = to_analog(model, hardware, x)
    assert {p.compute_dtype for p in products_of(analog)} == {
        "float64" if policy == "float64" else "float32"}
    for layer, twin in zip(model.layers, analog.layers, strict=True):
        assert [y.dtype for y in keras.tree.flatten(twin.output)] == [
            y.dtype for y in keras.tree.flatten(layer.output)], layer.name
    found = outputs(analog, x)
    assert [y.dtype for y in keras.tree.flatten(analog(x))] == [
        y.dtype for y in keras.tree.flatten(model(x))]
    assert all(np.isfinite(y).all() for y in found)
    expected, ideal = (outputs(to_analog(single, each, x), x) for each in (
        hardware, Hardware(synapse, WIRES)))
    for a, b, c in zip(found, expected, ideal, strict=True):
        codes = 3 * np.abs(b - c).max()  # as far as converters' codes reach, which may round apart
        np.testing.assert_allclose(a, b, rtol=0, atol=codes + PRECISIONS[policy] * np.abs(b).max())


@pytest.mark.parametrize("policy", ["mixed_float16", "float64"])
def test_evaluating_and_training_run(policy: str, synapse: CompoundMTJ) -> None:
    model = built(image, policy)
    model.compile("sgd", "mse")
    x = inputs(model)
    analog = to_analog(model, Hardware(UnlimitedStates(synapse)), x)
    y = np.zeros((4, 3), np.float32)
    assert analog.evaluate(x, y, verbose=0) == pytest.approx(
        model.evaluate(x, y, verbose=0), rel=0.01)
    analog.fit(x, y, verbose=0)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
@pytest.mark.parametrize("run", ["call", "predict", "evaluate"])
@pytest.mark.parametrize("bits", [None, 8])
def test_what_is_not_finite_raises_and_names_the_layer(
    bad: float, run: str, bits: int | None, synapse: CompoundMTJ
) -> None:
    model = randomise(keras.Sequential([
        keras.Input((4,)), layers.Dense(3, name="first"), layers.Dense(2, name="second")]))
    model.compile("sgd", "mse")
    x = np.ones((3, 4), np.float32)
    analog = to_analog(model, Hardware(synapse, dac_bits=bits, adc_bits=bits), x)
    x[1, 2] = bad
    runs: dict[str, Callable[[], object]] = {
        "call": lambda: analog(x), "predict": lambda: analog.predict(x, verbose=0),
        "evaluate": lambda: analog.evaluate(x, np.zeros((3, 2)), verbose=0)}
    with pytest.raises(ValueError, match=r"layer 'first' has .*not finite"):
        runs[run]()
    assert np.isfinite(analog.predict(np.ones((1, 4)), verbose=0)).all()  # and it goes on


@pytest.mark.parametrize("kind", ["lstm", "distributed", "both", "attention"])
def test_what_is_not_finite_in_a_loop_raises(kind: str, synapse: CompoundMTJ) -> None:
    inner = {"lstm": lambda: layers.LSTM(3), "both": lambda: layers.Bidirectional(layers.GRU(3)),
             "distributed": lambda: layers.TimeDistributed(layers.Dense(3)),
             "attention": None}[kind]
    if inner is None:
        x = keras.Input((5, 4))
        model = randomise(keras.Model(x, layers.MultiHeadAttention(2, 3)(x, x)))
    else:
        model = randomise(keras.Sequential([keras.Input((5, 4)), inner()]))
    x = RNG.uniform(0, 1, (3, 5, 4)).astype(np.float32)
    analog = to_analog(model, Hardware(synapse), x)
    x[1, 2, 3] = np.nan
    with pytest.raises(ValueError, match="not finite"):
        analog.predict(x, verbose=0)


def test_half_precision_overflow_is_not_silent(synapse: CompoundMTJ) -> None:
    model = built(lambda: keras.Sequential([keras.Input((4,)), layers.Dense(3, name="wide")]),
                  "mixed_float16")
    model.layers[0].kernel.assign(np.full((4, 3), 3e4))
    analog = to_analog(model, Hardware(synapse), np.full((2, 4), 0.1, np.float32))
    with pytest.raises(ValueError, match="'wide' has outputs that are not finite"):
        analog.predict(np.ones((2, 4), np.float32), verbose=0)


@pytest.mark.parametrize("fold", [False, True])
def test_precision_is_the_models_and_not_that_of_the_day(fold: bool, synapse: CompoundMTJ) -> None:
    x = keras.Input((5, 4))
    y = layers.RNN([layers.GRUCell(3), layers.LSTMCell(3)], return_sequences=True)(x)
    y = layers.BatchNormalization()(layers.Dense(3)(y))
    model = randomise(keras.Model(x, y))
    given = RNG.normal(size=(4, 5, 4)).astype(np.float32)
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_float16")
    try:
        analog = to_analog(model, Hardware(UnlimitedStates(synapse)), given, fold=fold)
        np.testing.assert_allclose(outputs(analog, given)[0], outputs(model, given)[0], atol=2e-5)
    finally:
        keras.config.set_dtype_policy(before)
