"""Converters of a network are those of `circuits`, one by one, applied by hand."""

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from circuits import ADC, DAC, BitSerial, Wires, quantise
from crossbar import Differential, Hardware, Mapping, OffsetColumns, Placement, Subtraction
from crossbar.conversion.convert import to_analog
from crossbar.imperfections import Chance
from crossbar.layers.model import products_of
from crossbar.layers.product import CrossbarProduct
from crossbar.tiles.grid import grid, shared_converters
from device_models import CompoundMTJ
from tests.support.gradients import gradient
from tests.support.models import Floats, outputs, randomise, signed

WIRES = Wires(5.0, 5.0, 100.0, 30.0)
BAD_ADC = ADC(6, 0.0, 1.0, offset=0.02, gain_error=-0.03, dnl=0.4, seed=0, offset_spread=0.03,
              gain_spread=0.05)
BAD_DAC = DAC(5, 0.0, 1.0, offset=-0.01, gain_error=0.03, dnl=0.4, seed=0, offset_spread=0.02,
              gain_spread=0.04)
DAC_STREAM, ADC_STREAM = 8, 9
MAPPINGS: list[Mapping] = [
    Differential(), Differential(placement=Placement.ARRAYS),
    Differential(subtraction=Subtraction.BEFORE), OffsetColumns(3)]


def dense() -> keras.Model:
    return randomise(keras.Sequential([
        keras.Input((10,)), layers.Dense(7, name="a", dtype="float64")]))


def grouped() -> keras.Model:
    return randomise(keras.Sequential([
        keras.Input((4, 4, 4)), layers.Conv2D(6, 2, groups=2, name="a", dtype="float64")]))


KINDS = {"dense": dense, "grouped": grouped}


def seed_of(product: CrossbarProduct, group: int, stream: int) -> tuple[int, ...]:
    chance = Chance.of_layer(product.hardware.seed, product.place).at(group)
    return (chance.seed, stream, *chance.place)


def rows_of(analog: keras.Model, x: Floats) -> Floats:
    """What drives rows before converters (reads, groups, inputs)."""
    rows = np.asarray(analog.layers[0].rows(keras.ops.convert_to_tensor(x)), np.float64)
    return rows.reshape(-1, *rows.shape[-2:])


def driven(product: CrossbarProduct, rows: Floats) -> list[tuple[float, Floats]]:
    """Weights and rows of each read, by converters one by one."""
    made, (low, high) = product.hardware.converters, product.input_range
    if isinstance(made.dac, BitSerial):
        planes = BitSerial(made.dac.bits, high).planes(rows)
        return [(2.0**k / (2**made.dac.bits - 1), high * plane)
                for k, plane in enumerate(planes)]
    if not isinstance(made.dac, DAC):
        return [(1.0, quantise(rows, made.dac, low, high))]
    out = np.empty_like(rows)
    for group in range(rows.shape[1]):
        every = made.dac.over(low, high).each(rows.shape[2], seed_of(product, group, DAC_STREAM))
        for i, one in enumerate(every):
            out[:, group, i] = one.convert(rows[:, group, i])
    return [(1.0, out)]


def turns(product: CrossbarProduct) -> list[int]:
    """Which converter each current of a row of tiles has: neighbours of an array share."""
    mapping, each = product.hardware.mapping, product.hardware.converters.columns_per_adc
    found: list[int] = []
    for place in grid((1, product.shape[2]), product.hardware):
        before = mapping.sensed(place.width) is not None
        for own in [slice(0, place.width)] if before else mapping.arrays(place.width):
            first = found[-1] + 1 if found else 0
            found += [first + k // each for k in range(own.stop - own.start)]
    return found


def converted(product: CrossbarProduct, currents: Floats, group: int, row: int) -> Floats:
    """Currents (reads, converters) of a row of tiles by converters one by one."""
    adc, (low, high) = product.hardware.converters.adc, product.current_range
    if not isinstance(adc, ADC):
        return np.asarray(quantise(currents, adc, low, high))
    turn = turns(product)
    count, row_tiles = turn[-1] + 1, product.transconductance.shape[1]
    every = adc.over(low, high).each(count * row_tiles, seed_of(product, group, ADC_STREAM))
    return np.stack([every[row * count + turn[j]].convert(currents[:, j])
                     for j in range(currents.shape[1])], axis=1)


def by_hand(product: CrossbarProduct, rows: Floats) -> Floats:
    """Results (reads, groups, outputs)."""
    t, decoder = (np.asarray(v, np.float64) for v in (product.transconductance, product.decoder))
    height, total = product.hardware.tile[0], 0.0
    for count, x in driven(product, rows):
        if product.bias_row:
            x = np.concatenate([x, np.full_like(x[..., :1], product.input_range[1])], axis=-1)
        for i in range(t.shape[1]):
            part = x[..., i * height : (i + 1) * height]
            total = total + count * np.stack([converted(
                product, part[:, group] @ t[group, i, : part.shape[-1]], group, i)
                for group in range(t.shape[0])], axis=1) @ decoder
    return total if product.bias_row else total + np.asarray(product.bias, np.float64)


def check(kind: str, synapse: CompoundMTJ, mapping: Mapping | None = None, **settings: Any) -> None:
    hardware = Hardware(synapse, WIRES, mapping or Differential(), (4, 8), seed=6, **settings)
    model = KINDS[kind]()
    x = signed(model, 30)
    analog = to_analog(model, hardware, x)
    (found,), (product,) = outputs(analog, x), products_of(analog)
    expected = by_hand(product, rows_of(analog, x)).reshape(found.shape)
    same = np.isclose(found, expected, rtol=1e-9, atol=1e-9 * np.abs(expected).max())
    assert same.mean() > 0.995  # the rest: currents at the very edge of a code


every_kind = pytest.mark.parametrize("kind", KINDS)


@pytest.mark.parametrize("mapping", MAPPINGS, ids=str)
@pytest.mark.parametrize("each", [1, 3])
def test_current_converters_are_adcs_of_their_own(
    each: int, mapping: Mapping, synapse: CompoundMTJ
) -> None:
    check("dense", synapse, mapping, adc=BAD_ADC, columns_per_adc=each)


@pytest.mark.parametrize("settings", [
    {"adc": BAD_ADC}, {"adc": BAD_ADC, "columns_per_adc": 2}, {"dac": BAD_DAC},
    {"dac": BAD_DAC, "adc": BAD_ADC}, {"dac": BAD_DAC, "adc": 5}, {"dac": 5, "adc": BAD_ADC},
    {"dac": BitSerial(4), "adc": BAD_ADC}, {"dac": BitSerial(4), "adc": 5},
    {"dac": BitSerial(3, high=7.0), "adc": 5}], ids=lambda settings: "-".join(
        f"{name} {type(value).__name__}" for name, value in settings.items()))
@pytest.mark.parametrize("bias", [False, True], ids=["digital", "analog"])
@every_kind
def test_every_pair_of_converters_is_that_of_circuits(
    kind: str, bias: bool, settings: dict[str, Any], synapse: CompoundMTJ
) -> None:
    check(kind, synapse, analog_bias=bias, **settings)


def test_converters_are_shared_within_an_array_only(synapse: CompoundMTJ) -> None:
    """Tiles of 8 columns, three to a converter: 3, 3 and 2, and none crosses a border."""
    for mapping, expected in (
            (Differential(), [0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 3, 4, 4, 4]),
            (Differential(placement=Placement.ARRAYS), [0, 0, 0, 1, 1, 1, 2, 3, 3, 3, 4, 4, 4, 5]),
            (Differential(subtraction=Subtraction.BEFORE), [0, 0, 0, 1, 2, 2, 2])):
        hardware = Hardware(synapse, mapping=mapping, tile=(4, 8), columns_per_adc=3)
        assert shared_converters(7, hardware).tolist() == expected


def test_bits_one_after_another_without_current_converters_are_the_quantised_input(
    synapse: CompoundMTJ
) -> None:
    model = dense()
    x = signed(model, 20)
    hardware = Hardware(synapse, WIRES, tile=(4, 8), dac=BitSerial(5))
    serial = to_analog(model, hardware, x)
    product, plain = products_of(serial)[0], to_analog(model, replace(hardware, dac=None), x)
    reach = product.input_range[1]
    rounded = np.sign(x) * quantise(np.abs(x.astype(np.float64)), 5, 0.0, reach)
    np.testing.assert_allclose(outputs(serial, x)[0], outputs(plain, rounded)[0], atol=1e-6)


def test_planes_of_nonlinear_devices_are_read_one_by_one(synapse: CompoundMTJ) -> None:
    """Each bit at full read voltage: not what the input between would make."""
    model = dense()
    x = signed(model, 10)
    hardware = Hardware(synapse, WIRES, tile=(4, 8), read_voltage=0.4, dac=BitSerial(4),
                        nonlinear=True)
    analog = to_analog(model, hardware, x)
    product, whole = products_of(analog)[0], to_analog(model, replace(hardware, dac=None), x)
    high, bias = product.input_range[1], np.asarray(product.bias)[0]
    planes = high * BitSerial(4, high).planes(x.astype(np.float64))
    expected = sum(2.0**k / 15 * (outputs(whole, plane)[0] - bias)
                   for k, plane in enumerate(planes)) + bias
    found = outputs(analog, x)[0]
    np.testing.assert_allclose(found, expected, atol=1e-6)
    at_once = to_analog(model, replace(hardware, dac=None), x)
    rounded = sum(2.0**k / 15 * plane for k, plane in enumerate(planes))
    assert np.abs(outputs(at_once, rounded)[0] - found).max() > 1e-3


STRAIGHT: dict[str, dict[str, Any]] = {
    "dac": {"dac": BAD_DAC}, "adc": {"adc": BAD_ADC}, "bits": {"dac_bits": 6, "adc_bits": 7},
    "serial": {"dac": BitSerial(4), "adc": 6}, "serial alone": {"dac": BitSerial(4)},
    "nonlinear": {"nonlinear": True}, "noise": {"read_noise": True},
    "all": {"dac": BAD_DAC, "adc": BAD_ADC, "nonlinear": True, "read_noise": True,
            "analog_bias": True}}


@pytest.mark.parametrize("what", STRAIGHT)
def test_gradients_pass_straight_through(what: str, synapse: CompoundMTJ) -> None:
    """Within the ranges they are those of the product with the solved weights."""
    model = dense()
    x = signed(model, 4)
    hardware = Hardware(synapse, WIRES, tile=(4, 8), **STRAIGHT[what])
    analog = to_analog(model, hardware, 2.0 * x)
    kernel = np.asarray(products_of(analog)[0].kernel, np.float64)[0]
    found = gradient(analog.layers[0].call, x.astype(np.float64))
    assert np.isfinite(found).all()
    expected = np.tile(kernel.sum(axis=1), (4, 1))
    if "adc" in STRAIGHT[what]:  # offsets may put a current beyond its range
        assert np.isclose(found, expected, rtol=1e-4).mean() > 0.5
    else:
        np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
    if not STRAIGHT[what].keys() & {"dac", "dac_bits"}:
        return
    beyond = gradient(analog.layers[0].call, np.full((1, 10), 99.0))
    np.testing.assert_array_equal(beyond, 0.0)


@pytest.mark.parametrize("bias", [False, True], ids=["digital", "analog"])
@every_kind
def test_rows_are_driven_by_converters_one_by_one(
    kind: str, bias: bool, synapse: CompoundMTJ
) -> None:
    """And the calibrated range of currents holds all that they make, and no more."""
    model = KINDS[kind]()
    x = signed(model, 30)
    analog = to_analog(model, Hardware(synapse, WIRES, tile=(4, 8), seed=6, dac=BAD_DAC, adc=9,
                                       analog_bias=bias), x)
    product = products_of(analog)[0]
    (_, high), rows = product.input_range, rows_of(analog, x)
    (_, expected), = driven(product, rows)
    t, ends = np.asarray(product.transconductance, np.float64), [0.0]
    for group in range(rows.shape[1]):
        found = high * product.driven(rows[:, group], group)
        np.testing.assert_allclose(found[:, : rows.shape[2]], expected[:, group], rtol=1e-12)
        np.testing.assert_array_equal(found[:, rows.shape[2] :], high)
        for row in range(t.shape[1]):
            part = found[:, 4 * row : 4 * (row + 1)]
            currents = part @ t[group, row, : part.shape[1]]
            ends += [currents.min(), currents.max()]
    np.testing.assert_allclose(product.current_range, (min(ends), max(ends)), rtol=1e-6)
