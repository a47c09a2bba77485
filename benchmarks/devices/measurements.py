"""A folder of measurements, read once, and its points as marks of the gallery's panels."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

import numpy as np

from benchmarks.devices.layers_figure import one_thickness
from benchmarks.devices.marks import Marks
from benchmarks.devices.misfit_table import SHOWN
from device_models import Loop, Stack
from device_models.checks import Floats
from device_models.measured.device_files import (
    CountsOfCells,
    breakdown_voltages,
    counts,
    field_loop,
    voltage_loop,
)
from device_models.measured.manifest import read_manifest
from device_models.measured.misfit import Misfit, in_range, misfits
from device_models.measured.stack_measurements import measurements
from device_models.measured.step import Estimate

_OVER_THICKNESS = {"coercivity": ("3e", "H_c, device"), "r_p": ("3f", "R_P"),
                   "r_ap": ("3f", "R_AP"), "breakdown": ("4h", "V_b, n=1")}
T = TypeVar("T")
_SAME = 0.01  # of a thickness: layers that differ by less are one (assumed)


@dataclass(frozen=True)
class Measured(Generic[T]):
    """What one file holds, of a compound of `cells` at `thickness` [m], in pulses with an
    `assist_field` [T], where that is said."""

    thickness: float
    cells: int
    assist_field: float | None
    file: Path
    data: T


@dataclass(frozen=True)
class Measurements:
    """All that is in a folder, and its misfits to a stack.

    Parameters
    ----------
    source : str
        What the points are called.
    misfits : list of Misfit
        Of each quantity of each file.
    field_loops, voltage_loops, counts, breakdown : lists of Measured
        Loops R(H) and R(V), counts of switched cells, voltages of breakdown (devices,) [V].
    """

    source: str
    misfits: list[Misfit]
    field_loops: list[Measured[Loop]]
    voltage_loops: list[Measured[Loop]]
    counts: list[Measured[CountsOfCells]]
    breakdown: list[Measured[Floats]]


def read_measurements(folder: Path, stack: Stack) -> Measurements:
    """What the files of a `folder` with measurements.toml say, and what the `stack` does."""
    found = Measurements(f"measured, {folder.resolve().name}",
                         misfits(stack, measurements(folder)[0]), [], [], [], [])
    for device in read_manifest(folder)[0]:
        t = middle(stack) if device.thickness is None else device.thickness
        if not in_range(stack, t):
            continue
        of = partial(Measured, t, device.cells, device.assist_field)
        found.field_loops.extend(of(file, field_loop(device, file)) for file in device.field_loops)
        found.voltage_loops.extend(of(file, voltage_loop(device, file))
                                   for file in device.voltage_loops)
        if device.counts:
            found.counts.append(of(device.counts, counts(device, device.counts)))
        if device.breakdown:
            found.breakdown.append(of(device.breakdown,
                                      breakdown_voltages(device, device.breakdown)))
    return found


def middle(stack: Stack) -> float:
    """The thickness [m] of what has none."""
    return sum(stack.thickness_range) / 2


def marks_of(found: Measurements, stack: Stack) -> list[Marks]:
    """The points beside the model in Fig. 3 and 4: loops, and quantities over thickness."""
    return [*_loops(found, one_thickness(stack)), *_over_thickness(found, stack),
            *_tmr(found, stack)]


def _loops(found: Measurements, shown: float) -> Iterator[Marks]:
    """Loops in the panels of their kind; those of one thickness where it is the `shown` one [m]."""
    for loops, factor, panels, all_layers in (
            (found.field_loops, 1e3, {1: "4a", 3: "4e"}, {1: "3d"}),
            (found.voltage_loops, 1.0, {1: "4b", 3: "4f"}, {})):
        for each in loops:
            here = [all_layers.get(each.cells)]
            if abs(each.thickness / shown - 1) < _SAME:
                here.append(panels.get(each.cells))
            for panel in filter(None, here):
                yield Marks(panel, f"R, {each.thickness * 1e9:.4g} nm, {each.file.name}",
                            found.source, tuple(each.data.swept * factor),
                            tuple(each.data.resistance / 1e3), joined=True)


def _over_thickness(found: Measurements, stack: Stack) -> Iterator[Marks]:
    for quantity, (panel, curve) in _OVER_THICKNESS.items():
        mine = [e for e in found.misfits if e.measured.quantity == quantity]
        if not mine:
            continue
        t = [middle(stack) if e.measured.thickness is None else e.measured.thickness
             for e in mine]
        said, factor = [e.measured.estimate for e in mine], SHOWN[quantity].factor
        x = np.array(t) * 1e9
        if panel == "3f" and "thickness" in stack.lacking:  # states of compounds: 0 and 1 AP cell
            x = np.full(len(mine), 0.0 if quantity == "r_p" else 1.0)
        yield Marks(panel, curve, found.source, tuple(x), tuple(e.value * factor for e in said),
                    tuple(half_width(e) * factor for e in said))


def _tmr(found: Measurements, stack: Stack) -> Iterator[Marks]:
    """Of each file that has both resistances, on the axis at the right of 3f."""
    if "thickness" in stack.lacking:
        return
    by_file: dict[tuple[Path, float], dict[str, float]] = {}
    for each in found.misfits:
        t = middle(stack) if each.measured.thickness is None else each.measured.thickness
        by_file.setdefault((each.measured.file, t), {})[each.measured.quantity] = \
            each.measured.estimate.value
    points = [(t * 1e9, 100 * (r["r_ap"] / r["r_p"] - 1)) for (_, t), r in by_file.items()
              if {"r_p", "r_ap"} <= set(r)]
    if points:
        x, y = zip(*points, strict=True)
        yield Marks("3f", "TMR", found.source, x, y, right=True)


def half_width(said: Estimate) -> float:
    """The longer side of an interval; 0 of one without end."""
    half = max(said.high - said.value, said.value - said.low)
    return half if np.isfinite(half) else 0.0
