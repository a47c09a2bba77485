"""An ideal uniform converter, as a function."""

import math

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import Floats, real_array, whole


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
    return np.asarray(low + nearest_codes(x, steps, low, high) * ((high - low) / steps))


def nearest_codes(values: Floats, steps: int, low: float, high: float) -> Floats:
    """The nearest of the codes 0..steps, which are spread evenly over low..high."""
    return np.asarray(np.rint((np.clip(values, low, high) - low) * (steps / (high - low))))
