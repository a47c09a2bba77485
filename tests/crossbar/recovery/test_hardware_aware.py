"""Laws of training in the states of devices."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import ops

import crossbar
from circuits import Wires
from crossbar.conversion.stand_ins import wanted_of
from crossbar.layers.aware import AwareProduct
from crossbar.layers.model import products_of
from device_models import CompoundMTJ, UnlimitedStates, Variability, load_stack
from tests.support.models import LAYERS, signed

SYNAPSE = CompoundMTJ(load_stack("kumar2024").mtj(thickness=1.9e-9), 3)
IDEAL = crossbar.Hardware(SYNAPSE, tile=(8, 8))
WIRED = replace(IDEAL, wires=Wires(row=20.0, column=20.0, source=50.0))
RNG = np.random.default_rng(1)
X = RNG.uniform(0, 1, (64, 11)).astype(np.float32)
Y = RNG.integers(0, 3, 64)


def network(seed: int = 0, dtype: str = "float32") -> keras.Model:
    keras.utils.set_random_seed(seed)
    model = keras.Sequential([
        keras.Input((11,)), keras.layers.Dense(6, "sigmoid", name="hidden", dtype=dtype),
        keras.layers.Dense(3, "softmax", name="output", dtype=dtype)])
    model.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    return model


def trained(hardware: crossbar.Hardware, epochs: int = 2, **settings: Any) -> keras.Model:
    aware = crossbar.hardware_aware(network(), hardware, X, **settings)
    aware.fit(X, Y, batch_size=16, epochs=epochs, shuffle=False, verbose=0,
              callbacks=[crossbar.RenewCircuit(batches=3)])
    return aware


HARDWARE = {
    "wires": WIRED,
    "adc": replace(WIRED, adc_bits=6, dac_bits=5),
    "chip": replace(WIRED, spread=0.1, seed=4),
    "cells": replace(WIRED, variability=Variability(sigma_r_p=0.1)),
    "bias row": replace(WIRED, analog_bias=True),
    "bias row, adc": replace(WIRED, analog_bias=True, adc_bits=7),
    "reference": replace(WIRED, mapping=crossbar.ReferenceColumn()),
    "offset": replace(WIRED, mapping=crossbar.OffsetColumns(every=2)),
    "one device": replace(WIRED, mapping=crossbar.SignedLevel()),
    "slices": replace(WIRED, mapping=crossbar.BitSliced()),
    "two arrays": replace(WIRED, mapping=crossbar.Differential(
        placement=crossbar.Placement.ARRAYS)),
    "in front": replace(WIRED, adc_bits=6, mapping=crossbar.Differential(
        subtraction=crossbar.Subtraction.BEFORE)),
    "column-wise": replace(WIRED, scale=crossbar.ColumnWise()),
    "access": replace(WIRED, wires=Wires(row=20.0, column=20.0, access=500.0)),
    "continuous": replace(WIRED, synapse=UnlimitedStates(SYNAPSE)),
}


@cache
def untrained(name: str) -> tuple[keras.Model, keras.Model]:
    """A network, and what it trains as."""
    model = network()
    return model, crossbar.hardware_aware(model, HARDWARE[name], X)


@pytest.mark.parametrize("name", HARDWARE)
def test_it_begins_as_what_is_programmed_without_training(name: str) -> None:
    model, aware = untrained(name)
    analog = crossbar.to_analog(model, HARDWARE[name], X)
    assert np.array_equal(aware.predict(X, verbose=0), analog.predict(X, verbose=0))


@pytest.mark.parametrize(("name", "exact"), [
    *((name, False) for name in HARDWARE), *((name, True) for name in (
        "wires", "adc", "cells", "bias row", "reference", "slices", "two arrays", "in front",
        "access"))])
def test_in_training_it_computes_what_its_circuits_do(name: str, exact: bool) -> None:
    """Of states that were just renewed, within single precision and an odd step of a converter."""
    aware = crossbar.hardware_aware(
        network(), HARDWARE[name], X, exact_wires=True) if exact else untrained(name)[1]
    now, settled = (ops.convert_to_numpy(aware(X, training=way)) for way in (True, False))
    assert np.median(np.abs(now - settled)) < 5e-6
    assert np.abs(now - settled).max() < (0.1 if HARDWARE[name].adc_bits else 2e-5)


@pytest.mark.parametrize("name", HARDWARE)
def test_what_was_trained_is_programmed_to_the_bit_in_states_of_devices(name: str) -> None:
    hardware = HARDWARE[name]
    aware = trained(hardware)
    before = crossbar.to_analog(network(), hardware, X)
    analog = crossbar.to_analog(aware, hardware)
    found = analog.predict(X, verbose=0)
    assert np.array_equal(found, aware.predict(X, verbose=0))
    assert not np.array_equal(found, before.predict(X, verbose=0))
    if name in ("chip", "cells", "continuous", "access"):  # devices that are not just their states
        return
    states = {0.0, *SYNAPSE.conductances(hardware.read_voltage)}
    for product in products_of(analog):
        for matrix in product.matrices:
            fixed = product_references(hardware, matrix.conductance)
            assert {g for g in matrix.conductance.ravel() if g not in fixed} <= states


def product_references(hardware: crossbar.Hardware, devices: Any) -> set[float]:
    """Conductances of trimmed resistors, which are no devices."""
    g = SYNAPSE.conductances(hardware.read_voltage)
    return {(g[0] + g[-1]) / 2} if isinstance(hardware.mapping, crossbar.ReferenceColumn) else set()


@keras.saving.register_keras_serializable("tests")
class QuantisedDense(keras.layers.Layer):
    """Ordinary quantisation-aware training: the nearest level, and straight through it."""

    def __init__(self, layer: keras.layers.Dense, step: float, most: int) -> None:
        super().__init__()
        self.start, self.activation = layer.get_weights(), layer.activation
        self.step, self.most = step, most

    def build(self, shape: Any) -> None:
        w, b = self.start
        limit = self.step * (self.most + 0.5)
        self.w = self.add_weight(shape=w.shape, initializer=keras.initializers.Constant(0.0),
                                 constraint=lambda v: ops.clip(v, -limit, limit))
        self.w.assign(np.clip(w, -limit, limit))
        self.gain = self.add_weight(shape=b.shape, initializer="ones")
        self.b = self.add_weight(shape=b.shape, initializer="zeros")
        self.b.assign(b)

    def call(self, x: Any) -> Any:
        level = self.step * ops.clip(ops.round(self.w / self.step), -self.most, self.most)
        kernel = self.w + ops.stop_gradient(level - self.w)
        return self.activation(ops.matmul(x, kernel * self.gain) + self.b)


def test_on_ideal_hardware_it_is_ordinary_quantisation_aware_training() -> None:
    model = network()
    aware = crossbar.hardware_aware(model, IDEAL, X)
    g = SYNAPSE.conductances(IDEAL.read_voltage)
    plain = keras.Sequential([keras.Input((11,)), *(QuantisedDense(
        layer, float(product.step * (g[1] - g[0])), 3) for layer, product in zip(
            model.layers, products_of(aware), strict=True))])
    plain.compile(keras.optimizers.Adam(0.01), "sparse_categorical_crossentropy")
    fit = {"batch_size": 16, "epochs": 5, "shuffle": False, "verbose": 0}
    losses = [each.fit(X, Y, **fit).history["loss"] for each in (aware, plain)]
    np.testing.assert_allclose(*losses, rtol=2e-4)
    assert losses[0][-1] < losses[0][0]


def loss_of(aware: keras.Model, x: Any, direction: Any) -> Any:
    return ops.sum(aware(x, training=True) * direction)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="takes TensorFlow's tape")
@pytest.mark.parametrize("mapping", [crossbar.Differential(), crossbar.ReferenceColumn()],
                         ids=["pairs", "reference"])
def test_gradients_are_finite_differences_through_the_whole_network(mapping: Any) -> None:
    """Exact wires, devices of any conductance: the model is then a smooth function."""
    import tensorflow as tf

    hardware = replace(WIRED, synapse=UnlimitedStates(SYNAPSE), mapping=mapping)
    aware = crossbar.hardware_aware(network(dtype="float64"), hardware, exact_wires=True)
    x = X[:5].astype(np.float64)
    direction = RNG.normal(size=(5, 3))
    for product in products_of(aware):  # away from the kink of a pair at zero
        w = np.asarray(product.latent)
        product.latent.assign(w + 0.03 * product.step * 1e-5 * np.sign(w))
    with tf.GradientTape() as tape:
        loss = loss_of(aware, x, direction)
    variables = aware.trainable_variables
    gradients = tape.gradient(loss, [v.value for v in variables])
    for variable, gradient in zip(variables, gradients, strict=True):
        start, way = np.asarray(variable), RNG.normal(size=variable.shape)
        size = 1e-6 * max(1e-3, float(np.abs(start).max()))
        ends = []
        for sign in (1.0, -1.0):
            variable.assign(start + sign * size * way)
            ends.append(float(loss_of(aware, x, direction)))
        variable.assign(start)
        expected = (ends[0] - ends[1]) / (2 * size)
        assert np.sum(np.asarray(gradient) * way) == pytest.approx(expected, rel=1e-4, abs=1e-9)


@pytest.mark.filterwarnings("ignore:layer .* has inputs")
def test_the_original_stays_as_it_is() -> None:
    model = keras.Sequential([
        keras.Input((11,)), keras.layers.BatchNormalization(), keras.layers.Dense(6, "relu"),
        keras.layers.PReLU(), keras.layers.Dense(3, "softmax")])
    before = [np.array(w) for w in model.get_weights()]
    aware = crossbar.hardware_aware(model, WIRED, X)
    aware.compile("sgd", "sparse_categorical_crossentropy")
    aware.fit(X, Y, epochs=1, verbose=0)
    assert all(map(np.array_equal, before, model.get_weights()))
    assert not all(np.array_equal(a, b) for a, b in zip(
        before, (w for layer in aware.layers for w in (
            [] if products_of(layer) else layer.get_weights())), strict=False))


def test_a_training_that_was_interrupted_goes_on_as_if_it_had_not_been(tmp_path: Path) -> None:
    hardware = replace(WIRED, spread=0.1)
    whole = trained(hardware, epochs=4, chips=2)
    half = trained(hardware, epochs=2, chips=2)
    half.save(tmp_path / "half.keras")
    again = keras.saving.load_model(tmp_path / "half.keras")
    assert np.array_equal(again.predict(X, verbose=0), half.predict(X, verbose=0))
    again.fit(X, Y, batch_size=16, epochs=2, shuffle=False, verbose=0,
              callbacks=[crossbar.RenewCircuit(batches=3)])
    assert np.array_equal(again.predict(X, verbose=0), whole.predict(X, verbose=0))


def test_training_for_any_chip_meets_others_than_the_one_it_is_evaluated_on() -> None:
    hardware = replace(WIRED, spread=0.2)
    known, any_chip = (crossbar.hardware_aware(network(), hardware, X, chips=n) for n in (0, 3))
    own = [np.asarray(products_of(each)[0].own) for each in (known, any_chip)]
    assert own[0].shape[0] == 1
    assert own[1].shape[0] == 3
    assert len({float(each.sum()) for each in (*own[0], *own[1])}) == 4
    before = own[1]
    products_of(any_chip)[0].renew()
    assert not np.any(np.asarray(products_of(any_chip)[0].own) == before)
    assert np.array_equal(known.predict(X, verbose=0), any_chip.predict(X, verbose=0))


@pytest.mark.parametrize("bias", [False, True], ids=["digital", "in a row"])
def test_what_was_wanted_is_what_any_chip_does_on_average_or_the_known_one(bias: bool) -> None:
    """So a calibration of one chip draws it towards what was trained, and not others towards it."""
    hardware = replace(WIRED, spread=0.1, analog_bias=bias)
    straight = replace(hardware, spread=0.0)
    for chips in (0, 3):
        aware = trained(hardware, epochs=1, chips=chips)
        nominal, here, other = (products_of(crossbar.to_analog(aware, each))[0] for each in (
            straight, hardware, replace(hardware, seed=1)))
        wanted, real = ([np.concatenate([w.ravel(), b.ravel()]) for w, b in way] for way in (
            [wanted_of(each) for each in (nominal, here, other)],
            [(np.asarray(each.kernel), np.asarray(each.bias)) for each in (nominal, here, other)]))
        assert np.array_equal(wanted[0], wanted[1])
        assert np.array_equal(wanted[1], wanted[2])
        off, spread = (np.linalg.norm(each - real[0]) for each in (wanted[1], real[1]))
        if chips:  # of sixteen
            assert off == pytest.approx(spread / 4, rel=0.3)
        else:
            np.testing.assert_allclose(wanted[1], real[1], rtol=1e-6)


def test_what_is_trained_for_a_known_chip_is_better_on_it_than_on_others() -> None:
    hardware = replace(WIRED, spread=0.4)
    aware = trained(hardware, epochs=20)

    def loss(seed: int) -> float:
        analog = crossbar.to_analog(aware, replace(hardware, seed=seed))
        analog.compile(loss="sparse_categorical_crossentropy")
        return float(analog.evaluate(X, Y, verbose=0))

    assert loss(0) < min(loss(seed) for seed in (1, 2, 3))


SOME = [name for name in LAYERS if "-" not in name or "attention" in name] + [
    f"{name}-channels_last" for name in (
        "conv1d-causal-s1-d2-g2", "conv2d-same-s2-d1-g1", "depthwise2d-same-s1-d1-m2",
        "separable1d-valid-s1-d1-m1", "transposed2d-same-s2-d1-oNone")] + [
            "dense-3d", "einsum-abde,dec->abc", "einsum-abc,bd->adc", "simple-both"]


@pytest.mark.slow
@pytest.mark.parametrize("name", SOME)
def test_every_layer_trains_and_is_programmed_as_it_was_trained(name: str) -> None:
    model: keras.Model = LAYERS[name]()
    aware = crossbar.hardware_aware(model, WIRED, signed(model))
    x = signed(model)
    y = [np.zeros(shape.shape) for shape in keras.tree.flatten(aware(x))]
    aware.compile("sgd", "mse", jit_compile=False)
    latents = [np.array(p.latent) for p in products_of(aware)]
    aware.fit(x, y if len(y) > 1 else y[0], verbose=0, callbacks=[crossbar.RenewCircuit()])
    assert any(not np.array_equal(a, p.latent) for a, p in zip(
        latents, products_of(aware), strict=True))
    analog = crossbar.to_analog(aware, WIRED)
    for a, b in zip(keras.tree.flatten(analog(x)), keras.tree.flatten(aware(x)), strict=True):
        assert np.array_equal(np.asarray(a), np.asarray(b))


def test_noise_of_reads_is_met_in_training_as_large_as_it_is() -> None:
    hardware = replace(WIRED, read_noise=True, read_time=1e-9)
    model = keras.Sequential([keras.Input((11,)), keras.layers.Dense(6)])
    aware = crossbar.hardware_aware(model, hardware)
    x = np.full((4000, 11), 0.5, np.float32)
    trains, reads = (ops.convert_to_numpy(aware(x, training=way)) for way in (True, False))
    np.testing.assert_allclose(trains.std(axis=0), reads.std(axis=0), rtol=0.06)
    assert np.all(np.abs(trains.mean(axis=0) - reads.mean(axis=0)) < 0.1 * reads.std(axis=0))


def errors() -> dict[str, tuple[Callable[[], object], str]]:
    aware = crossbar.hardware_aware(network(), WIRED, X)
    other = replace(WIRED, synapse=CompoundMTJ(SYNAPSE.mtj, 2))
    return {
        "other states": (lambda: crossbar.to_analog(aware, other), "trained for 7 levels"),
        "nothing trains": (lambda: network().fit(
            X, Y, verbose=0, callbacks=[crossbar.RenewCircuit()]), "no product that trains"),
        "renewal": (lambda: crossbar.RenewCircuit(batches=0), "batches"),
        "chips": (lambda: crossbar.hardware_aware(network(), WIRED, X, chips=-1), "chips"),
        "analog already": (lambda: crossbar.hardware_aware(
            crossbar.to_analog(network(), WIRED), WIRED), "analog already"),
        "kinds left digital": (lambda: crossbar.to_analog(
            aware, WIRED, digital=keras.layers.Dense), "leave Dense digital"),
        "left digital": (lambda: crossbar.to_analog(aware, WIRED, digital="hidden"), "hidden"),
        "no hardware": (lambda: crossbar.to_analog(aware, {"hidden": WIRED}), "'output'.*hardware"),
        "calibrated": (lambda: crossbar.calibrate(aware, X), "to_analog"),
        "explained": (lambda: crossbar.explain(aware, X, Y), "to_analog"),
        "twice": (lambda: crossbar.hardware_aware(aware, WIRED), "trains already"),
    }


@pytest.mark.parametrize("name", ["other states", "nothing trains", "renewal", "chips",
                                  "analog already", "left digital", "kinds left digital",
                                  "no hardware", "calibrated", "explained", "twice"])
def test_errors_say_what_to_do(name: str) -> None:
    act, words = errors()[name]
    with pytest.raises(ValueError, match=words):
        act()


def test_products_that_train_say_so() -> None:
    aware = crossbar.hardware_aware(network(), WIRED, X)
    assert all(isinstance(each, AwareProduct) for each in products_of(aware))
    assert {v.name for v in aware.trainable_variables} == {"latent", "gain", "bias"}


@pytest.mark.parametrize("outputs", [False, True])
def test_a_training_in_an_order_of_its_own_is_saved(outputs: bool, tmp_path: Path) -> None:
    aware = crossbar.hardware_aware(
        network(), WIRED, X, states=crossbar.WireAware(order_outputs=outputs))
    assert any(product.order is not None for product in products_of(aware))
    aware.fit(X, Y, batch_size=16, epochs=1, shuffle=False, verbose=0)
    aware.save(tmp_path / "aware.keras")
    again = keras.saving.load_model(tmp_path / "aware.keras")
    assert np.array_equal(again.predict(X, verbose=0), aware.predict(X, verbose=0))
    assert np.array_equal(again(X, training=True), aware(X, training=True))


def test_weights_that_are_set_back_are_those_that_tiles_tell_of() -> None:
    """As `EarlyStopping` does: scales are no variables."""
    aware = crossbar.hardware_aware(network(), WIRED, X)
    before, scale = aware.get_weights(), [each.scale for each in products_of(aware)]
    aware.fit(X, Y, epochs=2, verbose=0)
    aware.predict(X, verbose=0)
    aware.set_weights(before)
    aware.predict(X, verbose=0)
    for product, its in zip(products_of(aware), scale, strict=True):
        assert np.all(product.scale == its)
        np.testing.assert_allclose(product.matrices[0].weights, product.kernel[0], rtol=1e-6)


@pytest.mark.parametrize("together", [1, 3, 8])
def test_batches_that_run_together_are_counted_one_by_one(
        together: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 16 batches, every fourth renews, as soon as Keras tells."""
    aware = crossbar.hardware_aware(network(), WIRED, X)
    aware.compile("sgd", "sparse_categorical_crossentropy", steps_per_execution=together)
    renewed: list[str] = []
    monkeypatch.setattr(AwareProduct, "renew", lambda self: renewed.append(self.layer))
    aware.fit(X, Y, batch_size=4, epochs=1, verbose=0, callbacks=[crossbar.RenewCircuit(4)])
    assert renewed.count("hidden") == {1: 4, 3: 4, 8: 2}[together]


def test_what_is_around_a_model_computes_with_what_was_trained(tmp_path: Path) -> None:
    aware = crossbar.hardware_aware(network(), WIRED, X)
    outer = keras.Sequential([keras.Input((11,)), aware, keras.layers.Rescaling(2.0)])
    outer.compile(keras.optimizers.Adam(0.1), "sparse_categorical_crossentropy")
    before = outer.predict(X, verbose=0)
    told = outer.fit(X, Y, validation_data=(X, Y), epochs=2, verbose=0,
                     callbacks=[crossbar.RenewCircuit()]).history["val_loss"][-1]
    found = outer.predict(X, verbose=0)
    assert np.array_equal(found, 2 * aware.predict(X, verbose=0))
    assert not np.array_equal(found, before)
    assert told == outer.evaluate(X, Y, verbose=0)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="TensorFlow's format")
def test_what_is_exported_is_what_was_trained(tmp_path: Path) -> None:
    import tensorflow as tf

    aware = crossbar.hardware_aware(network(), WIRED, X)
    aware.fit(X, Y, epochs=3, verbose=0)
    aware.export(tmp_path / "aware", verbose=False)
    loaded = tf.saved_model.load(str(tmp_path / "aware"))
    np.testing.assert_allclose(loaded.serve(X), aware.predict(X, verbose=0), atol=1e-6)


def test_what_is_frozen_within_another_layer_stays_so() -> None:
    inner = keras.layers.Dense(3)
    model = keras.Sequential([keras.Input((4, 5)), keras.layers.TimeDistributed(inner),
                              keras.layers.Dense(2)])
    inner.trainable = False
    aware = crossbar.hardware_aware(model, WIRED)
    assert [product.trainable for product in products_of(aware)] == [False, True]
    assert len(aware.trainable_variables) == 3


def test_numbers_that_are_not_finite_are_no_states() -> None:
    aware = crossbar.hardware_aware(network(), WIRED, X)
    product = products_of(aware)[0]
    product.latent.assign(np.full(product.latent.shape, np.nan))
    with pytest.raises(ValueError, match="not finite"):
        aware.predict(X, verbose=0)
