"""Inputs beyond the range of an array are never silent; calibration makes the range."""

import warnings
from collections.abc import Callable

import keras
import numpy as np
import pytest
from keras import layers

from crossbar import Hardware, read_energy, to_analog
from crossbar.layers.model import products_of
from device_models import CompoundMTJ, UnlimitedStates
from tests.support.models import LAYERS, outputs, randomise, signed

PIXELS = np.random.default_rng(7).integers(0, 256, (6, 5, 5, 1)).astype(np.float32)


def image() -> keras.Model:
    model = randomise(keras.Sequential([
        keras.Input((5, 5, 1)), layers.Conv2D(3, 3, name="eye"), layers.Flatten(),
        layers.Activation("sigmoid"), layers.Dense(3, name="body"),
        layers.Activation("sigmoid"), layers.Dense(2, name="head")]))
    model.compile("sgd", "mse")
    return model


RUNS: dict[str, Callable[[keras.Model, np.ndarray], object]] = {
    "call": lambda model, x: model(x),
    "predict": lambda model, x: model.predict(x, verbose=0),
    "evaluate": lambda model, x: model.evaluate(x, np.zeros((len(x), 2)), verbose=0),
    "test_on_batch": lambda model, x: model.test_on_batch(x, np.zeros((len(x), 2))),
    "fit": lambda model, x: model.fit(x, np.zeros((len(x), 2)), verbose=0),
    "read_energy": read_energy,
}
every_run = pytest.mark.parametrize("run", RUNS)


@every_run
def test_pixels_without_calibration_are_asked_about_once(run: str, synapse: CompoundMTJ) -> None:
    analog = to_analog(image(), Hardware(UnlimitedStates(synapse)), digital="head")
    with pytest.warns(UserWarning, match=r"'eye' has inputs from 0 to 9\..*calibration=") as seen:
        RUNS[run](analog, PIXELS / 26)
    assert len([w for w in seen if w.category is UserWarning]) == 1
    RUNS[run](analog, PIXELS / 26)  # not again


@every_run
def test_voltages_that_break_junctions_are_refused(run: str, synapse: CompoundMTJ) -> None:
    """25 V over a barrier that stands 1.9 V; the next run is judged by itself."""
    analog = to_analog(image(), Hardware(UnlimitedStates(synapse)), digital="head")
    with pytest.raises(ValueError, match=r"'eye' has inputs .* 25\.. V; junctions break at"):
        RUNS[run](analog, PIXELS)
    RUNS[run](analog, PIXELS / 255)


def test_a_model_of_a_class_of_its_own_looks_too(synapse: CompoundMTJ) -> None:
    class Mine(keras.Model):
        def test_step(self, data: object) -> object:
            return super().test_step(data)

    x = keras.Input((4,))
    model = randomise(Mine(x, layers.Dense(3, name="d")(x)))
    analog = to_analog(model, Hardware(synapse))
    assert type(analog) is Mine
    with pytest.warns(UserWarning, match="'d' has inputs from 0 to 3"):
        analog.predict(np.full((2, 4), 3.0), verbose=0)
    with pytest.raises(ValueError, match="'d' has outputs that are not finite"):
        analog.predict(np.full((2, 4), np.nan), verbose=0)


def test_a_class_that_keras_does_not_copy_is_missed_aloud(synapse: CompoundMTJ) -> None:
    class Mine(keras.Sequential):
        def test_step(self, data: object) -> object:
            return super().test_step(data)

    model = randomise(Mine([keras.Input((4,)), layers.Dense(3, name="d")]))
    with pytest.warns(UserWarning, match="is a Mine.*lacks test_step"):
        to_analog(model, Hardware(synapse))


@every_run
@pytest.mark.parametrize("bits", [None, 8])
def test_calibration_samples_themselves_never_warn(run: str, bits: int | None,
                                                   synapse: CompoundMTJ) -> None:
    analog = to_analog(image(), Hardware(synapse, dac_bits=bits, adc_bits=bits), PIXELS,
                       digital="head")
    RUNS[run](analog, PIXELS)
    with pytest.warns(UserWarning, match=r"'eye' has inputs from 0 to .*calibrate with inputs as"):
        RUNS[run](analog, 3 * PIXELS)


@pytest.mark.parametrize("kind", [
    "dense", "lstm-both", "transposed2d-same-s2-d1-oNone-channels_last",
    *(pytest.param(kind, marks=pytest.mark.slow) for kind in (
        "rnn-stacked", "distributed", "attention", "attention-grouped", "gru-before-sequences"))])
def test_no_kind_of_layer_warns_on_its_calibration(kind: str, synapse: CompoundMTJ) -> None:
    model = LAYERS[kind]()
    x = signed(model, 8)
    analog = to_analog(model, Hardware(synapse, dac_bits=4, adc_bits=5), x)
    assert all(product.calibrated for product in products_of(analog))
    analog.predict(x, verbose=0)
    read_energy(analog, x)


def test_negative_inputs_in_a_one_sided_range_are_clipped_and_said(synapse: CompoundMTJ) -> None:
    model = randomise(keras.Sequential([keras.Input((4,)), layers.Dense(3, name="d")]))
    x = np.random.default_rng(0).uniform(0, 1, (5, 4)).astype(np.float32)
    analog = to_analog(model, Hardware(synapse, dac_bits=6), x)
    with pytest.warns(UserWarning, match=r"'d' has inputs from -.*clips them to 0 \.\. 1"):
        found = outputs(analog, -x)[0]
    np.testing.assert_array_equal(found, outputs(analog, np.zeros_like(x))[0])
    free = to_analog(model, Hardware(synapse), x)
    outputs(free, -x)  # nothing clips a negative voltage


def test_a_lower_percentile_narrows_the_range_of_currents(synapse: CompoundMTJ) -> None:
    model = randomise(keras.Sequential([keras.Input((9,)), layers.Dense(5, name="d")]))
    x = np.random.default_rng(0).normal(0, 0.3, (400, 9)).astype(np.float32)
    ranges = {p: to_analog(model, Hardware(synapse, adc_bits=6), x, percentile=p)
              .get_layer("d").product.current_range for p in (60.0, 99.0, 100.0)}
    assert ranges[100.0][0] < ranges[99.0][0] < ranges[60.0][0] <= 0
    assert 0 <= ranges[60.0][1] < ranges[99.0][1] < ranges[100.0][1]


@pytest.mark.parametrize("bad", [50.0, 0.0, -1.0, 100.1, float("nan"), "99"])
def test_percentiles_are_checked(bad: object, synapse: CompoundMTJ) -> None:
    model = randomise(keras.Sequential([keras.Input((9,)), layers.Dense(5)]))
    with pytest.raises((ValueError, TypeError), match="percentile"):
        to_analog(model, Hardware(synapse), percentile=bad)


def test_black_calibration_leaves_the_worst_case(synapse: CompoundMTJ) -> None:
    model = image()
    analog = to_analog(model, Hardware(synapse, dac_bits=6, adc_bits=8), 0 * PIXELS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        assert np.isfinite(outputs(analog, PIXELS / 255)[0]).all()


@pytest.mark.parametrize("bits", [None, 6])
def test_with_a_bias_row_ranges_that_widen_keep_the_bias(bits: int | None, synapse: CompoundMTJ
                                                         ) -> None:
    """The row of biases is driven by full read voltage, whatever input that is."""
    model = randomise(keras.Sequential([
        keras.Input((4,)), layers.Dense(6, activation="relu"), layers.Dense(2)]))
    x = np.random.default_rng(0).normal(0, 4, (600, 4)).astype(np.float32)
    hardware = Hardware(UnlimitedStates(synapse), analog_bias=True, dac_bits=bits and 16,
                        adc_bits=bits and 18)
    analog = to_analog(model, hardware, x)
    expected = outputs(model, x)[0]
    np.testing.assert_allclose(outputs(analog, x)[0], expected,
                               atol=(1e-5 if bits is None else 2e-3) * np.abs(expected).max())


class Stack(keras.Sequential):
    """A class of someone's own that Keras clones as its own."""


def test_a_sequential_class_of_ones_own_warns_as_well(synapse: CompoundMTJ) -> None:
    model = randomise(Stack([keras.Input((4,)), layers.Dense(3, name="only")]))
    analog = to_analog(model, Hardware(synapse), np.ones((2, 4)))
    with pytest.warns(UserWarning, match="'only' has inputs from 0 to 9"):
        analog.predict(np.full((2, 4), 9.0), verbose=0)


@pytest.mark.parametrize("coarse", [{"dac_bits": 5}, {"read_noise": True}, {"dac_bits": 5,
                                                                          "adc_bits": 8}])
def test_inputs_that_leave_their_range_unused_are_asked_about(
    coarse: dict[str, object], synapse: CompoundMTJ
) -> None:
    model = randomise(keras.Sequential([keras.Input((4,)), layers.Dense(3, name="body")]))
    x = np.random.default_rng(0).uniform(0, 0.01, (50, 4)).astype(np.float32)
    with pytest.warns(UserWarning, match="'body' has inputs up to 0.0.*range of 1"):
        to_analog(model, Hardware(synapse, **coarse), x)
    to_analog(model, Hardware(synapse), x)
    to_analog(model, Hardware(synapse, **coarse), 100 * x)
