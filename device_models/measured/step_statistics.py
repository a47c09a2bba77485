"""What the steps of one way say of the voltages at which cells switch."""

import numpy as np
from scipy.special import chdtri, stdtrit

from device_models.checks import Floats
from device_models.measured.cells import Cells
from device_models.measured.levels import Ints
from device_models.measured.step import Direction, Estimate, Step


def direction(v: Floats, pattern: Ints, cells: Cells, halves: list[slice]) -> Direction:
    """Steps of all `halves` of one sign over voltages `v` (points,) [V]."""
    steps: list[Step] = []
    complete = []
    for sweep, half in enumerate(halves):
        at = np.full(len(cells.areas), np.nan)
        for i in range(max(half.start, 1), half.stop):
            if pattern[i] != pattern[i - 1]:
                before, after = cells.parallel[pattern[i - 1]], cells.parallel[pattern[i]]
                steps.append(Step(*_between(v, i), int(before.sum()), int(after.sum()), sweep))
                at[before != after] = abs(steps[-1].voltage)
        mine = [step for step in steps if step.sweep == sweep]
        if not np.any(np.isnan(at)) and all(step.low for step in mine):
            complete.append(_ranked(at, cells.areas))
    size = np.abs(np.diff(np.concatenate([v[half] for half in halves])))
    resolution = float(np.median(size[size > 0])) if np.any(size > 0) else 0.0
    voltages = np.array(complete).reshape(-1, len(cells.areas))
    return Direction(tuple(steps), len(complete), len(halves), _each(voltages, resolution),
                     *_statistics(voltages, cells.areas, resolution), resolution)


def _between(v: Floats, i: int) -> tuple[float, float]:
    """The last weaker pulse [V] of this sign, 0 V if there is none, and the one that switched."""
    before = v[i - 1] if v[i - 1] * v[i] > 0 else 0.0
    return float(before if abs(v[i]) > abs(before) else v[i]), float(v[i])


def _ranked(at: Floats, areas: Floats) -> Floats:
    """Voltages (cells,) [V] in rising order among cells of the same area: nothing else tells
    these apart."""
    out = np.empty_like(at)
    for area in np.unique(areas):
        out[areas == area] = np.sort(at[areas == area])
    return out


def _each(voltages: Floats, resolution: float) -> tuple[Estimate, ...]:
    """The voltage [V] of the first to the last step, of (sweeps, cells)."""
    ordered, count = np.sort(voltages, axis=1), len(voltages)
    if not count:
        return ()
    scatter = ordered.std(axis=0, ddof=1) if count > 1 else np.zeros(ordered.shape[1])
    student = stdtrit(count - 1, 0.975) / np.sqrt(count) if count > 1 else 0.0
    return tuple(Estimate(float(x), float(x - half), float(x + half), count)
                 for x, half in zip(ordered.mean(axis=0),
                                    np.maximum(student * scatter, resolution / 2), strict=True))


def _statistics(
    voltages: Floats, areas: Floats, resolution: float
) -> tuple[Estimate | None, Estimate | None]:
    """Median V_c [V] and spread [1] of log-normal cells, from (sweeps, cells) voltages.

    The variance of a cell of area a is that of area 1 over a.
    """
    if not voltages.size:
        return None, None
    cells = voltages.shape[1]
    logs, weights = (np.log(voltages).mean(axis=0), areas) if cells > 1 else (
        np.log(voltages[:, 0]), np.ones(len(voltages)))
    count, middle = len(logs), float(np.average(logs, weights=weights))
    grid = resolution / np.exp(middle) / 2.0  # the most that a voltage is off by
    if count == 1:
        return Estimate(float(np.exp(middle)), 0.0, float("inf"), 1), None
    s = float(np.sqrt(np.sum(weights * (logs - middle) ** 2) / (count - 1)))
    half = stdtrit(count - 1, 0.975) * np.hypot(s, grid) / np.sqrt(weights.sum())
    centre, least, most = (float(np.exp(middle + x)) for x in (0.0, -half, half))
    critical = Estimate(centre, least, most, count)
    if cells == 1:
        return critical, None
    low, high = (np.sqrt((count - 1) / chdtri(count - 1, tail)) for tail in (0.025, 0.975))
    ends = s, np.sqrt(max(s**2 - grid**2, 0.0)) * low, np.hypot(s, grid) * high
    centre, least, most = (float(np.sqrt(np.expm1(x**2))) for x in ends)
    return critical, Estimate(centre, least, most, count)
