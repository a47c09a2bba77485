"""Laws of pictures: they show the solved numbers in the unit they name, and open no window."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from matplotlib.figure import Figure

from circuits import CrossbarCircuit, CubicLaw, OperatingPoint, Wires
from circuits.analysis.pictures import draw_currents, draw_drop, draw_voltages
from device_models.checks import Floats

DRAW = [draw_voltages, draw_drop, draw_currents]
WIRES = Wires(row=13.0, column=13.0, source=300.0, sense=50.0)
PREFIX = {"f": 1e-15, "p": 1e-12, "n": 1e-9, "\N{MICRO SIGN}": 1e-6, "m": 1e-3, "": 1.0, "k": 1e3,
          "M": 1e6}
every = pytest.mark.parametrize("draw", DRAW)


def circuit_of(wires: Wires = WIRES, shape: tuple[int, int] = (5, 4), law: CubicLaw | None = None
               ) -> CrossbarCircuit:
    g = np.random.default_rng(0).uniform(2e-5, 1.2e-4, shape)
    return CrossbarCircuit(g, wires, law=law) if law else CrossbarCircuit(g, wires)


def solved(scale: float = 0.1, wires: Wires = WIRES, shape: tuple[int, int] = (5, 4),
           law: CubicLaw | None = None) -> OperatingPoint:
    v = scale * np.random.default_rng(1).uniform(0.2, 1.0, shape[0])
    return circuit_of(wires, shape, law).solve(v)


def images(figure: Figure) -> list[Floats]:
    return [np.ma.filled(ax.images[0].get_array(), np.nan) for ax in figure.axes if ax.images]


def labels(figure: Figure) -> set[str]:
    return {text for ax in figure.axes for text in (ax.get_xlabel(), ax.get_ylabel()) if text}


def unit(figure: Figure, quantity: str, symbol: str) -> float:
    """The factor of the unit in the label that begins with `quantity`."""
    found = next(text for text in labels(figure) if text.startswith(quantity))
    return PREFIX[found.removeprefix(f"{quantity} (").removesuffix(f"{symbol})")]


@pytest.mark.parametrize("scale", [1e-6, 1e-3, 0.1, 0.99, 1.0, 40.0])
def test_voltages_are_those_solved_in_the_unit_of_the_label(scale: float) -> None:
    op = solved(scale)
    figure = draw_voltages(op)
    for image, name, values in zip(images(figure), ("Row", "Column"),
                                   (op.row_voltages, op.column_voltages), strict=True):
        factor = unit(figure, f"{name} node voltage", "V")
        np.testing.assert_allclose(image * factor, values, rtol=1e-12)
        assert 1 <= np.abs(image).max() < 1000


def test_the_drop_is_what_devices_miss() -> None:
    op = solved()
    figure = draw_drop(op)
    expected = 1 - (op.row_voltages - op.column_voltages) / op.voltages[:, None]
    np.testing.assert_allclose(images(figure)[0], 100 * expected, rtol=1e-10)
    assert "Voltage drop outside the devices (%)" in labels(figure)


def test_colours_of_the_drop_end_at_100_per_cent() -> None:
    op = circuit_of().solve([0.1, 1e-4, 0.1, 0.1, 0.1])
    figure = draw_drop(op)
    assert np.abs(images(figure)[0]).max() > 100
    low, high = figure.axes[0].images[0].get_clim()
    assert -100 <= low < high <= 100


def test_the_drop_of_undriven_rows_is_blank() -> None:
    op = circuit_of().solve([0.1, 0.0, 0.1, 0.0, 0.1])
    blank = np.isnan(images(draw_drop(op))[0])
    np.testing.assert_array_equal(blank.all(axis=1), [False, True, False, True, False])
    np.testing.assert_array_equal(blank.any(axis=1), blank.all(axis=1))


@pytest.mark.parametrize("law", [None, CubicLaw(0.3)])
def test_currents_are_those_solved_beside_those_of_ideal_wires(law: CubicLaw | None) -> None:
    op = solved(law=law)
    figure = draw_currents(op)
    factor = unit(figure, "Device current", "A")
    np.testing.assert_allclose(images(figure)[0] * factor, op.device_currents, rtol=1e-12)
    bars = next(ax for ax in figure.axes if ax.containers)
    factor = unit(figure, "Column current", "A")
    ideal, real = ([bar.get_height() * factor for bar in group] for group in bars.containers)
    np.testing.assert_allclose(ideal, solved(wires=Wires(), law=law).column_currents, rtol=1e-12)
    np.testing.assert_allclose(real, op.column_currents, rtol=1e-12)
    legend = bars.get_legend()
    assert legend is not None
    assert [text.get_text() for text in legend.get_texts()] == ["ideal wires", "solved"]


@every
def test_axes_and_colour_bars_are_labelled(draw: Callable[..., Figure]) -> None:
    figure = draw(solved())
    assert isinstance(figure, Figure)
    assert {"Row", "Column"} <= labels(figure)
    assert sum("(" in text for text in labels(figure)) == (1 if draw is draw_drop else 2)


@every
@pytest.mark.parametrize("suffix", ["png", "pdf"])
def test_a_path_is_where_the_figure_is_saved(
    draw: Callable[..., Figure], suffix: str, tmp_path: Path
) -> None:
    path = tmp_path / f"picture.{suffix}"
    draw(solved(), path)
    draw(solved(), str(tmp_path / f"other.{suffix}"))
    assert path.stat().st_size > 1000


@every
def test_given_axes_are_drawn_into(draw: Callable[..., Figure]) -> None:
    figure = Figure()
    count = 1 if draw is draw_drop else 2
    axes = figure.subplots(1, count)
    assert draw(solved(), axes) is figure
    assert all(ax.has_data() for ax in np.ravel(axes))
    with pytest.raises(ValueError, match="path_or_axes"):
        draw(solved(), list(np.ravel(figure.subplots(1, 3))))


@every
def test_a_batch_is_refused(draw: Callable[..., Figure]) -> None:
    with pytest.raises(ValueError, match="2 inputs"):
        draw(circuit_of().solve(np.full((2, 5), 0.1)))


@every
@pytest.mark.parametrize("shape", [(1, 7), *(
    pytest.param(shape, marks=pytest.mark.slow) for shape in ((1, 1), (7, 1), (70, 130)))])
@pytest.mark.parametrize("scale", [0.0, 0.1, -0.1])
def test_any_shape_and_any_sign_can_be_drawn(
    draw: Callable[..., Figure], shape: tuple[int, int], scale: float, tmp_path: Path
) -> None:
    draw(solved(scale, shape=shape), tmp_path / "picture.png")
    draw(solved(scale, Wires(), shape), tmp_path / "ideal.png")


def test_zero_is_white_between_both_signs() -> None:
    op = circuit_of().solve([0.1, -0.05, 0.1, 0.02, -0.1])
    image = next(ax.images[0] for ax in draw_currents(op).axes if ax.images)
    low, high = image.get_clim()
    assert low == -high
    np.testing.assert_allclose(image.to_rgba(0.0)[:3], 1.0, atol=0.05)


def test_matplotlib_is_loaded_only_to_draw_and_pyplot_never() -> None:
    program = ("import sys, circuits, circuits.analysis.pictures as p\n"
               "assert 'matplotlib' not in sys.modules\n"
               "p.draw_drop(circuits.CrossbarCircuit([[1e-4]]).solve([0.1]))\n"
               "assert 'matplotlib' in sys.modules\n"
               "assert 'matplotlib.pyplot' not in sys.modules\n")
    subprocess.run([sys.executable, "-c", program], check=True, timeout=60,
                   cwd=Path(__file__).parents[3])
