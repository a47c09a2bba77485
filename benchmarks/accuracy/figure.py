"""The picture of the main job."""

from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.accuracy.run import Outcome
from benchmarks.output.energy_figure import draw_parts
from benchmarks.output.pictures import save_picture
from benchmarks.output.style import PICTURE, digits

_COLOURS = {"software": "#8c8c8c", "ideal": "#4c78a8", "analog": "#e4572e",
            "calibrated": "#54a24b"}


def draw(path: Path, outcome: Outcome, images: int, title: str) -> None:
    """Accuracies, energy split, and what the wires do to the weights of the first analog layer."""
    with matplotlib.rc_context(PICTURE):
        figure = Figure(figsize=(12, 3.8), layout="constrained")
        accuracy, energy, weights = figure.subplots(1, 3)
        _accuracies(accuracy, outcome, images, title)
        _energies(energy, outcome)
        _weights(weights, outcome)
        save_picture(figure, path, dpi=150)


def _accuracies(axes: Axes, outcome: Outcome, images: int, title: str) -> None:
    """Bars with 95 % Wilson intervals of a finite number of images."""
    names = [name for name in _COLOURS if getattr(outcome, name) is not None]
    values = np.array([getattr(outcome, name) for name in names])
    z = 1.96
    centre = (values + z**2 / (2 * images)) / (1 + z**2 / images)
    half = z / (1 + z**2 / images) * np.sqrt(
        values * (1 - values) / images + z**2 / (4 * images**2))
    errors = 100 * np.maximum([values - (centre - half), centre + half - values], 0.0)
    bars = axes.bar(names, 100 * values, yerr=errors, capsize=4,
                    color=[_COLOURS[name] for name in names])
    axes.bar_label(bars, [f"{100 * v:.2f} %" for v in values], padding=3)
    lowest = 100 * values.min()
    axes.set_ylim(max(0.0, lowest - 0.5 * (100 - lowest) - 2), min(101.0, 100 * values.max() + 3))
    axes.set_ylabel("test accuracy (%), axis cut")
    axes.set_title(f"{title}, {images} images")


def _energies(axes: Axes, outcome: Outcome) -> None:
    """Read energy of each part: of the arrays, which are solved, and of what is around them."""
    energy = outcome.energy
    draw_parts(axes, energy, ("arrays, solved", "periphery, estimated"),
               lambda joule: digits(1e12 * joule))
    axes.set_xlabel("read energy per inference (pJ), logarithmic")
    axes.set_title(f"{digits(energy.array * 1e12)} pJ in the arrays, "
                   f"{digits(energy.total * 1e12)} pJ in all")


def _weights(axes: Axes, outcome: Outcome) -> None:
    """Realised against quantised weights: the spread at each level is what wires take."""
    ideal, analog = outcome.quantised.ravel(), outcome.realised.ravel()
    reach = np.abs(np.concatenate([ideal, analog])).max()
    axes.plot([-reach, reach], [-reach, reach], color="#8c8c8c", lw=0.8, zorder=0)
    axes.scatter(ideal, analog, s=3, alpha=0.15, lw=0, color=_COLOURS["analog"], rasterized=True)
    axes.set_xlabel("quantised weight")
    axes.set_ylabel("weight through the circuit")
    axes.set_title(f"weights of {outcome.first}, the first layer")
