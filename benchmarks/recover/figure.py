"""The picture: accuracy against step."""

from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.output.pictures import save_picture
from benchmarks.output.style import PICTURE
from benchmarks.recover.result import RecoverResult

_TICKS = (0, 20, 50, 70, 80, 90, 95, 97, 98, 99, 99.5, 99.9)
_COLOURS = ("#4c78a8", "#e4572e", "#54a24b", "#b279a2", "#f2b134", "#72b7b2")


def draw(path: Path, result: RecoverResult) -> None:
    """A line for each array over the steps, with 95 % intervals and every seed as a dot."""
    with matplotlib.rc_context(PICTURE):
        figure = Figure(figsize=(7, 4.2), layout="constrained")
        axes = figure.subplots()
        steps = [each.step for each in result.arrays[0].steps]
        software = 100 * float(np.mean(result.software))
        axes.axhline(software, color="#8c8c8c", lw=0.8, ls="--")
        axes.text(-0.4, software, f"software {software:.2f} %", va="bottom", color="#8c8c8c")
        for number, row in enumerate(result.arrays):
            colour = _COLOURS[number % len(_COLOURS)]
            at = np.arange(len(steps)) + 0.06 * (number - (len(result.arrays) - 1) / 2)
            means = np.array([100 * each.mean for each in row.steps])
            halves = np.array([100 * (each.half or 0.0) for each in row.steps])
            axes.errorbar(at, means, yerr=halves, color=colour, marker="o", ms=4, capsize=3,
                          label=f"{row.array}: {means[-1]:.2f} %")
            for x, each in zip(at, row.steps, strict=True):
                axes.plot([x] * len(each.accuracies), 100 * np.array(each.accuracies), ".",
                          color=colour, ms=3, alpha=0.5)
        axes.set_xticks(range(len(steps)), steps)
        axes.set_xlim(-0.45, len(steps) - 0.3)
        _scale(axes, result)
        axes.set_ylabel("test accuracy (%), spaced by the error's logarithm")
        seeds = f"{len(result.seeds)} seeds" if len(result.seeds) > 1 else "one seed"
        axes.set_title(f"{result.title}, {result.network}: accuracy won back ({seeds})")
        axes.legend(frameon=False, title="array, wire segment: after the last step",
                    loc="lower right")
        save_picture(figure, path, dpi=150)


def _scale(axes: Axes, result: RecoverResult) -> None:
    """An axis on which a point counts the more the fewer are left."""
    values = [100 * value for row in result.arrays for each in row.steps
              for value in (*each.accuracies, each.mean - (each.half or 0.0),
                            each.mean + (each.half or 0.0))]
    values.append(100 * float(np.mean(result.software)))
    axes.set_yscale("function", functions=(
        lambda y: -np.log(np.maximum(100.5 - y, 1e-3)), lambda z: 100.5 - np.exp(-z)))
    low, high = max(0.0, min(values) - 3), min(100.0, max(values) + 0.3)
    axes.set_ylim(low, high)
    axes.set_yticks([tick for tick in _TICKS if low <= tick <= high])
    axes.minorticks_off()
