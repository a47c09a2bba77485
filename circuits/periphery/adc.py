"""Analog quantities to digital numbers."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from circuits.periphery.converter import Codes, Converter
from circuits.periphery.quantisation import nearest_codes
from device_models.checks import Floats, real_array


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

    @property
    def points(self) -> Floats:
        """Values above which the next code begins, (2^bits - 1,) [unit of the range].

        The code of a value is the number of those below it; those of missing codes are equal.
        """
        within = self._thresholds * self.lsb - self.whole_offset
        return np.asarray(self.low + within / (1 + self.whole_gain_error))

    def codes(self, values: ArrayLike) -> Codes:
        """Codes 0..2^bits - 1 for analog `values`; those outside the range are clipped to it."""
        x = real_array("values", values, "unit of the range")
        gain_error, offset = self.whole_gain_error, self.whole_offset
        seen = self.low + (x - self.low) * (1 + gain_error) + offset
        if gain_error == 0 and offset == 0:
            seen = x
        if self.dnl == 0:
            return np.asarray(nearest_codes(seen, self.steps, self.low, self.high), np.int64)
        return np.asarray(np.searchsorted(self._thresholds, (seen - self.low) / self.lsb), np.int64)

    def convert(self, values: ArrayLike) -> Floats:
        """What the codes of `values` stand for, in the unit of the range."""
        return np.asarray(self.low + self.codes(values) * self.lsb)
