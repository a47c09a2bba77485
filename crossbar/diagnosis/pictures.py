"""What costs how much, as one figure. Matplotlib is loaded when it is drawn, not before."""

from collections.abc import Sequence
from os import PathLike
from typing import TYPE_CHECKING

import numpy as np

from crossbar.diagnosis.findings import EXACT, LayerError, Row, TileError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Figure

_WIDTH, _HEIGHT = 4.6, 3.6  # of one panel [inch]


def draw_findings(rows: Sequence[Row], layers: Sequence[LayerError], worst: Sequence[TileError],
                  metric: str, path: str | PathLike[str] | None = None) -> "Figure":
    """Scores alone and left out, errors of layers, tiles of the worst layer; saved to `path`."""
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    figure = Figure(figsize=(3 * _WIDTH, _HEIGHT), layout=ConstrainedLayoutEngine(wspace=0.06))
    left, middle, right = figure.subplots(1, 3)
    _draw_losses(left, [row for row in rows if row.name != EXACT], metric)
    _draw_layers(middle, layers)
    _draw_tiles(right, next(each for each in layers if each.layer == worst[0].layer),
                worst[0].matrix)
    if path is not None:
        figure.savefig(path, dpi=150)
    return figure


def _draw_losses(ax: "Axes", rows: Sequence[Row], metric: str) -> None:
    """Bars: what each imperfection loses alone, and what leaving it out regains."""
    share = metric == "accuracy"
    factor, y = 100.0 if share else 1.0, np.arange(len(rows))
    ax.barh(y - 0.2, [factor * row.lost for row in rows], 0.4, label="lost alone",
            color="tab:blue")
    regained = [(at, row.regained) for at, row in zip(y, rows, strict=True)
                if row.regained is not None]
    ax.barh([at + 0.2 for at, _ in regained], [factor * value for _, value in regained], 0.4,
            label="regained if left out", color="tab:orange")
    ax.axvline(0.0, color="black", linewidth=0.8)
    ax.set_yticks(y, [row.name for row in rows])
    ax.invert_yaxis()
    ax.set_xlabel("Accuracy (points)" if share else metric)
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, 1.14), ncols=2, frameon=False)


def _draw_layers(ax: "Axes", layers: Sequence[LayerError]) -> None:
    """Bars: errors of each layer, from exact inputs and from analog ones."""
    y = np.arange(len(layers))
    for shift, name, values in ((-0.2, "alone", [each.local for each in layers]),
                                (0.2, "with those before", [each.accumulated for each in layers])):
        ax.barh(y + shift, [100 * value if np.isfinite(value) else 0.0 for value in values], 0.4,
                label=name)
    ax.set_yticks(y, [each.layer for each in layers])
    ax.invert_yaxis()
    ax.set_xlabel("Rms error of sums (% of exact ones)")
    ax.legend(loc="upper center", bbox_to_anchor=(0.5, 1.14), ncols=2, frameon=False)


def _draw_tiles(ax: "Axes", layer: LayerError, matrix: int) -> None:
    """A map of the errors of a matrix's tiles."""
    from matplotlib.ticker import MaxNLocator

    errors = 100 * np.array(layer.tiles[matrix])
    image = ax.imshow(errors, aspect="auto", interpolation="nearest", cmap="magma", vmin=0.0)
    ax.set_title(f"{layer.layer}, matrix {matrix}", fontsize=10)
    ax.set_xlabel("Column of tiles")
    ax.set_ylabel("Row of tiles")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(integer=True))
    ax.figure.colorbar(image, ax=ax, label="Rms error that a tile adds (%)")
