"""The steps that a loop has whatever its cells: for proposals."""

import numpy as np

from device_models.checks import Floats
from device_models.measured.cells import cells_of
from device_models.measured.levels import Halves, find_levels

_LEAST = 0.05  # of the mean: smaller ones are noise (assumed)
_MOST = 0.6  # of the way: half cycles that go less far do not switch all cells (assumed)


def step_sizes(v: Floats, g: Floats, count: int, halves: Halves, up: float) -> Floats | None:
    """`count` steps of conductance over their mean (count,) [1], largest first: medians over the
    half cycles that have as many; None if none has.

    `v` [V] and `g` [S] are (points,).
    """
    whole = find_levels(v, g, cells_of(1), halves, up)  # drift alone: levels 0 and 1
    x = whole.offsets + whole.pattern
    found = []
    for half, _ in halves:
        part = x[half][:1 + int(np.argmax(np.abs(v[half])))]
        steps = np.abs(np.diff(_segments(part, count + 1))) * count
        if len(steps) == count and steps.sum() > _MOST * count and min(steps) > _LEAST:
            found.append(np.sort(steps)[::-1])
    if not found:
        return None
    sizes = np.median(found, axis=0)
    return np.asarray(sizes / sizes.mean())


def _segments(x: Floats, count: int) -> Floats:
    """Means of the `count` constant pieces nearest to `x` (points,), by dynamic programming."""
    n = len(x)
    if n < count:
        return np.empty(0)
    sums = np.concatenate([[0.0], np.cumsum(x)])
    squares = np.concatenate([[0.0], np.cumsum(x**2)])
    i, j = np.triu_indices(n + 1, 1)
    cost = np.full((n + 1, n + 1), np.inf)  # of the piece from i to j
    cost[i, j] = squares[j] - squares[i] - (sums[j] - sums[i]) ** 2 / (j - i)
    total, back = cost[0], []
    for _ in range(count - 1):
        ways = total[:, None] + cost
        back.append(np.argmin(ways, axis=0))
        total = ways.min(axis=0)
    ends = [n]
    for each in reversed(back):
        ends.append(int(each[ends[-1]]))
    ends = [*reversed(ends)]
    starts = [0, *ends[:-1]]
    return np.array([(sums[b] - sums[a]) / (b - a) for a, b in zip(starts, ends, strict=True)])
