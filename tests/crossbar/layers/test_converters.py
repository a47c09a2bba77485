"""Laws of input and current converters in a network: limits, rate, a model in plain NumPy."""

from collections.abc import Callable

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from circuits import CrossbarCircuit, Wires
from crossbar import Differential, Hardware, LeastSquares, Mapping, ReferenceColumn
from crossbar.conversion.convert import to_analog
from device_models import CompoundMTJ
from tests.support.models import alone, assert_close, outputs, signed

Floats = NDArray[np.float64]
Values = Callable[..., Floats]
Network = Callable[..., keras.Model]
Inputs = Callable[..., Floats]
WIRES = Wires(2.0, 3.0, 50.0, 10.0)


def rounded(x: Floats, bits: int, low: float, high: float) -> Floats:
    """An ideal converter, by search of the nearest of its levels."""
    levels = np.linspace(low, high, 2**bits)
    return levels[np.abs(np.clip(x, low, high)[..., None] - levels).argmin(axis=-1)]


def numpy_model(kernel: Floats, bias: Floats, x: Floats, hardware: Hardware) -> Floats:
    """One layer with both converters, tile by tile, calibrated on `x` itself.

    Ranges are those of the analog layer: of the currents that converted inputs make.
    """
    mapping, synapse = hardware.mapping, hardware.synapse
    levels = mapping.levels(synapse, hardware.read_voltage)
    scale = LeastSquares().fit(kernel, levels)
    rows, width = hardware.tile[0], mapping.outputs_per_tile(hardware.tile[1])
    reach = max(1.0, float(x.max()))
    converted = rounded(x, hardware.dac_bits, 0.0, reach)
    tiles = []
    for i in range(0, kernel.shape[0], rows):
        for j in range(0, kernel.shape[1], width):
            g = mapping.conductances(kernel[i:i + rows, j:j + width] / scale, synapse, 0.1)
            tiles.append((i, j, CrossbarCircuit(g, hardware.wires).transconductance()))
    most = max((converted[:, i:i + rows] @ t).max() for i, _, t in tiles)
    total = np.zeros((len(x), kernel.shape[1]))
    for i, j, t in tiles:
        outputs = min(width, kernel.shape[1] - j)
        currents = rounded(converted[:, i:i + rows] @ t, hardware.adc_bits, 0.0, most)
        total[:, j:j + outputs] += scale * currents @ mapping.decoder(outputs)
    return total + bias


@pytest.mark.parametrize("mapping", [Differential(), ReferenceColumn()], ids=["pair", "reference"])
@pytest.mark.parametrize("tile", [(4, 4), (5, 7), (1, 2), (64, 64)])
@pytest.mark.parametrize("bits", [1, 3, 6])
def test_ragged_tiles_with_converters_are_the_numpy_model(
    bits: int, tile: tuple[int, int], mapping: Mapping, synapse: CompoundMTJ, network: Network,
    inputs: Inputs, values: Values,
) -> None:
    model, x = network((11, 5), None), inputs(11, high=2.0)
    hardware = Hardware(synapse, WIRES, mapping, tile, dac_bits=4, adc_bits=bits)
    kernel, bias = (w.astype(np.float64) for w in model.get_weights())
    expected = numpy_model(kernel, bias, x.astype(np.float64), hardware)
    found = values(to_analog(model, hardware, x), x)
    same = np.isclose(found, expected, rtol=1e-4, atol=1e-4)
    assert same.mean() > 0.97  # the rest: currents that float32 rounds across a code's edge


@pytest.mark.parametrize("name", ["dac_bits", "adc_bits"])
@pytest.mark.parametrize("calibrated", [True, False])
def test_error_halves_with_every_bit(
    name: str, calibrated: bool, synapse: CompoundMTJ, network: Network, inputs: Inputs,
    values: Values,
) -> None:
    model, x = network((40, 10), None), inputs(40, 200)
    calibration = x if calibrated else None
    plain = values(to_analog(model, Hardware(synapse, WIRES, tile=(16, 8)), calibration), x)
    errors = [np.sqrt(np.mean((values(to_analog(
        model, Hardware(synapse, WIRES, tile=(16, 8), **{name: bits}), calibration), x) - plain)
        ** 2)) for bits in (5, 8, 11)]
    assert errors[0] / errors[1] == pytest.approx(8, rel=0.25)
    assert errors[1] / errors[2] == pytest.approx(8, rel=0.25)


def test_ranges_behind_an_analog_layer_are_those_of_what_it_gives(
    synapse: CompoundMTJ, network: Network, inputs: Inputs, values: Values
) -> None:
    """Two layers in NumPy, the second calibrated on the first's converted currents."""
    model, x = network((11, 6, 5), None), inputs(11, high=2.0)
    model.layers[0].activation = keras.activations.relu
    hardware = Hardware(synapse, WIRES, tile=(5, 8), dac_bits=4, adc_bits=4)
    y = x.astype(np.float64)
    for layer, activation in zip(model.layers, (lambda y: np.maximum(y, 0), lambda y: y),
                                 strict=True):
        kernel, bias = (w.astype(np.float64) for w in layer.get_weights())
        y = activation(numpy_model(kernel, bias, y, hardware))
    same = np.isclose(values(to_analog(model, hardware, x), x), y, rtol=1e-4, atol=1e-4)
    assert same.mean() > 0.9  # a code that float32 rounds otherwise goes on through the second


@pytest.mark.parametrize("mapping", [Differential(), ReferenceColumn()], ids=["pair", "reference"])
@pytest.mark.parametrize("calibrated", [True, False])
def test_many_bits_are_the_limit_with_an_analog_bias(
    calibrated: bool, mapping: Mapping, synapse: CompoundMTJ, network: Network, inputs: Inputs,
    values: Values,
) -> None:
    """The bias row's current is part of what a column's converter must take."""
    model, x = network((5, 4), None), inputs(5, high=0.5)
    calibration = x if calibrated else None
    results = [values(to_analog(model, Hardware(
        synapse, WIRES, mapping, (64, 8), adc_bits=bits, analog_bias=True), calibration), x)
        for bits in (None, 16)]
    np.testing.assert_allclose(results[1], results[0], atol=2e-3)


@pytest.mark.parametrize("bits", [{"dac_bits": 1}, {"adc_bits": 1}, {"dac_bits": 1, "adc_bits": 1}])
def test_one_bit_gives_few_finite_values(
    bits: dict[str, int], synapse: CompoundMTJ, network: Network, inputs: Inputs, values: Values
) -> None:
    model, x = network((3, 1), None), inputs(3, 100)
    found = values(to_analog(model, Hardware(synapse, **bits), x), x)
    assert np.all(np.isfinite(found))
    # three inputs of one bit make at most 8 sums; two columns of one bit at most 3 differences
    count = len(np.unique(np.round(found, 5)))
    assert count <= (3 if "adc_bits" in bits else 8)
    assert count > 1 or len(bits) == 2


def test_inputs_beyond_calibration_are_clipped_by_the_converter_only(
    synapse: CompoundMTJ, network: Network, inputs: Inputs, values: Values
) -> None:
    model, x = network((4, 3), None), inputs(4)
    clipped = to_analog(model, Hardware(synapse, dac_bits=8), x)
    with pytest.warns(UserWarning, match="'d0' has inputs from 0 to 10.*its converter clips"):
        found = values(clipped, 10 + x)
    np.testing.assert_allclose(found, values(clipped, np.ones_like(x)), rtol=1e-6)
    free = to_analog(model, Hardware(synapse), x)
    with pytest.warns(UserWarning, match="'d0' has inputs from 0 to 10.*which drive rows at 1.1 V"):
        found = values(free, 10 + x)
    assert np.all(np.abs(found - values(free, np.ones_like(x))).max(axis=1) > 0.1)


def test_dark_calibration_gives_no_nan(
    synapse: CompoundMTJ, network: Network, inputs: Inputs, values: Values
) -> None:
    """Black images, or a ReLU layer that is silent on them, leave no range of currents."""
    dark = np.zeros((3, 9), np.float32)
    try:
        analog = to_analog(network(), Hardware(synapse, adc_bits=8), dark)
    except ValueError as error:
        assert "calibration" in str(error)  # noqa: PT017  # a refusal is as good as an answer
    else:
        assert np.all(np.isfinite(values(analog, inputs(9))))


def test_a_dark_input_stays_dark_through_a_calibrated_converter(
    synapse: CompoundMTJ, network: Network, inputs: Inputs, values: Values
) -> None:
    analog = to_analog(network((9, 4), None, use_bias=False), Hardware(synapse, dac_bits=3),
                       inputs(9))
    np.testing.assert_array_equal(values(analog, np.zeros((2, 9), np.float32)), 0.0)


def test_rows_that_no_weight_needs_take_no_memory(synapse: CompoundMTJ) -> None:
    model = alone(keras.layers.DepthwiseConv2D(3), (6, 6, 5))
    x = signed(model)
    made = [to_analog(model, Hardware(synapse, tile=(rows, 8), dac_bits=6, adc_bits=6), x)
            for rows in (9, 4096)]
    sizes = [[weight.shape for weight in each.weights] for each in made]
    assert sizes[0] == sizes[1]
    assert_close(outputs(made[1], x), outputs(made[0], x), 1e-6)
