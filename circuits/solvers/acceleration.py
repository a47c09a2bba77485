"""How far an iteration goes at each step, so that it converges as fast as Chebyshev's.

A step of line relaxation multiplies each mode of the error by a number: those of the wires by one
between 0 and that of the slowest mode; those of the devices, where they are steeper than the
conductances that stand for them, by a negative one. Steps of different lengths, a cycle of them,
make the product of a cycle a Chebyshev polynomial, the smallest on such an interval: two steps then
do what four of equal length do, and no array more is kept.
"""

import math

_CYCLE = (1, 7, 3, 5)  # the roots, in an order that keeps partial products small
# Share of the slowest mode to which negative ones go. Measured with the cubic and the MTJ law, 64 x
# 64, 3 to 300 ohm: 0 to 0.2 are alike, 0.5 takes a tenth more steps.
_NEGATIVE = 0.2
_LEAST = 1e-3  # of the slowest mode, as devices have modes of their own


class Pace:
    """The length of every step, and what is to be expected of it.

    Parameters
    ----------
    slowest : float
        What a step multiplies the slowest mode of the wires by, 0 to 1.
    """

    def __init__(self, slowest: float) -> None:
        slowest = max(slowest, _LEAST)
        low, high = -_NEGATIVE * slowest, slowest
        self._middle, self._half = (low + high) / 2, (high - low) / 2
        self._residuals: list[float] = []

    @property
    def length(self) -> float:
        """Of the next step; the first one is plain."""
        steps = len(self._residuals)
        if steps == 0:
            return 1.0
        root = math.cos(math.pi * _CYCLE[(steps - 1) % len(_CYCLE)] / (2 * len(_CYCLE)))
        return 1.0 / (1.0 - self._middle - self._half * root)

    @property
    def rate(self) -> float:
        """Contraction of the residual in a step, in the mean: as seen in a cycle, or expected."""
        span = len(_CYCLE)
        if len(self._residuals) > span:
            return float((self._residuals[-1] / self._residuals[-1 - span]) ** (1 / span))
        return float(math.cosh(span * math.acosh((1.0 - self._middle) / self._half)) ** (-1 / span))

    def saw(self, residual: float) -> None:
        """Take note of the residual after a step."""
        self._residuals.append(residual)
