"""One's own measurements beside the model: a page of quantities over thickness, and the misfits."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from device_models.measured.misfit import Misfit, misfits
from device_models.measured.stack_measurements import measurements

if TYPE_CHECKING:
    from device_models import Stack

_SHOWN = {
    "r_p": ("R_P of a cell", "kohm", 1e-3), "r_ap": ("R_AP of a cell", "kohm", 1e-3),
    "coercivity": ("coercive field", "mT", 1e3),
    "critical_voltage_0k": ("V_c0 of counts", "V", 1.0),
    "critical_voltage": ("V_c of R(V)", "V", 1.0), "breakdown": ("breakdown of a cell", "V", 1.0)}


def measured_misfits(folder: Path, stack: "Stack") -> list[Misfit]:
    """What the files of a `folder` with measurements.toml say, and what the `stack` does."""
    return misfits(stack, measurements(folder)[0])


def misfit_lines(found: list[Misfit]) -> list[str]:
    """A table measured | 95 % | model | misfit, a line a file and quantity."""
    lines = [f"{'measured':22}{'thickness':>10}{'value':>10}  {'95 %':20}{'model':>10}"
             f"{'misfit':>8}  unit  file"]
    for each in found:
        label, unit, factor = _SHOWN[each.measured.quantity]
        said, t = each.measured.estimate, each.measured.thickness
        span = f"{said.low * factor:.4g} to {said.high * factor:.4g}"
        lines.append(f"{label:22}{'-' if t is None else f'{t * 1e9:.3g} nm':>10}"
                     f"{said.value * factor:>10.4g}  {span:20}{each.model * factor:>10.4g}"
                     f"{each.relative:>+8.1%}  {unit:6}{each.measured.file.name}")
    inside = sum(e.measured.estimate.low <= e.model <= e.measured.estimate.high for e in found)
    return [*lines, "", f"the model is in {inside} of {len(found)} intervals"]


def misfit_records(found: list[Misfit]) -> list[dict[str, object]]:
    """The same for a file of results, in SI."""
    return [{"quantity": e.measured.quantity, "thickness_m": e.measured.thickness,
             "measured": e.measured.estimate.value, "low": e.measured.estimate.low,
             "high": e.measured.estimate.high, "n": e.measured.estimate.n, "model": e.model,
             "relative_misfit": e.relative, "file": e.measured.file.name} for e in found]


def draw_measured(path: Path, found: list[Misfit], stack: "Stack") -> None:
    """Each measured quantity with its interval, the model as squares and, over thickness, lines."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    names = [name for name in _SHOWN if any(e.measured.quantity == name for e in found)]
    rows = -(-len(names) // 3)
    figure = Figure(figsize=(11, 3.4 * rows), layout="constrained")
    FigureCanvasAgg(figure)
    figure.suptitle(f"{stack.name}: measured (circles, 95 %) and model")
    middle = sum(stack.thickness_range) / 2
    for place, name in enumerate(names, 1):
        axes = figure.add_subplot(rows, min(3, len(names)), place)
        label, unit, factor = _SHOWN[name]
        mine = [e for e in found if e.measured.quantity == name]
        t = np.array([middle if e.measured.thickness is None else e.measured.thickness
                      for e in mine]) * 1e9
        ends = np.array([(e.measured.estimate.value, e.measured.estimate.low,
                          e.measured.estimate.high) for e in mine]).T * factor
        error = np.where(np.isfinite(ends[1:]), np.abs(ends[1:] - ends[0]), 0.0)
        axes.errorbar(t, ends[0], error, ls="none", marker="o", mfc="none", color="k",
                      capsize=3, label="measured")
        order = np.argsort(t)
        axes.plot(t[order], np.array([e.model for e in mine])[order] * factor, marker="s", ms=4,
                  color="#4c78a8", label="model")
        axes.set(xlabel="free layer [nm]", ylabel=f"{label} [{unit}]")
        axes.legend()
    figure.savefig(path, dpi=150)
