"""The picture of a parameter: accuracy against energy."""

from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogLocator, NullFormatter

from benchmarks.energy.result import VaryResult
from benchmarks.output.pictures import save_picture
from benchmarks.output.style import PICTURE, digits

_NARROW = 5.0  # between the least and the most energy, below which the axis is linear
_PANELS = {"total": ("with periphery", "nJ", 1e9), "array": ("arrays alone", "pJ", 1e12)}


def draw(path: Path, result: VaryResult) -> None:
    """Accuracy over energy, with periphery and of the arrays; intervals, fronts and knees."""
    with matplotlib.rc_context(PICTURE):
        figure = Figure(figsize=(10, 4.2), layout="constrained")
        for axes, energy in zip(figure.subplots(1, 2, sharey=True), _PANELS, strict=True):
            _panel(axes, result, energy)
        seeds = f"{len(result.seeds)} networks and chips" if len(result.seeds) > 1 else "one chip"
        figure.suptitle(f"{result.title}, {result.network}: {result.parameter}; "
                        f"{result.images} images, {seeds}")
        save_picture(figure, path, dpi=150)


def _panel(axes: Axes, result: VaryResult, energy: str) -> None:
    title, unit, factor = _PANELS[energy]
    x = factor * np.array([point.mean(energy) for point in result.points])
    y = 100 * np.array([point.mean("accuracy") for point in result.points])
    across = factor * np.array([point.half(energy) or 0.0 for point in result.points])
    high = 100 * np.array([point.half("accuracy") or 0.0 for point in result.points])
    axes.errorbar(x, y, xerr=np.minimum(across, 0.999 * x), yerr=high, fmt="o", ms=5, capsize=3,
                  color="#4c78a8", label="mean, 95 % interval")
    front = result.front(energy)
    axes.step(x[front], y[front], where="post", color="#e4572e", lw=1, label="Pareto front")
    knee = result.knee(energy)
    if knee is not None:
        axes.plot(x[knee], y[knee], "o", ms=12, mfc="none", color="#e4572e",
                  label=f"knee: {result.points[knee].value:g}")
    for point, each_x, each_y in zip(result.points, x, y, strict=True):
        axes.annotate(f"{point.value:g}", (each_x, each_y), xytext=(5, -11),
                      textcoords="offset points", fontsize="small")
    wide = x.max() > _NARROW * x.min()
    if wide:
        axes.set_xscale("log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0)))
        axes.xaxis.set_major_formatter(lambda value, _: digits(value))
        axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel(f"energy per inference, {title} ({unit}){', logarithmic' if wide else ''}")
    if axes.get_subplotspec().is_first_col():  # type: ignore[union-attr]  # made by subplots
        axes.set_ylabel("test accuracy (%)")
    axes.legend(frameon=False, fontsize="small")
