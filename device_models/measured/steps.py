"""The switching steps of a compound in its R(V) loop: voltages, states, spread.

Readings are those at low bias after each write pulse, in the order they were taken.
"""

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import Floats, whole
from device_models.measured.cells import Cells, cells_of
from device_models.measured.errors import MeasuredError
from device_models.measured.level_checks import check_known, check_levels
from device_models.measured.levels import (
    Halves,
    Levels,
    find_levels,
    half_cycles,
    whole_halves,
)
from device_models.measured.loop import Loop
from device_models.measured.plateaus import step_sizes
from device_models.measured.step import Direction, Estimate, SwitchingSteps
from device_models.measured.step_statistics import direction


def switching_steps(
    loop: Loop, cells: int, *, areas: ArrayLike | None = None, r_p: float | None = None,
    tmr: float | None = None,
) -> SwitchingSteps:
    """The steps of a compound of `cells` junctions in an R(V) `loop`.

    Parameters
    ----------
    loop : Loop
        Of `read_loop`, over voltage; any number of sweeps, of both signs, some of which may be too
        weak to switch all cells.
    cells : int
        n.
    areas : (cells,) array, optional
        Relative areas of unequal cells [1]; of 8 cells at most.
    r_p, tmr : float, optional
        Of one cell of area 1, where known [ohm], [1]: loops that do not fit them are refused.

    Raises
    ------
    MeasuredError
        If the loop's levels are not those of the cells, or cannot be told apart; with a proposal.
    """
    n = whole("cells", cells, 1)
    if loop.unit != "V":
        raise MeasuredError("the loop is over field; expected R(V): use loop.thresholds of R(H)")
    each, v, g = cells_of(n, areas), loop.swept, 1.0 / loop.resistance
    halves = half_cycles(v)
    if {sign for _, sign in halves} != {1.0, -1.0}:
        raise MeasuredError(f"the voltage goes from {v.min():g} to {v.max():g} V; expected pulses "
                            "of both signs, so that cells switch there and back")
    up = _polarity(v, g, halves)
    found = find_levels(v, g, each, halves, up)
    check_known(found, each, r_p, tmr)
    check_levels(each, lambda other: find_levels(v, g, other, halves, up),
                 lambda: step_sizes(v, g, n, halves, up), tmr is not None)
    return _result(found, each, v, halves, up)


def _result(found: Levels, cells: Cells, v: Floats, halves: Halves, up: float) -> SwitchingSteps:
    (low, high), n, area = found.ends, len(cells.areas), float(cells.areas.sum())
    ways = [direction(v, found.pattern, cells, [half for half, sign in halves if sign == wanted])
            for wanted in (up, -up)]
    for way in ways:
        _check_weaker(way)
    one = [Estimate(area / end[0], area / end[2], area / end[1], len(v)) for end in (high, low)]
    parallel = cells.parallel[found.pattern]
    return SwitchingSteps(
        n, ways[0], ways[1], one[0], one[1], high[0] / low[0] - 1.0, parallel.sum(axis=1),
        None if len(cells.weights) == n + 1 else parallel, found.drift, found.noise, cells.areas)


def _check_weaker(way: Direction) -> None:
    """Refuse trains in which no weaker pulse tells where cells begin to switch."""
    if way.steps and not any(step.low for step in way.steps):
        first = way.steps[0]
        raise MeasuredError(
            f"cells switch at the first pulse of its sign, {first.high:g} V, and at no other; "
            "expected weaker pulses before. Is there a reset before each pulse? then pass the rows "
            "of the pulses alone, with growing amplitude, one sign after the other")


def _polarity(v: Floats, g: Floats, halves: Halves) -> float:
    """The sign of pulses that lead to the antiparallel state: of more resistance."""
    plus, minus = (float(np.mean([np.median(g[part]) for part in whole_halves(v, halves, sign)]))
                   for sign in (1.0, -1.0))
    if plus == minus:
        raise MeasuredError(f"the loop has one resistance only, {1 / plus:g} ohm; expected steps: "
                            "sweep further")
    return 1.0 if plus < minus else -1.0
