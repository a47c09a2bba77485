"""Converters between digital numbers and analog quantities."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from device_models.checks import Floats, nonnegative, positive, real_array, whole

Codes = NDArray[np.int64]

_MOST_TABULATED = 24  # bits of a converter with drawn steps: 2^24 of them


def quantise(values: ArrayLike, bits: int | None, low: float, high: float) -> Floats:
    """What an ideal uniform converter of 2^bits levels over low..high makes of `values`.

    Any shape and unit; values outside the range are clipped to it. `bits=None` returns the values
    as they are.
    """
    x = real_array("values", values, "any unit")
    if bits is None:
        return x
    steps = 2 ** whole("bits", bits, 1) - 1
    if not low < high or not math.isfinite(high - low):
        raise ValueError(f"converter range is {low}..{high}; expected low < high, both finite")
    return np.asarray(low + _nearest(x, steps, low, high) * ((high - low) / steps))


def _nearest(x: Floats, steps: int, low: float, high: float) -> Floats:
    """The nearest of the codes 0..steps, which are spread evenly over low..high."""
    return np.asarray(np.rint((np.clip(x, low, high) - low) * (steps / (high - low))))


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


@dataclass(frozen=True)
class DAC(Converter):
    """A digital-to-analog converter: steps between its outputs have errors.

    Its outputs rise with its codes as long as no step is off by -1 LSB or more.
    """

    @cached_property
    def inl(self) -> Floats:
        """Integral nonlinearity of the outputs, (2^bits,) [LSB]."""
        return self._drawn(self.steps + 1)

    def codes(self, values: ArrayLike) -> Codes:
        """The codes 0..2^bits - 1 whose ideal outputs are nearest to `values`."""
        x = real_array("values", values, "unit of the range")
        return np.asarray(_nearest(x, self.steps, self.low, self.high), np.int64)

    def convert(self, values: ArrayLike) -> Floats:
        """Analog outputs for `values`."""
        codes = self.codes(values)
        level = codes + self.inl[codes] if self.dnl else codes.astype(float)
        return np.asarray(self.low + self.offset + level * (self.lsb * (1 + self.gain_error)))


@dataclass(frozen=True)
class ADC(Converter):
    """An analog-to-digital converter: thresholds between its codes have errors.

    Where a step is off by -1 LSB or more, codes are missing; codes never fall with rising values.
    """

    @cached_property
    def inl(self) -> Floats:
        """Integral nonlinearity of the thresholds, (2^bits - 1,) [LSB]."""
        return self._drawn(self.steps)

    @cached_property
    def _thresholds(self) -> Floats:
        """Where codes begin, in LSB above `low`; those of missing codes where the next begins."""
        return np.maximum.accumulate(np.arange(self.steps) + 0.5 + self.inl)

    def codes(self, values: ArrayLike) -> Codes:
        """Codes 0..2^bits - 1 for analog `values`; those outside the range are clipped to it."""
        x = real_array("values", values, "unit of the range")
        seen = self.low + (x - self.low) * (1 + self.gain_error) + self.offset
        if self.gain_error == 0 and self.offset == 0:
            seen = x
        if self.dnl == 0:
            return np.asarray(_nearest(seen, self.steps, self.low, self.high), np.int64)
        return np.asarray(np.searchsorted(self._thresholds, (seen - self.low) / self.lsb), np.int64)

    def convert(self, values: ArrayLike) -> Floats:
        """What the codes of `values` stand for, in the unit of the range."""
        return np.asarray(self.low + self.codes(values) * self.lsb)


@dataclass(frozen=True)
class BitSerial:
    """Inputs streamed bit by bit: one cycle per bit, no DAC but a switch.

    Inputs from -high to high become planes of -1, 0 and 1, negative inputs negative planes. For
    linear circuits, `shift_and_add` of the responses to the planes is the response to the input.

    Parameters
    ----------
    bits : int
        Cycles; the resolution of an input's magnitude.
    high : float
        The largest input, in any unit; larger ones are clipped.
    """

    bits: int
    high: float = 1.0

    def __post_init__(self) -> None:
        whole("bits", self.bits, 1)
        positive("high", self.high, "unit of the inputs")

    def planes(self, values: ArrayLike) -> Codes:
        """Planes (bits, ...) of -1, 0 and 1 of `values` (...), the least significant bit first."""
        x = real_array("values", values, "unit of high")
        codes = _nearest(np.abs(x), 2**self.bits - 1, 0.0, self.high).astype(np.int64)
        shifts = np.arange(self.bits).reshape(-1, *np.ones(x.ndim, int))
        return np.asarray(np.where(x < 0, -1, 1) * (codes >> shifts & 1))

    def shift_and_add(self, responses: ArrayLike) -> Floats:
        """The response (...) to an input, from those (bits, ...) to its planes.

        Of the planes themselves it is the input as the ideal converter of `bits` quantises it.
        """
        y = real_array("responses", responses, "any unit")
        if y.ndim == 0 or len(y) != self.bits:
            raise ValueError(f"responses has shape {y.shape}; expected ({self.bits}, ...)")
        total = np.tensordot(2.0 ** np.arange(self.bits), y, axes=1)
        return np.asarray(total * (self.high / (2**self.bits - 1)))
