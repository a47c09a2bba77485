"""A contact in series with a junction, whose conductance depends on the voltage left for it."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import Floats

_STEPS = 12  # a contact of a thousandth of the junction takes 4
_HALVINGS = 1100  # down to the smallest share there is
_ROUNDING = 4e-16


def behind_contact(
    chord: Callable[[Floats], Floats], v: ArrayLike, resistance: ArrayLike
) -> Floats:
    """Chord conductance [S] of a junction and a contact in series, at bias `v` [V] over both.

    The share s of the bias that the junction has solves s (1 + R g(s V)) = 1; the chord of both is
    s g(s V). There is one solution where the junction's current grows with its voltage.

    Parameters
    ----------
    chord : function
        Of the junction alone [S], at its own voltages, as `v` broadcast with what else it knows.
    v, resistance : arrays
        [V], and of the contact [ohm].
    """
    bias, r = np.asarray(v, np.float64), np.asarray(resistance, np.float64)
    g = chord(bias)
    share = 1.0 / (1.0 + r * g)
    for _ in range(_STEPS):
        g = chord(bias * share)
        found = 1.0 / (1.0 + r * g)
        near = np.all(np.abs(found - share) <= _ROUNDING * share)
        share = found
        if near:
            return np.asarray(share * g)
    return _bisected(chord, bias, r, share)


def _bisected(
    chord: Callable[[Floats], Floats], bias: Floats, r: Floats, like: Floats
) -> Floats:
    """As `behind_contact`, where a contact takes so much that shares swing; shaped as `like`."""
    low, high = np.zeros_like(like), np.ones_like(like)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        over = middle * (1.0 + r * chord(bias * middle)) > 1.0
        low, high = np.where(over, low, middle), np.where(over, middle, high)
        if np.all(high - low <= _ROUNDING * high):
            break
    return np.asarray(high * chord(bias * high))
