"""The picture of `docs/solver.md`: two blocks, the nodes they share, and what they become.

    python -m benchmarks.speed.merge_figure docs/merge.png
"""

import sys
from itertools import combinations
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.output.files import replacing
from benchmarks.output.style import PICTURE
from device_models.checks import Floats

_CELLS, _SIDE = 3, 3.0  # rows and columns of a block; its width in the picture
_KINDS = {"T": "#59a14f", "L": "#4c78a8", "B": "#f2b134", "R": "#b07aa1"}
_SHARED = "#e4572e"


def draw(path: Path) -> None:
    """Before and after."""
    with matplotlib.rc_context(PICTURE):
        figure = Figure(figsize=(9.0, 3.6), layout="constrained")
        before, after = figure.subplots(1, 2)
        one, two = _ports(0.0, 1, "LBT"), _ports(_SIDE, 1, "RBT")
        shared = _places(_SIDE, 1, "L")
        for left, ports in ((0.0, one), (_SIDE, two)):
            _block(before, left, 1)
            _mesh(before, np.concatenate([*ports.values(), shared]))
            _dots(before, ports)
        before.plot(*shared.T, "o", ms=9, color=_SHARED, zorder=4)
        before.annotate("R of one = L of two:\neliminated at once", shared[0], (_SIDE - 2.6, -1.6),
                        arrowprops={"arrowstyle": "-", "color": _SHARED}, color=_SHARED)
        before.set_title("two meshes that share p nodes")
        _block(after, 0.0, 2)
        whole = _ports(0.0, 2, "LRBT")
        _mesh(after, np.concatenate(list(whole.values())))
        _dots(after, whole)
        after.set_title("one mesh between the other ports: old + U'P U")
        for axes in (before, after):
            axes.set(xlim=(-0.9, 2 * _SIDE + 0.9), ylim=(-1.8, _SIDE + 0.9), aspect="equal")
            axes.set_axis_off()
        figure.savefig(path, dpi=150)


def _places(left: float, blocks: int, kind: str) -> Floats:
    """Places (ports, 2) of the ports of a kind."""
    width = blocks * _SIDE
    rows = (np.arange(_CELLS) + 0.5) * _SIDE / _CELLS
    columns = left + (np.arange(_CELLS * blocks) + 0.5) * _SIDE / _CELLS
    still = {"L": left, "R": left + width, "B": 0.0, "T": _SIDE}[kind]
    if kind in "LR":
        return np.stack([np.full_like(rows, still), rows], axis=1)
    return np.stack([columns, np.full_like(columns, still)], axis=1)


def _ports(left: float, blocks: int, kinds: str) -> dict[str, Floats]:
    return {kind: _places(left, blocks, kind) for kind in kinds}


def _block(axes: Axes, left: float, blocks: int) -> None:
    x, y = left + np.array([0, 1, 1, 0, 0]) * blocks * _SIDE, np.array([0, 0, 1, 1, 0]) * _SIDE
    axes.fill(x, y, color="#f4f4f4", zorder=0)
    axes.plot(x, y, color="#8c8c8c", lw=0.8, zorder=1)


def _mesh(axes: Axes, places: Floats) -> None:
    """A conductance between every two ports."""
    for a, b in combinations(places, 2):
        axes.plot(*zip(a, b, strict=True), color="#8c8c8c", lw=0.4, alpha=0.5, zorder=2)


def _dots(axes: Axes, ports: dict[str, Floats]) -> None:
    shift = {"T": (0.0, 0.45), "B": (0.0, -0.45), "L": (-0.5, 0.0), "R": (0.5, 0.0)}
    for kind, places in ports.items():
        axes.plot(*places.T, "o", ms=6, color=_KINDS[kind], zorder=3)
        x, y = places.mean(axis=0) + shift[kind]
        axes.text(x, y, kind, color=_KINDS[kind], ha="center",
                  va="center", fontsize=12, fontweight="bold")


if __name__ == "__main__":
    with replacing(Path(sys.argv[1])) as picture:
        draw(picture)
