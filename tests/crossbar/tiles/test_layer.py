"""A programmed layer without Keras: x @ kernel + biases, whatever stands in devices."""

import numpy as np
import pytest

from circuits import Wires
from crossbar import Hardware, TiledMatrix, quantise_weights
from crossbar.tiles import ProgrammedLayer, input_range
from device_models import CompoundMTJ, UnlimitedStates

RNG = np.random.default_rng(0)
KERNEL, BIAS = RNG.normal(0, 0.3, (11, 5)), RNG.normal(0, 0.5, 5)
WIRES = Wires(2.0, 3.0, 50.0, 10.0)


@pytest.mark.parametrize("reach", [1.0, 2.5])
@pytest.mark.parametrize("bias_row", [False, True])
def test_kernel_and_biases_are_what_currents_say(
    bias_row: bool, reach: float, synapse: CompoundMTJ
) -> None:
    """Every tile solved for its row voltages, added up, in the layer's units."""
    hardware = Hardware(synapse, WIRES, tile=(4, 6), analog_bias=bias_row)
    layer = ProgrammedLayer.program(KERNEL, BIAS, hardware, input_range=(0.0, reach))
    x = np.random.default_rng(1).uniform(0, reach, (7, 11))
    driven = layer.row_inputs(x)
    assert driven.shape == (7, 11 + bias_row)
    total = np.zeros((7, 5))
    for tile in layer.matrix.tiles:
        currents = tile.circuit.solve(0.1 * driven[:, tile.inputs]).column_currents
        total[:, tile.outputs] += layer.matrix.scale * currents @ tile.decoder * reach / 0.1
    np.testing.assert_allclose(x @ layer.kernel + layer.biases,
                               total if bias_row else total + BIAS, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("reach", [1.0, 3.0])
def test_unlimited_states_without_wires_hold_the_layer(reach: float, synapse: CompoundMTJ) -> None:
    hardware = Hardware(UnlimitedStates(synapse), analog_bias=True)
    layer = ProgrammedLayer.program(KERNEL, BIAS, hardware, input_range=(-reach, reach))
    np.testing.assert_allclose(layer.kernel, KERNEL, atol=1e-10)
    np.testing.assert_allclose(layer.biases, BIAS, atol=1e-10)


def test_a_layer_without_biases_has_no_row_for_them(synapse: CompoundMTJ) -> None:
    layer = ProgrammedLayer.program(KERNEL, None, Hardware(synapse, analog_bias=True))
    assert layer.matrix.shape == layer.kernel.shape == (11, 5)
    np.testing.assert_array_equal(layer.biases, np.zeros(5))
    np.testing.assert_allclose(layer.kernel,
                               quantise_weights(KERNEL, Hardware(synapse)).weights, atol=1e-12)


def test_layers_have_devices_of_their_own(synapse: CompoundMTJ) -> None:
    hardware = Hardware(synapse, spread=0.05)
    first, second = (ProgrammedLayer.program(KERNEL, BIAS, hardware, n) for n in "ab")
    assert np.all(first.kernel != second.kernel)
    np.testing.assert_array_equal(second.kernel,
                                  TiledMatrix.program(KERNEL, hardware, "b").weights)


@pytest.mark.parametrize("bias_row", [False, True])
def test_no_current_leaves_the_range_of_the_worst_input(
    bias_row: bool, synapse: CompoundMTJ
) -> None:
    hardware = Hardware(synapse, WIRES, tile=(4, 6), analog_bias=bias_row)
    layer = ProgrammedLayer.program(KERNEL, BIAS, hardware)
    x = np.random.default_rng(2).uniform(-1, 1, (200, 11))
    low, high = layer.current_range(None)
    seen = layer.current_range(x)
    assert low < seen[0] <= 0.0 < seen[1] < high


def test_ranges_of_inputs() -> None:
    assert input_range(None, None) == (-1.0, 1.0)
    assert input_range(np.array([0.0, 0.5]), 4) == (0.0, 1.0)
    assert input_range(np.array([-0.2, 3.0]), None) == (-3.0, 3.0)
    low, high = input_range(np.array([-0.2, 3.0]), 3)
    assert np.any(np.isclose(np.linspace(low, high, 8), 0.0, atol=1e-12))  # zero is a level
