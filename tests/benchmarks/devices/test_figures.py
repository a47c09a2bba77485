"""The pages: no claim of the paper for another device, and curves that can be seen."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from benchmarks.devices.captions import sources
from benchmarks.devices.curves_figure import plain
from benchmarks.devices.magnetics_figure import draw_magnetics
from benchmarks.devices.switching_figure import draw_switching
from device_models import Stack, load_stack

STACK = load_stack("kumar2024")


def texts_of(draw: Callable[..., Any], stack: Stack, path: Path,
             monkeypatch: pytest.MonkeyPatch) -> tuple[str, int]:
    """Every text of a page, and how many lines of open circles it has."""
    pages: list[Figure] = []
    monkeypatch.setattr(Figure, "savefig", lambda self, *args, **kwargs: pages.append(self))
    draw(path, stack)
    monkeypatch.undo()
    texts = "\n".join(str(text.get_text()) for axes in pages[0].axes for text in axes.texts)
    titles = "\n".join(axes.get_title(loc="left") for axes in pages[0].axes)
    marks = sum(line.get_marker() == "o" for axes in pages[0].axes for line in axes.lines)
    return texts + titles, marks


@pytest.mark.slow
@pytest.mark.parametrize("draw", [draw_magnetics, draw_switching])
def test_another_device_claims_no_number_of_the_paper(
    draw: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours, circles = texts_of(draw, STACK, tmp_path / "a.png", monkeypatch)
    assert circles > 0
    assert "stated:" in ours
    other, circles = texts_of(draw, load_stack("perpendicular_cofeb"), tmp_path / "b.png",
                              monkeypatch)
    assert circles == 0
    assert "stated" not in other
    assert "1.7 nm" not in other
    assert "Numbers: " in other


@pytest.mark.parametrize("draw", [draw_magnetics, draw_switching])
def test_no_axis_is_stretched_for_a_legend(
    draw: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Curves take 80 % of every axis (the bars of 4d stand out a little)."""
    pages: list[Figure] = []
    monkeypatch.setattr(Figure, "savefig", lambda self, *args, **kwargs: pages.append(self))
    draw(tmp_path / "a.png", STACK)
    for axes in pages[0].axes:
        x = [value for line in axes.lines for value in line.get_xdata()]
        low, high = axes.get_xlim()
        if axes.get_xscale() == "log":
            x, low, high = list(np.log(x)), np.log(low), np.log(high)
        assert max(x) - min(x) > 0.8 * (high - low), axes.get_title(loc="left")


def test_a_stack_of_one_thickness_draws_one_curve_and_points(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A line through one point shows nothing, and five equal curves are one."""
    pages: list[Figure] = []
    monkeypatch.setattr(Figure, "savefig", lambda self, *args, **kwargs: pages.append(self))
    one = replace(STACK, thickness_range=(1.9e-9, 1.9e-9))
    assert draw_magnetics(tmp_path / "a.png", one) == {}
    draw_switching(tmp_path / "b.png", one)
    for axes in (axes for page in pages for axes in page.axes):
        for line in axes.lines:
            assert len(line.get_xdata()) > 1 or line.get_marker() not in ("None", "", None)
            assert line.get_marker() != "o"  # circles are of the paper's thicknesses
        names = axes.get_legend_handles_labels()[1]
        assert len(names) == len(set(names))


@pytest.mark.parametrize("draw", [draw_magnetics, draw_switching])
def test_a_copy_of_the_papers_file_with_another_number_is_another_device(
    draw: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """"no offset" is a fact of device_offset_mt = 0, not of the doi."""
    film = replace(STACK.magnetics, device_offset=15e-3)
    shifted = replace(STACK, tables=replace(STACK.tables, magnetics=film))
    words, circles = texts_of(draw, shifted, tmp_path / "a.png", monkeypatch)
    assert circles == 0
    assert not re.search("stated|no offset|symmetric in sign", words)


def test_a_caption_names_keys_as_the_file_does() -> None:
    assert sources(STACK, ["variability.sigma_r_p"]) == "A: sigma_r_p"
    assert sources(load_stack("perpendicular_cofeb"), ["resistance.ra_ohm_um2"]).endswith("RA")


def test_a_caption_groups_keys_by_the_head_of_their_tags() -> None:
    stack = load_stack("perpendicular_cofeb")
    assert sources(stack, ["switching.pulse_ns", "magnetics.damping", "switching.oersted",
                           "channel.width_um"]) == "A: pulse, width; S, unchecked: damping"
    assert sources(stack, []) == "none"


def test_a_label_loses_its_mathematics() -> None:
    assert plain(r"$\mu_0 H$ (mT)") == "u0 H (mT)"
    assert plain(r"$R$ (k$\Omega$)") == "R (kohm)"
    assert plain(r"$V_\mathrm{b}$, $n$ = 3") == "Vb, n = 3"
