"""A conversion that would compute something else is refused, and the layer is named."""

from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from circuits import Wires
from crossbar import AnalogDense, Hardware, to_analog
from crossbar.layers import ANALOG
from device_models import CompoundMTJ, UnlimitedStates
from tests.support.models import assert_close, outputs, randomise

RNG = np.random.default_rng(4)


@keras.saving.register_keras_serializable("tests")
class Shrinking(layers.Dense):
    """Its weights are not what it multiplies with."""

    def call(self, inputs: Any) -> Any:
        return keras.ops.matmul(inputs, 0.5 * self.kernel) + self.bias


@keras.saving.register_keras_serializable("tests")
class Renewing(layers.Dense):
    """Draws its weights anew whenever it is built."""

    def build(self, input_shape: Any) -> None:
        super().build(input_shape)
        self.kernel.assign(RNG.normal(size=self.kernel.shape))


@keras.saving.register_keras_serializable("tests")
class Lying(layers.Conv1D):
    """Says that its strides are one."""

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "strides": 1}


@keras.saving.register_keras_serializable("tests")
class AnalogNegated(AnalogDense):
    """A twin of nothing."""

    def call(self, inputs: Any) -> Any:
        return -super().call(inputs)


def between(layer: keras.Layer) -> keras.Model:
    """A model in which others come before and after `layer`."""
    return randomise(keras.Sequential([
        keras.Input((4,)), layers.Dense(3, name="before"), layer, layers.Dense(2, name="after")]))


@pytest.mark.parametrize("calibrated", [True, False])
@pytest.mark.parametrize(("kind", "twin"), [
    (Shrinking, AnalogDense), (layers.Dense, AnalogNegated)])
def test_a_twin_that_computes_something_else_is_caught(
    kind: type[keras.Layer], twin: Any, calibrated: bool, synapse: CompoundMTJ,
    monkeypatch: pytest.MonkeyPatch
) -> None:
    model = between(kind(3, name="culprit"))
    if kind is layers.Dense:
        model = randomise(keras.Sequential([
            keras.Input((4,)), layers.EinsumDense("ab,bc->ac", 3), kind(3, name="culprit")]))
    monkeypatch.setitem(ANALOG, kind, twin)
    x = RNG.normal(size=(5, 4)).astype(np.float32) if calibrated else None
    with pytest.raises(ValueError, match=rf"layer 'culprit' \({kind.__name__}\) computes"):
        to_analog(model, Hardware(synapse), x, progress=lambda _: pytest.fail("solved"))


def test_weights_that_change_in_build_are_those_of_the_model(
    synapse: CompoundMTJ, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The twin reads them off the layer, and does not build it anew."""
    model, x = between(Renewing(3, name="own")), RNG.normal(size=(5, 4)).astype(np.float32)
    monkeypatch.setitem(ANALOG, Renewing, AnalogDense)
    analog = to_analog(model, Hardware(UnlimitedStates(synapse)), x)
    assert_close(outputs(analog, x), outputs(model, x), 1e-5)


def test_settings_are_those_of_the_layer_and_not_what_it_says(synapse: CompoundMTJ) -> None:
    model = randomise(keras.Sequential([keras.Input((9, 2)), Lying(3, 3, strides=2)]))
    x = RNG.normal(size=(5, 9, 2)).astype(np.float32)
    analog = to_analog(model, Hardware(UnlimitedStates(synapse)), x)
    assert_close(outputs(analog, x), outputs(model, x), 1e-5)


def test_a_wrapped_layer_that_lies_is_not_converted_wrongly(
    synapse: CompoundMTJ, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = Shrinking(3, name="culprit")
    model = randomise(keras.Sequential([keras.Input((6, 4)), layers.TimeDistributed(inner)]))
    monkeypatch.setitem(ANALOG, Shrinking, AnalogDense)
    with pytest.raises(ValueError, match=r"'culprit'|'time_distributed"):
        to_analog(model, Hardware(synapse))


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="strings are TensorFlow's")
def test_inputs_of_any_type_are_drawn(synapse: CompoundMTJ) -> None:
    tokens, words, x = (keras.Input((3,), dtype="int32", name="tokens"),
                        keras.Input((1,), dtype="string", name="words"),
                        keras.Input((None, 2), name="x"))
    parts = [layers.Flatten()(layers.Embedding(4, 2)(tokens)),
             layers.Flatten()(layers.Embedding(4, 2)(layers.StringLookup(
                 vocabulary=["a b"])(words))), layers.LSTM(2)(x)]
    model = keras.Model({"tokens": tokens, "words": words, "x": x},
                        {"y": layers.Dense(2)(layers.Concatenate()(parts))})
    given = {"tokens": np.ones((2, 3), np.int32), "words": np.array([["a b"], ["c"]], object),
             "x": RNG.uniform(0, 1, (2, 5, 2)).astype(np.float32)}
    analog = to_analog(model, Hardware(UnlimitedStates(synapse)))
    assert_close(outputs(analog, given), outputs(model, given), 1e-5)


def test_a_layer_whose_error_does_not_reach_the_outputs_is_found(
    synapse: CompoundMTJ, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one before a saturated softmax: here what follows multiplies by zero."""
    monkeypatch.setitem(ANALOG, Shrinking, AnalogDense)
    model = randomise(keras.Sequential([
        keras.Input((4,)), Shrinking(3, name="culprit"), layers.Rescaling(0.0)]))
    with pytest.raises(ValueError, match=r"'culprit' \(Shrinking\)"):
        to_analog(model, Hardware(UnlimitedStates(synapse)))


def picky() -> keras.Model:
    """A model of sequences that are a multiple of 5 long."""
    x = keras.Input((None,))
    return keras.Model(x, layers.Dense(2)(keras.ops.reshape(x, (-1, 5))))


def test_what_cannot_be_checked_without_samples_says_so(synapse: CompoundMTJ) -> None:
    with pytest.warns(UserWarning, match=r"(?s)could not be checked.*pass calibration"):
        to_analog(picky(), Hardware(synapse))
    to_analog(picky(), Hardware(synapse), np.ones((2, 10), np.float32))


def test_outputs_that_are_not_finite_in_the_original_are_told_apart(synapse: CompoundMTJ) -> None:
    x = keras.Input((3,))
    model = keras.Model(x, layers.Dense(2)(keras.ops.log(x)))
    with pytest.raises(ValueError, match="itself has outputs that are not finite on calibration"):
        to_analog(model, Hardware(synapse), np.zeros((2, 3), np.float32))


def test_nothing_is_solved_before_the_whole_model_is_known_to_convert(synapse: CompoundMTJ) -> None:
    model = between(layers.Dense(3, name="middle"))
    model.layers[-1].kernel.assign(np.full((3, 2), np.inf))
    with pytest.raises(ValueError, match="'after'"):
        to_analog(model, Hardware(synapse, Wires(1, 1)), progress=lambda _: pytest.fail("solved"))
