"""How many weight units one siemens of conductance difference stands for."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from device_models.checks import Floats


@dataclass(frozen=True)
class Levels:
    """The signed conductance differences a weight can take.

    Parameters
    ----------
    values : (levels,) array
        Increasing [S].
    continuous : bool
        Whether everything between the first and the last can be set too.
    """

    values: Floats
    continuous: bool

    def nearest(self, difference: Floats) -> Floats:
        """The level nearest to each difference [S], any shape; ties go to the lower."""
        if self.continuous:
            return np.clip(difference, self.values[0], self.values[-1])
        bounds = (self.values[1:] + self.values[:-1]) / 2
        return np.asarray(self.values[np.searchsorted(bounds, difference)])


class Scale(Protocol):
    """A rule that chooses the weight scale of a layer."""

    def fit(self, weights: Floats, levels: Levels) -> float:
        """Weight per siemens, for `weights` of any shape; above zero."""


@dataclass(frozen=True)
class MaxWeight:
    """The largest weight lies on the outermost level, so that nothing is clipped.

    With few levels most weights then fall on the innermost ones: 3 cells lose tens of points of
    accuracy against `LeastSquares`.
    """

    def fit(self, weights: Floats, levels: Levels) -> float:
        reach = _reach(levels)
        limits = []
        if weights.max(initial=0.0) > 0 and levels.values[-1] > 0:
            limits.append(weights.max() / levels.values[-1])
        if weights.min(initial=0.0) < 0 and levels.values[0] < 0:
            limits.append(weights.min() / levels.values[0])
        return float(max(limits, default=1.0 / reach))


@dataclass(frozen=True)
class LeastSquares:
    """The scale with the least squared quantisation error over the layer.

    Found exactly: as the scale shrinks, weights move outwards one level at a time; after every
    move the best scale is (sum w q)/(sum q^2), and the error falls by (sum w q)^2/(sum q^2).
    All moves are sorted and accumulated once: O(N L log N L) for N weights and L levels. A
    continuum of levels is exact at the largest weight.
    """

    def fit(self, weights: Floats, levels: Levels) -> float:
        _reach(levels)
        largest = float(np.abs(weights).max(initial=0.0))
        if levels.continuous or largest == 0.0:
            return MaxWeight().fit(weights, levels)
        w = weights.ravel() / largest  # so that squares of the smallest weights do not vanish
        moves = [_moves(w[w > 0], levels.values), _moves(-w[w < 0], -levels.values[::-1])]
        scale_at, product, square = (np.concatenate(parts) for parts in zip(*moves, strict=True))
        order = np.argsort(-scale_at, kind="stable")
        at_rest = levels.nearest(np.where(w > 0, 1.0, -1.0) * 1e-9 * levels.values[-1])
        products = np.cumsum(np.append(w @ at_rest, product[order]))
        squares = np.cumsum(np.append(at_rest @ at_rest, square[order]))
        gain = np.where(squares > 0, products**2 / np.where(squares > 0, squares, 1.0), 0.0)
        best = int(np.argmax(gain))
        return largest * float(products[best] / squares[best])


def _moves(w: Floats, levels: Floats) -> tuple[Floats, Floats, Floats]:
    """Scales at which positive weights change level, with the changes of sum w q and sum q^2."""
    bounds = (levels[1:] + levels[:-1]) / 2
    outward = bounds > 1e-9 * levels[-1]  # not the one at zero, whatever it rounds to
    low, high = levels[:-1][outward], levels[1:][outward]
    scale_at = w[:, None] / bounds[outward]
    product = w[:, None] * (high - low)
    square = np.broadcast_to(high**2 - low**2, scale_at.shape)
    return scale_at.ravel(), product.ravel(), square.ravel()


def _reach(levels: Levels) -> float:
    """The largest level's magnitude, which must not be zero."""
    reach = float(np.abs(levels.values).max())
    if not reach > 0:
        raise ValueError(
            "all conductance states are equal, so they cannot hold weights; use a junction with "
            "TMR above zero"
        )
    return reach
