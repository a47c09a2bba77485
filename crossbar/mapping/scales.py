"""How many weight units one siemens of conductance difference stands for."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from crossbar.mapping.levels import Levels
from device_models.checks import Floats, positive


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
        reach = levels.reach
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
    continuum of levels takes the largest weight as its end: exact where it reaches down to zero.
    """

    def fit(self, weights: Floats, levels: Levels) -> float:
        largest = float(np.abs(weights).max(initial=0.0))
        if levels.continuous or largest == 0.0 or not levels.reach:
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


@dataclass(frozen=True)
class Percentile:
    """The outermost level stands for this percentile of the layer's |w|; the rest is clipped.

    Parameters
    ----------
    percent : float
        Above 0, up to 100, which clips nothing [1].
    """

    percent: float = 99.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "percent", positive("percent", self.percent, "1"))
        if self.percent > 100:
            raise ValueError(f"percent is {self.percent:g}; expected above 0, up to 100")

    def fit(self, weights: Floats, levels: Levels) -> float:
        return _outermost(np.percentile(np.abs(weights), self.percent), levels)


@dataclass(frozen=True)
class MeanMagnitude:
    """The outermost level stands for `factor` [1] times the layer's mean |w|.

    With 2 levels and a factor of 1 it is the least-squares scale of binary networks (M. Rastegari
    et al., XNOR-Net, ECCV 2016).
    """

    factor: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "factor", positive("factor", self.factor, "1"))

    def fit(self, weights: Floats, levels: Levels) -> float:
        return _outermost(self.factor * np.abs(weights).mean(), levels)


@dataclass(frozen=True)
class StandardDeviation:
    """The outermost level stands for `factor` [1] times the layer's standard deviation of w."""

    factor: float = 1.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "factor", positive("factor", self.factor, "1"))

    def fit(self, weights: Floats, levels: Levels) -> float:
        return _outermost(self.factor * weights.std(), levels)


def _outermost(weight: float, levels: Levels) -> float:
    """The scale that puts `weight` on the outermost level; of a layer without weights, any."""
    return float(weight or 1.0) / levels.reach


def _moves(w: Floats, levels: Floats) -> tuple[Floats, Floats, Floats]:
    """Scales at which positive weights change level, with the changes of sum w q and sum q^2."""
    bounds = (levels[1:] + levels[:-1]) / 2
    outward = bounds > 1e-9 * levels[-1]  # not the one at zero, whatever it rounds to
    low, high = levels[:-1][outward], levels[1:][outward]
    scale_at = w[:, None] / bounds[outward]
    product = w[:, None] * (high - low)
    square = np.broadcast_to(high**2 - low**2, scale_at.shape)
    return scale_at.ravel(), product.ravel(), square.ravel()
