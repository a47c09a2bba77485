"""Laws of read energy: the sum over solved images, additivity, scaling, power balance."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from keras import layers
from numpy.typing import NDArray

from circuits import DAC, Wires
from crossbar import Differential, Hardware, Mapping, ReferenceColumn
from crossbar.conversion.convert import to_analog
from crossbar.conversion.report import conversion_report
from crossbar.cost.parts import ARRAY, EVERY
from crossbar.cost.periphery import Periphery
from crossbar.cost.reading import read_energy
from crossbar.cost.report import EnergyReport
from crossbar.layers.model import products_of
from device_models import CompoundMTJ

Floats = NDArray[np.float64]
Network = Callable[..., keras.Model]
Inputs = Callable[..., Floats]
PARTS = ("devices", "rows", "columns", "drivers", "sense")
WIRES = Wires(4.0, 3.0, 100.0, 30.0)


def direct(analog: keras.Model, name: str, driven: Floats) -> dict[str, float]:
    """Every image solved in every tile; `driven` (images, rows) are fractions of read voltage."""
    matrix = analog.get_layer(name).matrix
    hardware = matrix.hardware
    energy = dict.fromkeys(("source", *PARTS), 0.0)
    for tile in matrix.tiles:
        power = tile.circuit.solve(hardware.read_voltage * driven[:, tile.inputs]).power
        for part in energy:
            energy[part] += hardware.read_time * float(np.sum(power[part])) / len(driven)
    return energy


@pytest.mark.parametrize("bias", [False, True], ids=["digital bias", "analog bias"])
@pytest.mark.parametrize("mapping", [Differential(), ReferenceColumn()], ids=["pair", "reference"])
@pytest.mark.parametrize("top", [0.7, 3.0])
def test_energy_is_the_mean_over_solved_images(
    top: float, mapping: Mapping, bias: bool, synapse: CompoundMTJ, network: Network,
    inputs: Inputs,
) -> None:
    model, x = network((11, 5), None), inputs(11, 13, high=top)
    hardware = Hardware(synapse, WIRES, mapping, (4, 5), 0.2, 2e-8, analog_bias=bias)
    analog = to_analog(model, hardware, x)
    driven = x.astype(np.float64) / max(1.0, float(x.max()))
    driven = np.hstack([driven, np.ones((len(x), 1))]) if bias else driven
    expected = direct(analog, "d0", driven)
    found = read_energy(analog, x)
    for part in PARTS:
        assert found.layers["d0"][part] == pytest.approx(expected[part], rel=1e-6)
        assert found.layers["d0"][part] > 0
    assert found.array == pytest.approx(expected["source"], rel=1e-6)  # power balance
    assert found.samples == 13


def test_second_layer_is_driven_by_the_first_as_computed_through_the_circuit(
    synapse: CompoundMTJ, network: Network, inputs: Inputs
) -> None:
    x = inputs(9)
    analog = to_analog(network((9, 7, 4)), Hardware(synapse, WIRES), x)
    hidden = keras.ops.convert_to_numpy(analog.get_layer("d0")(x)).astype(np.float64)
    expected = direct(analog, "d1", hidden)
    layer = read_energy(analog, x).layers["d1"]
    assert sum(layer[part] for part in ARRAY) == pytest.approx(expected["source"], rel=1e-6)


def test_inputs_are_those_after_the_converter(
    synapse: CompoundMTJ, network: Network, inputs: Inputs
) -> None:
    x = inputs(9)
    analog = to_analog(network((9, 4)), Hardware(synapse, WIRES, dac_bits=2), x)
    driven = np.rint(x.astype(np.float64) * 3) / 3
    expected = direct(analog, "d0", driven)["source"]
    layer = read_energy(analog, x).layers["d0"]
    assert sum(layer[part] for part in ARRAY) == pytest.approx(expected, rel=1e-6)


@pytest.fixture(scope="module")
def analog(synapse: CompoundMTJ, network: Network, inputs: Inputs) -> keras.Model:
    return to_analog(network(), Hardware(synapse, WIRES, tile=(4, 6), dac_bits=6, adc_bits=5),
                     inputs(9))


def test_total_is_the_sum_of_parts_and_of_layers(analog: keras.Model, inputs: Inputs) -> None:
    report = read_energy(analog, inputs(9))
    assert set(report.layers) == {"d0", "d1"}
    by_layer = sum(sum(layer.values()) for layer in report.layers.values())
    assert report.total == pytest.approx(sum(report.split.values()), rel=1e-12)
    assert report.total == pytest.approx(by_layer, rel=1e-12)
    assert report.total == pytest.approx(report.array + report.periphery, rel=1e-12)
    for part, energy in report.split.items():
        assert energy == pytest.approx(sum(layer[part] for layer in report.layers.values()))


def test_energy_is_a_mean_over_inputs(analog: keras.Model, inputs: Inputs) -> None:
    x = inputs(9)
    halves = [read_energy(analog, part).array for part in (x[:20], x[20:])]
    assert read_energy(analog, x).array == pytest.approx(np.mean(halves), rel=1e-6)
    assert read_energy(analog, np.tile(x, (60, 1))).array == pytest.approx(np.mean(halves),
                                                                          rel=1e-6)


def test_without_wires_energy_is_g_v_squared_t(
    synapse: CompoundMTJ, network: Network
) -> None:
    analog = to_analog(network((3, 2), None), Hardware(synapse))
    matrix = analog.get_layer("d0").matrix
    x = np.array([[1.0, 0.5, 0.0]])
    g = matrix.tiles[0].circuit.conductance
    expected = 30e-9 * float(((0.1 * x[0]) ** 2) @ g.sum(axis=1))
    report = read_energy(analog, x)
    assert report.array == report.split["devices"] == pytest.approx(expected, rel=1e-12)


def test_energy_scales_with_time_and_about_with_voltage_squared(
    synapse: CompoundMTJ, network: Network, inputs: Inputs
) -> None:
    model, x, hardware = network(), inputs(9), Hardware(synapse, WIRES)
    base, longer, higher = (read_energy(to_analog(model, each), x).array for each in (
        hardware, replace(hardware, read_time=90e-9), replace(hardware, read_voltage=0.2)))
    assert longer == pytest.approx(3 * base, rel=1e-6)
    # the bias laws raise every conductance by 4 to 7 % between 0.1 and 0.2 V; weights are rescaled
    assert 1.0 < higher / (4 * base) < 1.12


def test_a_layer_used_twice_reads_twice(synapse: CompoundMTJ) -> None:
    x = keras.Input((4,), name="x")
    dense = layers.Dense(4, kernel_initializer="identity", name="twice")
    x_values = np.random.default_rng(0).uniform(0, 1, (10, 4)).astype(np.float32)
    hardware = Hardware(synapse, dac_bits=8)
    once, twice = (read_energy(to_analog(keras.Model(x, y), hardware, x_values), x_values)
                   for y in (dense(x), dense(dense(x))))
    assert twice.samples == once.samples == 10
    assert twice.split["dac"] == pytest.approx(2 * once.split["dac"])
    assert twice.total == pytest.approx(2 * once.total, rel=0.02)
    assert np.sum(twice.images) == pytest.approx(10 * twice.array, rel=1e-9)


def test_layers_of_one_name_in_several_models_are_told_apart(
    synapse: CompoundMTJ, inputs: Inputs
) -> None:
    """Under the names of the report; each takes what it takes where it is alone."""
    def part(name: str, seed: int) -> keras.Model:
        dense = layers.Dense(9, name="d", activation="sigmoid",
                             kernel_initializer=keras.initializers.RandomNormal(seed=seed))
        return keras.Sequential([keras.Input((9,)), dense], name=name)

    x, hardware = inputs(9), Hardware(synapse, WIRES)
    first, second = part("a", 1), part("b", 2)
    whole = to_analog(keras.Sequential([keras.Input((9,)), first, second]), hardware, x)
    report = read_energy(whole, x)
    assert list(report.layers) == [row.name for row in conversion_report(whole).layers] == [
        "a/d", "b/d"]
    alone = read_energy(to_analog(first, hardware, x), x).layers["d"]
    assert report.layers["a/d"] == pytest.approx(alone, rel=1e-6)
    assert sum(sum(parts.values()) for parts in report.layers.values()) == pytest.approx(
        report.total, rel=1e-12)


def test_progress_counts_tiles(analog: keras.Model, inputs: Inputs) -> None:
    steps: list[int] = []
    read_energy(analog, inputs(9), steps.append)
    assert sum(steps) == sum(len(layer.matrix.tiles) for layer in analog.layers)


def test_a_periphery_where_progress_stands_is_refused(analog: keras.Model, inputs: Inputs) -> None:
    with pytest.raises(TypeError, match=r"progress is Periphery.*periphery="):
        read_energy(analog, inputs(9), Periphery())


def test_a_loaded_model_takes_the_energy_of_the_saved_one(
    analog: keras.Model, inputs: Inputs, tmp_path: Path
) -> None:
    analog.save(tmp_path / "analog.keras")
    loaded = keras.models.load_model(tmp_path / "analog.keras")
    assert read_energy(loaded, inputs(9)) == read_energy(analog, inputs(9))


def test_a_plain_model_is_refused(network: Network, inputs: Inputs) -> None:
    with pytest.raises(ValueError, match="no programmed crossbars"):
        read_energy(network(), inputs(9))


@pytest.mark.parametrize("bad", [
    pytest.param(np.zeros((0, 9), np.float32), id="empty"),
    pytest.param(np.full((2, 9), np.nan, np.float32), id="nan")])
def test_bad_inputs_are_refused(bad: Floats, analog: keras.Model) -> None:
    with pytest.raises(ValueError, match="inputs have"):
        read_energy(analog, bad)


def test_report_prints_its_numbers_in_picojoule() -> None:
    none = dict.fromkeys(EVERY, 0.0)
    layers = {"a": {**none, "devices": 1.5e-12, "adc": 3e-12}, "b": {**none, "rows": 2e-12}}
    report = EnergyReport(layers, 1, {}, (), Periphery())
    lines = [line.split() for line in str(report).splitlines()]
    assert lines[1:] == [
        ["[pJ]", "a", "b", "sum"], ["devices", "1.5", "0", "1.5"], ["rows", "0", "2", "2"],
        ["adc", "3", "0", "3"], ["array", "1.5", "2", "3.5"], ["periphery", "3", "0", "3"],
        ["total", "4.5", "2", "6.5"]]


@pytest.mark.parametrize("nonlinear", [False, True], ids=["linear", "nonlinear"])
def test_input_converters_that_err_drive_rows_as_they_err(
    nonlinear: bool, synapse: CompoundMTJ, network: Network, inputs: Inputs
) -> None:
    """Without wires every device has its row's voltage: V^2 G, and far from what it should be."""
    model, x = network((11, 5), None), inputs(11, 13)
    dac = DAC(6, 0.0, 1.0, offset=0.2, gain_error=-0.05)
    hardware = Hardware(synapse, dac=dac, read_voltage=1e-3, nonlinear=nonlinear)
    analog = to_analog(model, hardware, x)
    g = analog.get_layer("d0").matrix.conductance.sum(axis=1)
    voltages = 1e-3 * np.asarray(dac.convert(x))
    found = read_energy(analog, x).layers["d0"]["devices"]
    assert found == pytest.approx(hardware.read_time * np.mean(voltages**2 @ g), rel=1e-4)
    plain = read_energy(to_analog(model, replace(hardware, dac=6), x), x).layers["d0"]["devices"]
    assert found > 1.2 * plain


@pytest.mark.parametrize("count", [40, 1500])
def test_energy_of_nonlinear_devices_is_that_of_their_circuits(
    count: int, synapse: CompoundMTJ, network: Callable[..., keras.Model],
    inputs: Callable[..., Floats],
) -> None:
    """Of every read solved; where only some are, what is left out differs little between reads."""
    hardware = Hardware(synapse, Wires(3.0, 3.0), tile=(8, 8), read_voltage=0.4, nonlinear=True)
    x = inputs(9, count)
    analog = to_analog(network((9, 5)), hardware, x)
    found, linear = (read_energy(model, x).split for model in (
        analog, to_analog(network((9, 5)), replace(hardware, nonlinear=False), x)))
    exact = dict.fromkeys(PARTS, 0.0)
    for tile in products_of(analog)[0].readers[0].readers:
        power = tile.solve(0.4 / products_of(analog)[0].input_range[1]
                           * np.float64(x[:, tile.tile.inputs])).power
        for part in PARTS:
            exact[part] += hardware.read_time * float(power[part].mean())
    for part in ("devices", "rows", "columns"):
        assert found[part] == pytest.approx(exact[part], rel=1e-6 if count < 128 else 6e-3)
        assert abs(linear[part] / exact[part] - 1) > 0.02
