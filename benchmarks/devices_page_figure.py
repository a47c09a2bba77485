"""A page of panels: each drawn, or left out with its reason, and a line on its numbers below it."""

import textwrap
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from benchmarks.devices_captions import header
from benchmarks.devices_numbers import why
from device_models import Stack

FALLING, RISING = "#4c78a8", "#e4572e"
Panel = Callable[[Any, Stack], str]
"""Draws on axes and returns its caption."""

_STYLE: Any = {"font.size": 8, "axes.spines.top": False, "axes.spines.right": False,
               "legend.frameon": False, "legend.fontsize": 7}


def draw(path: Path, stack: Stack, number: str, shape: tuple[int, int],
         panels: dict[str, tuple[str, Panel]]) -> dict[str, str]:
    """Draw a page of panels, by letter: title and panel; returns those left out and why."""
    missing = {}
    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=(4.2 * shape[1], 4.0 * shape[0]),
                        layout=ConstrainedLayoutEngine(
                            h_pad=0.29, w_pad=0.1, rect=(0, 0.045, 1, 0.935)))
        grid = np.ravel(figure.subplots(*shape))
        for axes, (letter, (title, panel)) in zip(grid, panels.items(), strict=True):
            axes.set_title(f"({letter}) {title}", loc="left", fontweight="bold")
            try:
                line = panel(axes, stack)
            except (ValueError, KeyError) as error:
                missing[f"{number}{letter}"] = why(error)
                _leave_out(axes, f"({letter}) {title}", why(error))
                continue
            axes.text(0.0, -0.2, line, transform=axes.transAxes, fontsize=6.5, va="top",
                      color="#555555", in_layout=False)
        figure.text(0.5, 0.985, header(stack, number), ha="center", va="top", fontsize=9)
        figure.savefig(path, dpi=130)
    return missing


def _leave_out(axes: Any, title: str, reason: str) -> None:
    """Say in place of a panel what its stack lacks."""
    for twin in [other for other in axes.figure.axes if other is not axes
                 and other.bbox.bounds == axes.bbox.bounds]:
        twin.remove()
    axes.clear()
    axes.set(xticks=[], yticks=[])
    for spine in axes.spines.values():
        spine.set_visible(False)
    axes.set_title(title, loc="left", fontweight="bold")
    axes.text(0.5, 0.5, "\n".join(textwrap.wrap(f"left out: {reason}", 46)), ha="center",
              va="center", transform=axes.transAxes, color="#555555", in_layout=False)


def thicknesses(stack: Stack, count: int) -> Any:
    """From the thinnest to the thickest free layer [m]."""
    return np.linspace(*stack.thickness_range, count)


def one_thickness(stack: Stack) -> float:
    """That of the paper's loops, 1.7 nm, where the stack has it; else its thickest [m].

    The thickest perpendicular layer is the softest, and switches within the range of voltages.
    """
    low, high = stack.thickness_range
    return 1.7e-9 if low <= 1.7e-9 <= high else high


def colours(count: int) -> Iterable[Any]:
    """From thin to thick."""
    return matplotlib.colormaps["viridis"](np.linspace(0, 0.85, count))


def there_and_back(reach: float, points: int = 2001) -> Any:
    """From `reach` to its negative and back."""
    down = np.linspace(reach, -reach, points)
    return np.concatenate([down, down[::-1]])
