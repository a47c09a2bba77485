"""The states of a compound in its readings: equal steps of conductance, under drift and noise.

Cells in parallel add conductances: k parallel cells of n have G_0 + k (G_n - G_0)/n, equal steps
that resistances do not make. A pulse of one sign turns cells one way only, so that the state within
a half cycle is monotone; the likeliest such path is found by dynamic programming.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from device_models.checks import Floats

Ints = NDArray[np.int64]
_ROUNDS = 20  # of states and levels in turn; three do as a rule
_OUTLIER = 1.0  # steps from the path, beyond which a reading counts no more (assumed)
_NORMAL = 1.4826  # standard deviation over the median size of normal deviations


@dataclass(frozen=True)
class Levels:
    """Conductances over state and time, by least squares.

    Parameters
    ----------
    state : (points,) int array
        Parallel cells after each pulse.
    ends : (2, 3) tuple
        Of the state without parallel cells and of that with all: conductance in the middle of the
        measurement, and its 95 % interval [S].
    drift : float
        Of the conductance over the whole measurement, of itself [1].
    noise : float
        Standard deviation of readings over one step of the states [1].
    offsets : (points,) array
        Readings less the level of their state, over one step [1].
    """

    state: Ints
    ends: tuple[tuple[float, float, float], tuple[float, float, float]]
    drift: float
    noise: float
    offsets: Floats


def half_cycles(voltage: Floats) -> list[tuple[slice, float]]:
    """Runs of pulses of one sign, and that sign; pulses near 0 V belong to the run before."""
    sign = np.sign(np.where(np.abs(voltage) < 0.01 * np.abs(voltage).max(), 0.0, voltage))
    for i in range(1, len(sign)):
        sign[i] = sign[i] or sign[i - 1]
    begins = np.flatnonzero(np.diff(sign, prepend=np.nan))
    return [(slice(int(a), int(b)), float(sign[a]))
            for a, b in zip(begins, [*begins[1:], len(sign)], strict=True) if sign[a] != 0]


def find_levels(
    voltage: Floats, conductance: Floats, cells: int, halves: list[tuple[slice, float]],
    up: float,
) -> Levels:
    """The states of `cells` over a loop; pulses of sign `up` lead to no parallel cell."""
    time = np.linspace(-0.5, 0.5, len(voltage))
    lows, highs = (_reached(conductance, time, [half for half, sign in halves if sign == wanted],
                            voltage) for wanted in (up, -up))
    coefficients = np.array([lows[0], (highs[0] - lows[0]) / cells,
                             lows[1], (highs[1] - lows[1]) / cells])
    state = np.full(len(voltage), -1)
    for _ in range(_ROUNDS):
        a, b, c, e = coefficients
        x = (conductance - a - c * time) / (b + e * time)
        new = _states(x, cells, halves, up)
        if np.array_equal(new, state):
            break
        state = new
        design = np.stack([np.ones_like(time), state, time, state * time], axis=1)
        good = np.abs(x - state) < _OUTLIER
        if good.sum() <= 4:
            break
        coefficients = np.linalg.lstsq(design[good], conductance[good], rcond=None)[0]
    return _levels(coefficients, conductance, state, time, cells)


def _reached(
    g: Floats, time: Floats, halves: list[slice], voltage: Floats
) -> tuple[float, float]:
    """Level at mid-time and drift [S] of where half cycles lead: medians from their peaks on."""
    at, level = [], []
    for half in halves:
        peak = half.start + int(np.argmax(np.abs(voltage[half])))
        at.append(float(np.mean(time[peak:half.stop])))
        level.append(float(np.median(g[peak:half.stop])))
    if len(at) < 2:
        return level[0], 0.0
    slope, middle = np.polyfit(at, level, 1)
    return float(middle), float(slope)


def _states(x: Floats, cells: int, halves: list[tuple[slice, float]], up: float) -> Ints:
    """The path of states nearest to `x` [steps], each half cycle monotone."""
    states = np.arange(cells + 1)
    cost = np.minimum((x[:, None] - states) ** 2, _OUTLIER)
    falls = np.zeros(len(x), dtype=int)  # +1: the state may fall, -1: may grow, 0: stays
    for half, sign in halves:
        falls[half] = 1 if sign == up else -1
    total, back = cost[0], np.zeros(cost.shape, dtype=np.int64)
    for i in range(1, len(x)):
        turn = slice(None, None, -1) if falls[i] > 0 else slice(None)
        if falls[i]:
            ordered, order = total[turn], states[turn]
            least = np.minimum.accumulate(ordered)
            first = np.maximum.accumulate(np.where(ordered <= least, np.arange(cells + 1), 0))
            back[i], total = order[first][turn], least[turn]
        else:
            back[i] = states
        total = total + cost[i]
    path = np.empty(len(x), dtype=np.int64)
    path[-1] = np.argmin(total)
    for i in range(len(x) - 1, 0, -1):
        path[i - 1] = back[i, path[i]]
    return path


def _levels(
    coefficients: Floats, g: Floats, state: Ints, time: Floats, cells: int
) -> Levels:
    """What the least squares [S] say of the levels."""
    a, b, c, e = (float(value) for value in coefficients)
    step = b + e * time
    offsets = (g - a - c * time) / step - state
    good = np.abs(offsets) < _OUTLIER
    freedom = max(int(good.sum()) - 4, 1)
    still = np.diff(offsets)[np.diff(state) == 0]  # no wrong level moves these differences
    noise = _NORMAL * float(np.median(np.abs(still))) / np.sqrt(2.0) if still.size else np.inf
    design = np.stack([np.ones_like(time), state, time, state * time], axis=1)[good]
    inverse = np.linalg.pinv(design.T @ design)
    scores = design * (offsets * step)[good, None]  # noise goes with the level [T: H. White (1980)]
    covariance = inverse @ scores.T @ scores @ inverse * (len(scores) / freedom)
    half = [float(stdtrit(freedom, 0.975) * np.sqrt(at @ covariance @ at))
            for at in (np.array([1.0, k, 0.0, 0.0]) for k in (0, cells))]
    ends = [(value, value - width, value + width)
            for value, width in zip((a, a + b * cells), half, strict=True)]
    return Levels(state, (ends[0], ends[1]), (c + e * cells / 2) / (a + b * cells / 2),
                  float(noise), offsets)
