"""Laws of states that are chosen while a model is converted."""

from dataclasses import replace

import keras
import numpy as np
import pytest

import crossbar
from circuits import Wires
from crossbar.layers.model import products_of
from device_models import CompoundMTJ, load_stack

SYNAPSE = CompoundMTJ(load_stack("kumar2024").mtj(thickness=1.9e-9), 3)
HARDWARE = crossbar.Hardware(SYNAPSE, wires=Wires(row=60.0, column=60.0), tile=(16, 16))
RNG = np.random.default_rng(0)
X = RNG.uniform(0, 1, (80, 12)).astype(np.float32)
KINDS = {"wires": {}, "converters": {"adc_bits": 8, "dac_bits": 8}, "bias row": {
    "analog_bias": True}, "spread": {"spread": 0.05}}


def network(*, biases: bool = True) -> keras.Model:
    keras.utils.set_random_seed(3)
    model = keras.Sequential([
        keras.Input((12,)), keras.layers.Dense(7, "sigmoid", use_bias=biases),
        keras.layers.Dense(4, use_bias=biases)])
    rng = np.random.default_rng(1)
    model.set_weights([rng.normal(0, 0.6, w.shape) for w in model.get_weights()])
    return model


def error(model: keras.Model, other: keras.Model) -> float:
    """Root mean square of what `other` computes differently."""
    return float(np.sqrt(np.mean((model.predict(X, verbose=0) - other.predict(X, verbose=0))**2)))


@pytest.mark.parametrize("biases", [True, False])
@pytest.mark.parametrize("name", KINDS)
def test_chosen_states_compute_more_of_what_was_wanted(name: str, biases: bool) -> None:
    model, hardware = network(biases=biases), replace(HARDWARE, **KINDS[name])
    nearest = crossbar.to_analog(model, hardware, X)
    chosen = crossbar.to_analog(model, hardware, X, states=crossbar.WireAware())
    most = 0.6 if not hardware.spread else 1.0 if biases else 3.0  # chance, that is not chosen for
    assert error(model, chosen) < most * error(model, nearest)


@pytest.mark.parametrize("name", KINDS)
def test_a_calibration_behind_them_finds_little_left_to_do(name: str) -> None:
    """What biases make up for in the mean is known of them, and not made up for twice."""
    model, hardware = network(), replace(HARDWARE, **KINDS[name])
    chosen = crossbar.to_analog(model, hardware, X, states=crossbar.WireAware())
    calibrated = crossbar.calibrate(chosen, X)
    assert error(model, calibrated) < 1.02 * error(model, chosen)
    many = crossbar.chips(model, hardware, [hardware.seed], X, np.zeros(len(X), int), X,
                          calibrate=X)
    assert len(many.accuracies) == 1


def test_training_begins_with_them() -> None:
    model = network()
    chosen = crossbar.to_analog(model, HARDWARE, X, states=crossbar.WireAware())
    aware = crossbar.hardware_aware(model, HARDWARE, X, states=crossbar.WireAware())
    np.testing.assert_allclose(aware.predict(X, verbose=0), chosen.predict(X, verbose=0),
                               rtol=0, atol=1e-5)
    for a, b in zip(products_of(aware), products_of(chosen), strict=True):
        assert np.array_equal(a.written.difference, b.written.difference)


def test_the_original_weights_stay_what_was_wanted() -> None:
    """Of an explanation's exact network, and of many chips of a trained one."""
    model = network()
    chosen = crossbar.to_analog(model, HARDWARE, X, states=crossbar.WireAware())
    y = np.argmax(model.predict(X, verbose=0), axis=1)
    assert crossbar.explain(chosen, X, y).row("exact weights").alone.value == 1.0


def test_without_inputs_all_rows_count_alike() -> None:
    model = network()
    nearest = crossbar.to_analog(model, HARDWARE)
    chosen = crossbar.to_analog(model, HARDWARE, states=crossbar.WireAware())
    assert error(model, chosen) < error(model, nearest)


@pytest.mark.parametrize("states", [crossbar.WireAware, "wire aware", True])
def test_what_chooses_no_states_is_refused(states: object) -> None:
    with pytest.raises(TypeError, match=r"expected crossbar\.WireAware"):
        crossbar.to_analog(network(), HARDWARE, states=states)  # type: ignore[arg-type]
