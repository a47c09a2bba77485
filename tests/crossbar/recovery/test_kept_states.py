"""Laws of states on disk: what is loaded computes what was saved, and nothing else is loaded."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest

import crossbar
from circuits import Wires
from crossbar.layers.model import products_of
from crossbar.recovery.kept_states import KeptStates
from device_models import CompoundMTJ, UnlimitedStates, load_stack

SYNAPSE = CompoundMTJ(load_stack("kumar2024").mtj(thickness=1.9e-9), 3)
HARDWARE = crossbar.Hardware(SYNAPSE, wires=Wires(row=40.0, column=40.0), tile=(8, 8))
RNG = np.random.default_rng(0)
X = RNG.uniform(0, 1, (50, 6, 6, 1)).astype(np.float32)


def network(*, biases: bool = True) -> keras.Model:
    keras.utils.set_random_seed(3)
    model = keras.Sequential([
        keras.Input((6, 6, 1)), keras.layers.Conv2D(4, 3, activation="relu", use_bias=biases),
        keras.layers.Flatten(), keras.layers.Dense(3, use_bias=biases)])
    model.set_weights([RNG.normal(0, 0.5, w.shape) for w in model.get_weights()])
    return model


KINDS = {"plain": {}, "converters": {"adc_bits": 8, "dac_bits": 6}, "chip": {"spread": 0.1},
         "reference": {"mapping": crossbar.ReferenceColumn()}}


@pytest.mark.parametrize(("name", "calibrated"), [
    ("plain", False), ("plain", True), ("converters", True), ("chip", True), ("reference", False)])
def test_loaded_states_compute_what_saved_ones_do(name: str, calibrated: bool, tmp_path: Path
                                                  ) -> None:
    model, hardware = network(), replace(HARDWARE, **KINDS[name])
    analog = crossbar.to_analog(model, hardware, X, states=crossbar.WireAware(sweeps=3))
    if calibrated:
        analog = crossbar.calibrate(analog, X)
    KeptStates.of(analog, {"why": "test"}).save(tmp_path / "s.npz")
    kept = KeptStates.load(tmp_path / "s.npz")
    assert kept.record == {"why": "test"}
    again = kept.model(model, hardware)
    expected = analog.predict(X, verbose=0)
    np.testing.assert_allclose(again.predict(X, verbose=0), expected, rtol=0,
                               atol=1e-5 * np.abs(expected).max())


def test_another_chip_holds_the_same_states() -> None:
    model, hardware = network(), replace(HARDWARE, spread=0.1)
    kept = KeptStates.of(crossbar.to_analog(model, hardware, X), {})
    other = kept.model(model, replace(hardware, seed=7))
    expected = crossbar.to_analog(model, replace(hardware, seed=7), X)
    np.testing.assert_allclose(other.predict(X, verbose=0), expected.predict(X, verbose=0),
                               rtol=0, atol=1e-4)


def test_what_cannot_be_kept_is_refused() -> None:
    model = network(biases=False)
    calibrated = crossbar.calibrate(crossbar.to_analog(model, HARDWARE, X), X)
    with pytest.raises(ValueError, match="no digital biases"):
        KeptStates.of(calibrated, {})
    per_tile = crossbar.calibrate(crossbar.to_analog(network(), HARDWARE, X), X,
                                  gains=crossbar.PerTile())
    with pytest.raises(ValueError, match="gains per tile"):
        KeptStates.of(per_tile, {})
    free = replace(HARDWARE, synapse=UnlimitedStates(SYNAPSE))
    with pytest.raises(ValueError, match="without levels"):
        KeptStates.of(crossbar.to_analog(network(), free, X), {})


def test_other_networks_and_devices_are_refused() -> None:
    kept = KeptStates.of(crossbar.to_analog(network(), HARDWARE, X), {})
    other = keras.Sequential([keras.Input((5,)), keras.layers.Dense(3)])
    with pytest.raises(ValueError, match="has matrices"):
        kept.model(other, HARDWARE)
    with pytest.raises(ValueError, match="states go from level 0 to 6"):
        kept.model(network(), replace(HARDWARE, synapse=CompoundMTJ(SYNAPSE.mtj, 2)))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"\x93NUMPY"])
def test_other_files_are_refused_by_name(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "other.npz"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"other\.npz holds no states"):
        KeptStates.load(path)
    np.savez(path, x=np.arange(3))
    with pytest.raises(ValueError, match=r"other\.npz holds no states"):
        KeptStates.load(path)


@pytest.mark.parametrize("gain", [-2.0, 0.0])
def test_gains_that_no_scale_holds_are_kept_beside_it(gain: float, tmp_path: Path) -> None:
    """A calibration finds such for columns whose signal is lost."""
    analog = crossbar.calibrate(crossbar.to_analog(network(), HARDWARE, X), X)
    product = products_of(analog)[0]
    product.correction.gain.assign(np.array([[gain, 1.5, 1.0, 0.5]]))
    KeptStates.of(analog, {}).save(tmp_path / "s.npz")
    again = KeptStates.load(tmp_path / "s.npz").model(network(), HARDWARE)
    expected = analog.predict(X, verbose=0)
    np.testing.assert_allclose(again.predict(X, verbose=0), expected, rtol=0,
                               atol=1e-5 * np.abs(expected).max())


@pytest.mark.parametrize("change", [
    {"0/scale": None}, {"0/level": None}, {"record": None}, {"record": np.array("[1]")},
    {"record": np.array("x")}, {"0/ranges": np.zeros(3)}], ids=str)
def test_files_that_something_is_missing_of_are_refused_by_name(
        change: dict[str, np.ndarray | None], tmp_path: Path) -> None:
    path = tmp_path / "other.npz"
    KeptStates.of(crossbar.to_analog(network(), HARDWARE, X), {}).save(path)
    with np.load(path) as archive:
        arrays = {**archive, **change}
    np.savez(path, **{name: array for name, array in arrays.items() if array is not None})
    with pytest.raises(ValueError, match=r"other\.npz holds states that something"):
        KeptStates.load(path)
