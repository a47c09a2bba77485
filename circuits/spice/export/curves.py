"""Curves over bias as polynomials in Newton's form, which a netlist can hold to many digits.

    p(y) = c0 + (y - y0)(c1 + (y - y1)(c2 + ...)),   y = 2 V/limit, from -2 to 2,

through Leja's points y_k: each lies where the product of the distances to those before it is
greatest. On an interval of length 4 these products stay near 1, so that the coefficients are of the
size of the values and rounding does not grow with the degree, as it would with powers of V (L.
Reichel, BIT 30, 332 (1990)).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from device_models.checks import Floats

_MOST_POINTS = 96
_CANDIDATES = 1024  # even, so that zero is none of them: a chord I/V is not asked for there
_SHARE = 0.1  # of the tolerance: what is between the biases that judge is not seen


@dataclass(frozen=True, eq=False)
class Curves:
    """Chord conductances over bias up to `limit`, beyond it as they are there.

    Parameters
    ----------
    points : (degree,) array
        y_k [1].
    coefficients : (curves, degree + 1) array
        c_k [S].
    limit : float
        [V].
    """

    points: Floats
    coefficients: Floats
    limit: float

    def text(self, y: str, points: Sequence[str], coefficients: Sequence[str]) -> str:
        """p as an expression of `y`, with the names or numbers that stand for points and
        coefficients of one curve."""
        found = coefficients[-1]
        for c, at in zip(coefficients[-2::-1], points[::-1], strict=True):
            found = f"{c}+({y}-{at})*({found})"
        return found


def polynomials_of(
    chord: Callable[[Floats], Floats], limit: float, tolerance: float
) -> Curves | None:
    """Polynomials good to a relative `tolerance` [1] up to `limit` [V], of the lowest degree; None
    if 95 is too low. `chord`: biases (n,) [V], none of them zero, to conductances (n, curves) [S].
    """
    y = _leja()
    g = chord(y * limit / 2)
    judges = _between(y)
    expected = chord(judges * limit / 2)
    found = np.zeros_like(expected)
    product, coefficients = np.ones(len(judges)), _differences(y, g)
    for k, c in enumerate(coefficients):
        found += product[:, None] * c
        product *= judges - y[k]
        if np.max(np.abs(found / expected - 1.0)) <= _SHARE * tolerance:
            return Curves(y[:k], coefficients[:k + 1].T.copy(), limit)
    return None


def _leja() -> Floats:
    """The points (96,) [1]."""
    candidates = 2.0 * np.cos(np.pi * (np.arange(_CANDIDATES) + 0.5) / _CANDIDATES)
    points = [candidates[0]]
    size = np.abs(candidates - points[0])
    while len(points) < _MOST_POINTS:
        points.append(candidates[np.argmax(size)])
        size = size * np.abs(candidates - points[-1])
    return np.array(points)


def _between(y: Floats) -> Floats:
    """The middles between neighbours, zero left out, and the ends of the interval."""
    middles = np.convolve(np.sort(y), [0.5, 0.5], "valid")
    return np.concatenate([middles[np.abs(middles) > 1e-6], [-2.0, 2.0]])


def _differences(y: Floats, g: Floats) -> Floats:
    """Divided differences (points, curves) of `g` (points, curves) at `y`."""
    table = g.copy()
    for k in range(1, len(y)):
        table[k:] = (table[k:] - table[k - 1]) / (y[k:] - y[k - 1])[:, None]
    return table
