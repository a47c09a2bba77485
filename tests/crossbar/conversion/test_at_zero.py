"""Each switch at zero gives the bits of the network without it."""

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from circuits import ADC, DAC, ColumnSense, RowDrive, Wires
from crossbar import Hardware, to_analog
from device_models import CompoundMTJ, Variability
from tests.support.models import assert_close, outputs, randomise, signed

WIRES = Wires(4.0, 3.0, 100.0, 30.0)
NOTHING = Variability(sigma_r_p=0.0, sigma_tmr=0.0, sigma_h_c=0.0, sigma_v_c=0.0, shorted=0.0)
ZERO: dict[str, dict[str, Any]] = {
    "variability": {"variability": NOTHING},
    "spread of switching alone": {"variability": replace(NOTHING, sigma_h_c=0.2, sigma_v_c=0.2)},
    "spread": {"spread": 0.0}, "write_probability": {"write_probability": 1.0},
    "age": {"age": 0.0}, "reads": {"reads": 0.0}, "noise": {"read_noise": False},
    "linear": {"nonlinear": False}, "cells without a channel": {"by_pattern": False},
    "drive": {"drive": RowDrive.LEFT}, "sense": {"sense": ColumnSense.BOTTOM},
    "chip": {"seed": 8}, "sharing no converter": {"columns_per_adc": 5},
}
CONVERTERS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "dac": ({"dac": DAC(5, 0.0, 1.0)}, {"dac_bits": 5}),
    "dac of another range": ({"dac": DAC(5, -3.0, 7.0, seed=4)}, {"dac_bits": 5}),
    "dac by its bits": ({"dac": 5}, {"dac_bits": 5}),
    "adc": ({"adc": ADC(6, 0.0, 1.0)}, {"adc_bits": 6}),
    "adc with a seed": ({"adc": ADC(6, 0.0, 1e-4, seed=3)}, {"adc_bits": 6}),
    "adc by its bits": ({"adc": 6}, {"adc_bits": 6}),
    "shared adc": ({"adc_bits": 6, "columns_per_adc": 3}, {"adc_bits": 6}),
    "both": ({"dac": DAC(5, 0.0, 1.0), "adc": ADC(6, 0.0, 1.0), "columns_per_adc": 2},
             {"dac_bits": 5, "adc_bits": 6}),
}


def dense(dtype: str = "float32") -> keras.Model:
    return randomise(keras.Sequential([
        keras.Input((7,)), layers.Dense(5, activation="tanh", name="a", dtype=dtype),
        layers.Dense(3, name="b", dtype=dtype)]))


def conv() -> keras.Model:
    return randomise(keras.Sequential([
        keras.Input((5, 5, 2)), layers.Conv2D(3, 2, activation="relu", name="a")]))


KINDS = {"dense": dense, "conv": conv}
every_kind = pytest.mark.parametrize("kind", KINDS)


def run(kind: str, synapse: CompoundMTJ, **settings: Any) -> np.ndarray:
    model = KINDS[kind]()
    x = signed(model, 9)
    hardware = Hardware(synapse, WIRES, tile=(4, 6), **settings)
    return outputs(to_analog(model, hardware, x), x)[0]


@every_kind
@pytest.mark.parametrize("what", ZERO)
def test_a_switch_at_zero_leaves_every_bit(what: str, kind: str, synapse: CompoundMTJ) -> None:
    np.testing.assert_array_equal(run(kind, synapse, **ZERO[what]), run(kind, synapse))


@every_kind
@pytest.mark.parametrize("what", CONVERTERS)
def test_a_converter_without_errors_is_its_bits(what: str, kind: str, synapse: CompoundMTJ
                                                ) -> None:
    given, bits = CONVERTERS[what]
    np.testing.assert_array_equal(run(kind, synapse, **given), run(kind, synapse, **bits))


@pytest.mark.parametrize(("given", "bits"), [
    ({"adc": ADC(9, 0.0, 1.0, offset=1e-9)}, {"adc_bits": 9}),
    ({"adc": ADC(9, 0.0, 1.0, gain_error=1e-9)}, {"adc_bits": 9}),
    ({"adc": ADC(9, 0.0, 1.0, dnl=1e-7, seed=0)}, {"adc_bits": 9}),
    ({"dac": DAC(9, 0.0, 1.0, offset=1e-9)}, {"dac_bits": 9}),
    ({"dac": DAC(9, 0.0, 1.0, gain_spread=1e-9, seed=0)}, {"dac_bits": 9})], ids=repr)
def test_vanishing_errors_of_converters_vanish(
    given: dict[str, Any], bits: dict[str, Any], synapse: CompoundMTJ
) -> None:
    """Another way of computing: a code more or less where float32 rounds across an edge."""
    found, expected = run("conv", synapse, **given), run("conv", synapse, **bits)
    assert np.isclose(found, expected, atol=1e-6 * np.abs(expected).max()).mean() > 0.95


@pytest.mark.parametrize(("dtype", "within"), [("float32", 2e-6), ("float64", 1e-6)])
def test_devices_whose_law_is_straight_are_linear(dtype: str, within: float, synapse: CompoundMTJ
                                                  ) -> None:
    straight = CompoundMTJ(replace(synapse.mtj, v_p=1e5, v_h=1e5), 3)
    x = signed(dense())
    plain, nonlinear = (outputs(to_analog(dense(dtype), Hardware(
        straight, WIRES, tile=(4, 6), nonlinear=each), x), x) for each in (False, True))
    assert_close(nonlinear, plain, within)


ON: list[dict[str, Any]] = [
    {"variability": Variability()}, {"spread": 0.1}, {"write_probability": 0.7},
    {"nonlinear": True}, {"read_noise": True}, {"drive": RowDrive.BOTH},
    {"sense": ColumnSense.TOP}, {"dac_bits": 5}, {"adc_bits": 6}, {"age": 1.0}, {"reads": 1e8}]


@pytest.mark.parametrize("settings", ON, ids=lambda settings: next(iter(settings)))
def test_a_switch_that_is_on_does_something(settings: dict[str, Any], synapse: CompoundMTJ
                                            ) -> None:
    fickle = CompoundMTJ(replace(synapse.mtj, stability=(20.0, 20.0)), 3)
    assert not np.array_equal(run("dense", fickle, **settings), run("dense", fickle))
