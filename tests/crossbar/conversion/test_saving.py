"""A saved model is the same model, in a process that knows no more than `import crossbar`."""

import json
import pickle
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from circuits import Wires
from crossbar import Hardware, conversion_report, read_energy, to_analog
from crossbar.layers.model import products_of
from device_models import CompoundMTJ
from tests.support.models import LAYERS, ONE_OF_EACH, outputs, randomise, signed

WIRES = Wires(3.0, 2.0, 40.0, 10.0)
FEW = ["dense", "conv2d-same-s2-d1-g2-channels_last", "separable1d-valid-s1-d1-m2-channels_last",
       "lstm-both", "distributed", "attention"]
# of other classes, or of another argument in the file
OTHERS = [kind for kind in ONE_OF_EACH if kind not in FEW] + [
    "transposed3d-same-s1-d2-oNone-channels_last", "simple-sequences", "lstm-hard", "rnn",
    "distributed-open", "attention-sizes"]

# What a process that has imported nothing of ours before finds in the files.
FRESH = """
import os, pickle, sys
import crossbar
import keras
import numpy as np

folder = sys.argv[1]
for number in range(int(sys.argv[2])):
    with open(f"{folder}/{number}.inputs", "rb") as file:
        x = pickle.load(file)
    for ending in ("keras", "h5"):
        if not os.path.exists(f"{folder}/{number}.{ending}"):
            continue
        model = keras.models.load_model(f"{folder}/{number}.{ending}")
        with open(f"{folder}/{number}.{ending}.found", "wb") as file:
            pickle.dump(([np.asarray(y) for y in keras.tree.flatten(model(x, training=False))],
                         repr(crossbar.read_energy(model, x)),
                         str(crossbar.conversion_report(model))), file)
"""


def hardware(synapse: CompoundMTJ, **settings: Any) -> Hardware:
    return Hardware(synapse, WIRES, tile=(16, 12), spread=0.02, seed=4, **settings)


def fresh(script: str, *arguments: object) -> None:
    """Run `script` in a process of its own."""
    done = subprocess.run([sys.executable, "-c", script, *map(str, arguments)], check=False,
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-3000:]


def endings(kinds: list[str], number: int) -> tuple[str, ...]:
    """Files of a model: where there are many, of every fifth one an HDF5 file too."""
    return ("keras",) if len(kinds) > len(FEW) and number % 5 else ("keras", "h5")


def check_in_a_fresh_process(kinds: list[str], synapse: CompoundMTJ, folder: Path) -> None:
    expected = []
    for number, kind in enumerate(kinds):
        model = LAYERS[kind]()
        x = signed(model)
        with open(folder / f"{number}.inputs", "wb") as file:
            pickle.dump(x, file)
        analog = to_analog(model, hardware(synapse, dac_bits=6, adc_bits=7), x)
        for ending in endings(kinds, number):
            analog.save(folder / f"{number}.{ending}")
        expected.append(([np.asarray(y) for y in keras.tree.flatten(analog(x, training=False))],
                         repr(read_energy(analog, x)), str(conversion_report(analog))))
    fresh(FRESH, folder, len(kinds))
    for number, (kind, (y, energy, report)) in enumerate(zip(kinds, expected, strict=True)):
        for ending in endings(kinds, number):
            with open(folder / f"{number}.{ending}.found", "rb") as file:
                found = pickle.load(file)
            for a, b in zip(found[0], y, strict=True):
                np.testing.assert_array_equal(a, b, f"{kind} {ending}")
            assert found[1:] == (energy, report), f"{kind} {ending}"


@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5")
def test_a_fresh_process_finds_the_same_model(synapse: CompoundMTJ, tmp_path: Path) -> None:
    check_in_a_fresh_process(FEW, synapse, tmp_path)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5")
def test_a_fresh_process_finds_the_same_model_of_other_kinds(
    synapse: CompoundMTJ, tmp_path: Path
) -> None:
    check_in_a_fresh_process(OTHERS, synapse, tmp_path)


def network(synapse: CompoundMTJ, **settings: Any) -> tuple[keras.Model, np.ndarray]:
    model = randomise(keras.Sequential([
        keras.Input((6,)), layers.Dense(5, activation="relu", name="first"),
        layers.BatchNormalization(name="norm"), layers.Dense(3, name="second")]))
    x = np.random.default_rng(0).normal(0, 2, (8, 6)).astype(np.float32)
    return to_analog(model, hardware(synapse, **settings), x), x


@pytest.mark.parametrize("ending", ["weights.h5", "npz"])
def test_weights_alone_carry_the_arrays(ending: str, synapse: CompoundMTJ, tmp_path: Path) -> None:
    """Into a model of the same configuration, which is nothing without."""
    analog, x = network(synapse)
    other = type(analog).from_config(analog.get_config())
    if ending == "npz":
        other.set_weights(analog.get_weights())
    else:
        analog.save_weights(tmp_path / f"a.{ending}")
        other.load_weights(tmp_path / f"a.{ending}")
    np.testing.assert_array_equal(outputs(other, x)[0], outputs(analog, x)[0])
    assert read_energy(other, x) == read_energy(analog, x)


def test_compilation_is_kept(synapse: CompoundMTJ, tmp_path: Path) -> None:
    analog, x = network(synapse)
    analog.compile("sgd", "mse", metrics=["mae"])
    analog.save(tmp_path / "a.keras")
    loaded = keras.models.load_model(tmp_path / "a.keras")
    y = np.zeros((8, 3), np.float32)
    assert loaded.evaluate(x, y, verbose=0) == analog.evaluate(x, y, verbose=0)


def test_it_is_saved_again_as_it_was(synapse: CompoundMTJ, tmp_path: Path) -> None:
    analog, _ = network(synapse, dac_bits=5, adc_bits=5, analog_bias=True)
    for name in ("a", "b"):
        analog.save(tmp_path / f"{name}.keras")
        analog = keras.models.load_model(tmp_path / f"{name}.keras")
    first, second = (json.loads(
        zipfile.ZipFile(tmp_path / f"{name}.keras").read("config.json"),
        object_hook=lambda found: {key: value for key, value in found.items()
                                   if key != "shared_object_id"}) for name in ("a", "b"))
    assert first == second


@pytest.mark.parametrize(("kind", "bits"), [
    ("conv2d-same-s2-d1-g1-channels_last", None), ("conv2d-same-s2-d1-g1-channels_last", 6),
    *(pytest.param(*each, marks=pytest.mark.slow) for each in (
        ("dense", 6), ("lstm", None), ("attention", 6), ("distributed", None)))])
def test_an_exported_model_computes_the_same(kind: str, bits: int | None, synapse: CompoundMTJ,
                                             tmp_path: Path) -> None:
    import tensorflow as tf

    model = LAYERS[kind]()
    x = signed(model)
    analog = to_analog(model, hardware(synapse, dac_bits=bits, adc_bits=bits), x)
    analog.export(tmp_path / "exported", verbose=False)
    served = tf.saved_model.load(str(tmp_path / "exported"))
    for a, b in zip(keras.tree.flatten(served.serve(x)), outputs(analog, x), strict=True):
        # a code more or less, where the compiled graph rounds otherwise
        close = np.isclose(np.asarray(a), b, rtol=1e-4, atol=1e-5 * np.abs(b).max())
        assert close.all() if bits is None else close.mean() > 0.9


def tampered(path: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """The file with the settings of its first product changed."""
    made = path.with_name("tampered.keras")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(made, "w") as new:
        for item in old.namelist():
            data = old.read(item)
            if item == "config.json":
                config = json.loads(data)
                change(_product(config))
                data = json.dumps(config).encode()
            new.writestr(item, data)
    return made


def _product(config: Any) -> dict[str, Any]:
    found = [layer["config"]["product"]["config"] for layer in config["config"]["layers"]
             if "product" in layer["config"]]
    assert found
    first: dict[str, Any] = found[0]
    return first


TAMPERED: dict[str, tuple[Callable[[dict[str, Any]], None], str]] = {
    "another class": (lambda p: p["hardware"].update({"class": "os.system"}), r"hardware|class"),
    "a module": (lambda p: p["hardware"]["fields"]["synapse"].update({"class": "subprocess.Popen"}),
                 r"hardware\.synapse.*'subprocess.Popen'"),
    "no such field": (lambda p: p["hardware"]["fields"].update({"zzz": 1}), r"hardware\.zzz"),
    "a field gone": (lambda p: p["hardware"]["fields"].pop("tile"), r"hardware\.tile"),
    "negative bits": (lambda p: p["hardware"]["fields"].update({"dac_bits": -3}),
                      r"hardware\.dac_bits"),
    "no voltage": (lambda p: p["hardware"]["fields"].update({"read_voltage": 0.0}),
                   r"hardware\.read_voltage"),
    "no hardware": (lambda p: p.update({"hardware": None}), "hardware is None"),
    "reversed range": (lambda p: p.update({"input_range": [2.0, -2.0]}), "input_range"),
    "range without zero": (lambda p: p.update({"input_range": [1.0, 2.0]}), "input_range"),
    "endless range": (lambda p: p.update({"current_range": [0.0, float("inf")]}), "current_range"),
    "three ends": (lambda p: p.update({"current_range": [0.0, 1.0, 2.0]}), "current_range"),
    "no numbers": (lambda p: p.update({"current_range": "ab"}), "current_range"),
    "negative scale": (lambda p: p.update({"scale": -1.0}), "scale"),
    "scale of nothing": (lambda p: p.update({"scale": None}), "scale"),
    "negative side": (lambda p: p.update({"shape": [1, -6, 5]}), "shape"),
    "two sides": (lambda p: p.update({"shape": [6, 5]}), "shape"),
    "broken side": (lambda p: p.update({"shape": [1, 6, 5.5]}), "shape"),
    "number": (lambda p: p.update({"number": -1}), "number"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_a_file_with_other_settings_is_refused_and_the_place_named(
    what: str, synapse: CompoundMTJ, tmp_path: Path
) -> None:
    analog, _ = network(synapse, dac_bits=5, adc_bits=5)
    analog.save(tmp_path / "a.keras")
    change, match = TAMPERED[what]
    with pytest.raises((ValueError, TypeError), match=match):
        keras.models.load_model(tampered(tmp_path / "a.keras", change))


@pytest.mark.parametrize("shape", [[1, 6, 4], [1, 7, 5], [2, 6, 5]])
def test_a_file_with_another_shape_is_refused(shape: list[int], synapse: CompoundMTJ,
                                              tmp_path: Path) -> None:
    analog, _ = network(synapse)
    analog.save(tmp_path / "a.keras")
    with pytest.raises((ValueError, TypeError), match=r"shape|expected|variables"):
        keras.models.load_model(tampered(tmp_path / "a.keras", lambda p: p.update(
            {"shape": shape})))


def test_devices_that_no_array_has_are_refused(synapse: CompoundMTJ) -> None:
    analog, x = network(synapse)
    product = products_of(analog)[0]
    for bad in (np.nan, -1e-5, np.inf):
        devices = np.full((*product.devices.shape[:-1], 1), bad).view(np.uint32)
        product.devices.assign(devices)
        with pytest.raises(ValueError, match="conductance"):
            read_energy(analog, x)
