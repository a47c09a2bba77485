"""The energy of a read, part by part, as bars."""

from collections.abc import Callable

from matplotlib.axes import Axes

from crossbar.cost.parts import ARRAY, PERIPHERY
from crossbar.cost.report import EnergyReport

_COLOURS = ("#e4572e", "#8c8c8c")


def draw_parts(axes: Axes, energy: EnergyReport, names: tuple[str, str],
               text: Callable[[float], str]) -> None:
    """A bar for each part that takes any, those of the arrays and those around them in colours of
    their own, by their `names`; `text` says what stands behind a bar of so many joule."""
    parts = {part: joule for part, joule in energy.split.items() if joule > 0}
    for name, of, colour in zip(names, (ARRAY, PERIPHERY), _COLOURS, strict=True):
        own = [part for part in parts if part in of]
        axes.barh(own, [1e12 * parts[part] for part in own], label=name, color=colour)
    for row, joule in enumerate(parts.values()):
        axes.text(1e12 * joule, row, f" {text(joule)}", va="center")
    axes.set_xscale("log")
    axes.margins(x=0.25)
    axes.invert_yaxis()
    axes.legend(frameon=False, loc="upper right", fontsize="small")
