"""What converters between numbers and analog quantities have in common."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from device_models.checks import Floats, fraction, nonnegative, positive, real_array, whole

Codes = NDArray[np.int64]

_MOST_TABULATED = 24  # bits of a converter with drawn steps: 2^24 of them


@dataclass(frozen=True)
class Converter(ABC):
    """A uniform converter of 2^bits codes with static errors: one piece of hardware.

    Many of a kind, each with errors of its own, are `each(count, seed)`, or their `table`.

    Parameters
    ----------
    bits : int
        Resolution.
    low, high : float
        Analog values of the first and the last code, in any unit.
    offset : float
        Added to every analog value [unit of low].
    gain_error : float
        Relative error of the span, about `low` [1].
    dnl : float
        Standard deviation of the steps, their differential nonlinearity [LSB]; 0 is uniform.
    seed : int or sequence of int
        Draws the steps, the offset and the gain; the same seed is the same converter.
        (seed, j) tells many apart.
    offset_spread : float
        Standard deviation of the offset about `offset` [unit of low].
    gain_spread : float
        Standard deviation of the gain error about `gain_error` [1].

    Raises
    ------
    ValueError, TypeError
        If a number does not fit, or something shall be drawn without a seed, or a gain was drawn
        that is not positive.
    """

    bits: int
    low: float
    high: float
    offset: float = 0.0
    gain_error: float = 0.0
    dnl: float = 0.0
    seed: int | Sequence[int] | None = None
    offset_spread: float = 0.0
    gain_spread: float = 0.0

    def __post_init__(self) -> None:
        whole("bits", self.bits, 1)
        for name in ("low", "high", "offset", "gain_error"):
            value = real_array(name, getattr(self, name), "one number")
            object.__setattr__(self, name, float(value))
        if not self.low < self.high:
            raise ValueError(f"converter range is {self.low}..{self.high}; expected low < high")
        self._check_spreads()
        positive("gain, 1 + gain_error,", 1 + self.gain_error, "1")
        positive(f"gain, drawn with gain_spread {self.gain_spread:g},",
                 1 + self.whole_gain_error, "1")
        if self.dnl > 0 and self.bits > _MOST_TABULATED:
            raise ValueError(f"bits is {self.bits}; expected at most {_MOST_TABULATED} where the "
                             "steps are drawn, or dnl=0")

    def _check_spreads(self) -> None:
        """Refuse what is no spread, and spreads without a seed to draw from."""
        spreads = {"dnl": (nonnegative("dnl", self.dnl, "LSB"), " LSB"),
                   "offset_spread": (nonnegative("offset_spread", self.offset_spread,
                                                 "unit of low"), ""),
                   "gain_spread": (fraction("gain_spread", self.gain_spread, one=False), "")}
        for name, (value, unit) in spreads.items():
            if value > 0 and self.seed is None:
                raise ValueError(f"{name} is {value:g}{unit} without a seed; pass seed=..., an "
                                 "integer")

    @classmethod
    def calibrated(cls, values: ArrayLike, bits: int, percentile: float = 100.0) -> Self:
        """An ideal converter over the range of `values`.

        `percentile` [%] leaves out as many at both ends: 100 none, 99 the lowest and the highest
        1 %. Errors are put in with `dataclasses.replace`; converters that have them are put `over`
        another range.
        """
        x = real_array("values", values, "any unit")
        p = positive("percentile", percentile, "%")
        if x.size == 0 or not 50 < p <= 100:
            raise ValueError(f"{x.size} values and percentile {p:g} %; expected at least one value "
                             "and more than 50 %, at most 100 %")
        low, high = np.percentile(x, [100 - p, p])
        return cls(bits, float(low), float(high))

    def over(self, low: float, high: float) -> Self:
        """The same converter over another range.

        Its steps and gain are the same, its offset in proportion to the span: all that comes
        after or before it is scaled.
        """
        old, new = self.high - self.low, high - low
        return replace(self, low=low, high=high, offset=self.offset * (new / old),
                       offset_spread=self.offset_spread * (new / old))

    def each(self, count: int, seed: int | Sequence[int]) -> tuple[Self, ...]:
        """`count` converters of this kind; number j has the seed (seed, j)."""
        first = tuple(seed) if isinstance(seed, Sequence) else (seed,)
        return tuple(replace(self, seed=(*first, j)) for j in range(whole("count", count, 1)))

    def table(self, count: int, seed: int | Sequence[int]) -> Floats:
        """The `points` of each of `count` converters of this kind, (count, points)."""
        return np.stack([made.points for made in self.each(count, seed)])

    @property
    @abstractmethod
    def points(self) -> Floats:
        """All that it converts by, in the unit of the range: thresholds, or outputs."""

    @property
    def whole_offset(self) -> float:
        """The offset with what was drawn of it [unit of low]."""
        return self.offset + self.offset_spread * self._errors[0]

    @property
    def whole_gain_error(self) -> float:
        """The gain error with what was drawn of it [1]."""
        return self.gain_error + self.gain_spread * self._errors[1]

    @cached_property
    def _errors(self) -> tuple[float, float]:
        """Offset and gain in units of their spreads, from another stream than the steps."""
        if self.offset_spread == 0 and self.gain_spread == 0:
            return 0.0, 0.0
        stream = np.random.SeedSequence(self.seed, spawn_key=(1,))
        offset, gain = np.random.default_rng(stream).standard_normal(2)
        return float(offset), float(gain)

    @property
    def steps(self) -> int:
        """Steps between the first and the last code."""
        return int(2**self.bits - 1)

    @property
    def lsb(self) -> float:
        """The ideal step, in the unit of the range."""
        return (self.high - self.low) / self.steps

    def _drawn(self, points: int) -> Floats:
        """Integral nonlinearity (points,) [LSB], zero at both ends: offset and gain stay exact."""
        if self.dnl == 0 or points < 3:
            return np.zeros(points)
        steps = np.random.default_rng(self.seed).normal(0.0, self.dnl, points - 1)
        inl = np.concatenate([[0.0], np.cumsum(steps - steps.mean())])
        inl[-1] = 0.0
        return inl
