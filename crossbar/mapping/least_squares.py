"""The scale with the least squared quantisation error, found without listing all moves of weights.

With t = 1/scale, a weight w stands on the level q nearest to t w. At a given t the squared error
falls, against no weights at all, by R(t) = h(t)/t^2, where

    h(t) = max over levels of sum(2 t w q - q^2) = 2 t P - S,   P = sum(w q),   S = sum(q^2).

The levels reached at t do best at the scale P/S, with the gain P^2/S >= R(t); the largest R is the
largest gain. As t grows, weights move outwards one level at a time, and P and S with them. Sorted
sizes and their sums give both at any t by one search for each boundary between levels: O(L log N)
for N weights and L levels.

h is a maximum of straight lines, hence convex, hence below its chords. A chord over t0..t1, divided
by t^2, bounds R from above, to second order in t1/t0 - 1. Intervals whose bound is below the best
gain known are left out, the others split; where they hold few moves, every one is tried. Beyond
t = 2 S/P of the outermost levels R <= 2 P/t falls below what these alone gain.

An interval with t1/t0 - 1 < e is left too. There R changes by less than 8 e of the best gain: as
R > 0, y = S/t^2 < 2 x = 2 P/t; the best gain is at least x^2/y > x/2; and |t dR/dt| = 2 |y - x|.
So the gain is the largest within 1e-13 of itself, and but for rounding the optimum itself unless
thousands of equal weights move at once.

Memory is 16 bytes a weight, the sorted sizes and their sums, and a fixed amount to work in.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crossbar.mapping.levels import Levels
from device_models.checks import Floats

_CERTAIN = 1e-14  # relative, of t and of the gain
_RATIO = 1.3  # from t to t on the first grid
_PIECES = 4  # that an interval is split into
_FEW = 8  # moves for each boundary that are tried at once, as a split costs as much
_MOST = 2**15  # numbers worked on at a time, and moves that are tried without a further split


def best_scale(weights: Floats, levels: Levels) -> float:
    """Weight per siemens of least squared error, for `weights` of any shape, not all zero."""
    largest = float(np.abs([weights.max(), weights.min()]).max())
    layer = _Layer.of(weights, levels, largest)
    product, square = layer.saturated
    if product <= 0:  # no level has the sign of a weight: none is better than another
        return largest / levels.reach
    states = layer.states(layer.grid())
    best, low, high = _better((product, square), *states[1:3]), states[:, :-1], states[:, 1:]
    while low.size:
        worth = (_bound(low, high) > _gain(*best) * (1 + _CERTAIN)) & (high[3] > low[3])
        low, high = low[:, worth], high[:, worth]
        moves = high[3] - low[3]
        few = moves <= (np.inf if moves.sum() <= _MOST else _FEW * layer.boundaries)
        for product_after, square_after in layer.tried(low[:, few], high[:, few]):
            best = _better(best, product_after, square_after)
        wide = ~few & (high[0] > low[0] * (1 + _CERTAIN))
        low, high = _split(layer, low[:, wide], high[:, wide])
        best = _better(best, *low[1:3])
    return largest * best[0] / best[1]


@dataclass(frozen=True, eq=False)
class _Side:
    """The weights of one sign, as sizes, and the levels that they move to.

    Parameters
    ----------
    sizes : (weights,) array
        Minus the sizes, increasing: the largest first [1].
    sums : (weights + 1,) array
        Of the 0, 1, 2, ... largest sizes [1].
    rest : float
        The level of the smallest sizes [S].
    bounds, steps, squares : (boundaries,) arrays
        Boundaries between levels from there outwards [S]; what q and q^2 grow by there [S], [S^2].
    """

    sizes: Floats
    sums: Floats
    rest: float
    bounds: Floats
    steps: Floats
    squares: Floats

    @classmethod
    def of(cls, sizes: Floats, levels: Floats, nothing: float) -> "_Side":
        """Of minus the sizes in any order, which it takes over; boundaries up to `nothing` [S] are
        the one at zero, whatever it rounds to."""
        sizes.sort()
        sums = np.zeros(len(sizes) + 1)
        np.cumsum(sizes, out=sums[1:])
        np.negative(sums, out=sums)
        bounds = (levels[1:] + levels[:-1]) / 2
        inner = int(np.count_nonzero(bounds <= nothing))
        low, high = levels[inner:-1], levels[inner + 1:]
        return cls(sizes, sums, float(levels[inner]), bounds[inner:], high - low, high**2 - low**2)

    def moved(self, t: Floats) -> NDArray[np.intp]:
        """How many weights are beyond each boundary at `t` (points,): (points, boundaries)."""
        return np.searchsorted(self.sizes, -self.bounds / t[:, None])

    def range(self) -> tuple[float, float]:
        """The t at which the first and the last move happens [S]; none if there are no moves."""
        if not len(self.sizes) or not len(self.bounds):
            return np.inf, 0.0
        with np.errstate(divide="ignore", over="ignore"):  # of sizes that round to zero
            first, last = self.bounds[[0, -1]] / -self.sizes[[0, -1]]
        return float(first), float(last)

    def moves(self, low: Floats, high: Floats) -> tuple[NDArray[np.intp], Floats, Floats, Floats]:
        """All moves in intervals of t: whose, at which t, and the changes of P and S."""
        before = self.moved(low)
        count = (self.moved(high) - before).ravel()
        kind = np.repeat(np.arange(len(count)), count)
        first = np.repeat(before.ravel() - (np.cumsum(count) - count), count)
        interval, boundary = np.divmod(kind, len(self.bounds)) if len(kind) else (kind, kind)
        size = -self.sizes[first + np.arange(len(kind))]
        return (interval, self.bounds[boundary] / size, size * self.steps[boundary],
                self.squares[boundary])


@dataclass(frozen=True, eq=False)
class _Layer:
    """All weights of a layer, relative to the largest: of both signs, and those that are zero.

    A state is a column (t, P, S, moves made so far).
    """

    sides: tuple[_Side, _Side]
    zeros: float  # their part of S [S^2]

    @classmethod
    def of(cls, weights: Floats, levels: Levels, largest: float) -> "_Layer":
        nothing, sides = 1e-9 * levels.reach, []
        for positive, values in ((True, levels.values), (False, -levels.values[::-1])):
            sizes = weights[weights > 0 if positive else weights < 0]
            sizes /= -largest if positive else largest
            sides.append(_Side.of(sizes, values, nothing))
        zeros = weights.size - sum(len(side.sizes) for side in sides)
        return cls((sides[0], sides[1]), zeros * sides[1].rest**2)

    @property
    def boundaries(self) -> int:
        return sum(len(side.bounds) for side in self.sides)

    @property
    def saturated(self) -> tuple[float, float]:
        """P and S with every weight on its outermost level."""
        ends = [side.rest + float(side.steps.sum()) for side in self.sides]
        return (sum(end * float(side.sums[-1]) for end, side in zip(ends, self.sides, strict=True)),
                sum(end**2 * len(side.sizes) for end, side in zip(ends, self.sides, strict=True))
                + self.zeros)

    def grid(self) -> Floats:
        """Values of t from before the first move to where nothing can be gained any more."""
        product, square = self.saturated
        first, last = (np.array([side.range() for side in self.sides]).T)
        start = float(first.min())
        if not np.isfinite(start):
            return np.ones(1)
        stop = max(start, min(float(last.max()), 2 * square / product))
        points = 2 + int(np.ceil(np.log(stop / start) / np.log(_RATIO)))
        return np.geomspace(start * (1 - 1e-12), stop * (1 + 1e-12), points)

    def states(self, t: Floats) -> Floats:
        """The states at `t` (points,): (4, points)."""
        found = np.empty((4, len(t)))
        step = max(1, _MOST // max(1, self.boundaries))
        for start in range(0, len(t), step):
            part = slice(start, start + step)
            product, square, moves = np.zeros((3, len(t[part])))
            square += self.zeros
            for side in self.sides:
                moved = side.moved(t[part])
                product += side.rest * side.sums[-1] + side.sums[moved] @ side.steps
                square += side.rest**2 * len(side.sizes) + moved @ side.squares
                moves += moved.sum(axis=1)
            found[:, part] = t[part], product, square, moves
        return found

    def tried(self, low: Floats, high: Floats) -> Iterator[tuple[Floats, Floats]]:
        """P and S after each move in the intervals between states, some intervals at a time."""
        cost = np.cumsum(np.maximum(high[3] - low[3], self.boundaries)) // _MOST
        for part in np.split(np.arange(len(cost)), np.flatnonzero(np.diff(cost)) + 1):
            if len(part):
                yield self._after_moves(low[:, part], high[:, part])

    def _after_moves(self, low: Floats, high: Floats) -> tuple[Floats, Floats]:
        sides = (side.moves(low[0], high[0]) for side in self.sides)
        interval, t, product, square = (np.concatenate(each) for each in zip(*sides, strict=True))
        order = np.lexsort((t, interval))
        first = np.searchsorted(interval[order], np.arange(low.shape[1]))
        after = []
        for change, begun in ((product, low[1]), (square, low[2])):
            total = np.concatenate([[0.0], np.cumsum(change[order])])
            after.append(total[1:] + (begun - total[first])[interval[order]])
        return after[0], after[1]


def _gain(product: float, square: float) -> float:
    """By how much the best scale lowers the squared error; nothing if it were below zero."""
    return max(product, 0.0) ** 2 / square if square > 0 else 0.0


def _better(
    best: tuple[float, float], product: Floats, square: Floats
) -> tuple[float, float]:
    """(P, S) of the largest gain, of the best so far and all of `product` and `square`."""
    gains = np.maximum(product, 0.0) ** 2 / np.where(square > 0, square, np.inf)
    at = int(np.argmax(gains)) if len(gains) else 0
    if not len(gains) or gains[at] <= _gain(*best):
        return best
    return float(product[at]), float(square[at])


def _bound(low: Floats, high: Floats) -> Floats:
    """What R is nowhere above between states."""
    (t0, p0, s0, _), (t1, p1, s1, _) = low, high
    h0, h1 = 2 * t0 * p0 - s0, 2 * t1 * p1 - s1
    slope = (h1 - h0) / (t1 - t0)
    highest = np.where(slope > 0, 2 * (slope * t0 - h0) / np.where(slope > 0, slope, 1.0), t0)
    t = np.clip(highest, t0, t1)
    share = (t - t0) / (t1 - t0)
    between = (h0 * (1 - share) + h1 * share) / t**2
    return np.asarray(np.maximum(between, np.maximum(h0 / t0**2, h1 / t1**2)))


def _split(layer: _Layer, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Each interval between states in pieces of equal ratio."""
    inner = np.arange(1, _PIECES) / _PIECES
    t = low[0][:, None] * (high[0] / low[0])[:, None] ** inner
    between = layer.states(t.ravel()).reshape(4, *t.shape)
    edges = np.concatenate([low[:, :, None], between, high[:, :, None]], axis=2)
    return edges[:, :, :-1].reshape(4, -1), edges[:, :, 1:].reshape(4, -1)
