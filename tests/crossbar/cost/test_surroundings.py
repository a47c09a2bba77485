"""What stands around tiles, counted by hand; and an array's energy as ngspice finds it."""

from collections.abc import Callable
from dataclasses import replace

import keras
import numpy as np
import pytest
from keras import layers
from numpy.typing import NDArray

from circuits import BitSerial, CrossbarCircuit, Wires, spice
from crossbar import (
    BitSliced,
    Differential,
    Hardware,
    Periphery,
    PerTile,
    Subtraction,
    SurveyADC,
    calibrate,
)
from crossbar.conversion.convert import to_analog
from crossbar.cost.parts import ARRAY, EVERY, PERIPHERY
from crossbar.cost.reading import read_energy
from crossbar.cost.report import EnergyReport
from device_models import CompoundMTJ

Network = Callable[..., keras.Model]
Inputs = Callable[..., NDArray[np.float64]]
WIRES = Wires(4.0, 3.0, 100.0, 30.0)


def report(hardware: Hardware, network: Network, inputs: Inputs,
           periphery: Periphery | None = None) -> EnergyReport:
    """9 x 7 x 4: in tiles of 4 x 6 rows of tiles of 4, 4, 1 with columns of 6, 6, 2; then 4, 3
    with 6, 2."""
    x = inputs(9)
    return read_energy(to_analog(network(), hardware, x), x, periphery=periphery)


def test_every_row_is_converted_and_driven_and_every_column_converted_once(
    synapse: CompoundMTJ, network: Network, inputs: Inputs
) -> None:
    hardware = Hardware(synapse, WIRES, tile=(4, 6), dac_bits=6, adc_bits=5)
    found = report(hardware, network, inputs)
    around, rows = found.surroundings, 9 * 3 + 7 * 2
    assert around == Periphery()
    assert found.split["dac"] == pytest.approx(rows * around.dac.energy(6))
    assert found.split["gates"] == pytest.approx(rows * around.driver.energy(100.0))
    assert found.split["adc"] == pytest.approx((14 * 3 + 8 * 2) * around.adc.energy(5, 1e8))


def test_drivers_that_differ_are_as_wide_as_each_has_to_be(synapse: CompoundMTJ, network: Network,
                                                            inputs: Inputs) -> None:
    """Ideal ones as the periphery's; rows that float have none to size by."""
    ohm, x = np.array([0.0, 50.0, np.inf, 100.0, 0.0, 400.0, 50.0, 20.0, 100.0]), inputs(9)
    hardware = Hardware(synapse, Wires(4.0, 3.0, ohm, 30.0), tile=(9, 6))
    found = read_energy(to_analog(network((9, 3)), hardware, x), x)
    driver, finite = found.surroundings.driver, ohm[np.isfinite(ohm)]
    each = np.mean([driver.energy(one) for one in finite])
    assert found.split["gates"] == pytest.approx(9 * each)


def test_converters_without_bits_count_with_those_that_are_assumed(
    synapse: CompoundMTJ, network: Network, inputs: Inputs
) -> None:
    """The same as of hardware that has so many, but for what its converters change."""
    hardware = Hardware(synapse, tile=(4, 6))
    ideal, real = (report(each, network, inputs, Periphery(assumed_bits=6)) for each in (
        hardware, replace(hardware, dac_bits=6, adc_bits=6)))
    for part in ("dac", "adc", "gates", "accumulation", "scaling", "buffers"):
        assert ideal.split[part] == pytest.approx(real.split[part], rel=1e-12)
    assert ideal.array == pytest.approx(real.array, rel=0.03)


def test_numbers_are_counted_term_by_term(synapse: CompoundMTJ) -> None:
    """3 x 2, sigmoid, with biases, in pairs: one row of tiles, 4 columns, each sum of two terms."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2, "sigmoid")])
    x = np.random.default_rng(0).uniform(0, 1, (6, 3)).astype(np.float32)
    analog = to_analog(model, Hardware(synapse, dac_bits=4, adc_bits=5), x)
    found = read_energy(analog, x)
    digital = found.surroundings.digital
    assert found.split["accumulation"] == pytest.approx(
        4 * digital.register(6) + 2 * digital.add(6))
    assert found.split["scaling"] == pytest.approx(2 * (digital.multiply(6, 5) + digital.add(6)))
    assert found.split["activation"] == pytest.approx(2 * digital.activation(4, False))
    assert found.split["buffers"] == pytest.approx((3 + 2) * digital.buffer(4))
    per_tile = read_energy(calibrate(analog, x, gains=PerTile()), x)
    assert per_tile.split["scaling"] == pytest.approx(
        found.split["scaling"] + 4 * digital.multiply(6, 5))


@pytest.mark.parametrize(("function", "simple"), [("relu", True), ("tanh", False), (None, None)])
def test_activations_are_comparisons_or_tables_or_nothing(
    function: str | None, simple: bool | None, synapse: CompoundMTJ
) -> None:
    model = keras.Sequential([keras.Input((3,)), layers.Dense(2, function)])
    x = np.random.default_rng(0).uniform(0, 1, (6, 3)).astype(np.float32)
    found = read_energy(to_analog(model, Hardware(synapse), x), x)
    digital = found.surroundings.digital
    assert found.split["activation"] == pytest.approx(
        0.0 if simple is None else 2 * digital.activation(8, simple))


def test_bits_one_after_another_need_no_converter_and_as_many_reads(
    synapse: CompoundMTJ, network: Network, inputs: Inputs
) -> None:
    hardware = Hardware(synapse, WIRES, tile=(4, 6), dac_bits=3, adc_bits=5)
    at_once, serial = (report(each, network, inputs) for each in (
        hardware, replace(hardware, dac_bits=None, dac=BitSerial(3))))
    assert serial.split["dac"] == 0.0 < at_once.split["dac"]
    assert serial.split["adc"] == pytest.approx(3 * at_once.split["adc"])
    assert serial.split["gates"] == pytest.approx(3 * at_once.split["gates"])
    assert serial.split["buffers"] == pytest.approx(at_once.split["buffers"])
    assert serial.split["accumulation"] > 3 * at_once.split["accumulation"]


def test_what_is_subtracted_before_takes_half_the_conversions_and_no_sums_of_pairs(
    synapse: CompoundMTJ, network: Network, inputs: Inputs
) -> None:
    behind, before = (report(Hardware(synapse, tile=(16, 16), mapping=Differential(subtraction=s)),
                             network, inputs) for s in (Subtraction.BEHIND, Subtraction.BEFORE))
    assert before.split["adc"] == pytest.approx(behind.split["adc"] / 2)
    assert before.split["amplifiers"] > 0.5 * behind.split["amplifiers"]
    digital = before.surroundings.digital  # one term to a result: it is kept, and nothing added
    assert before.split["accumulation"] == pytest.approx((7 + 4) * digital.register(8))


def test_slices_are_shifted_and_not_multiplied(synapse: CompoundMTJ, network: Network,
                                               inputs: Inputs) -> None:
    """Where powers of another base than two must be multiplied, they are counted."""
    one, two, three = (report(Hardware(synapse, mapping=mapping), network, inputs) for mapping in (
        Differential(), BitSliced(base=2), BitSliced(base=3)))
    assert two.split["adc"] == three.split["adc"] == pytest.approx(2 * one.split["adc"])
    assert two.split["accumulation"] > 2 * one.split["accumulation"]
    digital, terms = two.surroundings.digital, 4 * 7 + 4 * 4  # with one row of tiles each
    words = [8 + shift + 2 for shift in (1, 2)]  # shifts by 1, or 1.6 bits, of sums of four
    assert three.split["accumulation"] - two.split["accumulation"] == pytest.approx(
        terms * (digital.register(words[1]) - digital.register(words[0]))
        + (terms - 11) * (digital.add(words[1]) - digital.add(words[0]))
        + terms / 2 * digital.multiply(words[1], 8))


def test_presets_differ_in_conversions_alone(synapse: CompoundMTJ, network: Network,
                                             inputs: Inputs) -> None:
    hardware = Hardware(synapse, WIRES)
    median, tenth, best = (report(hardware, network, inputs, each) for each in (
        Periphery.median(), Periphery.best_tenth(), Periphery(adc=SurveyADC.best())))
    assert median.split["adc"] > tenth.split["adc"] > best.split["adc"]
    for part in set(EVERY) - {"adc"}:
        assert median.split[part] == tenth.split[part] == best.split[part]


def test_lines_are_charged_in_proportion_to_what_they_hold(
    synapse: CompoundMTJ, network: Network, inputs: Inputs
) -> None:
    """Without wires, C V^2 for every node of a row."""
    around = Periphery()
    cell = replace(around.cell, row_wire=2e-15, junction_capacitance=0.0)
    x = inputs(9)
    analog = to_analog(network((9, 5)), Hardware(synapse), x)
    found = read_energy(analog, x, periphery=replace(around, cell=cell))
    v = 0.1 * x.astype(np.float64) / analog.layers[0].product.input_range[1]
    assert found.split["charging"] == pytest.approx(
        2e-15 * 10 * float(np.mean((v**2).sum(axis=1))), rel=1e-6)
    twice = read_energy(analog, x, periphery=replace(around, cell=replace(cell, row_wire=4e-15)))
    assert twice.split["charging"] == pytest.approx(2 * found.split["charging"], rel=1e-12)


def test_tiles_add_up_to_layers_but_for_numbers(synapse: CompoundMTJ, network: Network,
                                                inputs: Inputs) -> None:
    found = report(Hardware(synapse, WIRES, tile=(4, 6)), network, inputs)
    numbers = ("accumulation", "scaling", "activation", "buffers")
    for name, layer in found.layers.items():
        assert list(layer) == [*ARRAY, *PERIPHERY]
        for part in set(EVERY) - set(numbers):
            assert layer[part] == pytest.approx(sum(
                tile.parts[part] for tile in found.tiles[name]), rel=1e-12)
        assert layer["adc"] > 0 < layer["accumulation"]
    assert [tile.number for tile in found.tiles["d0"]] == [(i, j) for i in range(3)
                                                           for j in range(3)]


def test_layers_without_crossbars_are_named(synapse: CompoundMTJ) -> None:
    model = keras.Sequential([keras.Input((4, 4, 1)), layers.Conv2D(2, 3, name="c"),
                              layers.MaxPooling2D(2, name="pool"), layers.Flatten(),
                              layers.Dense(3, name="d"), layers.Softmax(name="soft")])
    x = np.random.default_rng(0).uniform(0, 1, (3, 4, 4, 1)).astype(np.float32)
    found = read_energy(to_analog(model, Hardware(synapse), x, digital=("d",)), x)
    assert found.digital == ("pool (MaxPooling2D)", "d (Dense)", "soft (Softmax)")
    assert list(found.layers) == ["c"]


@pytest.mark.parametrize("bad", [None, "median", Periphery, {"adc": 1}])
def test_what_is_no_periphery_is_refused(bad: object, synapse: CompoundMTJ, network: Network,
                                         inputs: Inputs) -> None:
    analog = to_analog(network(), Hardware(synapse), inputs(9))
    if bad is None:
        assert read_energy(analog, inputs(9), periphery=None).surroundings == Periphery()
        return
    with pytest.raises(TypeError, match="Periphery"):
        read_energy(analog, inputs(9), periphery=bad)


def test_ngspice_finds_the_energy_of_a_tile(ngspice: str, synapse: CompoundMTJ, network: Network,
                                            inputs: Inputs) -> None:
    """For the same inputs: the sources' work, and the share of each part."""
    x, hardware = inputs(9, 5), Hardware(synapse, WIRES, tile=(9, 8))
    analog = to_analog(network((9, 4)), hardware, x)
    product = analog.layers[0].product
    circuit: CrossbarCircuit = product.matrices[0].tiles[0].circuit
    v = hardware.read_voltage * x.astype(np.float64) / product.input_range[1]
    expected = dict.fromkeys(("source", "devices", "rows", "columns", "drivers", "sense"), 0.0)
    for one in v:
        op = spice.solve(circuit, one, 60.0, ngspice)
        drop = op.row_voltages - op.column_voltages
        currents = circuit.conductance * drop
        along = np.cumsum(currents[:, ::-1], axis=1)[:, ::-1]
        down = np.cumsum(currents, axis=0)
        found = {"source": one @ along[:, 0], "devices": np.sum(currents * drop),
                 "rows": 4.0 * np.sum(along**2), "columns": 3.0 * np.sum(down**2),
                 "drivers": 100.0 * np.sum(along[:, 0] ** 2),
                 "sense": 30.0 * np.sum(down[-1] ** 2)}
        for part, power in found.items():
            expected[part] += hardware.read_time * float(power) / len(v)
    tile = read_energy(analog, x).tiles["d0"][0]
    assert sum(tile.parts[part] for part in ARRAY) == pytest.approx(expected["source"], rel=1e-6)
    for part in ("devices", "rows", "columns", "drivers", "sense"):
        assert tile.parts[part] == pytest.approx(expected[part], rel=1e-6)
