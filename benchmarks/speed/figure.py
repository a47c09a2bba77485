"""The picture of the speed comparison."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from benchmarks.output.pictures import save_picture
from benchmarks.output.style import PICTURE
from benchmarks.speed.row import Quantity, Row
from benchmarks.speed.scaling import Exponent

_BARS: tuple[tuple[str, Quantity, str], ...] = (
    ("all of T, ours", "seconds", "#4c78a8"),
    ("SuperLU, factorisation alone", "superlu_factor_seconds", "#8c8c8c"),
    ("SuperLU, all of T (extrapolated)", "superlu_matrix_seconds", "#c9c9c9"),
    ("CHOLMOD, factorisation alone", "cholmod_factor_seconds", "#b0823c"),
    ("CHOLMOD, all of T (extrapolated)", "cholmod_matrix_seconds", "#e0c291"),
)
COLOURS = ("#4c78a8", "#e4572e", "#f2b134", "#59a14f", "#b07aa1")


def drawable(sections: Mapping[str, Sequence[Row]]) -> bool:
    """Whether anything was measured that has a picture."""
    return any(sections.get(name) for name in _PANELS)


def draw(path: Path, sections: Mapping[str, Sequence[Row]], exponents: Sequence[Exponent]) -> None:
    """One panel for each section that was measured."""
    panels = [(name, panel) for name, panel in _PANELS.items() if sections.get(name)]
    with matplotlib.rc_context(PICTURE):
        figure = Figure(figsize=(4.2 * len(panels), 3.8), layout="constrained")
        for axes, (name, panel) in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels,
                                       strict=True):
            panel(axes, sections[name], exponents)
        save_picture(figure, path, dpi=150)


def _matrix(axes: Axes, rows: Sequence[Row], _: Sequence[Exponent]) -> None:
    """Bars per size, at the first wire, with how many times faster; a peer's if it was there."""
    rows = [row for row in rows if row["wire_ohm"] == rows[0]["wire_ohm"]]
    bars = [(label, [row.get(key) for row in rows], colour) for label, key, colour in _BARS
            if any(key in row for row in rows)]
    at, width = np.arange(len(rows)), 0.81 / len(bars)
    for index, (label, values, colour) in enumerate(bars):
        drawn = axes.bar(at + (index - (len(bars) - 1) / 2) * width,
                         [value or np.nan for value in values], width, label=label, color=colour)
        if index:
            axes.bar_label(drawn, [f"{value / row['seconds']:.3g}" if value else "" for value, row
                                   in zip(values, rows, strict=True)], padding=2, fontsize=6)
    axes.set_yscale("log")
    times = [seconds for _, values, _ in bars for seconds in values if seconds]
    axes.set_ylim(min(times) / 3, max(times) * 500)  # room for the legend
    axes.set_xticks(at, [f"{row['rows']}x\n{row['columns']}" for row in rows])
    axes.set_ylabel("time (s); numbers: times ours")
    axes.set_title(f"all currents of an array, {rows[0]['wire_ohm']:g} ohm segments")
    axes.legend(frameon=False, loc="upper right", fontsize=8)


def _scaling(axes: Axes, rows: Sequence[Row], exponents: Sequence[Exponent]) -> None:
    """Time over size, both relative to the smallest; slopes are the exponents."""
    for colour, fit in zip(COLOURS, exponents, strict=False):
        points = [row for row in rows if (row["over"], row["fixed"]) == (fit["over"],
                                                                         fit["fixed"])]
        x = np.array([row["value"] for row in points]) / points[0]["value"]
        y = np.array([row["seconds"] for row in points]) / points[0]["seconds"]
        axes.loglog(x, y, "o-", ms=4, color=colour,
                    label=f"{fit['over']} {fit['from']}-{fit['to']} ({fit['fixed']}): "
                          f"{fit['exponent']:.2f}")
    _plain(axes)
    axes.set_xlabel("size relative to the smallest")
    axes.set_ylabel("time relative to the smallest")
    axes.set_title("growth of time, with exponents")
    axes.legend(frameon=False, fontsize=7, loc="upper left")


def _nonlinear(axes: Axes, rows: Sequence[Row], _: Sequence[Exponent]) -> None:
    """Time per input over the wire resistance, one line per law and size."""
    curves: dict[str, list[Row]] = {}
    for row in rows:
        if row["kind"] == "array":
            curves.setdefault(f"{row['law']}, {row['rows']}x{row['columns']}", []).append(row)
    for colour, (label, points) in zip(COLOURS, curves.items(), strict=False):
        axes.loglog([row["wire_ohm"] for row in points],
                    [1e3 * row["seconds_per_input"] for row in points], "o-", ms=4, color=colour,
                    label=label)
    _plain(axes)
    axes.set_xlabel("wire segment (ohm)")
    axes.set_ylabel("time per input (ms)")
    axes.set_title("nonlinear devices, to 1e-9")
    axes.legend(frameon=False, fontsize=8)


def _plain(axes: Axes) -> None:
    """Numbers as 0.1, 1, 10 and room for the legend."""
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(LogLocator())
        axis.set_major_formatter("{x:g}")
        axis.set_minor_formatter(NullFormatter())
    low, high = axes.get_ylim()
    axes.set_ylim(low, high * (high / low) ** 0.4)


_PANELS = {"matrix": _matrix, "scaling": _scaling, "nonlinear": _nonlinear}
