"""A page of panels: each drawn, or left out with its reason, and a line on its numbers below it."""

from collections.abc import Callable, Mapping
from pathlib import Path

import matplotlib
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec
from matplotlib.layout_engine import ConstrainedLayoutEngine

from benchmarks.devices.captions import header
from benchmarks.devices.curves_figure import write_curves
from benchmarks.output.left_out import LEFT_OUT
from benchmarks.output.style import PANELS
from device_models import Stack

_PANEL = (4.2, 4.7)  # inches; a column of 85 mm shows captions at 6 points
Panel = Callable[[Axes, Stack], str]
"""Draws on axes and returns its caption."""
Overlay = Callable[[Axes, Stack], None]
"""Draws on the axes of a panel."""


def draw(path: Path, stack: Stack, number: str, shape: tuple[int, int],
         panels: dict[str, tuple[str, Panel]], overlays: Mapping[str, Overlay]) -> dict[str, str]:
    """Draw a page of panels, by letter: title and panel; returns those left out and why.

    Beside the picture at `path` stand the same as .svg, and all curves as .csv. The panels there
    are close up; of a page without any, nothing is written. `overlays` are drawn on the panels of
    their numbers, as "3f".
    """
    missing: dict[str, str] = {}
    with matplotlib.rc_context(PANELS):
        figure = Figure(figsize=(_PANEL[0] * shape[1], _PANEL[1] * shape[0]),
                        layout=ConstrainedLayoutEngine(
                            h_pad=0.5, w_pad=0.1, rect=(0, 0.06, 1, 0.905)))
        for place, (letter, (title, panel)) in enumerate(panels.items(), 1):
            axes = figure.add_subplot(*shape, place)
            axes.set_title(f"({letter}) {title}", loc="left", fontweight="bold")
            try:
                line = panel(axes, stack)
                if f"{number}{letter}" in overlays:
                    overlays[f"{number}{letter}"](axes, stack)
                    line += "\ndiamonds: measured, with 95 % intervals"
            except LEFT_OUT as error:
                missing[f"{number}{letter}"] = str(error)
                _leave_out(figure, axes)
                continue
            axes.text(-0.1, -0.2, line, transform=axes.transAxes, fontsize=7.5, va="top",
                      color="#555555", in_layout=False)
        if not figure.axes:
            return missing
        _close_up(figure, shape)
        figure.text(0.5, 0.99, header(stack, number), ha="center", va="top", fontsize=9)
        figure.savefig(path, dpi=150)
        figure.savefig(path.with_suffix(".svg"), metadata={"Date": None})
        write_curves(path.with_suffix(".csv"), figure)
    return missing


def _together(figure: Figure) -> list[list[Axes]]:
    """The axes of each panel: its own, and those that share its place."""
    places: dict[int | None, list[Axes]] = {}
    for axes in figure.axes:
        spec = axes.get_subplotspec()
        places.setdefault(spec.num1 if spec else None, []).append(axes)
    return list(places.values())


def _leave_out(figure: Figure, axes: Axes) -> None:
    """Take a panel off its page, with all that shares its place."""
    for other in next(panel for panel in _together(figure) if axes in panel):
        other.remove()


def _close_up(figure: Figure, shape: tuple[int, int]) -> None:
    """Move the panels there are together, row by row, and cut the page down to them."""
    panels = _together(figure)
    columns = min(shape[1], len(panels))
    rows = -(-len(panels) // columns)
    grid = GridSpec(rows, columns, figure=figure)
    for place, panel in enumerate(panels):
        for axes in panel:
            axes.set_subplotspec(grid[place])
    figure.set_size_inches(_PANEL[0] * max(columns, 2), _PANEL[1] * rows)
