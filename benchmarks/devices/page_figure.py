"""A page of panels: each drawn, or left out with its reason, and a line on its numbers below it.

A panel is as wide as a column of a journal, 85 mm, its text 7 points: it can be cut out of a page
and printed as it is. Legends stand above the curves, so that they cover none.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import matplotlib
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.legend import Legend

from benchmarks.devices.captions import header, laid_out, wrapped
from benchmarks.devices.curves import Curve
from benchmarks.devices.marks import KUMAR, Marks
from benchmarks.devices.panel_figure import Panel
from benchmarks.output.left_out import LEFT_OUT
from benchmarks.output.style import COLUMN
from device_models import Stack

_MM = 1 / 25.4  # inches
_WIDTH = 85.0  # of a panel [mm]
_LEFT, _RIGHT, _HEIGHT = 13.0, 11.0, 41.0  # of its axes: margins, and how high [mm]
_AXES = _WIDTH - _LEFT - _RIGHT
_LABELS, _LINE, _ROW, _TITLE, _GAP = 9.0, 3.2, 3.4, 6.5, 3.0  # below; caption; legend; title [mm]
_HEADER = 4.0  # a line above the page [mm]

Draw = Callable[[Panel, Stack], str]
"""Draws on a panel and returns its caption."""


@dataclass(frozen=True)
class Page:
    """A page as drawn.

    Parameters
    ----------
    figure : Figure or None
        None where the stack feeds no panel.
    left_out : mapping
        Reasons, by the panels that are not there.
    curves : sequence of Curve
        All that is drawn, as numbers.
    """

    figure: Figure | None
    left_out: Mapping[str, str]
    curves: Sequence[Curve]


def draw(stack: Stack, number: str, panels: Mapping[str, tuple[str, Draw]],
         marks: Sequence[Marks], drawn_is: str | None = None) -> Page:
    """A page of panels, by letter: title and what draws it; two beside each other.

    `marks` are points beside the model's; those of other pages are passed over. `drawn_is` stands
    above the page, in place of what the paper's pages have there.
    """
    above = drawn_is or laid_out(stack, number, any(each.source != KUMAR for each in marks))
    missing: dict[str, str] = {}
    drawn: list[tuple[Panel, str]] = []
    with matplotlib.rc_context(COLUMN):
        figure = Figure()
        FigureCanvasAgg(figure)  # measures text
        for letter, (title, paint) in panels.items():
            panel = Panel(f"{number}{letter}", figure.add_axes((0, 0, 1, 1), label=letter))
            try:
                drawn.append((panel, wrapped(_painted(panel, paint, stack, marks))))
            except LEFT_OUT as error:
                missing[panel.name] = str(error)
                panel.remove()
            else:
                panel.axes.set_title(f"({letter}) {title}", loc="left")
        if drawn:
            _lay_out(figure, drawn, header(stack, above, min(2, len(drawn))))
    curves = [curve for panel, _ in drawn for curve in panel.curves]
    return Page(figure if drawn else None, missing, curves)


def _painted(panel: Panel, paint: Draw, stack: Stack, marks: Sequence[Marks]) -> str:
    """Draw the model and the marks of a panel; its caption."""
    caption = paint(panel, stack)
    for each in marks:
        if each.panel == panel.name:
            panel.mark(each)
    panel.finish()
    return caption


def _lay_out(figure: Figure, drawn: Sequence[tuple[Panel, str]], head: str) -> None:
    """Give panels their places, row by row, each row as high as its texts are."""
    columns = min(2, len(drawn))
    rows = [drawn[start:start + columns] for start in range(0, len(drawn), columns)]
    above = [_TITLE + _ROW * max(_legend(figure, panel) for panel, _ in row) for row in rows]
    below = [_LABELS + _LINE * max(text.count("\n") + 1 for _, text in row) for row in rows]
    top = _HEADER * (head.count("\n") + 1) + 1
    width = columns * _WIDTH
    y = height = top + sum(above) + sum(below) + (_HEIGHT + _GAP) * len(rows)
    figure.set_size_inches(width * _MM, height * _MM)
    figure.text(0.5, 1 - 1 / height, head, ha="center", va="top", fontsize=7.5, linespacing=1.2)
    y -= top
    for row, over, under in zip(rows, above, below, strict=True):
        y -= over + _HEIGHT
        for place, (panel, text) in enumerate(row):
            x = place * _WIDTH
            panel.place(((x + _LEFT) / width, y / height, _AXES / width, _HEIGHT / height))
            panel.axes.set_title(panel.axes.get_title(loc="left"), loc="left", fontweight="bold",
                                 x=-10 / _AXES, y=1 + (over - _TITLE + 2.7) / _HEIGHT, pad=0)
            figure.text((x + 3) / width, (y - _LABELS) / height, text, fontsize=7, va="top",
                        color="#444444", linespacing=1.15)
        y -= under + _GAP


def _legend(figure: Figure, panel: Panel) -> int:
    """Name all curves above the axes, in as few rows as fit; how many that are.

    Sources of marks stand behind the curves, or in a row of their own above them.
    """
    entries = [entry for axes in (panel.axes, panel.right) if axes is not None
               for entry in zip(*axes.get_legend_handles_labels(), strict=True)]
    sources = [entry for entry in entries if entry[1] in panel.sources]
    curves = [entry for entry in entries if entry[1] not in panel.sources]
    if not entries:
        return 0
    together, rows = (_rows(figure, panel, some) for some in ([*curves, *sources], curves))
    if not sources or not curves or together == 1 or together < rows + 1:
        _table(panel, [*curves, *sources], -(-len(entries) // together), 0)
        return together
    legend = _table(panel, curves, -(-len(curves) // rows), 0)
    more = _rows(figure, panel, sources)
    _table(panel, sources, -(-len(sources) // more), rows)
    panel.front.add_artist(legend)  # the second would take its place
    return rows + more


def _rows(figure: Figure, panel: Panel, entries: Sequence[tuple[Artist, str]]) -> int:
    """The fewest rows in which a panel is wide enough for `entries`."""
    for rows in range(1, len(entries)):
        legend = _table(panel, entries, -(-len(entries) // rows), 0)
        if legend.get_window_extent().width <= (_WIDTH - 6) * _MM * figure.dpi:
            return rows
    return len(entries)


def _table(panel: Panel, entries: Sequence[tuple[Artist, str]], columns: int,
           row: int) -> Legend:
    """A legend of `columns`, filled row by row, that begins `row` rows above the axes."""
    by_rows = [entry for column in range(columns) for entry in entries[column::columns]]
    return panel.front.legend(
        [handle for handle, _ in by_rows], [name for _, name in by_rows], ncols=columns,
        loc="lower left", borderaxespad=0, borderpad=0.1, columnspacing=0.9, handlelength=1.3,
        bbox_to_anchor=(-10 / _AXES, 1 + (1.2 + _ROW * row) / _HEIGHT), handletextpad=0.4,
        labelspacing=0.25)
