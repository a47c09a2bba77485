"""Measurements drawn into the gallery beside the model, panel by panel."""

from collections.abc import Mapping
from typing import Any

from matplotlib.axes import Axes

from benchmarks.devices.measurements import Measurements
from benchmarks.devices.page_figure import Overlay
from device_models import Stack

_MARK: dict[str, Any] = {  # Matplotlib types each by itself
    "ls": "none", "marker": "D", "mfc": "white", "mec": "k", "ecolor": "k", "ms": 5.0,
         "capsize": 2.0, "elinewidth": 0.8, "zorder": 6}


def overlays(found: Measurements) -> Mapping[str, Overlay]:
    """By the panels' numbers: diamonds with 95 % intervals."""
    def points(axes: Axes, name: str, factor: float) -> None:
        some = sorted(found.quantities(name).items())
        if not some:
            return
        x = [t * 1e9 for t, _ in some]
        y = [one.value * factor for _, one in some]
        low, high = ([abs(one.interval[end] - one.value) * factor if one.interval else 0.0
                      for _, one in some] for end in (0, 1))
        axes.errorbar(x, y, [low, high], label=f"_measured {name}", **_MARK)

    def fields(axes: Axes, stack: Stack) -> None:
        points(axes, "coercivity", 1e3)

    def resistances(axes: Axes, stack: Stack) -> None:
        points(axes, "r_p", 1e-3)
        points(axes, "r_ap", 1e-3)

    def voltages(axes: Axes, stack: Stack) -> None:
        points(axes, "critical_voltage", 1.0)
        points(axes, "breakdown_voltage", 1.0)

    return {"3e": fields, "3f": resistances, "4h": voltages}
