"""The picture of one hardware: by layer, by part, by image."""

from pathlib import Path

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.energy.split import Split
from benchmarks.output.energy_figure import draw_parts
from benchmarks.output.pictures import save_picture
from benchmarks.output.style import PICTURE, digits
from crossbar.cost.parts import ARRAY
from crossbar.cost.report import EnergyReport

_GROUPS = {"arrays": tuple(ARRAY), "lines and drivers": ("charging", "gates"), "dac": ("dac",),
           "amplifiers": ("amplifiers",), "adc": ("adc",),
           "numbers": ("accumulation", "scaling", "activation", "buffers")}
_COLOURS = ("#e4572e", "#9d755d", "#f2b134", "#54a24b", "#4c78a8", "#b279a2")


def draw(path: Path, found: Split, title: str) -> None:
    """Energy stacked by layer, each part's, and how much the images differ."""
    energy = found.report.energy
    with matplotlib.rc_context(PICTURE):
        figure = Figure(figsize=(13, 4), layout="constrained")
        layers, parts, images = figure.subplots(1, 3)
        _layers(layers, energy)
        _parts(parts, energy)
        _images(images, energy)
        figure.suptitle(f"{title}: {digits(energy.array * 1e9)} nJ in the arrays, "
                        f"{digits(energy.total * 1e9)} nJ with periphery, per inference")
        save_picture(figure, path, dpi=150)


def _layers(axes: Axes, energy: EnergyReport) -> None:
    """Each layer's energy, stacked by where it goes."""
    names = list(energy.layers)
    left = np.zeros(len(names))
    for (group, of), colour in zip(_GROUPS.items(), _COLOURS, strict=True):
        widths = np.array([1e9 * sum(energy.layers[name][part] for part in of) for name in names])
        axes.barh(names, widths, left=left, label=group, color=colour)
        left += widths
    for row, total in enumerate(left):
        axes.text(total, row, f" {digits(total)}", va="center")
    axes.margins(x=0.15)
    axes.invert_yaxis()
    axes.set_xlabel("energy per inference (nJ)")
    axes.set_title("by layer")
    axes.legend(frameon=False, fontsize="small", loc="lower right")


def _parts(axes: Axes, energy: EnergyReport) -> None:
    """Each part's energy; orders of magnitude lie between them."""
    draw_parts(axes, energy, ("solved", "estimated"),
               lambda joule: f"{100 * joule / energy.total:.2g} %")
    axes.set_xlabel("energy per inference (pJ), logarithmic")
    axes.set_title("by part, with its share")


def _images(axes: Axes, energy: EnergyReport) -> None:
    """Array energy of each image."""
    if not energy.images:
        axes.text(0.5, 0.5, "images cannot be told apart", ha="center", transform=axes.transAxes)
        axes.set_axis_off()
        return
    joule = 1e12 * np.array(energy.images)
    axes.hist(joule, bins=min(60, max(5, len(joule) // 20)), color="#e4572e")
    low, high = (1e12 * value for value in energy.quantiles((0.05, 0.95)).values())
    for value, text, style in (
            (low, "5 %% below %s", ":"), (1e12 * energy.array, "mean %s", "-"),
            (high, "95 %% below %s", "--"), (1e12 * energy.peak, "most %s", "-.")):
        axes.axvline(value, color="black", lw=0.8, ls=style, label=text % digits(value))
    axes.legend(frameon=False, fontsize="small", loc="upper right")
    axes.set_xlabel("array energy of an image (pJ)")
    axes.set_ylabel("images")
    axes.set_title(f"by image: {len(joule)} of them")
