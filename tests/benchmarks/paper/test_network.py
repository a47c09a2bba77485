"""The study's fast network is the Keras model of the same hardware, and keeps no wrong state."""

import hashlib
from dataclasses import dataclass, replace

import numpy as np
import pytest

import crossbar
from benchmarks.inputs.datasets import load_test
from benchmarks.inputs.weights import load_trained
from benchmarks.paper.circuit import PAIR, circuit_hardware
from benchmarks.paper.network import Evaluator, Network, sigmoid
from benchmarks.paper.quantities import accuracy as circuit_accuracy
from benchmarks.paper.quantities import energy as circuit_energy
from benchmarks.paper.quantities import realised
from benchmarks.paper.readings import DEFAULT, all_readings, reading_of
from crossbar import Differential, Hardware
from crossbar.mapping import GAINS, MAPPINGS, SCALES
from device_models import CompoundMTJ, load_stack

IMAGES = 1000
STACK = load_stack("kumar2024")
READINGS = [DEFAULT, PAIR, "reference,mean:1,swing:0.7,float", "signed,max,renormalised,quantised",
            "reference,deviation:1,renormalised,quantised"]
TEST = load_test("fashion_mnist")
TRAINED = load_trained("fashion_mnist", TEST)
NETWORK = Network.of(TRAINED, TEST)
TIES = 3 / IMAGES  # images whose two best scores single precision may swap


def hardware(text: str, nm: float = 1.9, cells: int = 3) -> Hardware:
    return reading_of(text).hardware(CompoundMTJ(STACK.mtj(nm * 1e-9), cells))


def keras_accuracy(made: Hardware) -> float:
    analog = crossbar.to_analog(TRAINED.model, made, TEST.x[:512])
    return float(analog.evaluate(TEST.x[:IMAGES], TEST.y[:IMAGES], verbose=0)[1])


def test_software_accuracy_is_that_of_keras() -> None:
    measured = TRAINED.model.evaluate(TEST.x[:IMAGES], TEST.y[:IMAGES], verbose=0)[1]
    assert Evaluator(NETWORK, IMAGES).software() == pytest.approx(measured, abs=TIES)


@pytest.mark.parametrize("text", READINGS)
def test_quantised_accuracy_is_that_of_keras(text: str) -> None:
    made = hardware(text)
    fast = Evaluator(NETWORK, IMAGES).quantised(made)
    assert fast == pytest.approx(keras_accuracy(made.ideal()), abs=TIES)


@pytest.mark.parametrize("text", READINGS[:4])
def test_accuracy_through_the_circuit_is_that_of_keras(text: str) -> None:
    made = circuit_hardware(STACK, reading_of(text), 1.9e-9, 2, seed=1)
    fast = circuit_accuracy(Evaluator(NETWORK, IMAGES), made)
    assert fast == pytest.approx(keras_accuracy(made), abs=TIES)


def test_read_energy_is_that_of_keras() -> None:
    made = circuit_hardware(STACK, reading_of(PAIR), 1.9e-9, 3, seed=0)
    analog = crossbar.to_analog(TRAINED.model, made, TEST.x[:512])
    measured = crossbar.read_energy(analog, TEST.x[:1000]).array
    assert circuit_energy(Evaluator(NETWORK, 1000), made) == pytest.approx(measured, rel=1e-5)


@pytest.mark.parametrize("text", READINGS)
def test_without_wires_and_spread_the_circuit_is_ideal(text: str) -> None:
    evaluator, made = Evaluator(NETWORK, IMAGES), hardware(text)
    assert circuit_accuracy(evaluator, made) == pytest.approx(evaluator.quantised(made), abs=TIES)


def test_the_order_of_questions_changes_no_answer() -> None:
    """Products and answers are kept; a fresh evaluator for each must say the same."""
    asked = [hardware(text, nm, cells) for text in READINGS for nm in (1.6, 2.6)
             for cells in (1, 3)]
    kept = Evaluator(NETWORK, 200)
    forwards = [kept.quantised(each) for each in asked]
    assert forwards == [Evaluator(NETWORK, 200).quantised(each) for each in asked]
    assert forwards[::-1] == [kept.quantised(each) for each in asked[::-1]]
    assert len(set(forwards)) > 5


def test_biases_in_devices_are_what_a_row_of_them_makes() -> None:
    made = hardware("differential,mean:1,swing:0.4,quantised")
    evaluator = Evaluator(NETWORK, 50)
    kernels, biases = realised(evaluator, made)
    stacked = np.vstack([NETWORK.kernels[0], NETWORK.biases[0]])
    expected = crossbar.quantise_weights(stacked, made).weights
    np.testing.assert_allclose(np.vstack([kernels[0], biases[0]]), expected, atol=1e-12)


def test_identity_tells_weights_and_images_apart() -> None:
    other = (NETWORK.kernels[0], NETWORK.kernels[1] * (1 + 1e-15))
    names = {NETWORK.identity(), replace(NETWORK, kernels=other).identity(),
             replace(NETWORK, biases=NETWORK.biases[::-1]).identity()}
    assert len(names) == 3


def test_sigmoid_at_its_ends() -> None:
    z = np.array([-1e4, -90.0, 0.0, 90.0, 1e4], np.float32)
    np.testing.assert_allclose(sigmoid(z), [0, 0, 0.5, 1, 1], atol=1e-30)


def test_every_reading_has_a_name_of_its_own_that_makes_it() -> None:
    readings = list(all_readings())
    assert len({str(each) for each in readings}) == len(readings) == 756
    assert all(reading_of(str(each)) == each for each in readings)
    assert DEFAULT in {str(each) for each in readings}
    for text in ("differential,max,swing:0.123456789,float", "reference:1000000,max,swing:1,float"):
        assert str(reading_of(text)) == text


def test_the_readings_of_the_study_are_a_list_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mapping, a scale or a gain more on the command line changes nothing of what is
    published."""
    @dataclass(frozen=True)
    class Another(Differential):
        pass

    before = "\n".join(map(str, all_readings()))
    assert hashlib.sha256(before.encode()).hexdigest()[:16] == "08b292e8de753546"
    for registry in (MAPPINGS, SCALES, GAINS):
        monkeypatch.setitem(registry, "another", Another)
    assert reading_of("another,max,renormalised,float").mapping == Another()
    assert "\n".join(map(str, all_readings())) == before


@pytest.mark.parametrize(("text", "message"), [
    ("differential,max", "2 parts; expected MAPPING,SCALE,GAIN,BIAS"),
    ("diferential,max,renormalised,float", "unknown mapping.*did you mean 'differential'"),
    ("differential,means:1,renormalised,float", "unknown scale.*'mean'"),
    ("differential,mean:x,renormalised,float", "'x' is not a number"),
    ("differential,mean:-1,renormalised,float", "factor"),
    ("differential,max:1,renormalised,float", "takes no number"),
    ("differential,max,swing:0,float", "weight"),
    ("differential,max,swing:inf,float", "weight"),
    ("reference:1e20,max,swing:1,float", "every is"),
    ("reference:0,max,swing:1,float", "every is"),
    ("differential,max,renormalised,floats", "unknown bias.*'float'"),
])
def test_readings_that_mean_nothing_are_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        reading_of(text)
