"""Levels that are not those of the cells: refused, with a proposal."""

from collections.abc import Callable
from itertools import groupby
from math import gcd

import numpy as np

from device_models.checks import Floats, positive
from device_models.measured.cells import MOST_UNEQUAL, Cells, cells_of
from device_models.measured.errors import MeasuredError
from device_models.measured.levels import Levels

_MOST_NOISE = 0.2  # of a step, above which neighbours cannot be told apart (assumed)
_OFF = 0.2  # of a step: levels that are further off on the average are none of the cells' (assumed)
_FAR, _ASTRAY = 0.3, 0.05  # of a step, and the share of readings that may be that far off (assumed)
_PLATEAU = 3  # readings in a row that far off, which are a level of their own (assumed)
_TMR_OFF = 0.25  # of a known TMR or of a cell's R_P over n, likewise (assumed)
_NEAR_EQUAL = 0.05  # of the mean: steps that differ by less are no areas to propose (assumed)

Find = Callable[[Cells], Levels]


def check_known(
    found: Levels, cells: Cells, r_p: float | None, tmr: float | None
) -> None:
    """Refuse levels that do not fit a known R_P [ohm] or TMR [1] of one cell."""
    low, high = (end[0] for end in found.ends)
    n, area = len(cells.areas), float(cells.areas.sum())
    if r_p is not None and abs(each := positive("r_p", r_p, "ohm") * high / area - 1) > _TMR_OFF:
        raise MeasuredError(f"with all cells parallel the loop has {1 / high:g} ohm; expected "
                            f"{r_p / area:g} of {n} cells of {r_p:g} ohm, off by {each:.0%}: "
                            f"{_there(max(round(r_p * high), 1))}?")
    measured = high / low - 1.0
    if tmr is not None and abs(measured / positive("tmr", tmr, "1") - 1) > _TMR_OFF:
        raise MeasuredError(f"the loop has a TMR of {measured:.3g}; expected {tmr:g}: "
                            + ("did all cells switch? sweep further" if measured < tmr else
                               "is the resistance that of the junctions alone?"))


def check_levels(
    cells: Cells, find: Find, steps: Callable[[], Floats | None], told: bool
) -> None:
    """Refuse levels that are not those of the `cells`, whose TMR may have been `told`.

    `find` takes other cells, for a proposal; `steps` gives the n steps (n,) [1] that a loop has
    whatever its cells, if they can be told.
    """
    found, n = find(cells), len(cells.areas)
    if found.noise > _MOST_NOISE:
        raise MeasuredError(f"readings scatter by {found.noise:.2g} of a step between states of "
                            f"{n} cells; expected {_MOST_NOISE:g} or less: average several "
                            "sweeps, or are there fewer cells?")
    if not _fits(found, cells):
        raise MeasuredError(f"the loop's levels are not those of {_named(cells)}; "
                            + _proposal(cells, find, steps()))
    if len(cells.weights) > n + 1:
        return
    common = gcd(*(int(k) for k in np.unique(found.pattern)))
    if 1 < common == n and not told:
        raise MeasuredError(f"all {n} cells switch at one point, or one of them alone does: pass "
                            "tmr= of a cell, which tells them apart, or sweep in finer steps")
    if 1 < common < n:
        raise MeasuredError(f"all cells switch {common} at a time; expected {n} cells one by one: "
                            f"{_there(n // common)}?")


def _named(cells: Cells) -> str:
    n = len(cells.areas)
    if len(cells.weights) == n + 1:
        return f"{n} equal cells"
    return f"{n} cells of areas " + ", ".join(f"{a:.3g}" for a in cells.areas)


def _proposal(cells: Cells, find: Find, steps: Floats | None) -> str:
    n, equal = len(cells.areas), len(cells.weights) == len(cells.areas) + 1
    other = next((m for m in range(1, 2 * n + 4) if (m != n or not equal)
                  and _fits(find(each := cells_of(m)), each)), None)
    said = [f"they are those of {other}: {_there(other)}?"] if other else []
    if steps is not None and 1 < n <= MOST_UNEQUAL and np.ptp(steps) > _NEAR_EQUAL:
        areas = np.round(steps, 3)
        if _fits(find(each := cells_of(n, areas)), each):
            said.append(f"do cells differ? pass areas={tuple(float(a) for a in areas)}")
    return ", or ".join(said) or ("do cells differ, or turn back? pass areas=, a part of the "
                                  "sweep, or average several")


def _there(n: int) -> str:
    return f"are there {n} cells" if n > 1 else "is there 1 cell"


def _fits(found: Levels, cells: Cells) -> bool:
    """Whether readings lie near the levels between, and near all of them in general."""
    size, inner = np.abs(found.offsets), (cells.weights > 0) & (cells.weights < cells.areas.sum())
    off = [float(np.median(size[found.pattern == k])) for k in np.flatnonzero(inner)
           if np.any(found.pattern == k)]
    far = size > max(_FAR, 3.5 * found.noise)
    longest = max((len(list(run)) for away, run in groupby(far) if away), default=0)
    near = not off or bool(np.sqrt(np.mean(np.square(off))) <= _OFF)
    return (near and longest < _PLATEAU and bool(np.mean(far) <= _ASTRAY)
            and found.noise <= _MOST_NOISE)
