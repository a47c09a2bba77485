"""The switching steps of a compound in its R(V) loop: voltages, states, spread.

Readings are those at low bias after each write pulse, in the order they were taken.
"""

from collections.abc import Callable
from math import gcd

import numpy as np
from scipy.special import chdtri, stdtrit

from device_models.checks import Floats, positive, whole
from device_models.measured.errors import MeasuredError
from device_models.measured.levels import Ints, Levels, find_levels, half_cycles
from device_models.measured.loop import Loop
from device_models.measured.step import Direction, Estimate, Step, SwitchingSteps

_MOST_NOISE = 0.25  # of a step, above which neighbours cannot be told apart (assumed)
_OFF = 0.2  # of a step: levels that are further off on the average are none of n equal cells
_FAR, _ASTRAY = 0.3, 0.05  # of a step, and the share of readings that may be that far off (assumed)
_TMR_OFF = 0.25  # of a known TMR or of a cell's R_P over n, likewise (assumed)


def switching_steps(
    loop: Loop, cells: int, *, r_p: float | None = None, tmr: float | None = None
) -> SwitchingSteps:
    """The steps of a compound of `cells` equal junctions in an R(V) `loop`.

    Parameters
    ----------
    loop : Loop
        Of `read_loop`, over voltage; any number of sweeps, of both signs.
    cells : int
        n.
    r_p, tmr : float, optional
        Of one cell, where known [ohm], [1]: loops that do not fit them are refused.

    Raises
    ------
    MeasuredError
        If the loop's levels are not those of n cells, or cannot be told apart; with a proposal.
    """
    n = whole("cells", cells, 1)
    if loop.unit != "V":
        raise MeasuredError("the loop is over field; expected R(V): use loop.thresholds of R(H)")
    v, g = loop.swept, 1.0 / loop.resistance
    halves = half_cycles(v)
    if {sign for _, sign in halves} != {1.0, -1.0}:
        raise MeasuredError(f"the voltage goes from {v.min():g} to {v.max():g} V; expected pulses "
                            "of both signs, so that cells switch there and back")
    up = _polarity(v, g, halves)
    found = find_levels(v, g, n, halves, up)
    _check_known(found, n, r_p, tmr)
    _check_levels(n, lambda cells: find_levels(v, g, cells, halves, up))
    low, high = found.ends
    ways = [_direction(v, found.state, n, [half for half, sign in halves if sign == wanted])
            for wanted in (up, -up)]
    points = len(v)
    one = [Estimate(n / end[0], n / end[2], n / end[1], points) for end in (high, low)]
    return SwitchingSteps(n, ways[0], ways[1], one[0], one[1], high[0] / low[0] - 1.0,
                          found.state, found.drift, found.noise)


def _polarity(v: Floats, g: Floats, halves: list[tuple[slice, float]]) -> float:
    """The sign of pulses that lead to the antiparallel state: of more resistance."""
    after: dict[float, list[float]] = {1.0: [], -1.0: []}
    for half, sign in halves:
        peak = half.start + int(np.argmax(np.abs(v[half])))
        after[sign].append(float(np.median(g[peak:half.stop])))
    plus, minus = (float(np.mean(after[sign])) for sign in (1.0, -1.0))
    if plus == minus:
        raise MeasuredError(f"the loop has one resistance only, {1 / plus:g} ohm; expected steps: "
                            "sweep further")
    return 1.0 if plus < minus else -1.0


def _check_known(found: Levels, n: int, r_p: float | None, tmr: float | None) -> None:
    """Refuse levels that do not fit a known R_P [ohm] or TMR [1] of one cell."""
    low, high = (end[0] for end in found.ends)
    if r_p is not None and abs(each := positive("r_p", r_p, "ohm") * high / n - 1) > _TMR_OFF:
        raise MeasuredError(f"with all cells parallel the loop has {1 / high:g} ohm; expected "
                            f"{r_p / n:g} of {n} cells of {r_p:g} ohm, off by {each:.0%}: are "
                            f"there {max(round(r_p * high), 1)} cells?")
    measured = high / low - 1.0
    if tmr is not None and abs(measured / positive("tmr", tmr, "1") - 1) > _TMR_OFF:
        raise MeasuredError(f"the loop has a TMR of {measured:.3g}; expected {tmr:g}: "
                            + ("did all cells switch? sweep further" if measured < tmr else
                               "is the resistance that of the junctions alone?"))


def _check_levels(n: int, find: Callable[[int], Levels]) -> None:
    """Refuse levels that are none of n cells, with a proposal; `find` takes a number of cells."""
    found = find(n)
    if found.noise > _MOST_NOISE:
        raise MeasuredError(f"readings scatter by {found.noise:.2g} of a step between states of "
                            f"{n} cells; expected {_MOST_NOISE:g} or less: average several "
                            "sweeps, or are there fewer cells?")
    if not _fits(found, n):
        other = next((m for m in range(1, 2 * n + 4) if m != n and _fits(find(m), m)), None)
        raise MeasuredError(
            f"the loop's levels are not the {n + 1} of {n} equal cells; "
            + (f"they are those of {other}: are there {other} cells?" if other else
               "do cells differ, or turn back? pass a part of the sweep, or average several"))
    common = gcd(*(int(k) for k in np.unique(found.state)))
    if 1 < common < n:
        raise MeasuredError(f"all cells switch {common} at a time; expected {n} cells one by one: "
                            f"are there {n // common} cells?")


def _fits(found: Levels, n: int) -> bool:
    """Whether readings lie near the levels between, and near all of them in general."""
    size = np.abs(found.offsets)
    off = [float(np.median(size[found.state == k])) for k in range(1, n)
           if np.any(found.state == k)]
    astray = float(np.mean(size > max(_FAR, 3.5 * found.noise)))
    near = not off or bool(np.sqrt(np.mean(np.square(off))) <= _OFF)
    return near and astray <= _ASTRAY and found.noise <= _MOST_NOISE


def _direction(v: Floats, state: Ints, n: int, halves: list[slice]) -> Direction:
    """Steps of all half cycles of one sign, and what they say of V_c."""
    steps: list[Step] = []
    whole_sweeps = []
    for sweep, half in enumerate(halves):
        mine, first = [], max(half.start, 1)
        for i in range(first, half.stop):
            if state[i] != state[i - 1]:
                mine.append(Step(_between(v, i), int(state[i - 1]), int(state[i]), sweep))
        steps += mine
        if sum(abs(step.after - step.before) for step in mine) == n:
            whole_sweeps.append(np.sort(np.concatenate(
                [np.full(abs(s.after - s.before), abs(s.voltage)) for s in mine])))
    size = np.abs(np.diff(np.concatenate([v[half] for half in halves])))
    resolution = float(np.median(size[size > 0])) if np.any(size > 0) else 0.0
    critical, spread = _statistics(np.array(whole_sweeps), resolution)
    return Direction(tuple(steps), len(whole_sweeps), len(halves), critical, spread, resolution)


def _between(v: Floats, i: int) -> float:
    """Middle [V] of the last weaker pulse of this sign and the one that switched."""
    before = v[i - 1] if v[i - 1] * v[i] > 0 else 0.0
    return float((before + v[i]) / 2 if abs(v[i]) > abs(before) else v[i])


def _statistics(
    voltages: Floats, resolution: float
) -> tuple[Estimate | None, Estimate | None]:
    """Median V_c [V] and spread [1] of log-normal cells, from (sweeps, cells) sorted voltages."""
    if not voltages.size:
        return None, None
    cells = voltages.shape[1]
    logs = np.log(voltages).mean(axis=0) if cells > 1 else np.log(voltages[:, 0])
    count, middle = len(logs), float(logs.mean())
    grid = resolution / np.exp(middle) / np.sqrt(12.0)  # of a voltage known to one step
    if count == 1:
        return Estimate(float(np.exp(middle)), 0.0, float("inf"), 1), None
    s = float(logs.std(ddof=1))
    half = stdtrit(count - 1, 0.975) * np.hypot(s, grid) / np.sqrt(count)
    centre, least, most = (float(np.exp(middle + x)) for x in (0.0, -half, half))
    critical = Estimate(centre, least, most, count)
    if cells == 1:
        return critical, None
    low, high = (np.sqrt((count - 1) / chdtri(count - 1, tail)) for tail in (0.025, 0.975))
    ends = s, np.sqrt(max(s**2 - grid**2, 0.0)) * low, np.hypot(s, grid) * high
    centre, least, most = (float(np.sqrt(np.expm1(x**2))) for x in ends)
    return critical, Estimate(centre, least, most, count)
