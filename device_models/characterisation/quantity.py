"""A measured quantity of one free layer: mean, interval, and how many devices it is of."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import t as student

_CONFIDENCE = 0.95


@dataclass(frozen=True)
class Quantity:
    """In SI.

    Parameters
    ----------
    value : float
        The mean, or what a fit found.
    interval : (float, float), optional
        95 %; None of one device.
    count : int
        Devices, or points of a fit.
    spread : float, optional
        Standard deviation over the devices, relative to the mean [1]; None of one.
    source : str
        Files, in words.
    """

    value: float
    interval: tuple[float, float] | None
    count: int
    spread: float | None = None
    source: str = ""

    def tag(self, factor: float = 1.0) -> str:
        """What a stack file says of it, in the unit of which the SI unit has `factor`."""
        known = "" if self.interval is None else (
            f"95 %: {self.interval[0] * factor:.4g} to {self.interval[1] * factor:.4g}, ")
        return f"measured ({known}n = {self.count}; {self.source})"


def mean_of(values: Sequence[float], source: str) -> Quantity:
    """Mean of devices, with Student's interval."""
    v = np.asarray(values, float)
    mean, n = float(v.mean()), len(v)
    if n < 2:
        return Quantity(mean, None, n, None, source)
    deviation = float(v.std(ddof=1))
    half = float(student.ppf((1 + _CONFIDENCE) / 2, n - 1)) * deviation / np.sqrt(n)
    return Quantity(mean, (mean - half, mean + half), n, deviation / abs(mean) if mean else None,
                    source)
