"""Nonlinear layers are their tiles' circuits with the law of the junction, solved one by one."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from circuits import CrossbarCircuit, MTJLaw, TabulatedLaw, Wires, quantise, spice
from crossbar import (
    Differential,
    Hardware,
    Mapping,
    OffsetColumns,
    Placement,
    SignedLevel,
    Subtraction,
    to_analog,
)
from crossbar.layers.model import products_of
from crossbar.layers.product import CrossbarProduct
from crossbar.tiles.matrix import Tile
from crossbar.tiles.reading import MatrixReader
from device_models import CompoundMTJ, load_stack
from device_models.junction import BrinkmanBias
from tests.support.models import Floats, assert_close, outputs, randomise, signed
from tests.support.tiles import by_tiles, states_of, voltages

WIRES = Wires(40.0, 30.0, 300.0, 100.0)
MAPPINGS: list[Mapping] = [
    Differential(), Differential(placement=Placement.ARRAYS), SignedLevel(), OffsetColumns(),
    Differential(subtraction=Subtraction.BEFORE)]


def dense(dtype: str = "float32", units: int = 5) -> keras.Model:
    return randomise(keras.Sequential([
        keras.Input((7,)), layers.Dense(units, name="a", dtype=dtype)]))


def conv() -> keras.Model:
    return randomise(keras.Sequential([
        keras.Input((5, 4, 2)), layers.Conv2D(4, 2, padding="same", groups=2, name="a")]))


def solved(hardware: Hardware, **others: Any) -> Callable[[Tile, Floats], Floats]:
    """Currents of a tile whose devices follow the quadratic law, solved to rounding."""
    synapse, mtj = hardware.synapse, hardware.synapse.mtj
    g, array = synapse.conductances(hardware.read_voltage), hardware.array

    def currents(tile: Tile, v: Floats) -> Floats:
        branches = MTJLaw.conductance(synapse, states_of(tile, g)) * (tile.circuit.conductance > 0)
        circuit = CrossbarCircuit(branches, array.wires, MTJLaw.of(mtj), array.drive, array.sense)
        return circuit.solve(v, 1e-12).column_currents

    return currents


def rows_of(model: keras.Model, x: Floats) -> tuple[CrossbarProduct, Floats]:
    """The only product of a model, and what drives its rows (reads, groups, inputs)."""
    layer, (product,) = model.layers[0], products_of(model)
    rows = np.asarray(keras.ops.convert_to_numpy(layer.rows(keras.ops.convert_to_tensor(x))))
    return product, rows.reshape(-1, *rows.shape[-2:]).astype(np.float64)


def check(model: keras.Model, x: Floats, expected: Floats, within: float) -> None:
    (found,) = outputs(model, x)
    assert_close([found], [expected.reshape(found.shape)], within)


@pytest.mark.parametrize("mapping", MAPPINGS, ids=str)
@pytest.mark.parametrize(("dtype", "within"), [("float32", 1e-5), ("float64", 1e-6)])
def test_outputs_are_those_of_solved_tiles(dtype: str, within: float, mapping: Mapping,
                                           synapse: CompoundMTJ) -> None:
    """Signed inputs of a range that is not 1, at a bias that bends currents."""
    model, hardware = dense(dtype), Hardware(synapse, WIRES, mapping, (4, 6), 0.3, nonlinear=True)
    x = 3.0 * signed(model, 6)
    analog = to_analog(model, hardware, x)
    product, rows = rows_of(analog, x)
    assert product.input_range[1] > 2.0
    check(analog, x, by_tiles(product, rows, solved(hardware)), within)
    linear = outputs(to_analog(model, replace(hardware, nonlinear=False), x), x)[0]
    assert np.abs(outputs(analog, x)[0] - linear).max() > 1e-2 * np.abs(linear).max()


@pytest.mark.parametrize("bias", [False, True], ids=["digital bias", "analog bias"])
def test_inputs_beyond_the_range_drive_rows_harder(bias: bool, synapse: CompoundMTJ) -> None:
    model, hardware = dense(), Hardware(synapse, WIRES, tile=(4, 6), nonlinear=True,
                                        analog_bias=bias)
    x = signed(model, 6)
    analog = to_analog(model, hardware, x)
    product, rows = rows_of(analog, 4.5 * x)
    with pytest.warns(UserWarning, match="drive rows at"):
        check(analog, 4.5 * x, by_tiles(product, rows, solved(hardware)), 1e-5)
    product, rows = rows_of(analog, x)
    check(analog, x, by_tiles(product, rows, solved(hardware)), 1e-5)


def test_what_was_read_before_changes_nothing(synapse: CompoundMTJ) -> None:
    hardware = Hardware(synapse, WIRES, tile=(4, 6), nonlinear=True)
    x = signed(dense(), 6)
    used, fresh = (to_analog(dense(), hardware, x) for _ in range(2))
    with pytest.warns(UserWarning, match="drive rows at"):
        outputs(used, 9.0 * x)
    np.testing.assert_array_equal(outputs(used, x)[0], outputs(fresh, x)[0])


def test_no_inputs_have_no_outputs(synapse: CompoundMTJ) -> None:
    hardware = Hardware(synapse, WIRES, tile=(4, 6), nonlinear=True, read_noise=True)
    x = signed(dense(), 6)
    assert outputs(to_analog(dense(), hardware, x), x[:0])[0].shape == (0, 5)


def test_windows_of_a_convolution_are_reads(synapse: CompoundMTJ) -> None:
    model, hardware = conv(), Hardware(synapse, WIRES, tile=(3, 4), read_voltage=0.2,
                                       nonlinear=True)
    x = signed(model, 3)
    analog = to_analog(model, hardware, x)
    product, rows = rows_of(analog, x)
    assert product.shape[0] == 2
    check(analog, x, by_tiles(product, rows, solved(hardware)), 1e-5)


def test_drivers_clip_and_round_what_circuits_see(synapse: CompoundMTJ) -> None:
    hardware = Hardware(synapse, WIRES, tile=(4, 6), nonlinear=True, dac_bits=4)
    x = signed(dense(), 6)
    analog = to_analog(dense(), hardware, x)
    product, rows = rows_of(analog, x)
    driven = quantise(rows, 4, *product.input_range)
    check(analog, x, by_tiles(product, driven, solved(hardware)), 1e-5)


def test_converters_see_the_currents_of_solved_tiles(synapse: CompoundMTJ) -> None:
    hardware = Hardware(synapse, WIRES, tile=(4, 6), read_voltage=0.3, nonlinear=True, adc_bits=8)
    model = dense("float64")
    x = signed(model, 60)
    analog = to_analog(model, hardware, x)
    product, rows = rows_of(analog, x)
    low, high = (end * 0.3 / product.input_range[1] for end in product.current_range)
    of_tile = solved(hardware)
    expected = by_tiles(product, rows, lambda tile, v: quantise(of_tile(tile, v), 8, low, high))
    found = outputs(analog, x)[0]
    assert np.isclose(found, expected[:, 0], atol=1e-9).mean() > 0.97  # the rest: edges of codes
    plain = outputs(to_analog(model, replace(hardware, nonlinear=False), x), x)[0]
    assert np.isclose(found, plain, atol=1e-9).mean() < 0.5


@pytest.mark.parametrize("wires", [Wires(), WIRES], ids=["ideal", "wires"])
def test_an_asymmetric_barrier_is_one_in_the_array(wires: Wires, synapse: CompoundMTJ) -> None:
    barrier = BrinkmanBias(0.9, 1.9e-9, 0.5, asymmetry=0.4)
    synapse = CompoundMTJ(replace(synapse.mtj, bias=barrier), 3)
    hardware = Hardware(synapse, wires, tile=(4, 6), read_voltage=0.2, nonlinear=True)
    x = signed(dense(), 6)
    analog = to_analog(dense(), hardware, x)
    points = np.linspace(-0.25, 0.25, 401)
    curves = np.stack([v * synapse.conductances(v) for v in points], axis=1)
    law, g = TabulatedLaw(points, curves), synapse.conductances(0.2)

    def currents(tile: Tile, v: Floats) -> Floats:
        circuit = CrossbarCircuit(law.conductance(states_of(tile, g)), wires, law)
        return circuit.solve(v, 1e-12).column_currents

    product, rows = rows_of(analog, x)
    check(analog, x, by_tiles(product, rows, currents), 1e-5)
    backward = by_tiles(product, -rows, currents)
    assert np.abs(backward + by_tiles(product, rows, currents)).max() > 1e-2  # of opposite signs


@pytest.mark.parametrize(("by_pattern", "channel", "contact"), [
    (True, True, 0.0), (False, True, 0.0), (True, True, 900.0), (True, False, 3e3)])
def test_devices_on_a_channel_or_behind_contacts_conduct_by_their_own_law(
    by_pattern: bool, channel: bool, contact: float
) -> None:
    """On ideal wires each device is at its row's voltage, and its chord conductance there."""
    stack = load_stack("kumar2024")
    synapse = CompoundMTJ(replace(stack.mtj(1.9e-9), contact=contact), 3,
                          channel=stack.write_channel() if channel else None)
    hardware = Hardware(synapse, tile=(4, 6), read_voltage=0.3, nonlinear=True,
                        by_pattern=by_pattern)
    x = signed(dense(), 4)
    analog = to_analog(dense(), hardware, x)
    product, rows = rows_of(analog, x)
    devices = {tile.columns.start + 1000 * tile.inputs.start: tile.devices
               for tile in product.rewritten()[0].tiles}

    def currents(tile: Tile, v: Floats) -> Floats:
        own = devices[tile.columns.start + 1000 * tile.inputs.start]
        return np.array([sum(u * own.conductances(u)[i] for i, u in enumerate(read)) for read in v])

    check(analog, x, by_tiles(product, rows, currents), 1e-5)


def test_ngspice_finds_the_outputs_of_a_tile(ngspice: str, synapse: CompoundMTJ) -> None:
    hardware = Hardware(synapse, WIRES, tile=(8, 8), read_voltage=0.3, nonlinear=True)
    model = dense("float64", units=4)
    x = signed(model, 2)
    analog = to_analog(model, hardware, x)
    product, rows = rows_of(analog, x)
    states = states_of(product.matrices[0].tiles[0], synapse.conductances(0.3))
    circuit = CrossbarCircuit(MTJLaw.conductance(synapse, states), WIRES, MTJLaw.of(synapse.mtj))
    found = spice.solve(circuit, voltages(product, rows)[:, 0], 60.0, ngspice).column_currents
    check(analog, x, by_tiles(product, rows, lambda tile, v: found), 1e-6)


def test_tiles_of_unknown_devices_are_not_read_as_linear(synapse: CompoundMTJ) -> None:
    analog = to_analog(dense(), Hardware(synapse, WIRES, nonlinear=True))
    with pytest.raises(ValueError, match="programmed, and not restored"):
        MatrixReader(products_of(analog)[0].matrices[0])


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_inputs_that_are_not_finite_are_refused_by_the_layers_name(
    bad: float, synapse: CompoundMTJ
) -> None:
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="here")])
    analog = to_analog(model, Hardware(synapse, nonlinear=True), np.ones((4, 3)))
    with pytest.raises(ValueError, match="layer 'here' has inputs that are not finite"):
        analog(np.array([[0.5, bad, 0.1]]))
