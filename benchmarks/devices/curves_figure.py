"""The curves of a page as a table, for who draws them otherwise."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.container import ErrorbarContainer
from matplotlib.figure import Figure

HEADER = ("panel", "curve", "x_quantity", "x", "y_quantity", "y")
_SYMBOLS = {r"\mu": "u", r"\Omega": "ohm", r"\mathrm": "", "$": "", "{": "", "}": "", r"\ ": " "}


def write_curves(path: Path, figure: Figure) -> None:
    """One row a point: its panel, curve, and x and y with what they are."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for axes in figure.axes:
            writer.writerows(_rows(axes))


def _rows(axes: Axes) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Of one panel; two axes that share one place have one letter, the second's is of the first."""
    panel = next((title for other in axes.figure.axes if _same_place(other, axes)
                  for title in [other.get_title("left")] if title), "")
    letter = re.match(r"\((\w)\)", panel)
    quantities = [plain(text) for text in (axes.get_xlabel() or _shared_label(axes),
                                           axes.get_ylabel())]
    names = {bars.lines[0]: str(bars.get_label()) for bars in axes.containers
             if isinstance(bars, ErrorbarContainer)}
    for number, line in enumerate(axes.lines):
        name = names.get(line, str(line.get_label()))
        if name == "_nolegend_":  # a cap of an error bar
            continue
        if name.startswith(("_stated", "_measured")):  # of no legend
            name = name[1:]
        else:
            name = f"curve {number + 1}" if name.startswith("_") else plain(name)
        for x, y in zip(np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float),
                        strict=True):
            yield (letter[1] if letter else "", name, quantities[0], f"{x:.9g}", quantities[1],
                   f"{y:.9g}")


def _same_place(a: Axes, b: Axes) -> bool:
    return a.get_subplotspec() == b.get_subplotspec()


def _shared_label(axes: Axes) -> str:
    return next((other.get_xlabel() for other in axes.figure.axes
                 if _same_place(other, axes) and other.get_xlabel()), "")


def plain(text: str) -> str:
    """A label without its mathematics: mu0H (mT) of $\\mu_0 H$ (mT)."""
    for symbol, word in _SYMBOLS.items():
        text = text.replace(symbol, word)
    return " ".join(text.replace("_", "").split())
