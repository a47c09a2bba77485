"""The study through the circuit: accuracy, energy, and the trade-off over the free layer."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from benchmarks.inputs.datasets import DATASETS
from benchmarks.output.statistics import student_interval
from benchmarks.output.style import PANELS
from benchmarks.paper.figure import CELL_COLOURS

_WAYS = {"perfect": ("read only", "#8c8c8c"), "with_field": ("written with field", "#4c78a8"),
         "field_free": ("written without field", "#e4572e")}


def draw_circuit(path: Path, result: Mapping[str, Any]) -> None:
    """A row of each image set: accuracy, energy, trade-off."""
    datasets = list(result["wedge"])
    columns = 3 if "trade_off" in result else 2
    with matplotlib.rc_context(PANELS):
        figure = Figure(figsize=(4.2 * columns, 3.6 * len(datasets)), layout="constrained")
        grid = figure.subplots(len(datasets), columns, squeeze=False)
        for row, dataset in zip(grid, datasets, strict=True):
            _accuracy(row[0], result, dataset)
            _energy(row[1], result, dataset)
            if "trade_off" in result:
                _trade(row[2], result["trade_off"], dataset)
        figure.savefig(path, dpi=200)


def _each(result: Mapping[str, Any], dataset: str) -> Iterator[tuple[Any, int, dict[str, Any]]]:
    """Results of a reading, cells, and how they are drawn: open squares for the study's reading."""
    for name, sets in result["circuit"].items():
        marker, line = ("o", "-") if name == "least squares" else ("s", "--")
        for cells, colour in enumerate(CELL_COLOURS, 1):
            yield sets[dataset], cells, {
                "marker": marker, "ls": line, "color": colour, "ms": 4,
                "mfc": colour if marker == "o" else "none",
                "label": f"{cells} cell{'s' * (cells > 1)}, {name}"}


def _accuracy(axes: Any, result: Mapping[str, Any], dataset: str) -> None:
    nm, wedge = np.array(result["circuit_thickness_nm"]), np.array(result["thickness_nm"])
    for line, colour in zip(np.mean(result["wedge"][dataset], axis=0), CELL_COLOURS, strict=True):
        axes.plot(wedge, line, ":", lw=1, color=colour)
    axes.plot([], [], ":k", lw=1, label="this reading, ideal")
    for shift, (found, cells, style) in enumerate(_each(result, dataset)):
        mean, half = student_interval(found["accuracy"])
        axes.errorbar(nm + 0.006 * (shift - 2.5), mean[cells - 1], half[cells - 1], lw=1,
                      elinewidth=0.7, capsize=2, **style)
    margin = 0.05 * (np.ptp(wedge) or 1.0)
    axes.set(xlabel="free layer (nm)", ylabel="test accuracy (%)",
             xlim=(wedge[0] - margin, wedge[-1] + margin),
             title=f"{DATASETS[dataset].title}: through the circuit\n95 % over "
                   f"{len(result['circuit_seeds'])} trainings")
    low, high = axes.get_ylim()
    axes.set_ylim(low - 0.3 * (high - low), min(100.5, high))  # room for the legend
    axes.legend(fontsize=6, ncol=2, loc="lower center")


def _energy(axes: Any, result: Mapping[str, Any], dataset: str) -> None:
    for found, cells, style in _each(result, dataset):
        accuracy = np.mean(found["accuracy"], axis=0)[cells - 1]
        joule = np.array(found["energy_j"])[cells - 1]
        axes.plot(joule * 1e12, accuracy, **{**style, "ls": "none"})
        for i in {0, len(joule) - 1}:
            axes.annotate(f"{result['circuit_thickness_nm'][i]:g}", (joule[i] * 1e12, accuracy[i]),
                          xytext=(3, 3), textcoords="offset points", fontsize=5)
    axes.set(xlabel="read energy per inference (pJ)", ylabel="test accuracy (%)",
             title=f"{DATASETS[dataset].title}: each point a free layer (nm),\nmean accuracy, "
                   "energy of the first training")
    axes.legend(fontsize=6)


def _trade(axes: Any, trade: Mapping[str, Any], dataset: str) -> None:
    nm = np.array([w["thickness"] for w in trade["writes"]]) * 1e9
    for way, (label, colour) in _WAYS.items():
        mean, half = student_interval(trade["accuracy"][dataset][way])
        axes.plot(nm, mean, "o-", ms=3, color=colour, label=label)
        axes.fill_between(nm, mean - half, mean + half, color=colour, alpha=0.18, lw=0)
        best = int(np.argmax(mean))
        axes.plot(nm[best], mean[best], "*", ms=11, mfc="none", mec=colour)
    axes.set(xlabel="free layer (nm)", ylabel="test accuracy (%)",
             title=f"{DATASETS[dataset].title}: {trade['cells']} cells, least squares,\n"
                   f"a write breaks {trade['broken']:g}; star: best free layer")
    axes.legend(fontsize=6)
