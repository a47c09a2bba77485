"""How far an iteration goes at each step, so that it converges as fast as Chebyshev's.

A step of line relaxation multiplies each mode of the error by a number: those of the wires by one
between 0 and that of the slowest mode; those of the devices, where they are steeper than the
conductances that stand for them, by a negative one. Steps of different lengths, a cycle of them,
make the product of a cycle a Chebyshev polynomial, the smallest on such an interval: two steps then
do what four of equal length do, and no array more is kept.
"""

import math

_CYCLE = (1, 7, 3, 5)  # the roots, in an order that keeps partial products small
_FAST = 0.05  # slowest mode below which equal steps are as good
_NEGATIVE = 0.2  # share of the slowest mode to which negative ones go; measured, see `Pace`


class Pace:
    """The length of every step, and what is to be expected of it.

    Parameters
    ----------
    slowest : float
        What a step multiplies the slowest mode of the wires by, 0 to 1.
    """

    def __init__(self, slowest: float) -> None:
        self._cycle = [1.0] if slowest < _FAST else _lengths(-_NEGATIVE * slowest, slowest)
        self._expected = 0.0 if slowest < _FAST else _rate(-_NEGATIVE * slowest, slowest)
        self._residuals: list[float] = []

    @property
    def length(self) -> float:
        """Of the next step; the first one is plain."""
        steps = len(self._residuals)
        return self._cycle[(steps - 1) % len(self._cycle)] if steps else 1.0

    @property
    def rate(self) -> float:
        """Contraction of the residual in a step, in the mean: as seen in a cycle, or expected."""
        span = len(self._cycle)
        if len(self._residuals) <= span:
            return self._expected
        return float((self._residuals[-1] / self._residuals[-1 - span]) ** (1 / span))

    def saw(self, residual: float) -> None:
        """Take note of the residual after a step."""
        self._residuals.append(residual)


def _lengths(low: float, high: float) -> list[float]:
    """Of a cycle for modes that are multiplied by `low` to `high` in a plain step."""
    middle, half = (low + high) / 2, (high - low) / 2
    roots = (math.cos(math.pi * k / (2 * len(_CYCLE))) for k in _CYCLE)
    return [1.0 / (1.0 - middle - half * root) for root in roots]


def _rate(low: float, high: float) -> float:
    """Contraction of a step of such a cycle, in the mean."""
    middle, half = (low + high) / 2, (high - low) / 2
    steps = len(_CYCLE)
    return float(math.cosh(steps * math.acosh((1.0 - middle) / half)) ** (-1 / steps))
