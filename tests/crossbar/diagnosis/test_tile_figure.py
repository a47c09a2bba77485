"""Laws of `draw_tile`: what is drawn is the tile's circuit under what reaches it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from matplotlib.figure import Figure

from circuits import BitSerial, Wires, draw_drop
from crossbar.conversion import to_analog
from crossbar.diagnosis.tile_figure import draw_tile
from crossbar.hardware import Hardware
from crossbar.layers.model import products_of
from device_models import CompoundMTJ
from device_models.checks import Floats

Network = Callable[..., keras.Model]
WIRES = Wires(row=30.0, column=30.0)


def image(figure: Figure) -> Floats:
    return np.ma.filled(figure.axes[0].images[0].get_array(), np.nan)


@pytest.mark.parametrize("setting", [{}, {"dac_bits": 3, "adc_bits": 6}, {"analog_bias": True}],
                         ids=str)
def test_it_is_the_circuit_under_what_the_layers_before_give(
    setting: dict[str, Any], synapse: CompoundMTJ, network: Network, inputs: Callable[..., Floats],
    tmp_path: Path
) -> None:
    x = inputs(9)
    analog = to_analog(network(), Hardware(synapse, WIRES, tile=(4, 6), **setting), x)
    product = products_of(analog)[1]
    given = np.asarray(keras.ops.convert_to_numpy(
        product.converted(analog.layers[0](x[3:4]))), np.float64)[0]
    if setting.get("analog_bias"):
        given = np.append(given, product.input_range[1])
    (tile,) = (each for each in product.matrices[0].tiles if each.number == (1, 0))
    op = tile.circuit.solve(0.1 * given[tile.inputs] / product.input_range[1])
    figure = draw_tile(analog, x[3], "d1", (1, 0), tmp_path / "tile.png")
    np.testing.assert_allclose(image(figure), image(draw_drop(op)), rtol=1e-4)
    np.testing.assert_array_equal(image(figure), image(draw_tile(analog, x[3:4], "d1", (1, 0))))
    assert (tmp_path / "tile.png").read_bytes().startswith(b"\x89PNG")


def test_nonlinear_devices_follow_their_law(
    synapse: CompoundMTJ, network: Network, inputs: Callable[..., Floats]
) -> None:
    """At weak drive they conduct less than at the read voltage, so that wires take less."""
    x = 0.1 * inputs(9)
    linear, nonlinear = (
        image(draw_tile(to_analog(network(), Hardware(synapse, WIRES, nonlinear=flag)), x[:1], "d0")
              ) for flag in (False, True))
    assert np.all(nonlinear < 0.999 * linear)
    np.testing.assert_allclose(nonlinear, linear, rtol=0.2)


def test_of_many_reads_the_hardest_is_drawn_or_the_one_asked_for(synapse: CompoundMTJ) -> None:
    conv = keras.layers.Conv2D(3, 2, name="eye")
    model = keras.Sequential([keras.Input((5, 5, 1)), conv])
    x = np.zeros((1, 5, 5, 1), np.float32)
    x[0, 2:4, 3:5] = 1.0  # fills the window in row 2 and column 3 of 4 by 4
    analog = to_analog(model, Hardware(synapse, WIRES))
    figure = draw_tile(analog, x, "eye")
    assert "read 11" in figure.texts[0].get_text()
    assert np.all(np.isfinite(image(figure)))
    np.testing.assert_array_equal(image(figure), image(draw_tile(analog, x, "eye", read=11)))
    assert np.all(np.isnan(image(draw_tile(analog, x, "eye", read=0))))  # nothing drives it


def test_bits_one_after_another_are_reads(synapse: CompoundMTJ, network: Network) -> None:
    """Of 5 of 7 the highest and the lowest bit drive rows fully, the middle one does not."""
    analog = to_analog(network((2, 3)), Hardware(synapse, WIRES, dac=BitSerial(3)))
    x = np.full((1, 2), 5 / 7, np.float32)
    low, middle, high = (image(draw_tile(analog, x, "d0", read=read)) for read in range(3))
    np.testing.assert_array_equal(low, high)
    assert np.all(np.isnan(middle))


def test_what_is_not_there_is_refused(
    synapse: CompoundMTJ, network: Network, inputs: Callable[..., Floats]
) -> None:
    x = inputs(9)
    analog = to_analog(network(), Hardware(synapse, tile=(4, 6)))
    for arguments, match in (
            ((x[:1], "d00"), "unknown analog layer 'd00'; did you mean 'd0'"),
            ((x[:1], "d0", (3, 0)), r"3 rows of 3 tiles: expected \(0, 0\) to \(2, 2\)"),
            ((x[:2], "d0"), "x has 2 samples; expected one"),
            ((x[0, :5], "d0"), r"takes \('samples', 9\)")):
        with pytest.raises(ValueError, match=match):
            draw_tile(analog, *arguments)
    with pytest.raises(TypeError, match=r"tile is 0; expected \(row, column\)"):
        draw_tile(analog, x[:1], "d0", 0)
    for name in ("matrix", "array", "read"):
        with pytest.raises(ValueError, match=f"{name} is 1; expected 0 to 0"):
            draw_tile(analog, x[:1], "d0", **{name: 1})
    with pytest.raises(ValueError, match="no programmed crossbars"):
        draw_tile(network(), x[:1], "d0")
