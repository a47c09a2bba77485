"""Laws of the errors of layers and tiles."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from matplotlib.figure import Figure

from circuits import Wires
from crossbar.conversion import conversion_report, to_analog
from crossbar.diagnosis.explaining import explain
from crossbar.hardware import Hardware
from crossbar.layers.model import products_of
from device_models import CompoundMTJ, UnlimitedStates, Variability
from device_models.checks import Floats

Network = Callable[..., keras.Model]
WIRES = Wires(row=30.0, column=30.0)
Y = np.arange(40) % 4


@pytest.fixture
def x(inputs: Callable[..., Floats]) -> Floats:
    return inputs(9)


def test_exact_weights_have_no_error(synapse: CompoundMTJ, network: Network, x: Floats) -> None:
    explanation = explain(to_analog(network(), Hardware(UnlimitedStates(synapse))), x, Y)
    for each in explanation.layers:
        assert max(each.local, each.accumulated, each.worst_tile) < 1e-6


@pytest.mark.parametrize("analog_bias", [False, True])
def test_errors_are_those_of_sums_before_activations(
    analog_bias: bool, synapse: CompoundMTJ, network: Network, x: Floats
) -> None:
    """Local: of exact inputs. Accumulated: of inputs from the analog layer before."""
    model = network()
    analog = to_analog(model, Hardware(synapse, WIRES, analog_bias=analog_bias), x)
    found = {each.layer: each for each in explain(analog, x, Y).layers}

    def sums(layer: keras.Layer, kernel: str, given: Floats) -> Floats:
        held = getattr(layer, "product", layer)
        w, b = (np.asarray(keras.ops.convert_to_numpy(getattr(held, name)), np.float64)
                for name in (kernel, "bias"))
        return np.asarray(given @ w.reshape(w.shape[-2:]) + b.reshape(-1))

    def error(number: int, given: Floats, exact: Floats) -> float:
        off = sums(analog.layers[number], "kernel", given) - sums(
            model.layers[number], "kernel", exact)
        return float(np.linalg.norm(off) / np.linalg.norm(sums(model.layers[number], "kernel",
                                                               exact)))

    exact, through = (np.asarray(keras.ops.convert_to_numpy(m.layers[0](x)), np.float64)
                      for m in (model, analog))
    assert found["d0"].local == found["d0"].accumulated == pytest.approx(error(0, x, x), rel=1e-4)
    assert found["d1"].local == pytest.approx(error(1, exact, exact), rel=1e-4)
    assert found["d1"].accumulated == pytest.approx(error(1, through, exact), rel=1e-4)
    assert found["d1"].accumulated != pytest.approx(found["d1"].local, rel=1e-3)


@pytest.mark.parametrize("analog_bias", [False, True])
def test_a_layer_in_one_tile_errs_as_that_tile(
    analog_bias: bool, synapse: CompoundMTJ, network: Network, x: Floats
) -> None:
    analog = to_analog(network(), Hardware(synapse, WIRES, spread=0.1, analog_bias=analog_bias), x)
    for each in explain(analog, x, Y).layers:
        assert each.worst_tile == pytest.approx(each.local, rel=1e-4)


def test_squares_of_rows_of_tiles_add_up_where_inputs_are_independent(
    synapse: CompoundMTJ, network: Network
) -> None:
    """One input at a time is not zero: errors of different rows of tiles never meet."""
    x = np.eye(9, dtype=np.float32)
    analog = to_analog(network((9, 4), None), Hardware(synapse, WIRES, tile=(3, 64)))
    (layer,) = explain(analog, x, Y[:9]).layers
    assert sum(row[0] ** 2 for row in layer.tiles[0]) == pytest.approx(layer.local**2, rel=1e-4)


def test_a_planted_fault_is_found_in_its_tile_and_output(
    synapse: CompoundMTJ, network: Network, x: Floats
) -> None:
    """A layer whose weights of one tile are gone, most of all in one output."""
    analog = to_analog(network((9, 12, 4)), Hardware(synapse, tile=(4, 6)), x)
    product = products_of(analog)[0]
    kernel = np.array(keras.ops.convert_to_numpy(product.kernel))
    kernel[0, 4:8, 6:9] += 2.0
    kernel[0, 4:8, 7] += 3.0
    product.kernel.assign(kernel)
    explanation = explain(analog, x, Y)
    worst = explanation.worst[0]
    assert (worst.layer, worst.matrix, worst.tile, worst.output) == ("d0", 0, (1, 2), 7)
    assert worst.error == max(map(max, explanation.layers[0].tiles[0]))
    assert explanation.layers[0].tiles[0][1][2] == worst.error > 2 * explanation.worst[1].error
    assert len(explanation.worst) == 5
    assert worst.output_error > worst.error


@pytest.mark.parametrize("fault", [
    {"wires": Wires(row=1e4, column=1e4)},
    {"variability": Variability(stuck_antiparallel=1.0, shorted=0.0)}], ids=["wires", "stuck"])
@pytest.mark.parametrize("layer", ["d0", "d1"])
def test_the_layer_with_bad_hardware_errs_most(
    layer: str, fault: dict[str, object], synapse: CompoundMTJ, network: Network, x: Floats
) -> None:
    hardware = Hardware(synapse, Wires(row=1.0, column=1.0))
    bad = replace(hardware, **fault)  # type: ignore[arg-type]  # of its fields
    explanation = explain(to_analog(network(), {"*": hardware, layer: bad}, x), x, Y)
    assert max(explanation.layers, key=lambda each: each.local).layer == layer
    assert explanation.worst[0].layer == layer


def test_noise_and_nonlinear_devices_are_in_errors_of_layers(
    synapse: CompoundMTJ, network: Network, x: Floats
) -> None:
    """What later layers see of it as well; tiles are compared by their weights alone."""
    hardware = Hardware(synapse, WIRES, tile=(4, 6))
    plain, noisy = (explain(to_analog(network(), each, x), x, Y) for each in (
        hardware, replace(hardware, nonlinear=True, read_noise=True)))
    for one, other in zip(plain.layers, noisy.layers, strict=True):
        assert one.local != pytest.approx(other.local, rel=1e-5)
        np.testing.assert_allclose(one.tiles, other.tiles, rtol=1e-3)


def test_layers_are_called_as_in_the_report(synapse: CompoundMTJ) -> None:
    layers = keras.layers
    inside = keras.Sequential([keras.Input((6, 3)), layers.Dense(4, name="first")], name="inside")
    model = keras.Sequential([keras.Input((6, 3)), inside, layers.LSTM(4, name="memory"),
                              layers.Dense(3, name="head")])
    x = np.random.default_rng(0).uniform(0, 1, (8, 6, 3)).astype(np.float32)
    analog = to_analog(model, Hardware(synapse), x)
    names = [each.layer for each in explain(analog, x, np.zeros(8, int)).layers]
    assert names == ["inside/first", "memory/kernel", "memory/recurrent", "head"]
    analog_names = [row.name for row in conversion_report(analog).layers if row.analog]
    assert analog_names == ["inside/first", "memory", "head"]


def test_the_picture_shows_the_numbers_and_is_saved(
    synapse: CompoundMTJ, network: Network, x: Floats, tmp_path: Path
) -> None:
    analog = to_analog(network((9, 12, 4)), Hardware(synapse, WIRES, spread=0.1, tile=(4, 6)), x)
    explanation = explain(analog, x, Y)
    figure = explanation.draw(tmp_path / "a.png")
    assert isinstance(figure, Figure)
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")
    losses, layers, tiles = figure.axes[:3]
    widths = [bar.get_width() for bar in losses.patches]
    rows = explanation.rows[1:]
    np.testing.assert_allclose(widths, [
        *(100 * row.lost for row in rows),
        *(100 * row.regained for row in rows if row.regained is not None)])
    np.testing.assert_allclose([bar.get_width() for bar in layers.patches], [
        *(100 * each.local for each in explanation.layers),
        *(100 * each.accumulated for each in explanation.layers)])
    worst = explanation.worst[0]
    (drawn,) = (each for each in explanation.layers if each.layer == worst.layer)
    np.testing.assert_allclose(tiles.images[0].get_array(), 100 * np.array(drawn.tiles[0]))
    assert worst.layer in tiles.get_title()
