"""What layers say of their cost: units of inputs, activation functions, what stays digital."""

import keras
import numpy as np
import pytest

from circuits import Wires
from crossbar import Hardware, Periphery, performance, read_energy, to_analog
from crossbar.cost.layers import products_in
from device_models import CompoundMTJ
from tests.support.models import LAYERS, signed

WIRES = Wires(4.0, 3.0, 100.0, 30.0)


@pytest.mark.parametrize("largest", [2.0, 8.0])
def test_the_unit_of_inputs_costs_nothing(largest: float, synapse: CompoundMTJ) -> None:
    """Inputs so many times larger with weights as many times smaller make the same currents, for
    which converters are set, amplifiers quiet enough, and lines settled."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((9,)), keras.layers.Dense(5, name="d")])
    rng = np.random.default_rng(0)
    x = np.vstack([np.ones((1, 9)), rng.uniform(0, 1, (5, 9))]).astype(np.float32)
    hardware = Hardware(synapse, WIRES, tile=(4, 6), adc_bits=9)
    found = []
    for top in (1.0, largest):
        kernel, bias = model.get_weights()
        other = keras.models.clone_model(model)
        other.set_weights([kernel / top, bias])
        analog = to_analog(other, hardware, top * x)
        found.append((performance(analog, top * x), products_in(analog)[0].span))
    (one, span), (two, other_span) = found
    assert other_span == pytest.approx(span, rel=1e-5)
    assert two.energy.split == pytest.approx(one.energy.split, rel=1e-5)
    assert two.latency.layers["d"].settling == pytest.approx(one.latency.layers["d"].settling,
                                                             rel=1e-5)


def test_converters_are_set_for_the_currents_that_flow(synapse: CompoundMTJ) -> None:
    """The span is that of the largest current of all inputs, in ampere."""
    keras.utils.set_random_seed(0)
    model = keras.Sequential([keras.Input((9,)), keras.layers.Dense(5)])
    x = np.random.default_rng(0).uniform(0, 20, (6, 9)).astype(np.float32)
    hardware = Hardware(synapse, WIRES, tile=(4, 6), adc_bits=9)
    product = products_in(to_analog(model, hardware, x))[0]
    volts = hardware.read_voltage * x.astype(np.float64) / product.product.input_range[1]
    most = max(float(tile.circuit.solve(volts[:, tile.inputs]).column_currents.max())
               for tile in product.product.matrices[0].tiles)
    assert product.span == pytest.approx(most, rel=1e-5)


@pytest.mark.parametrize(("name", "functions"), [
    ("lstm", 6 * 4 * 4), ("gru", 6 * 3 * 4), ("gru-before", 6 * 3 * 4), ("simple", 6 * 4),
    ("rnn-stacked", 5 * (3 * 3 + 4))])
def test_every_gate_of_a_cell_has_its_function(name: str, functions: int, synapse: CompoundMTJ
                                               ) -> None:
    """Steps times gates times units; sigmoids and tanh are looked up in a table."""
    model = LAYERS[name]()
    x = signed(model)
    found = read_energy(to_analog(model, Hardware(synapse, tile=(8, 8)), x), x)
    assert found.split["activation"] == pytest.approx(
        functions * Periphery().digital.activation(8, simple=False))


def test_a_separable_convolution_has_the_function_behind_its_last_product(synapse: CompoundMTJ
                                                                          ) -> None:
    model = LAYERS["separable1d-valid-s1-d1-m1-channels_last"]()
    x = signed(model)
    found = read_energy(to_analog(model, Hardware(synapse, tile=(8, 8)), x), x)
    assert found.split["activation"] == pytest.approx(
        7 * 5 * Periphery().digital.activation(8, simple=True))


@pytest.mark.parametrize(("name", "beside"), [
    ("attention", "scores and what they weight"),
    ("attention-grouped", "scores and what they weight"),
    ("lstm", "products of gates and states"), ("gru", "products of gates and states"),
    ("simple", None), ("dense", None)])
def test_what_analog_layers_multiply_without_crossbars_is_named(
    name: str, beside: str | None, synapse: CompoundMTJ
) -> None:
    model = LAYERS[name]()
    x = signed(model)
    found = read_energy(to_analog(model, Hardware(synapse), x), x)
    assert found.digital == (() if beside is None else tuple(
        f"{layer} ({beside})" for layer in found.layers))
