"""A seed is a chip: its devices depend on the layers' names and on nothing else."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from circuits import ADC, DAC, Wires
from crossbar import Hardware, to_analog
from crossbar.imperfections import Cells
from crossbar.layers.model import products_of
from crossbar.layers.periphery import decoded
from device_models import CompoundMTJ, Variability
from tests.support.models import Floats, assert_close, outputs, randomise, signed

WIRES = Wires(3.0, 2.0, 40.0, 10.0)
WIDE = Variability(sigma_r_p=0.1, sigma_tmr=0.1, shorted=0.02, stuck_parallel=0.05)


@pytest.fixture(scope="module")
def hardware(synapse: CompoundMTJ) -> Hardware:
    fickle = CompoundMTJ(replace(synapse.mtj, stability=(22.0, 22.0)), 3)
    return Hardware(fickle, WIRES, tile=(4, 6), variability=WIDE, spread=0.05, seed=9,
                    write_probability=0.9, age=1.0, reads=1e7)


def named(names: Sequence[str | None]) -> keras.Model:
    """A model of equal layers, 6 by 6."""
    model = keras.Sequential([keras.Input((6,)), *(
        layers.Dense(6, name=name) if name else layers.Dense(6) for name in names)])
    w = np.random.default_rng(1).normal(size=(6, 6))
    model.set_weights([w if v.ndim == 2 else np.zeros(6) for v in model.get_weights()])
    return model


def devices(model: keras.Model, hardware: Hardware) -> list[Floats]:
    """Of every product, in the order of the network [S]."""
    return [decoded(product.devices) for product in products_of(to_analog(model, hardware))]


def test_devices_go_with_the_names_of_layers_and_not_with_their_order(hardware: Hardware) -> None:
    first, second = devices(named(["a", "b"]), hardware)
    assert not np.array_equal(first, second)
    for found, expected in zip(devices(named(["b", "more", "a"]), hardware),
                               (second, None, first), strict=True):
        assert expected is None or np.array_equal(found, expected)
    inside = keras.Sequential([keras.Input((6,)), named(["b", "a"])])
    assert len(devices(inside, hardware)) == 2


def test_names_that_keras_chose_are_those_of_the_same_model_made_again(hardware: Hardware
                                                                       ) -> None:
    first = devices(named([None, None, "own"]), hardware)
    named([None] * 5)  # Keras counts on: dense_7, dense_8
    for found, expected in zip(devices(named([None, None, "own"]), hardware), first, strict=True):
        np.testing.assert_array_equal(found, expected)
    assert not np.array_equal(first[0], first[1])


def test_a_layer_left_digital_or_on_other_hardware_changes_no_other(hardware: Hardware) -> None:
    model = named(["a", "b"])
    _, second = devices(model, hardware)
    analog = to_analog(model, hardware, digital=("a",))
    np.testing.assert_array_equal(decoded(products_of(analog)[0].devices), second)
    mixed = devices(model, {"a": replace(hardware, seed=1), "b": hardware})
    np.testing.assert_array_equal(mixed[1], second)


OFF: dict[str, Any] = {"spread": 0.0, "write_probability": 1.0, "age": 0.0, "reads": 0.0}
OTHERS: dict[str, dict[str, Any]] = {
    "converters": {"dac": DAC(5, 0.0, 1.0, seed=0, dnl=0.2), "adc": ADC(
        5, 0.0, 1.0, seed=0, dnl=0.2), "columns_per_adc": 3},
    "noise": {"read_noise": True}, "nonlinear": {"nonlinear": True}, "wires": {"wires": Wires()},
    "analog bias": {"analog_bias": False}}


@pytest.mark.parametrize("what", OTHERS)
def test_how_they_are_read_changes_no_device(what: str, hardware: Hardware) -> None:
    model = named(["a"])
    np.testing.assert_array_equal(devices(model, replace(hardware, **OTHERS[what]))[0],
                                  devices(model, hardware)[0])


def cells(hardware: Hardware, **settings: Any) -> list[Cells]:
    """Of every tile of one layer, with no imperfections but these and the spread of cells."""
    made = to_analog(named(["a"]), replace(hardware, **{**OFF, **settings}))
    return [tile.devices.cells for tile in products_of(made)[0].rewritten()[0].tiles]


def test_the_spread_is_the_same_factor_whatever_else_there_is(hardware: Hardware) -> None:
    model, plain = named(["a"]), replace(hardware, **OFF, variability=None)
    alone = devices(model, replace(plain, spread=0.05))[0] / devices(model, plain)[0]
    without = devices(model, replace(hardware, spread=0.0))[0]
    sound = without > 0
    found = devices(model, hardware)[0]
    np.testing.assert_allclose(found[sound] / without[sound], alone[sound], rtol=1e-12)
    assert np.all(alone != 1)


def test_cells_are_the_same_whatever_befalls_them(hardware: Hardware) -> None:
    every = {name: getattr(hardware, name) for name in OFF}
    for plain, all_of_it in zip(cells(hardware), cells(hardware, **every), strict=True):
        for name in ("g_p", "tmr", "coercive_field", "critical_voltage", "fault"):
            np.testing.assert_array_equal(getattr(plain.sample, name),
                                          getattr(all_of_it.sample, name))


@pytest.mark.parametrize(("first", "then"), [
    ("write_probability", "age"), ("write_probability", "reads"), ("age", "reads")])
def test_cells_that_one_effect_leaves_meet_the_same_chance_in_the_next(
    first: str, then: str, hardware: Hardware
) -> None:
    settings = [{name: getattr(hardware, name)} for name in (first, then)]
    plain, before, after, both = (np.concatenate([each.parallel for each in cells(
        hardware, **some)]) for some in ({}, settings[0], settings[1], {**settings[0],
                                                                        **settings[1]}))
    left = before == plain
    np.testing.assert_array_equal(both[left], after[left])
    assert 0 < np.mean(~left) < 0.5
    assert 0 < np.mean(after != plain) < 0.5


@pytest.mark.parametrize("batch", [1, 7])
def test_outputs_do_not_depend_on_the_batch(batch: int, hardware: Hardware) -> None:
    """Those of all samples at once are those of `model(x)`."""
    model = randomise(named(["a", "b"]))
    x = signed(model, 20)
    analog = to_analog(model, replace(hardware, nonlinear=True, adc_bits=None), x)
    analog.compile(jit_compile=False)
    assert_close([analog.predict(x, batch_size=batch, verbose=0)], outputs(analog, x), 2e-6)


THREADS = """
import os, sys
cores = sorted(os.sched_getaffinity(0))
os.sched_setaffinity(0, cores[: int(sys.argv[2])])
import numpy as np
import crossbar
from circuits import Wires
from crossbar.tiles.reading import MatrixReader
from device_models import CompoundMTJ, Variability, load_stack

synapse = CompoundMTJ(load_stack("kumar2024").mtj(1.9e-9), 3)
hardware = crossbar.Hardware(synapse, Wires(3.0, 2.0, 40.0, 10.0), tile=(8, 8), seed=3,
                             variability=Variability(), spread=0.05, nonlinear=True,
                             read_noise=True)
rng = np.random.default_rng(0)
matrix = crossbar.TiledMatrix.program(rng.normal(size=(30, 17)), hardware, "layer")
currents = MatrixReader(matrix).currents(rng.uniform(-1, 1, (50, 30)), np.random.default_rng(1))
np.savez(sys.argv[1], devices=matrix.conductance, currents=currents)
"""


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="processors cannot be chosen")
def test_devices_and_noise_do_not_depend_on_threads(tmp_path: Path) -> None:
    if len(os.sched_getaffinity(0)) < 2:
        pytest.skip("there is one processor only")
    found = []
    for threads in (1, 2):
        path = tmp_path / f"{threads}.npz"
        subprocess.run([sys.executable, "-c", THREADS, str(path), str(threads)], check=True,
                       env={**os.environ, "NUMBA_NUM_THREADS": str(threads)}, timeout=300)
        with np.load(path) as file:
            found.append({name: file[name] for name in file})
    one, two = found
    np.testing.assert_array_equal(one["devices"], two["devices"])
    np.testing.assert_allclose(one["currents"], two["currents"], rtol=0,
                               atol=1e-9 * np.abs(one["currents"]).max())
