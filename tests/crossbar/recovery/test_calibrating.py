"""Laws of a calibration: what it undoes exactly, what it never does, and that it stays."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

import crossbar
from circuits import ADC, Wires
from crossbar import Hardware, PerOutput, PerTile, ReadNoise, calibrate, to_analog
from crossbar.conversion.stand_ins import looked_at
from crossbar.cost.parts import ARRAY
from crossbar.layers.model import products_of
from crossbar.recovery import parts, reads
from device_models import CompoundMTJ, UnlimitedStates, Variability
from tests.support.models import outputs, randomise, signed

Build = Callable[..., keras.Model]
layers = keras.layers
WIRES = Wires(30.0, 30.0)
KINDS: dict[str, dict[str, Any]] = {
    "kernel": {}, "row of biases": {"analog_bias": True},
    "converters": {"dac_bits": 6, "adc_bits": 8},
    "errors": {"adc": ADC(8, 0, 1, dnl=0.4, offset_spread=0.002, seed=0), "spread": 0.02},
    "serial": {"dac_bits": 4, "adc_bits": 8, "analog_bias": True},
    "noise": {"read_noise": ReadNoise(amplifier=1e-11)},
    "nonlinear": {"nonlinear": True, "read_voltage": 0.3},
    "cells": {"variability": Variability(sigma_r_p=0.02, sigma_tmr=0.02, shorted=0.0)},
}
every_kind = pytest.mark.parametrize("kind", KINDS)
each_kind_and_way = pytest.mark.parametrize(
    ("kind", "gains"), [*((kind, PerOutput()) for kind in KINDS), *(
        (kind, PerTile()) for kind in ("kernel", "errors", "serial"))],
    ids=lambda each: each if isinstance(each, str) else type(each).__name__)
every_gains = pytest.mark.parametrize("gains", [PerOutput(), PerTile()], ids=["output", "tile"])


@pytest.fixture(scope="module")
def task(network: Build, inputs: Callable[..., np.ndarray]) -> tuple[keras.Model, np.ndarray]:
    """A network of two layers and its inputs."""
    return network((9, 8, 4), activation="relu"), inputs(9, 200)


def analog_of(task: tuple, synapse: CompoundMTJ, kind: str = "kernel", **changes: Any
              ) -> keras.Model:
    """It on small tiles with long wires."""
    hardware = Hardware(synapse, WIRES, tile=(4, 8), **KINDS[kind])
    return to_analog(task[0], replace(hardware, **changes), task[1])


def run(model: keras.Model, x: Any) -> np.ndarray:
    """Outputs, noise from its start."""
    for product in products_of(model):
        product.reads.fresh()
    return np.concatenate([y.reshape(len(y), -1) for y in outputs(model, x)], axis=1)


def linear(shape: tuple[int, ...], *made: keras.Layer) -> keras.Model:
    """Without activations, so that outputs are what gains are fitted to."""
    return randomise(keras.Sequential([keras.Input(shape), *made]))


@every_gains
def test_ideal_hardware_is_left_as_it_is(gains: Any, task: tuple, synapse: CompoundMTJ) -> None:
    analog = to_analog(task[0], Hardware(UnlimitedStates(synapse), tile=(4, 8)), task[1])
    made = calibrate(analog, task[1], gains=gains)
    for product in looked_at(made):
        np.testing.assert_allclose(product.correction.gain, 1.0, atol=2e-5)
        np.testing.assert_allclose(product.correction.offset, 0.0, atol=2e-5)
        if gains.per_tile:
            np.testing.assert_allclose(product.correction.trim, 1.0, atol=1e-3)
    np.testing.assert_allclose(run(made, task[1]), run(task[0], task[1]), atol=2e-5)


@pytest.mark.parametrize("analog_bias", [False, True])
def test_a_known_error_of_columns_is_undone(
    analog_bias: bool, task: tuple, synapse: CompoundMTJ
) -> None:
    """Columns that amplify wrongly and are shifted, one layer behind the other."""
    hardware = Hardware(UnlimitedStates(synapse), analog_bias=analog_bias)
    analog = to_analog(task[0], hardware, task[1])
    rng = np.random.default_rng(1)
    for product in products_of(analog):
        product.kernel.assign(product.kernel * rng.uniform(0.2, 1.0, product.kernel.shape[-1]))
    made = calibrate(analog, task[1][:20])
    assert np.abs(run(analog, task[1]) - run(task[0], task[1])).max() > 0.5
    np.testing.assert_allclose(run(made, task[1]), run(task[0], task[1]), atol=1e-4)


def test_a_known_error_of_tiles_is_undone_by_trims_alone(
    task: tuple, synapse: CompoundMTJ
) -> None:
    """Each output of each of three rows of tiles amplifies in its own way."""
    analog = to_analog(task[0], Hardware(UnlimitedStates(synapse), tile=(4, 64)), task[1])
    rng = np.random.default_rng(1)
    for product in products_of(analog):
        wrong = np.repeat(rng.uniform(0.5, 1.5, (product.row_tiles, product.shape[2])), 4, axis=0)
        product.kernel.assign(product.kernel * wrong[None, : product.shape[1]])
    found = [np.abs(run(calibrate(analog, task[1], gains=gains, ridge=0.0), task[1])
                    - run(task[0], task[1])).max() for gains in (PerTile(), PerOutput())]
    assert found[0] < 1e-4
    assert found[1] > 0.05


@each_kind_and_way
def test_no_squared_error_of_an_output_grows(
    kind: str, gains: Any, synapse: CompoundMTJ
) -> None:
    model = linear((9,), layers.Dense(12))
    x = signed(model, 64)
    analog = analog_of((model, x), synapse, kind)
    wanted = run(model, x)
    before, after = (np.sum((run(each, x) - wanted) ** 2, axis=0) for each in (
        analog, calibrate(analog, x, gains=gains)))
    # noise is drawn again
    assert np.all(after <= before * (1.1 if kind == "noise" else 1 + 1e-5))
    assert after.sum() < 0.9 * before.sum()


@each_kind_and_way
def test_it_is_saved_and_a_second_time_changes_nothing(
    kind: str, gains: Any, task: tuple, synapse: CompoundMTJ, tmp_path: Path
) -> None:
    made = calibrate(analog_of(task, synapse, kind), task[1], gains=gains)
    made.save(tmp_path / "made.keras")
    again = keras.saving.load_model(tmp_path / "made.keras")
    wanted = run(made, task[1])
    np.testing.assert_array_equal(run(again, task[1]), wanted)
    np.testing.assert_array_equal(run(calibrate(again, task[1], gains=gains), task[1]), wanted)


@pytest.mark.parametrize("kind", ["kernel", "errors"])
@every_gains
def test_what_it_was_calibrated_on_before_does_not_matter(
    kind: str, gains: Any, task: tuple, synapse: CompoundMTJ
) -> None:
    analog = analog_of(task, synapse, kind)
    before = calibrate(analog, 0.5 * task[1][:60], gains=PerTile())
    found = [run(calibrate(model, task[1], gains=gains), task[1]) for model in (before, analog)]
    np.testing.assert_array_equal(*found)


@every_kind
def test_trims_leave_no_more_than_gains(kind: str, synapse: CompoundMTJ) -> None:
    model = linear((20,), layers.Dense(6))
    x = signed(model, 100)
    analog = analog_of((model, x), synapse, kind)
    gains, trims = (np.sum((run(calibrate(analog, x, gains=each), x) - run(model, x)) ** 2)
                    for each in (PerOutput(), PerTile()))
    assert trims <= gains * (1.1 if kind == "noise" else 1 + 1e-5)


@pytest.mark.parametrize("samples", [16, 64])
def test_few_samples_make_no_network_worse(samples: int, synapse: CompoundMTJ, network: Build,
                                           inputs: Callable[..., np.ndarray]) -> None:
    """On inputs that it was not calibrated on; of wires that cost much, and that cost nothing."""
    model, x = network((9, 30, 6), activation="tanh"), inputs(9, 600)
    for ohm, share in ((0.0, 1.1), (60.0, 0.5)):
        analog = to_analog(model, Hardware(synapse, Wires(ohm, ohm)), x[:samples])
        left = [np.sum((run(each, x[samples:]) - run(model, x[samples:])) ** 2)
                for each in (analog, calibrate(analog, x[:samples]))]
        assert left[1] < share * left[0]


def test_dead_columns_keep_their_gain_and_are_told_of(
    task: tuple, synapse: CompoundMTJ
) -> None:
    analog = analog_of(task, synapse)
    first = products_of(analog)[0]
    kernel = np.array(keras.ops.convert_to_numpy(first.kernel))
    kernel[..., 2] = 0.0
    kernel[..., 5] *= -1.0
    first.kernel.assign(kernel)
    with pytest.warns(UserWarning, match="2 of 8 of 'd0'.*tiles smaller") as caught:
        made = calibrate(analog, task[1])
    assert [w.filename for w in caught if w.category is UserWarning] == [__file__]
    assert products_of(made)[0].correction.gain[0, 2] == 1.0


def test_ranges_hold_what_gains_make_larger(task: tuple, synapse: CompoundMTJ) -> None:
    """Wires take most of the first layer's signal; with it back, the second one's inputs and
    currents are beyond what its converters held. From the start again, so are ranges."""
    model = keras.models.clone_model(task[0])
    model.set_weights([4.0 * w for w in task[0].get_weights()])
    x = task[1]
    hardware = Hardware(synapse, Wires(200.0, 200.0), dac_bits=8, adc_bits=10)
    analog = to_analog(model, hardware, x)
    made = calibrate(analog, x)
    before, after = products_of(analog)[1], products_of(made)[1]
    assert after.input_range[1] > 1.5 * before.input_range[1]
    assert after.current_range[1] > before.current_range[1]
    assert after.ranges_before == (before.input_range, before.current_range)
    assert products_of(made)[0].current_range == products_of(analog)[0].current_range
    hidden = np.maximum(x @ model.get_weights()[0] + model.get_weights()[1], 0)
    assert after.input_range[1] > 0.7 * hidden.max()
    made(x, training=False)  # nothing to warn of


def test_layers_read_often_are_looked_at_here_and_there(
    synapse: CompoundMTJ, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Windows of images, some of them, a few at a time: nearly the same as all of them."""
    model = linear((12, 12, 2), layers.Conv2D(5, 3))
    x = signed(model, 12)
    analog = to_analog(model, Hardware(synapse, WIRES, tile=(8, 6)), x)
    every = products_of(calibrate(analog, x))[0].correction
    monkeypatch.setattr(parts, "_CHUNK", 50)
    portions = products_of(calibrate(analog, x))[0].correction
    monkeypatch.setattr(reads, "MOST", 300)
    some = products_of(calibrate(analog, x))[0].correction
    np.testing.assert_allclose(portions.gain, every.gain, rtol=1e-6)
    np.testing.assert_allclose(some.gain, every.gain, rtol=0.1)
    assert np.any(np.asarray(some.gain) != np.asarray(every.gain))


def test_a_shared_layer_counts_all_its_reads(synapse: CompoundMTJ) -> None:
    """Called twice it has one gain, of both calls' reads."""
    shared = layers.Dense(5, name="shared")
    a, b = keras.Input((6,)), keras.Input((6,))
    twice = randomise(keras.Model([a, b], [shared(a), shared(b)]))
    once = keras.Sequential([keras.Input((6,)), layers.Dense(5, name="shared")])
    once.set_weights(twice.get_weights())
    x = signed(once, 30)
    hardware = Hardware(synapse, WIRES)
    found = [products_of(calibrate(to_analog(model, hardware, given), given))[0].correction
             for model, given in ((twice, [x[:10], x[10:20]]), (once, x[:20]))]
    np.testing.assert_allclose(found[0].gain, found[1].gain, rtol=1e-5)
    np.testing.assert_allclose(found[0].offset, found[1].offset, atol=1e-6)


def test_what_is_digital_belongs_to_both_and_the_compilation_stays(synapse: CompoundMTJ) -> None:
    inner = keras.Sequential([keras.Input((6,)), layers.Dense(5, name="in"),
                              layers.Dense(4, name="digital")], name="inner")
    x = keras.Input((6,))
    model = randomise(keras.Model(x, layers.BatchNormalization(name="norm")(
        layers.Dense(3, name="out")(inner(x)))))
    model.compile("sgd", "mse")
    analog = to_analog(model, Hardware(synapse, WIRES), digital="digital")
    made = calibrate(analog, signed(model, 20))
    assert made.compiled
    assert made.get_layer("norm") is model.get_layer("norm")
    assert made.get_layer("inner").get_layer("digital") is inner.get_layer("digital")
    assert made.get_layer("out") is not analog.get_layer("out")
    assert crossbar.conversion_report(made) == crossbar.conversion_report(analog)


def test_reads_take_the_energy_that_they_took(task: tuple, synapse: CompoundMTJ) -> None:
    """Of the first layer: gains are digital. The second one is driven by what they make."""
    analog = analog_of(task, synapse)
    before, after = (crossbar.read_energy(model, task[1]).layers for model in (
        analog, calibrate(analog, task[1])))
    assert {part: after["d0"][part] for part in ARRAY} == {
        part: before["d0"][part] for part in ARRAY}
    assert sum(after["d1"][part] for part in ARRAY) > sum(before["d1"][part] for part in ARRAY)


def test_progress_counts_products(task: tuple, synapse: CompoundMTJ) -> None:
    steps: list[int] = []
    calibrate(analog_of(task, synapse), task[1], progress=steps.append)
    assert steps == [1, 1]


@pytest.mark.parametrize(("change", "error", "message"), [
    ({"x": np.zeros((2, 9), np.float32)}, ValueError, "2 reads of layer 'd0'.*some tens"),
    ({"x": np.zeros((5, 8), np.float32)}, ValueError, r"x of calibrate: inputs have .*\(5, 8\)"),
    ({"x": np.full((5, 9), np.nan, np.float32)}, ValueError, "x of calibrate: .*not finite"),
    ({"gains": "output"}, TypeError, r"gains is 'output'; expected crossbar.PerOutput\(\)"),
    ({"gains": PerTile}, TypeError, r"crossbar.PerTile\(\)"),
    ({"ridge": -1.0}, ValueError, "ridge"),
])
def test_what_cannot_be_is_refused(change: dict, error: type[Exception], message: str, task: tuple,
                                   synapse: CompoundMTJ) -> None:
    with pytest.raises(error, match=message):
        calibrate(analog_of(task, synapse), **{"x": task[1], **change})


def test_a_model_without_crossbars_is_refused(task: tuple) -> None:
    with pytest.raises(ValueError, match=re.escape("pass what crossbar.to_analog returned")):
        calibrate(*task)
