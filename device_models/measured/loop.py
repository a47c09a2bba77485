"""A measured hysteresis loop: its two resistances, and where its branches switch.

A branch is a part of the sweep in one direction. A minor loop switches at most once in each; a
branch that switches more often (a major loop, noise) has no coercivity, and is refused.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from device_models.checks import Floats

_SLACK = 0.05  # of the sweep's span: a field that goes back by less has not turned (assumed)
_NEAR = 0.25  # of the swing: a reading this close to a level is in that state (assumed)
_TAIL = 2  # per cent of the readings at either end that may be outliers (assumed)


@dataclass(frozen=True)
class Loop:
    """A measured resistance over a swept field or voltage, in the order it was taken.

    Parameters
    ----------
    swept : (points,) array
        Field mu0 H [T] or voltage [V].
    resistance : (points,) array
        [ohm].
    unit : str
        "T" or "V".
    """

    swept: Floats
    resistance: Floats
    unit: str

    @property
    def levels(self) -> tuple[float, float]:
        """Low and high resistance [ohm]: medians of the readings on either side of the middle.

        The middle is that of the bulk: single readings that stand out of their branch, and the
        outermost 2 % of all, do not move it. Raises ValueError if there is one level only.
        """
        smooth = np.concatenate([_median_of_three(self.resistance[part])
                                 for part in branches(self.swept)] or [self.resistance])
        middle = float(np.mean(np.percentile(smooth, [_TAIL, 100 - _TAIL])))
        low, high = self.resistance <= middle, self.resistance > middle
        if low.all() or high.all():
            raise ValueError(
                f"the loop has one resistance only, about {np.median(self.resistance):g} ohm; "
                f"expected two, each in more than {_TAIL} % of the readings: sweep further, or "
                "cut the sweep down to where it switches")
        return float(np.median(self.resistance[low])), float(np.median(self.resistance[high]))

    @property
    def tmr(self) -> float:
        """(high - low)/low [1]."""
        low, high = self.levels
        return high / low - 1.0

    @property
    def thresholds(self) -> tuple[float, float]:
        """Swept values [T or V] at which it switches, falling and rising; means over branches.

        A crossing of the middle resistance, linear between the two readings around it. A single
        reading that stands out, and noise that does not reach the other level, do not count.

        Raises
        ------
        ValueError
            If a branch switches more than once, or none of a direction does.
        """
        levels, parts = self.levels, branches(self.swept)
        found = [_crossings(self.swept[part], self.resistance[part], levels) for part in parts]
        if any(len(values) > 1 for values in found):
            raise ValueError(self._too_many(found))
        rising = [bool(self.swept[part][-1] > self.swept[part][0]) for part in parts]
        down, up = ([values[0] for values, grows in zip(found, rising, strict=True)
                     if values and grows == wanted] for wanted in (False, True))
        if not down or not up:
            raise ValueError("the loop does not switch both while falling and while rising; "
                             "expected a full loop that goes there and back")
        return float(np.mean(down)), float(np.mean(up))

    @property
    def coercivity(self) -> float:
        """Half the distance between the thresholds [T or V]; errors as of `thresholds`."""
        falling, rising = self.thresholds
        return abs(rising - falling) / 2

    @property
    def offset(self) -> float:
        """The middle of the thresholds [T or V]; errors as of `thresholds`."""
        return sum(self.thresholds) / 2

    def _too_many(self, found: list[list[float]]) -> str:
        """What to do about branches that switch more than once."""
        x, parts = self.swept, branches(self.swept)
        each = "; ".join(f"{x[part][0]:g} to {x[part][-1]:g} {self.unit}: {len(values)}"
                         for part, values in zip(parts, found, strict=True))
        return (f"branches cross the middle resistance this often: {each}; expected once each. Of "
                "a major loop cut out the minor loop: drop the rows beyond the field at which the "
                "reference layer switches. Of a noisy one average several sweeps")


def branches(swept: Floats) -> list[slice]:
    """Parts of a sweep [any unit] in one direction; turning points belong to both their sides.

    A repeated value, or a step back of less than 5 % of the span, is no turn.
    """
    slack, turns, extreme, direction = _SLACK * float(np.ptp(swept)), [0], 0, 0.0
    for i, value in enumerate(swept):
        ahead = float(value - swept[extreme])
        if direction == 0.0:
            if abs(ahead) > slack:
                direction, extreme = float(np.sign(ahead)), i
        elif ahead * direction >= 0:
            extreme = i
        elif abs(ahead) > slack:
            turns.append(extreme)
            direction, extreme = -direction, i
    return [slice(a, b + 1) for a, b in pairwise([*turns, len(swept) - 1]) if b > a]


def _median_of_three(values: Floats) -> Floats:
    """Each value's median with its neighbours; the ends stay."""
    if len(values) < 3:
        return values
    inner = np.median([values[:-2], values[1:-1], values[2:]], axis=0)
    return np.concatenate([values[:1], inner, values[-1:]])


def _crossings(x: Floats, resistance: Floats, levels: tuple[float, float]) -> list[float]:
    """Where one branch goes from near one of the `levels` [ohm] to near the other, in x's unit."""
    (low, high), r = levels, _median_of_three(resistance)
    near = _NEAR * (high - low)
    state = np.where(r < low + near, -1, np.where(r > high - near, 1, 0))
    at = np.flatnonzero(state)
    return [_middle(x[i:j + 1], r[i:j + 1], (low + high) / 2)
            for i, j in pairwise(at) if state[i] != state[j]]


def _middle(x: Floats, r: Floats, middle: float) -> float:
    """Mean place where `r` crosses `middle` [ohm], linear between readings; it does at least once.
    """
    above = r > middle
    i = np.flatnonzero(above[1:] != above[:-1])
    return float(np.mean(x[i] + (middle - r[i]) / (r[i + 1] - r[i]) * (x[i + 1] - x[i])))
