"""The study through the circuit: accuracy, energy, and the trade-off over the free layer."""

from dataclasses import dataclass
from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.inputs.datasets import DATASETS
from benchmarks.output.pictures import save_picture
from benchmarks.output.statistics import student_interval
from benchmarks.output.style import PANELS
from benchmarks.paper.figure import CELL_COLOURS
from benchmarks.paper.result import CircuitCurves, StudyResult, TradeOff

_WAYS = {"perfect": ("read only", "#8c8c8c"), "with_field": ("written with field", "#4c78a8"),
         "field_free": ("written without field", "#e4572e")}


def draw_circuit(path: Path, result: StudyResult) -> None:
    """A row of each image set: accuracy, energy, trade-off."""
    datasets = list(result.wedge)
    columns = 2 if result.trade_off is None else 3
    with matplotlib.rc_context(PANELS):
        figure = Figure(figsize=(4.2 * columns, 3.6 * len(datasets)), layout="constrained")
        grid = figure.subplots(len(datasets), columns, squeeze=False)
        for row, dataset in zip(grid, datasets, strict=True):
            _accuracy(row[0], result, dataset)
            _energy(row[1], result, dataset)
            if result.trade_off is not None:
                _trade(row[2], result.trade_off, dataset)
        save_picture(figure, path, dpi=200)


@dataclass(frozen=True, eq=False)
class _Line:
    """A reading's results with some cells, and how they look: open squares for this reading."""

    reading: str
    cells: int
    found: CircuitCurves
    colour: str

    @property
    def style(self) -> tuple[str, str, str]:
        """Marker, line and face."""
        pair = self.reading == "least squares"
        return ("o", "-", self.colour) if pair else ("s", "--", "none")

    @property
    def label(self) -> str:
        """For the legend."""
        return f"{self.cells} cell{'s' * (self.cells > 1)}, {self.reading}"


def _lines(result: StudyResult, dataset: str) -> list[_Line]:
    return [_Line(name, cells, sets[dataset], colour) for name, sets in result.circuit.items()
            for cells, colour in enumerate(CELL_COLOURS, 1)]


def _accuracy(axes: Axes, result: StudyResult, dataset: str) -> None:
    nm, wedge = result.circuit_thickness_nm, result.thickness_nm
    for line, colour in zip(np.mean(result.wedge[dataset], axis=0), CELL_COLOURS, strict=True):
        axes.plot(wedge, line, ":", lw=1, color=colour)
    axes.plot([], [], ":k", lw=1, label="this reading, ideal")
    for shift, each in enumerate(_lines(result, dataset)):
        mean, half = (values[each.cells - 1] for values in student_interval(each.found.accuracy))
        marker, line, face = each.style
        axes.errorbar(nm + 0.006 * (shift - 2.5), mean, half, lw=1, elinewidth=0.7, capsize=2,
                      marker=marker, ls=line, color=each.colour, ms=4, mfc=face, label=each.label)
    margin = 0.05 * (np.ptp(wedge) or 1.0)
    axes.set(xlabel="free layer (nm)", ylabel="test accuracy (%)",
             xlim=(wedge[0] - margin, wedge[-1] + margin),
             title=f"{DATASETS[dataset].title}: through the circuit\n95 % over "
                   f"{len(result.circuit_seeds)} trainings")
    low, high = axes.get_ylim()
    axes.set_ylim(low - 0.3 * (high - low), min(100.5, high))  # room for the legend
    axes.legend(fontsize=6, ncol=2, loc="lower center")


def _energy(axes: Axes, result: StudyResult, dataset: str) -> None:
    for each in _lines(result, dataset):
        accuracy = np.mean(each.found.accuracy, axis=0)[each.cells - 1]
        joule = each.found.energy_j[each.cells - 1]
        marker, _, face = each.style
        axes.plot(joule * 1e12, accuracy, marker=marker, ls="none", color=each.colour, ms=4,
                  mfc=face, label=each.label)
        for i in {0, len(joule) - 1}:
            axes.annotate(f"{result.circuit_thickness_nm[i]:g}", (joule[i] * 1e12, accuracy[i]),
                          xytext=(3, 3), textcoords="offset points", fontsize=5)
    axes.set(xlabel="read energy per inference (pJ)", ylabel="test accuracy (%)",
             title=f"{DATASETS[dataset].title}: each point a free layer (nm),\nmean accuracy, "
                   "energy of the first training")
    axes.legend(fontsize=6)


def _trade(axes: Axes, trade: TradeOff, dataset: str) -> None:
    nm = np.array([w.thickness for w in trade.writes]) * 1e9
    for way, (label, colour) in _WAYS.items():
        mean, half = student_interval(trade.accuracy[dataset][way])
        axes.plot(nm, mean, "o-", ms=3, color=colour, label=label)
        axes.fill_between(nm, mean - half, mean + half, color=colour, alpha=0.18, lw=0)
        best = int(np.argmax(mean))
        axes.plot(nm[best], mean[best], "*", ms=11, mfc="none", mec=colour)
    axes.set(xlabel="free layer (nm)", ylabel="test accuracy (%)",
             title=f"{DATASETS[dataset].title}: {trade.cells} cells, least squares,\n"
                   f"a write breaks {trade.broken:g}; star: best free layer")
    axes.legend(fontsize=6)
