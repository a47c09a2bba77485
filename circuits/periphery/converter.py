"""What converters between numbers and analog quantities have in common."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from device_models.checks import Floats, nonnegative, positive, real_array, whole

Codes = NDArray[np.int64]

_MOST_TABULATED = 24  # bits of a converter with drawn steps: 2^24 of them


@dataclass(frozen=True)
class Converter:
    """A uniform converter of 2^bits codes with static errors: one piece of hardware.

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
        Draws the steps; the same seed is the same converter. (seed, j) tells many apart.

    Raises
    ------
    ValueError, TypeError
        If a number does not fit, or steps shall be drawn without a seed.
    """

    bits: int
    low: float
    high: float
    offset: float = 0.0
    gain_error: float = 0.0
    dnl: float = 0.0
    seed: int | Sequence[int] | None = None

    def __post_init__(self) -> None:
        whole("bits", self.bits, 1)
        for name in ("low", "high", "offset", "gain_error"):
            value = real_array(name, getattr(self, name), "one number")
            object.__setattr__(self, name, float(value))
        if not self.low < self.high:
            raise ValueError(f"converter range is {self.low}..{self.high}; expected low < high")
        positive("gain, 1 + gain_error,", 1 + self.gain_error, "1")
        if nonnegative("dnl", self.dnl, "LSB") > 0 and self.seed is None:
            raise ValueError(f"dnl is {self.dnl:g} LSB without a seed; pass seed=..., an integer")
        if self.dnl > 0 and self.bits > _MOST_TABULATED:
            raise ValueError(f"bits is {self.bits}; expected at most {_MOST_TABULATED} where the "
                             "steps are drawn, or dnl=0")

    @classmethod
    def calibrated(cls, values: ArrayLike, bits: int, percentile: float = 100.0) -> Self:
        """An ideal converter over the range of `values`.

        `percentile` [%] leaves out as many at both ends: 100 none, 99 the lowest and the highest
        1 %. Errors are put in with `dataclasses.replace`.
        """
        x = real_array("values", values, "any unit")
        p = positive("percentile", percentile, "%")
        if x.size == 0 or not 50 < p <= 100:
            raise ValueError(f"{x.size} values and percentile {p:g} %; expected at least one value "
                             "and more than 50 %, at most 100 %")
        low, high = np.percentile(x, [100 - p, p])
        return cls(bits, float(low), float(high))

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
