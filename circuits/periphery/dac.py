"""Digital numbers to analog quantities."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from circuits.periphery.converter import Codes, Converter
from circuits.periphery.quantisation import nearest_codes
from device_models.checks import Floats, real_array


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
        return np.asarray(nearest_codes(x, self.steps, self.low, self.high), np.int64)

    def convert(self, values: ArrayLike) -> Floats:
        """Analog outputs for `values`."""
        codes = self.codes(values)
        return self._outputs(codes + self.inl[codes] if self.dnl else codes.astype(float))

    @property
    def points(self) -> Floats:
        """The output of every code, (2^bits,) [unit of the range]."""
        return self._outputs(np.arange(self.steps + 1) + self.inl)

    def _outputs(self, level: Floats) -> Floats:
        gain = self.lsb * (1 + self.whole_gain_error)
        return np.asarray(self.low + self.whole_offset + level * gain)
