"""Inputs without a DAC: one bit after another."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from circuits.periphery.converter import Codes
from circuits.periphery.quantisation import nearest_codes
from device_models.checks import Floats, positive, real_array, whole


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
        codes = nearest_codes(np.abs(x), 2**self.bits - 1, 0.0, self.high).astype(np.int64)
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
