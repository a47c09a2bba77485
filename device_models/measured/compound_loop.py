"""The steps of a compound's R(V) loop: which voltages switched how many of its cells.

Equal cells conduct in n + 1 levels at equal distances. A branch of a sweep switches cells one way
only, so that of all ways to walk through the levels the likeliest monotone one is taken, by least
squares: noise and single readings do not step.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

from device_models.checks import Floats, whole
from device_models.compound.patterns import all_patterns, states_of
from device_models.measured.errors import MeasuredError
from device_models.measured.loop import Loop, branches

_ROUNDS = 6  # of levels from states and states from levels
_OUTER = 2  # per cent of the readings at either end that may be outliers (assumed)
_UNCLEAR = 0.3  # of a step: scatter around the levels beyond which states cannot be told (assumed)
_BETTER = 0.8  # of the scatter, at most, that is left by a number of cells that fits better
_AS_GOOD = 0.9  # of two scatters that are alike
_TRIAL_ROUNDS = 3
_MOST_CELLS = 8  # that are tried for a proposal
_CONFIDENCE = 0.95


@dataclass(frozen=True, eq=False)
class Steps:
    """Where one direction of a loop switches.

    Parameters
    ----------
    voltages : (sweeps, cells) array
        At which the first, second, .. cell switched, in the order they did, in every sweep that
        switched all of them [V]; the middle between two readings.
    merged : int
        How many of them share a reading with another: their order, and distance, is not known.
    """

    voltages: Floats
    merged: int

    @property
    def critical(self) -> Floats:
        """Mean over the sweeps, of each step in order: (cells,) [V]."""
        return np.asarray(self.voltages.mean(axis=0))

    @property
    def spread(self) -> float | None:
        """Standard deviation of the cells' voltages over their mean [1]; None of one cell."""
        mean = self.critical
        return float(np.std(mean, ddof=1) / np.abs(mean.mean())) if len(mean) > 1 else None

    @property
    def spread_interval(self) -> tuple[float, float] | None:
        """95 % interval of `spread`, by the cells there are [1]: wide, of a few."""
        if self.spread is None:
            return None
        degrees = self.voltages.shape[1] - 1
        low, high = chi2.ppf([(1 + _CONFIDENCE) / 2, (1 - _CONFIDENCE) / 2], degrees)
        return (float(self.spread * np.sqrt(degrees / low)),
                float(self.spread * np.sqrt(degrees / high)))

    @property
    def cycle_spread(self) -> float | None:
        """Of one step from sweep to sweep, over its mean [1]; None of one sweep."""
        if len(self.voltages) < 2:
            return None
        return float(np.sqrt(np.mean(np.var(self.voltages, axis=0, ddof=1)))
                     / np.abs(self.voltages.mean()))


@dataclass(frozen=True, eq=False)
class CompoundLoop:
    """What the R(V) loop of a compound says.

    Parameters
    ----------
    cells : int
        Junctions.
    resistances, errors : (states,) arrays
        Mean of the readings in each state, 0 all antiparallel, and its standard error [ohm]; nan
        of a state that no sweep stopped in.
    noise : float
        Standard deviation of a reading over its resistance [1], drift taken off.
    to_parallel, to_antiparallel : Steps
        The two directions.
    """

    cells: int
    resistances: Floats
    errors: Floats
    noise: float
    to_parallel: Steps
    to_antiparallel: Steps

    @property
    def r_p(self) -> float:
        """Of one cell in the mean, parallel [ohm]."""
        return float(self.resistances[-1] * self.cells)

    @property
    def r_ap(self) -> float:
        """Of one cell in the mean, antiparallel [ohm]."""
        return float(self.resistances[0] * self.cells)

    @property
    def tmr(self) -> float:
        """Of the whole compound [1]."""
        return float(self.resistances[0] / self.resistances[-1] - 1.0)


def compound_loop(loop: Loop, cells: int, areas: Sequence[float] | None = None) -> CompoundLoop:
    """The steps and states of the R(V) `loop` of a compound of `cells`, of relative `areas` [1].

    Any number of sweeps; slow drift of the resistance, from branch to branch, is taken off.

    Raises
    ------
    MeasuredError
        If the readings do not lie on the levels of so many cells; with a proposal where another
        number fits. If no sweep switches all cells in one of the directions.
    """
    n = whole("cells", cells, 1)
    if loop.unit != "V":
        raise MeasuredError("the loop is one over field; expected R(V), whose steps are cells")
    shares = _shares(n, areas)
    found = _walked(loop, shares)
    if not found.scatter <= _UNCLEAR:
        raise MeasuredError(_unclear(loop, n, found.scatter, areas))
    if areas is None:
        _check_number(loop, n, found)
    return CompoundLoop(n, *_levels(loop, found, len(shares)), found.noise,
                        _steps(loop, found, shares, n, up=True),
                        _steps(loop, found, shares, n, up=False))


@dataclass(frozen=True, eq=False)
class _Walk:
    """State of every reading in its branch, the branches, scatter in least steps [1], and noise
    over the resistance [1]; the end conductances of every branch (branches, 2) [S]."""

    parts: list[slice]
    states: list[NDArray[np.intp]]
    scatter: float
    noise: float
    ends: Floats


def _shares(cells: int, areas: Sequence[float] | None) -> Floats:
    """Place of each state between all antiparallel, 0, and all parallel, 1."""
    if areas is None:
        return np.linspace(0.0, 1.0, cells + 1)
    sizes = np.asarray(areas, float)
    if sizes.shape != (cells,) or np.any(~(sizes > 0)):
        raise MeasuredError(f"areas [1] are {areas}; expected {cells} numbers above zero")
    levels = states_of(all_patterns(cells), sizes)[1]
    return np.asarray(levels / levels[-1])


def _walked(loop: Loop, shares: Floats, rounds: int = _ROUNDS) -> _Walk:
    """Levels and states by turns, until they agree."""
    parts = branches(loop.swept)
    if not parts:
        raise MeasuredError("the voltage does not change; expected a sweep there and back")
    g = 1.0 / loop.resistance
    whole_range = np.percentile(g, [_OUTER, 100 - _OUTER])
    if not whole_range[1] > whole_range[0]:
        raise MeasuredError("the loop has one resistance only; expected one that switches")
    ends = np.tile(whole_range, (len(parts), 1))
    states = [np.zeros(0, np.intp)] * len(parts)
    for _ in range(rounds):
        for k, part in enumerate(parts):
            levels = ends[k, 0] + shares * (ends[k, 1] - ends[k, 0])
            states[k] = _monotone(g[part], levels)
        ends = _refitted(g, parts, states, shares, ends)
    off = np.concatenate([
        (g[part] - ends[k, 0] - shares[states[k]] * (ends[k, 1] - ends[k, 0]))
        / (ends[k, 1] - ends[k, 0]) for k, part in enumerate(parts)])
    inner = np.concatenate([g[part] for part in parts])
    size = np.concatenate([np.full(part.stop - part.start, ends[k, 1] - ends[k, 0])
                           for k, part in enumerate(parts)])
    scatter = float(np.sqrt(np.mean(off**2)) / np.min(np.diff(shares)))
    return _Walk(parts, states, scatter, float(np.sqrt(np.mean((off * size / inner) ** 2))), ends)


def _monotone(g: Floats, levels: Floats) -> NDArray[np.intp]:
    """The states of readings `g` [S] that never go back, up or down, nearest to `levels` [S]."""
    cost = (g[:, None] - levels) ** 2
    best: tuple[float, NDArray[np.intp]] | None = None
    for order in (slice(None), slice(None, None, -1)):
        total, path = _cheapest(cost[:, order])
        states = np.arange(len(levels))[order][path]
        if best is None or total < best[0]:
            best = total, states
    return best[1] if best else np.zeros(0, np.intp)


def _cheapest(cost: Floats) -> tuple[float, NDArray[np.intp]]:
    """Least sum over the readings, of columns that never fall; and those columns."""
    points, many = cost.shape
    came = np.empty((points, many), np.intp)
    total = np.zeros(many)
    for i in range(points):
        before = np.minimum.accumulate(total)
        came[i] = np.maximum.accumulate(np.where(total == before, np.arange(many), 0))
        total = before + cost[i]
    path = np.empty(points, np.intp)
    path[-1] = int(np.argmin(total))
    for i in range(points - 1, 0, -1):
        path[i - 1] = came[i][path[i]]
    return float(total.min()), path


def _refitted(g: Floats, parts: list[slice], states: list[NDArray[np.intp]], shares: Floats,
              ends: Floats) -> Floats:
    """End levels by least squares: two of all, and a factor of each branch's own for drift.

    A branch that stays in one state could be any of them by its factor: it has its neighbour's.
    """
    share = np.concatenate([shares[each] for each in states])
    flat = np.concatenate([g[part] / np.mean(ends[k]) for k, part in enumerate(parts)])
    design = np.stack([1.0 - share, share], axis=1)
    both, *_ = np.linalg.lstsq(design, flat, rcond=None)
    if not both[1] > both[0] > 0:
        return ends
    moving = [k for k, each in enumerate(states) if each[0] != each[-1]]
    factor = np.full(len(parts), float(np.mean(ends)))
    for k in moving:
        law = both[0] + shares[states[k]] * (both[1] - both[0])
        factor[k] = np.sum(law * g[parts[k]]) / np.sum(law**2)
    if moving:
        nearest = [min(moving, key=lambda other: abs(other - k)) for k in range(len(parts))]
        factor = factor[nearest]
    return np.asarray(factor[:, None] * both)


def _unclear(loop: Loop, cells: int, scatter: float, areas: Sequence[float] | None) -> str:
    other = None if areas is not None else _proposal(loop, cells)
    return (f"the readings scatter by {scatter:.2g} of a step around the levels of {cells} cells; "
            f"expected {_UNCLEAR:g} or less: "
            + (f"cells={other} fits them" if other else
               "average sweeps, or say areas= of unequal cells"))


def _check_number(loop: Loop, cells: int, found: _Walk) -> None:
    """Refuse a number of cells if another fits clearly better, or if fewer do as well."""
    least = found.noise
    tried = {n: _walked(loop, _shares(n, None), _TRIAL_ROUNDS).noise
             for n in range(1, max(_MOST_CELLS, cells) + 1) if n != cells}
    best = min(tried.values())
    if best < _BETTER * least:
        other = min(n for n, noise in tried.items() if noise <= best / _AS_GOOD)
        raise MeasuredError(f"the readings scatter by {least:.2g} around the levels of {cells} "
                            f"cells, and by {tried[other]:.2g} around those of {other}; expected "
                            f"the number that fits: say cells={other}, or areas= of unequal cells")
    seen = np.unique(np.concatenate(found.states))
    fewer = [n for n in range(1, cells) if tried[n] <= least
             or np.allclose(np.rint(seen * n / cells), seen * n / cells)]
    if len(seen) < cells + 1 and fewer:
        raise MeasuredError(f"the loop stops in {len(seen)} of the {cells + 1} levels of {cells} "
                            f"cells, and those of {fewer[-1]} fit as well; expected all: say "
                            f"cells={fewer[-1]}, or sweep in finer steps")


def _proposal(loop: Loop, cells: int) -> int | None:
    """The least number of cells whose levels the readings lie on."""
    for n in range(1, _MOST_CELLS + 1):
        if n != cells and _walked(loop, _shares(n, None)).scatter <= _UNCLEAR / 2:
            return n
    return None


def _levels(loop: Loop, found: _Walk, many: int) -> tuple[Floats, Floats]:
    """Mean resistance of each state, and its standard error [ohm]."""
    state = np.concatenate(found.states)
    r = np.concatenate([loop.resistance[part] for part in found.parts])
    mean, error = np.full((2, many), np.nan)
    for k in range(many):
        some = r[state == k]
        if len(some):
            mean[k] = some.mean()
        if len(some) > 1:
            error[k] = some.std(ddof=1) / np.sqrt(len(some))
    return mean, error


def _steps(loop: Loop, found: _Walk, shares: Floats, cells: int, *, up: bool) -> Steps:
    """Voltages of one direction, of the branches that go from one end to the other."""
    rows, merged = [], 0
    for part, states in zip(found.parts, found.states, strict=True):
        first, last = (0, len(shares) - 1) if up else (len(shares) - 1, 0)
        if states[0] != first or states[-1] != last:
            continue
        v, at = loop.swept[part], np.flatnonzero(np.diff(states))
        jumps = np.rint(np.abs(shares[states[at + 1]] - shares[states[at]]) * cells).astype(int)
        rows.append(np.repeat((v[at] + v[at + 1]) / 2, jumps if len(shares) == cells + 1 else 1))
        merged += int(np.sum(jumps[jumps > 1])) if len(shares) == cells + 1 else 0
    if not rows:
        way = "antiparallel to parallel" if up else "parallel to antiparallel"
        raise MeasuredError(f"no branch of the loop goes all the way from {way}; expected sweeps "
                            "that switch every cell")
    widths = {len(row) for row in rows}
    if len(widths) > 1:
        raise MeasuredError(f"sweeps of one direction stop in {sorted(widths)} steps; expected as "
                            "many in each: average them, or sweep in finer steps")
    return Steps(np.array(rows), merged)
