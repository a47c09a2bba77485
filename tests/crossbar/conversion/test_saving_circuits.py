"""Models that read circuits, or whose converters err, are saved whole: devices, noise and all."""

import pickle
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from circuits import ADC, DAC, BitSerial, ColumnSense, RowDrive, Wires
from crossbar import (
    BitSliced,
    ColumnWise,
    Differential,
    Hardware,
    OffsetColumns,
    Placement,
    Subtraction,
    to_analog,
)
from crossbar.imperfections import ReadNoise
from crossbar.layers.model import products_of
from crossbar.layers.periphery import coded, decoded
from crossbar.stored import from_plain, to_plain
from device_models import CompoundMTJ, Variability, load_stack
from device_models.switching import Programming
from tests.support.models import outputs, randomise, signed

WIRES = Wires(3.0, 2.0, 40.0, 10.0)
WIDE = Variability(sigma_r_p=0.1, shorted=0.01)
STACK = load_stack("kumar2024")
PULSES = Programming(magnet=STACK.writing_magnet(1.9e-9, 3), pulse=200e-9, assist_field=8.5e-3,
                     spread=0.06, verify=True)
SETTINGS: dict[str, dict[str, Any]] = {
    "nonlinear": {"nonlinear": True, "variability": WIDE},
    "noise": {"read_noise": True, "spread": 0.05},
    "noise of its own": {"read_noise": ReadNoise(1e7, 1e-12, 1e-20, 3.0), "nonlinear": True},
    "converters": {"dac": DAC(5, 0.0, 1.0, 0.01, 0.02, 0.3, 0, 0.01, 0.02), "columns_per_adc": 3,
                   "adc": ADC(6, 0.0, 1.0, 0.01, 0.02, 0.3, 0, 0.01, 0.02)},
    "bits in turn": {"dac": BitSerial(4), "adc_bits": 7, "nonlinear": True},
    "old": {"age": 3.0, "reads": 1e7, "variability": WIDE, "nonlinear": True},
    "pulses": {"programming": PULSES, "variability": WIDE, "nonlinear": True},
    "ends": {"drive": RowDrive.BOTH, "sense": ColumnSense.TOP, "analog_bias": True,
             "nonlinear": True},
    "two arrays": {"mapping": Differential(placement=Placement.ARRAYS,
                                           subtraction=Subtraction.BEFORE),
                   "scale": ColumnWise(), "adc_bits": 8, "nonlinear": True},
    "slices": {"mapping": BitSliced(OffsetColumns(2)), "read_noise": True},
}
FRESH = """
import pickle, sys
import crossbar
import keras
import numpy as np

folder = sys.argv[1]
with open(f"{folder}/x", "rb") as file:
    x = pickle.load(file)
found = {}
for name in sys.argv[2:]:
    model = keras.models.load_model(f"{folder}/{name}")
    found[name] = [np.asarray(model(x, training=False)) for _ in range(2)]
with open(f"{folder}/found", "wb") as file:
    pickle.dump(found, file)
"""


def network() -> keras.Model:
    return randomise(keras.Sequential([
        keras.Input((6,)), layers.Dense(5, activation="relu"), layers.Dense(3, name="second")]))


@pytest.fixture(scope="module")
def hardware(synapse: CompoundMTJ) -> Hardware:
    fickle = CompoundMTJ(replace(synapse.mtj, stability=(22.0, 22.0)), 3)
    return Hardware(fickle, WIRES, tile=(4, 6), seed=5)


@pytest.mark.filterwarnings("ignore:You are saving your model as an HDF5")
def test_a_fresh_process_reads_the_same_circuits(hardware: Hardware, tmp_path: Path) -> None:
    """Noise too begins again as it began after the conversion."""
    x = signed(network(), 4)
    expected = {}
    for number, settings in enumerate(SETTINGS.values()):
        analog = to_analog(network(), replace(hardware, **settings), x)
        names = [f"{number}.{ending}" for ending in ("keras", "h5")[: 2 - number % 3 % 2]]
        for name in names:
            analog.save(tmp_path / name)
        values = [outputs(analog, x)[0] for _ in range(2)]
        expected.update((name, values) for name in names)
    (tmp_path / "x").write_bytes(pickle.dumps(x))
    done = subprocess.run([sys.executable, "-c", FRESH, str(tmp_path), *expected], check=False,
                          capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-3000:]
    found = pickle.loads((tmp_path / "found").read_bytes())
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, rtol=0, atol=1e-6, err_msg=name)


@pytest.mark.parametrize("what", SETTINGS)
def test_hardware_is_its_plain_data(what: str, hardware: Hardware) -> None:
    changed = replace(hardware, **SETTINGS[what])
    assert from_plain(to_plain(changed)) == changed
    assert from_plain(to_plain(changed)) != hardware


@pytest.mark.parametrize("what", ["nonlinear", "noise"])
@pytest.mark.parametrize("name", ["wanted", "devices"])
def test_other_devices_than_the_chip_makes_are_not_read(what: str, name: str, hardware: Hardware
                                                        ) -> None:
    x = signed(network(), 4)
    analog = to_analog(network(), replace(hardware, **SETTINGS[what]), x)
    outputs(analog, x)
    product = products_of(analog)[1]
    variable = getattr(product, name)
    variable.assign(coded(decoded(variable)[:, ::-1]))
    for read in (lambda: outputs(analog, x), product.rewritten):
        with pytest.raises(ValueError, match=r"'second' holds other devices .*convert the model"):
            read()


def test_a_file_of_another_seed_is_not_read(hardware: Hardware) -> None:
    x = signed(network(), 4)
    analog, other = (to_analog(network(), replace(hardware, spread=0.1, nonlinear=True, seed=seed),
                               x) for seed in (1, 2))
    other.set_weights(analog.get_weights())
    with pytest.raises(ValueError, match="holds other devices than its hardware and seed"):
        outputs(other, x)


@pytest.mark.parametrize("what", ["nonlinear", "noise", "bits in turn"])
def test_models_that_read_circuits_are_not_exported(what: str, hardware: Hardware, tmp_path: Path
                                                    ) -> None:
    """What would be written could not run without this package, or not at all."""
    model = network()
    first = model.layers[0].name
    analog = to_analog(model, {first: hardware, "*": replace(hardware, **SETTINGS[what])})
    with pytest.raises(ValueError, match=r"'second' solves its circuits, .*save\(\) the model"):
        analog.export(tmp_path / "exported", verbose=False)
    assert not (tmp_path / "exported").exists()


def test_converters_that_err_are_exported(hardware: Hardware, tmp_path: Path) -> None:
    import tensorflow as tf

    x = signed(network(), 30)
    analog = to_analog(network(), replace(hardware, **SETTINGS["converters"]), x)
    analog.export(tmp_path / "exported", verbose=False)
    served = tf.saved_model.load(str(tmp_path / "exported"))
    assert np.isclose(served.serve(x), outputs(analog, x)[0], rtol=1e-4, atol=1e-5).mean() > 0.9
