"""Laws of chips and explanations of calibrated models."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest

import crossbar
from circuits import ADC, Wires
from crossbar import CalibrateOn, Hardware, PerOutput, PerTile, ReadNoise, calibrate, to_analog
from crossbar.diagnosis.findings import ALL, EXACT, STATES
from device_models import CompoundMTJ, Variability

WIRES = Wires(30.0, 30.0)
KINDS: dict[str, dict[str, Any]] = {
    "row of biases": {"analog_bias": True, "spread": 0.05},
    "errors": {"adc": ADC(8, 0, 1, dnl=0.4, offset_spread=0.002, seed=0), "spread": 0.02},
    "noise": {"read_noise": ReadNoise(amplifier=1e-11)},
    "cells": {"variability": Variability(sigma_r_p=0.02, sigma_tmr=0.02, shorted=0.0)},
}


@pytest.fixture(scope="module")
def task(network: Callable[..., keras.Model], inputs: Callable[..., np.ndarray]) -> tuple:
    """A network of two layers and its inputs."""
    return network((9, 8, 4), activation="relu"), inputs(9, 200)


def run(model: keras.Model, x: np.ndarray) -> np.ndarray:
    """Outputs."""
    return np.asarray(keras.ops.convert_to_numpy(model(x, training=False)))


@pytest.mark.parametrize(("kind", "gains"), [
    ("cells", PerOutput()), ("errors", PerTile()), ("row of biases", PerTile()),
    ("noise", PerOutput())])
def test_each_chip_is_calibrated_by_itself(
    kind: str, gains: Any, task: tuple, synapse: CompoundMTJ
) -> None:
    model, x = task
    y = run(model, x).argmax(axis=1)
    hardware = Hardware(synapse, WIRES, tile=(4, 8), **KINDS[kind])
    found = crossbar.chips(model, hardware, (3, 0), x, y, calibration=x[:64],
                           calibrate=CalibrateOn(x[:50], gains))
    one_by_one = [crossbar.accuracy(y, calibrate(to_analog(
        model, replace(hardware, seed=seed), x[:64]), x[:50], gains=gains).predict(
            x, batch_size=1000, verbose=0)) for seed in (3, 0)]
    np.testing.assert_array_equal(found.accuracies, one_by_one)


def test_chips_are_better_for_it(task: tuple, synapse: CompoundMTJ) -> None:
    model, x = task
    y = run(model, x).argmax(axis=1)
    hardware = Hardware(synapse, Wires(60.0, 60.0), spread=0.02)
    plain, better = (crossbar.chips(model, hardware, range(3), x[50:], y[50:], x[:50],
                                    calibrate=each)
                     for each in (None, x[:50]))
    assert better.mean > plain.mean + 0.05


def test_an_explanation_compares_calibrated_with_calibrated(
    task: tuple, synapse: CompoundMTJ
) -> None:
    """With all imperfections it is the model; without any, quantised states with gains."""
    model, x = task

    def likeness(wanted: np.ndarray, found: np.ndarray) -> float:
        return -float(np.mean((wanted - found) ** 2))

    hardware = Hardware(synapse, Wires(60.0, 60.0), spread=0.05)
    made = calibrate(to_analog(model, hardware, x), x)
    found = crossbar.explain(made, x, run(model, x), metric=likeness)
    rows = {row.name: row for row in found.rows}
    states = calibrate(to_analog(model, Hardware(synapse), x), x)
    assert rows[ALL].alone.value == pytest.approx(likeness(run(model, x), run(made, x)), rel=1e-4)
    assert rows[STATES].alone.value == pytest.approx(
        likeness(run(model, x), run(states, x)), rel=1e-4)
    assert rows[EXACT].alone.value == pytest.approx(0.0, abs=1e-10)
    mapped = crossbar.explain(to_analog(model, hardware, x), x, run(model, x), metric=likeness)
    lost = [{row.name: row for row in each.rows}["wires"].lost for each in (found, mapped)]
    assert lost[0] < 0.5 * lost[1]


@pytest.mark.parametrize("kind", [{}, {"analog_bias": True}], ids=["digital", "row of biases"])
@pytest.mark.parametrize("calibrated", [False, True])
def test_chips_of_trained_states_have_the_ranges_that_these_were_trained_with(
    kind: dict[str, Any], calibrated: bool, task: tuple, synapse: CompoundMTJ
) -> None:
    model, x = task
    x = 4 * x
    hardware = Hardware(synapse, WIRES, tile=(4, 8), dac_bits=4, adc_bits=6, spread=0.1, **kind)
    aware = crossbar.hardware_aware(model, hardware, x[:64])

    def first(_: Any, outputs: np.ndarray) -> float:
        return float(outputs[:, 0].mean())

    found = crossbar.chips(aware, hardware, (0, 3), x, np.zeros(len(x)), metric=first,
                           calibrate=x[:50] if calibrated else None)
    chips = [to_analog(aware, replace(hardware, seed=seed)) for seed in (0, 3)]
    one_by_one = [(calibrate(each, x[:50]) if calibrated else each).predict(
        x, batch_size=1000, verbose=0) for each in chips]
    np.testing.assert_array_equal(found.accuracies, [first(None, each) for each in one_by_one])
