"""The study through the circuit: accuracy, energy, and the trade-off over the free layer."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure

from benchmarks.datasets import DATASETS
from benchmarks.paper_figure import CELL_COLOURS, STYLE
from benchmarks.statistics import student_interval

_WAYS = {"perfect": ("read only", "#8c8c8c"), "with_field": ("written with field", "#4c78a8"),
         "field_free": ("written without field", "#e4572e")}


def draw_circuit(path: Path, result: Mapping[str, Any]) -> None:
    """A row of each image set: accuracy, energy, trade-off."""
    datasets = list(result["wedge"])
    columns = 3 if "trade_off" in result else 2
    with matplotlib.rc_context(STYLE):
        figure = Figure(figsize=(4.2 * columns, 3.6 * len(datasets)), layout="constrained")
        grid = figure.subplots(len(datasets), columns, squeeze=False)
        for row, dataset in zip(grid, datasets, strict=True):
            _accuracy(row[0], result, dataset)
            _energy(row[1], result, dataset)
            if "trade_off" in result:
                _trade(row[2], result["trade_off"], dataset)
        figure.savefig(path, dpi=200)


def _accuracy(axes: Any, result: Mapping[str, Any], dataset: str) -> None:
    nm = np.array(result["circuit_thickness_nm"])
    for (name, sets), style in zip(result["circuit"].items(), ("--", "-"), strict=True):
        mean, half = student_interval(sets[dataset]["accuracy"])
        for cells, (line, band, colour) in enumerate(zip(mean, half, CELL_COLOURS, strict=True), 1):
            axes.errorbar(nm, line, band, fmt=f"o{style}", ms=3, lw=1.2, capsize=2, color=colour,
                          label=f"{cells} cell{'s' * (cells > 1)}, {name}")
    axes.set(xlabel="free layer (nm)", ylabel="test accuracy (%)",
             title=f"{DATASETS[dataset].title}: through the circuit")
    axes.legend(fontsize=6)


def _energy(axes: Any, result: Mapping[str, Any], dataset: str) -> None:
    for (name, sets), marker in zip(result["circuit"].items(), "so", strict=True):
        accuracy = np.mean(sets[dataset]["accuracy"], axis=0)
        energy = np.array(sets[dataset]["energy_j"]) * 1e12
        for cells, colour in enumerate(CELL_COLOURS, 1):
            axes.plot(energy[cells - 1], accuracy[cells - 1], marker, ms=4, color=colour,
                      mfc=colour if marker == "o" else "none",
                      label=f"{cells} cell{'s' * (cells > 1)}, {name}")
    axes.set(xlabel="read energy per inference (pJ)", ylabel="test accuracy (%)",
             title="each point a free layer")
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
             title=f"{trade['cells']} cells, written at the voltage that\nbreaks a share of "
                   f"{trade['broken']:g}; star: best free layer")
    axes.legend(fontsize=6)
