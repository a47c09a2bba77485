"""Every mapping in networks: what it can hold exactly is the layer of Keras; with wires, the nodal
solution of each physical array."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest
from keras import layers

from circuits import Wires
from crossbar import (
    BitSliced,
    ColumnWise,
    Differential,
    Hardware,
    Mapping,
    MaxWeight,
    OffsetColumns,
    Placement,
    ReferenceColumn,
    SignedLevel,
    Subtraction,
    read_energy,
    to_analog,
)
from crossbar.layers.model import products_of
from device_models import CompoundMTJ, UnlimitedStates
from tests.support.models import Floats, assert_close, outputs, randomise, signed
from tests.support.reference import nodal
from tests.support.tiles import by_tiles

WIRES = Wires(3.0, 2.0, 40.0, 10.0)
V = 0.1
CONTINUOUS: list[Mapping] = [
    *(Differential(placement=p, subtraction=s) for p in Placement for s in Subtraction),
    OffsetColumns(), OffsetColumns(2, subtraction=Subtraction.BEFORE), ReferenceColumn(2)]
STEPPED: list[Mapping] = [
    *CONTINUOUS, SignedLevel(), SignedLevel(placement=Placement.HALVES),
    SignedLevel(placement=Placement.ARRAYS, subtraction=Subtraction.BEFORE),
    BitSliced(), BitSliced(Differential(placement=Placement.ARRAYS)),
    BitSliced(OffsetColumns(), 2), BitSliced(Differential(subtraction=Subtraction.BEFORE), 2, 3)]


def dense() -> keras.Model:
    return keras.Sequential([keras.Input((7,)), layers.Dense(5, name="a", activation="tanh")])


def grouped() -> keras.Model:
    return keras.Sequential([keras.Input((4, 4, 4)), layers.Conv2D(6, 2, groups=2, name="a")])


def depthwise() -> keras.Model:
    return keras.Sequential([keras.Input((4, 4, 3)), layers.DepthwiseConv2D(
        2, depth_multiplier=3, name="a")])


def separable() -> keras.Model:
    return keras.Sequential([keras.Input((4, 4, 3)), layers.SeparableConv2D(5, 2, name="a")])


KINDS: dict[str, Callable[[], keras.Model]] = {
    "dense": dense, "grouped": grouped, "depthwise": depthwise, "separable": separable}


def representable(model: keras.Model, mapping: Mapping, synapse: CompoundMTJ, each: bool
                  ) -> keras.Model:
    """Weights that are levels of `mapping`, the outermost at both ends of every output; each
    output of a layer on a scale of its own, or all on one."""
    levels = mapping.fitted(synapse, V).levels(synapse, V).values
    rng = np.random.default_rng(3)
    weights = []
    for w in model.get_weights():
        if w.ndim == 1:
            weights.append(rng.normal(size=w.shape))
            continue
        flat = rng.choice(levels, w.shape).reshape(-1, w.shape[-1])
        flat[0] = levels[-1]
        scale = rng.uniform(0.3, 3.0, w.shape[-1]) if each else 1.0
        weights.append((flat * scale / np.abs(levels).max()).reshape(w.shape))
    model.set_weights(weights)
    return model


@pytest.mark.parametrize("mapping", CONTINUOUS, ids=str)
@pytest.mark.parametrize("kind", ["dense", "grouped"])
def test_unlimited_states_without_wires_are_keras(kind: str, mapping: Mapping,
                                                  synapse: CompoundMTJ) -> None:
    model = randomise(KINDS[kind]())
    x = signed(model, 6)
    analog = to_analog(model, Hardware(UnlimitedStates(synapse), mapping=mapping, tile=(4, 6),
                                       scale=MaxWeight()), x)
    assert_close(outputs(analog, x), outputs(model, x), 1e-5)


@pytest.mark.parametrize("mapping", STEPPED, ids=str)
@pytest.mark.parametrize("kind", ["dense", "grouped"])
def test_weights_that_are_levels_are_held_exactly(kind: str, mapping: Mapping,
                                                  synapse: CompoundMTJ) -> None:
    model = representable(KINDS[kind](), mapping, synapse, each=False)
    x = signed(model, 6)
    analog = to_analog(model, Hardware(synapse, mapping=mapping, tile=(4, 12), scale=MaxWeight()),
                       x)
    assert_close(outputs(analog, x), outputs(model, x), 1e-5)


@pytest.mark.parametrize("mapping", [Differential(), BitSliced(), OffsetColumns()], ids=str)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("settings", [{}, {"adc_bits": 20}, {"nonlinear": True}], ids=str)
def test_outputs_with_scales_of_their_own_are_held_exactly(
    settings: dict[str, Any], kind: str, mapping: Mapping, synapse: CompoundMTJ
) -> None:
    """Groups share the scales of their outputs: the first of all of them, the second, ..."""
    straight = CompoundMTJ(replace(synapse.mtj, v_p=1e4, v_h=1e4), 3)
    model = representable(KINDS[kind](), mapping, straight, each=kind == "dense")
    x = signed(model, 6)
    scale = ColumnWise(MaxWeight())
    analog = to_analog(model, Hardware(straight, mapping=mapping, tile=(4, 12), scale=scale,
                                       **settings), x)
    assert all(np.ndim(product.scale) for product in products_of(analog))
    assert_close(outputs(analog, x), outputs(model, x), 1e-5 if not settings else 2e-4)


@pytest.mark.parametrize("mapping", STEPPED, ids=str)
@pytest.mark.parametrize("scale", [MaxWeight(), ColumnWise()], ids=["layer", "output"])
def test_with_wires_they_are_the_nodal_solution_of_each_array(
    scale: Any, mapping: Mapping, synapse: CompoundMTJ
) -> None:
    model = randomise(grouped())
    x = signed(model, 4)
    analog = to_analog(model, Hardware(synapse, WIRES, mapping, (3, 6), scale=scale), x)
    product = products_of(analog)[0]
    rows = np.asarray(analog.layers[0].rows(x), np.float64)
    expected = by_tiles(product, rows.reshape(-1, *rows.shape[-2:]), lambda tile, v: nodal(
        tile.circuit.conductance, WIRES, v).currents)
    assert all(tile.circuit.shape[0] <= 3 and tile.circuit.shape[1] <= 6
               for matrix in product.matrices for tile in matrix.tiles)
    (found,) = outputs(analog, x)
    assert_close([found], [expected.reshape(found.shape)], 1e-5)


def conversions(mapping: Mapping, synapse: CompoundMTJ) -> float:
    """Current conversions of an inference."""
    model = randomise(dense())
    x = signed(model, 3)
    hardware = Hardware(synapse, mapping=mapping, tile=(4, 6), dac_bits=4, adc_bits=4)
    found = read_energy(to_analog(model, hardware, x), x)
    rate = 1 / hardware.read_time
    return found.split["adc"] / found.surroundings.adc.energy(4, rate)


def test_currents_subtracted_before_need_half_the_converters(synapse: CompoundMTJ) -> None:
    before, behind = (conversions(Differential(subtraction=s), synapse) for s in (
        Subtraction.BEFORE, Subtraction.BEHIND))
    assert behind == pytest.approx(2 * 2 * 5)  # two rows of tiles, two columns an output
    assert before == pytest.approx(behind / 2)
    assert conversions(BitSliced(), synapse) == pytest.approx(2 * behind)


@pytest.mark.parametrize("mapping", STEPPED, ids=str)
@pytest.mark.parametrize("nonlinear", [False, True])
def test_what_drivers_give_is_what_the_parts_take(nonlinear: bool, mapping: Mapping,
                                                  synapse: CompoundMTJ) -> None:
    """The sum of parts is the work of the sources on each array."""
    model = randomise(dense())
    x = signed(model, 5)
    hardware = Hardware(synapse, WIRES, mapping, (4, 6), nonlinear=nonlinear)
    analog = to_analog(model, hardware, x)
    product, expected = products_of(analog)[0], 0.0
    v = V * x.astype(np.float64) / product.input_range[1]

    def work(reader: Any, matrix_rows: Floats) -> float:
        power = reader.solve(matrix_rows).power if nonlinear else reader.circuit.solve(
            matrix_rows).power
        return float(power["source"].sum())

    tiles = product.readers[0].readers if nonlinear else product.matrices[0].tiles
    for each in tiles:
        inputs = each.tile.inputs if nonlinear else each.inputs
        expected += hardware.read_time * work(each, np.ascontiguousarray(v[:, inputs])) / len(x)
    assert read_energy(analog, x).array == pytest.approx(expected, rel=1e-5)
