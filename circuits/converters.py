"""Converters between digital numbers and analog quantities."""

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
    if not low < high:
        raise ValueError(f"converter range is {low}..{high}; expected low < high")
    codes = np.rint((np.clip(x, low, high) - low) * (steps / (high - low)))
    return np.asarray(low + codes * ((high - low) / steps))
