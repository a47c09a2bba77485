"""The pages: no claim of the paper for another device, and curves that can be seen."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.text import Text

from benchmarks.devices.captions import sources, wrapped
from benchmarks.devices.magnetics_figure import draw_magnetics
from benchmarks.devices.marks import Marks, stated
from benchmarks.devices.page_figure import Page
from benchmarks.devices.switching_figure import draw_switching
from device_models import load_stack
from device_models.switching import critical_current

STACK = load_stack("kumar2024")
PERPENDICULAR = load_stack("perpendicular_cofeb")
DRAWN = [draw_magnetics, draw_switching]


@cache
def page_of(draw: Callable[..., Page], name: str) -> Page:
    stack = load_stack(name)
    return draw(stack, stated(stack))


@pytest.fixture(params=DRAWN, ids=["magnetics", "switching"])
def ours(request: pytest.FixtureRequest) -> Page:
    return page_of(request.param, STACK.name)


def figure_of(page: Page) -> Figure:
    assert page.figure is not None
    return page.figure


def texts_of(page: Page) -> str:
    figure = figure_of(page)
    return "\n".join([*(str(text.get_text()) for text in figure.texts),
                      *(axes.get_title(loc="left") for axes in figure.axes)])


def circles_of(page: Page) -> int:
    return sum(line.get_marker() == "o" for axes in figure_of(page).axes for line in axes.lines)


@pytest.mark.slow
@pytest.mark.parametrize("draw", DRAWN)
def test_another_device_claims_no_number_of_the_paper(draw: Callable[..., Page]) -> None:
    other = page_of(draw, PERPENDICULAR.name)
    assert circles_of(other) == 0
    words = texts_of(other)
    assert not re.search(r"stated|1\.7 nm|Kumar|Fig\.", words)
    assert "Numbers: " in words
    assert {curve.source for curve in other.curves} == {"model"}


def test_the_papers_page_has_its_numbers_and_every_page_its_stack(ours: Page) -> None:
    assert circles_of(ours) > 0
    words = texts_of(ours)
    assert "stated:" in words
    assert f"{STACK.name}: {STACK.title}" in words


@pytest.mark.parametrize("quantity", ["film_coercivity", "saturation_field", "exchange_field"])
def test_what_the_paper_states_does_not_move_with_the_model(
    quantity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a circle lies on its curve whatever the model says."""
    film = STACK.magnetics
    value = getattr(film, quantity)
    wrong = replace(value, values=tuple(2 * v for v in value.values)) if (
        hasattr(value, "values")) else 2 * value
    other = replace(STACK, tables=replace(STACK.tables, magnetics=replace(
        film, **{quantity: wrong})))
    marks = stated(STACK)
    before, after = (draw_magnetics(stack, marks).curves for stack in (STACK, other))
    pairs = [(a, b) for a, b in zip(before, after, strict=True)]
    for a, b in pairs:
        if a.source != "model":
            assert a.x.tolist() == b.x.tolist()
            assert (None if a.y is None else a.y.tolist()) == (
                None if b.y is None else b.y.tolist())
    assert any(a.y is not None and b.y is not None and a.y.tolist() != b.y.tolist()
               for a, b in pairs if a.source == "model")


def test_no_axis_is_stretched_for_a_legend(ours: Page) -> None:
    """Curves take 80 % of every axis (the bars of 4d stand out a little)."""
    for axes in figure_of(ours).axes:
        x = [value for line in axes.lines for value in line.get_xdata()
             if line.get_transform() == axes.transData]
        low, high = axes.get_xlim()
        assert max(x) - min(x) > 0.8 * (high - low), axes.get_title(loc="left")


@pytest.mark.parametrize("draw", DRAWN)
@pytest.mark.parametrize("name", [
    "kumar2024", pytest.param("perpendicular_cofeb", marks=pytest.mark.slow)])
def test_a_legend_covers_no_curve_and_stays_in_its_column(
    draw: Callable[..., Page], name: str
) -> None:
    figure = figure_of(page_of(draw, name))
    figure.draw_without_rendering()
    column = 85 / 25.4 * figure.dpi
    for axes in figure.axes:
        boxes = [legend.get_window_extent() for legend in axes.findobj(Legend)]
        for box in boxes:
            assert box.y0 >= axes.get_window_extent().y1
            assert box.x0 // column == box.x1 // column, axes.get_label()
            assert sum(box.overlaps(other) for other in boxes) == 1  # itself


@pytest.mark.parametrize("draw", DRAWN)
def test_captions_stay_in_their_column_and_above_the_next_row(draw: Callable[..., Page]) -> None:
    """85 mm wide, at 7 points."""
    figure = figure_of(page_of(draw, STACK.name))
    figure.draw_without_rendering()
    column = 85 / 25.4 * figure.dpi
    captions = [text for text in figure.texts if text.get_fontsize() == 7]
    assert len(captions) == len({axes.get_position().bounds for axes in figure.axes})
    titles = [axes.title.get_window_extent() for axes in figure.axes]
    for text in captions:
        box = text.get_window_extent()
        assert box.x0 // column == box.x1 // column, text.get_text()
        assert box.y0 >= 0
        assert not any(box.overlaps(title) for title in titles if title.width > 0)


def test_steps_are_drawn_as_steps(ours: Page) -> None:
    """A resistance of a sweep jumps at a setting, and never slopes from one to the next."""
    for axes in figure_of(ours).axes:
        if re.search(r"\$R\(|R\(V\)", axes.get_title(loc="left")):
            for line in axes.lines:
                if len(line.get_xdata()) > 2 and line.get_marker() != "o":
                    assert line.get_drawstyle() == "steps-post"


@pytest.mark.parametrize("letter", ["b", "c", "g"])
def test_over_a_channel_of_the_other_sign_voltages_turn_and_nothing_else(letter: str) -> None:
    drive = replace(STACK.switching, spin_hall_angle=-STACK.switching.spin_hall_angle,
                    oersted=-STACK.switching.oersted)
    other = draw_switching(replace(STACK, tables=replace(STACK.tables, switching=drive)))
    ours, theirs = ([curve for curve in page.curves if curve.panel == f"4{letter}"
                     and curve.source == "model"]
                    for page in (page_of(draw_switching, STACK.name), other))
    assert ours
    for a, b in zip(ours, theirs, strict=True):
        assert a.y is not None
        assert b.y is not None
        assert b.x.tolist() == (-a.x).tolist()
        assert b.y.tolist() == pytest.approx(a.y.tolist())


def test_heat_is_that_of_the_critical_voltage_and_ends_at_the_curie_temperature() -> None:
    heats = [curve for curve in page_of(draw_switching, STACK.name).curves if curve.panel == "4i"]
    assert len(heats) == 5
    for curve in heats:
        magnet = STACK.magnet(float(curve.name.split()[0]) * 1e-9)
        current = critical_current(magnet, polarity=-1)
        assert curve.y is not None
        assert curve.y == pytest.approx(STACK.channel_heat().rise(current, curve.x * 1e-9))
        assert max(curve.y) < magnet.curie_temperature - 300


@pytest.mark.slow
def test_layers_too_warm_at_once_are_named_and_have_no_line() -> None:
    """1.10 and 1.15 nm, whose critical voltages are the highest."""
    page = page_of(draw_switching, PERPENDICULAR.name)
    lines = [curve.name for curve in page.curves if curve.panel == "4i"]
    assert "1.30 nm" in lines
    assert "1.10 nm" not in lines
    assert all(len(curve.x) for curve in page.curves)
    assert re.search(r"within\s1\sns:\s1\.10\snm", texts_of(page))


@pytest.mark.parametrize("draw", DRAWN)
@pytest.mark.parametrize("name", [
    "kumar2024", pytest.param("perpendicular_cofeb", marks=pytest.mark.slow)])
def test_names_of_axes_stay_on_their_panel(draw: Callable[..., Page], name: str) -> None:
    figure = figure_of(page_of(draw, name))
    figure.draw_without_rendering()
    column = 85 / 25.4 * figure.dpi
    for axes in figure.axes:
        panel = axes.get_window_extent().x0 // column
        box = axes.yaxis.label.get_window_extent()
        assert panel * column <= box.x0, axes.get_label()
        assert box.x1 <= (panel + 1) * column, axes.get_label()


def test_a_stack_of_one_thickness_draws_one_curve_and_points() -> None:
    """A line through one point shows nothing, and five equal curves are one."""
    one = replace(STACK, thickness_range=(1.9e-9, 1.9e-9))
    pages = [draw(one, stated(one)) for draw in DRAWN]
    assert pages[0].left_out == {}
    for axes in (axes for page in pages for axes in figure_of(page).axes):
        for line in axes.lines:
            assert len(line.get_xdata()) > 1 or line.get_marker() not in ("None", "", None)
            assert line.get_marker() != "o"  # circles are of the paper's thicknesses
        names = axes.get_legend_handles_labels()[1]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("draw", DRAWN)
def test_a_copy_of_the_papers_file_with_another_number_is_another_device(
    draw: Callable[..., Page]
) -> None:
    """"no offset" is a fact of device_offset_mt = 0, not of the doi."""
    film = replace(STACK.magnetics, device_offset=15e-3)
    shifted = replace(STACK, tables=replace(STACK.tables, magnetics=film))
    page = draw(shifted, stated(shifted))
    assert circles_of(page) == 0
    assert not re.search("stated|no offset|symmetric in sign", texts_of(page))


def test_marks_of_anyone_are_drawn_kept_and_named_by_their_source() -> None:
    """A page takes them from wherever: of one's own device, of any panel that it has."""
    mine = [Marks("3f", "R_P", "measured", (1.1, 1.3), (7.0, 7.1), y_error=(0.2, 0.3)),
            Marks("3f", "TMR", "measured", (1.2,), (110.0,), right=True),
            Marks("3d", "R(H)", "measured", (-100.0, 0.0, 100.0), (6.0, 6.0, 13.0), joined=True),
            Marks("4a", "H_c", "measured", (50.0,))]
    page = draw_magnetics(PERPENDICULAR, mine)
    found = [curve for curve in page.curves if curve.source == "measured"]
    assert [(curve.panel, curve.name, curve.y_error) for curve in found] == [
        ("3d", "R(H)", ()), ("3f", "R_P", (0.2, 0.3)), ("3f", "TMR", ())]
    assert found[2].y_header == "TMR (%)"
    legends = [axes.get_legend() for axes in figure_of(page).axes]
    names = [text.get_text() for legend in legends if legend for text in legend.get_texts()]
    assert names.count("measured") == 2  # once a panel


def test_marks_without_a_value_for_each_x_are_refused() -> None:
    with pytest.raises(ValueError, match="have 2 x, 1 y and 0 y_error; expected"):
        Marks("3f", "R_P", "measured", (1.1, 1.3), (7.0,))


@pytest.mark.parametrize("count", [1, 2, 6])
def test_many_sources_stay_in_their_column(count: int) -> None:
    mine = [Marks("3d", "R(H)", f"device {number} of a wafer", (0.0,)) for number in range(count)]
    figure = figure_of(draw_magnetics(PERPENDICULAR, mine))
    figure.draw_without_rendering()
    column = 85 / 25.4 * figure.dpi
    boxes = [legend.get_window_extent() for legend in figure.findobj(Legend)]
    assert all(box.x0 // column == box.x1 // column for box in boxes)
    titles = [text.get_window_extent() for text in figure.findobj(Text)
              if text.get_text().startswith("(")]
    assert len(titles) == 6
    assert not any(box.overlaps(title) for box in boxes for title in titles)


def test_signs_in_a_stack_file_are_no_mathtext() -> None:
    """A title or a tag may have a dollar, or two."""
    tags: dict[str, Any] = dict.fromkeys(STACK.tags, r"A$ and B$_x")
    odd = replace(STACK, name=r"a_$b", title=r"\alpha $c$ of {d", doi="", tags=tags)
    mine = [Marks("3f", "R_$", "lot_$a$_{", (1.6,), (25.0,))]
    figure_of(draw_magnetics(odd, mine)).draw_without_rendering()


def test_a_caption_names_keys_as_the_file_does() -> None:
    assert sources(STACK, ["magnetics.device_coercivity_mt"]) == "P §C: device coercivity"
    assert sources(STACK, ["variability.sigma_r_p"]) == r"A: $\sigma(R_\mathrm{P})$"
    assert sources(PERPENDICULAR, ["resistance.ra_ohm_um2"]).endswith("RA")


def test_a_caption_groups_keys_by_the_head_of_their_tags() -> None:
    assert sources(PERPENDICULAR, [
        "switching.pulse_ns", "magnetics.damping", "switching.oersted",
        "channel.width_um"]) == "A: pulse, width; S, unchecked: damping"
    assert sources(PERPENDICULAR, []) == "none"


def test_a_number_is_not_parted_from_its_unit() -> None:
    lines = wrapped("word " * 11 + r"25.2 $\mathrm{k\Omega}$ and 1.6 nm").split("\n")
    assert lines[1].startswith("25.2\u00a0$")
    assert lines[1].endswith("1.6\u00a0nm")
