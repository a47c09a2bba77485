"""How many weight units one siemens of conductance difference stands for."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from crossbar.mapping.least_squares import best_scale
from crossbar.mapping.levels import Levels
from device_models.checks import Floats, positive


class Scale(Protocol):
    """A rule that chooses the weight scale of a layer."""

    def fit(self, weights: Floats, levels: Levels) -> float | Floats:
        """Weight per siemens, above zero: one number for `weights` of any shape, or (outputs,) for
        a matrix (inputs, outputs) of them."""


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

    Found among all scales, within 1e-13 of the error that it takes away, in 16 bytes a weight and
    some milliseconds for 1e5 of them; how: `crossbar.mapping.least_squares`. A continuum of levels
    takes the largest weight as its end: exact where it reaches down to zero.
    """

    def fit(self, weights: Floats, levels: Levels) -> float:
        if levels.continuous or not np.any(weights) or not levels.reach:
            return MaxWeight().fit(weights, levels)
        return best_scale(np.asarray(weights, np.float64), levels)


@dataclass(frozen=True)
class Percentile:
    """The outermost level stands for this percentile of the layer's |w|; the rest is clipped.

    Parameters
    ----------
    percent : float
        1 to 100, which clips nothing [per cent].
    """

    percent: float = 99.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "percent", positive("percent", self.percent, "1"))
        if self.percent > 100:
            raise ValueError(f"percent is {self.percent:g}; expected above 0, up to 100")
        if self.percent < 1:
            raise ValueError(f"percent is {self.percent:g}; expected 1 to 100: is "
                             f"{self.percent:g} meant as a fraction? pass {100 * self.percent:g}")

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
