"""Laws of many chips: each is the chip that to_analog makes, and statistics are those of all."""

from collections.abc import Callable
from dataclasses import replace

import keras
import numpy as np
import pytest
from scipy import stats

import crossbar
from circuits import ADC, Wires
from crossbar import Chips, Hardware, ReadNoise, accuracy
from device_models import CompoundMTJ, Variability

Build = Callable[..., keras.Model]
SEEDS = (3, 0, 11)
WIDE = Variability(sigma_r_p=0.3, sigma_tmr=0.3, shorted=0.0)
KINDS = {
    "plain": {"spread": 0.3},
    "cells": {"variability": WIDE, "write_probability": 0.8},
    "converters": {"spread": 0.3, "dac_bits": 5, "adc_bits": 5},
    "errors": {"adc": ADC(5, 0, 1, dnl=0.4, offset_spread=0.02, seed=0), "spread": 0.1},
    "row of biases": {"spread": 0.3, "analog_bias": True},
    "nonlinear": {"spread": 0.3, "nonlinear": True, "read_voltage": 0.3},
    "noise": {"read_noise": ReadNoise(amplifier=3e-10)},
}


@pytest.fixture(scope="module")
def task(network: Build, inputs: Callable[..., np.ndarray]) -> tuple:
    """A network, inputs, and what it makes of them."""
    model, x = network((9, 8, 4)), inputs(9, 300)
    return model, x, np.asarray(model.predict(x, verbose=0)).argmax(axis=1)


@pytest.mark.parametrize("kind", KINDS)
def test_a_chip_is_that_of_to_analog(kind: str, task: tuple, synapse: CompoundMTJ) -> None:
    model, x, y = task
    hardware = Hardware(synapse, Wires(2.0, 2.0), tile=(8, 8), **KINDS[kind])
    found = crossbar.chips(model, hardware, SEEDS, x, y, calibration=x[:64])
    one_by_one = [accuracy(y, crossbar.to_analog(
        model, replace(hardware, seed=seed), x[:64]).predict(x, batch_size=1000, verbose=0))
        for seed in SEEDS]
    np.testing.assert_array_equal(found.accuracies, one_by_one)
    assert found.seeds == SEEDS
    assert len(set(one_by_one)) > 1


def test_hardware_may_be_given_for_each_layer(task: tuple, synapse: CompoundMTJ) -> None:
    model, x, y = task
    each = {"d0": Hardware(synapse, spread=0.3), "d1": Hardware(synapse)}
    found = crossbar.chips(model, each, SEEDS, x, y)
    for seed, value in zip(SEEDS, found.accuracies, strict=True):
        chip = {name: replace(hardware, seed=seed) for name, hardware in each.items()}
        outputs = crossbar.to_analog(model, chip).predict(x, verbose=0)
        assert value == accuracy(y, outputs)


def test_a_metric_of_ones_own(task: tuple, synapse: CompoundMTJ) -> None:
    model, x, y = task
    found = crossbar.chips(model, Hardware(synapse, spread=0.3), (1, 2), x, y, metric=(
        lambda _, outputs: float(np.clip(outputs, 0, 1).mean())))
    assert np.all((found.accuracies > 0) & (found.accuracies < 1))


def test_progress_counts_tiles_and_chips(task: tuple, synapse: CompoundMTJ) -> None:
    model, x, y = task
    hardware, steps = Hardware(synapse, spread=0.1, tile=(4, 4)), []
    crossbar.chips(model, hardware, SEEDS, x, y, progress=steps.append)
    assert len(steps) == len(SEEDS) * (crossbar.count_tiles(model, hardware) + 1)


def test_statistics_are_those_of_the_chips() -> None:
    values = np.array([0.9, 0.95, 0.97, 0.91, 0.5])
    found = Chips((4, 5, 6, 7, 8), values, 100)
    assert found.mean == values.mean()
    assert found.standard_deviation == values.std(ddof=1)
    expected = stats.t.interval(0.95, 4, values.mean(), stats.sem(values))
    assert found.interval == pytest.approx(expected)
    assert found.worst == (8, 0.5)
    assert [found.chip_yield(t) for t in (0.4, 0.91, 0.98)] == [1.0, 0.6, 0.0]
    low, high = found.yield_interval(0.91)
    assert low < 0.6 < high
    assert "5 chips" in str(found)


def test_one_chip_has_no_deviation() -> None:
    alone = Chips((1,), np.array([0.5]), 10)
    assert np.isnan(alone.standard_deviation)
    assert np.all(np.isnan(alone.interval))


def test_what_cannot_be_is_refused(task: tuple, synapse: CompoundMTJ) -> None:
    model, x, y = task
    hardware = Hardware(synapse)
    for seeds in ((), (1, 1)):
        with pytest.raises(ValueError, match="seeds"):
            crossbar.chips(model, hardware, seeds, x, y)
    with pytest.raises(TypeError, match=r"seeds is 8; expected several, as range\(20\)"):
        crossbar.chips(model, hardware, 8, x, y)
    with pytest.raises(ValueError, match="y has shape"):
        crossbar.chips(model, hardware, (1,), x, y[:-1])
    with pytest.raises(ValueError, match="per cent"):
        Chips((1, 2), np.array([0.5, 0.6]), 10).chip_yield(95)


def test_classes_may_be_numbers_or_one_of_n() -> None:
    scores, classes = np.eye(4)[[0, 1, 2, 3]], np.array([0, 1, 3, 3])
    for y in (classes, classes[:, None], np.eye(4)[classes]):
        assert accuracy(y, scores) == 0.75
