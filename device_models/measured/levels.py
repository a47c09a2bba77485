"""The states of a compound in its readings: steps of conductance, under drift and noise.

Cells in parallel add conductances: a parallel area w of cells has G_0 + w dG, in equal steps for
equal cells, which resistances do not have. A pulse of one sign turns cells one way only; the
likeliest path that keeps to it is found by dynamic programming, in turn with G_0 and dG over time.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.special import stdtrit

from device_models.checks import Floats
from device_models.measured.cells import Cells

Ints = NDArray[np.int64]
Halves = list[tuple[slice, float]]
_ROUNDS = 20  # of states and levels in turn; three do as a rule
_OUTLIER = 1.0  # steps from the path, beyond which a reading counts no more (assumed)
_NORMAL = 1.4826  # standard deviation over the median size of normal deviations
_WHOLE = 0.95  # of the highest pulses: where these lead, all cells have switched (assumed)
_MOST_KNOTS = 12  # of the drift, one a whole sweep (assumed)


@dataclass(frozen=True)
class Levels:
    """Conductances over state and time, by least squares.

    Parameters
    ----------
    pattern : (points,) int array
        Which of the patterns of its `Cells`, after each pulse.
    ends : (2, 3) tuple
        Of the state without parallel cells and of that with all: conductance in the middle of the
        measurement, and its 95 % interval [S].
    drift : float
        Of the conductance over the whole measurement, of itself [1].
    noise : float
        Standard deviation of readings over the smallest step [1].
    offsets : (points,) array
        Readings less the level of their state, over the smallest step [1].
    """

    pattern: Ints
    ends: tuple[tuple[float, float, float], tuple[float, float, float]]
    drift: float
    noise: float
    offsets: Floats


def half_cycles(voltage: Floats) -> Halves:
    """Runs of pulses of one sign, and that sign; pulses near 0 V belong to the run before."""
    sign = np.sign(np.where(np.abs(voltage) < 0.01 * np.abs(voltage).max(), 0.0, voltage))
    for i in range(1, len(sign)):
        sign[i] = sign[i] or sign[i - 1]
    begins = np.flatnonzero(np.diff(sign, prepend=np.nan))
    return [(slice(int(a), int(b)), float(sign[a]))
            for a, b in zip(begins, [*begins[1:], len(sign)], strict=True) if sign[a] != 0]


def whole_halves(voltage: Floats, halves: Halves, sign: float) -> list[slice]:
    """Of the half cycles of a sign those with the highest pulses, each from its peak on."""
    peaks = [half.start + int(np.argmax(np.abs(voltage[half])))
             for half, its in halves if its == sign]
    ends = [half.stop for half, its in halves if its == sign]
    least = _WHOLE * max(abs(float(voltage[peak])) for peak in peaks)
    return [slice(peak, end) for peak, end in zip(peaks, ends, strict=True)
            if abs(voltage[peak]) >= least]


def find_levels(
    voltage: Floats, conductance: Floats, cells: Cells, halves: Halves, up: float
) -> Levels:
    """The states of `cells` over a loop; pulses of sign `up` lead to no parallel cell."""
    time = np.linspace(-0.5, 0.5, len(voltage))
    whole = [whole_halves(voltage, halves, sign) for sign in (up, -up)]
    base, most = (_reached(conductance, time, parts) for parts in whole)
    slope = (most - base) / cells.areas.sum()
    basis = _basis(time, min(max(min(map(len, whole)), 2), _MOST_KNOTS))
    barred = {up: cells.falling, -up: cells.falling.T}
    moves = [np.where(np.eye(len(cells.weights)) > 0, 0.0, np.inf)] * len(voltage)
    for half, sign in halves:
        moves[half] = [barred[sign]] * (half.stop - half.start)
    pattern = np.full(len(voltage), -1)
    for _ in range(_ROUNDS):
        x = (conductance - base) / slope
        new = _path((x[:, None] - cells.weights) / cells.smallest, moves)
        if np.array_equal(new, pattern):
            break
        pattern = new
        w = cells.weights[pattern]
        design = np.concatenate([basis, basis * w[:, None]], axis=1)
        good = np.abs(x - w) < _OUTLIER * cells.smallest
        if good.sum() <= design.shape[1]:
            break
        both = np.linalg.lstsq(design[good], conductance[good], rcond=None)[0].reshape(2, -1)
        if np.any(basis @ both[1] <= 0):
            break
        base, slope = basis @ both[0], basis @ both[1]
    return _levels(base, slope, conductance, pattern, basis, cells)


def _basis(time: Floats, knots: int) -> Floats:
    """Cubic splines over `time`, -0.5 to 0.5 of the measurement, each 1 at a knot of its own and 0
    at the others; a line of two knots, a parabola of three: (points, knots)."""
    spline = CubicSpline(np.linspace(-0.5, 0.5, knots), np.eye(knots), bc_type="not-a-knot")
    return np.asarray(spline(time))


def _reached(g: Floats, time: Floats, parts: list[slice]) -> Floats:
    """Level [S] over time of where half cycles lead: medians, and lines between them."""
    at = [float(np.mean(time[part])) for part in parts]
    return np.interp(time, at, [float(np.median(g[part])) for part in parts])


def _path(off: Floats, moves: list[Floats]) -> Ints:
    """The path of least squares `off` (points, patterns) [steps], of those that `moves` allow."""
    cost = np.minimum(off**2, _OUTLIER)
    every = np.arange(cost.shape[1])
    total, back = cost[0], np.zeros(cost.shape, dtype=np.int64)
    for i in range(1, len(cost)):
        ways = total[:, None] + moves[i]
        back[i] = np.argmin(ways, axis=0)
        total = ways[back[i], every] + cost[i]
    path = np.empty(len(cost), dtype=np.int64)
    path[-1] = np.argmin(total)
    for i in range(len(cost) - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return path


def _levels(
    base: Floats, slope: Floats, g: Floats, pattern: Ints, basis: Floats, cells: Cells
) -> Levels:
    """What the least squares [S] say of the levels."""
    w, area = cells.weights[pattern], cells.areas.sum()
    offsets = ((g - base) / slope - w) / cells.smallest
    good = np.abs(offsets) < _OUTLIER
    still = np.diff(offsets)[np.diff(pattern) == 0]  # no wrong level moves these differences
    noise = _NORMAL * float(np.median(np.abs(still))) / np.sqrt(2.0) if still.size else np.inf
    design = np.concatenate([basis, basis * w[:, None]], axis=1)[good]
    freedom = max(len(design) - design.shape[1], 1)
    inverse = np.linalg.pinv(design.T @ design)
    rest = (offsets * slope)[good] * cells.smallest
    scores = design * rest[:, None]  # noise goes with the level [T: H. White (1980)]
    lasting = _correlated(rest)
    covariance = inverse @ scores.T @ scores @ inverse * (len(scores) / freedom * lasting)
    centre = _basis(np.zeros(1), basis.shape[1])[0]
    ends = []
    for k in (0.0, area):
        at = np.concatenate([centre, k * centre])
        value = float(np.interp(0.0, np.linspace(-0.5, 0.5, len(g)), base + k * slope))
        width = float(stdtrit(max(freedom / lasting, 1.0), 0.975) * np.sqrt(at @ covariance @ at))
        ends.append((value, value - width, value + width))
    half = base + slope * area / 2
    return Levels(pattern, (ends[0], ends[1]), float((half[-1] - half[0]) / np.median(half)),
                  float(noise), offsets)


def _correlated(rest: Floats) -> float:
    """By how much the variance of a mean exceeds that of independent deviations `rest` [any]:
    1 + 2 (sum of autocorrelations), of drift that is not followed and of 1/f noise.

    The sum ends where they drown in their own noise; that of a first-order process with the same
    first one goes before where it is larger.
    """
    n, power = len(rest), float(np.mean(rest**2))
    total, first = 1.0, 0.0
    for lag in range(1, n // 4):
        rho = float(np.mean(rest[lag:] * rest[:-lag])) / power if power else 0.0
        if rho < 2.0 / np.sqrt(n):
            break
        first = first or rho
        total += 2.0 * rho
    return max(total, (1.0 + first) / (1.0 - min(first, 0.99)))
