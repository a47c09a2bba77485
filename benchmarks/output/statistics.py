"""Means and intervals over training seeds."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t as student

from device_models.checks import Floats

CONFIDENCE = 0.95


def student_interval(values: ArrayLike) -> tuple[Floats, Floats]:
    """Mean and half the 95 % interval of it over the first axis, by Student's t.

    `values` (seeds, ...), two seeds or more.
    """
    v = np.asarray(values, float)
    if v.shape[0] < 2:
        raise ValueError(f"an interval takes 2 seeds or more; got {v.shape[0]}")
    factor = student.ppf((1 + CONFIDENCE) / 2, len(v) - 1)
    return v.mean(axis=0), np.asarray(factor * v.std(axis=0, ddof=1) / np.sqrt(len(v)))
