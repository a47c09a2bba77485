"""The range of a layer's inputs."""

import numpy as np

from device_models.checks import Floats

Range = tuple[float, float]
"""The lowest and the highest."""
UNKNOWN: Range = (-1.0, 1.0)
"""Inputs of a layer of which nothing else is known, in its units."""


def input_range(inputs: Floats | None, bits: int | None) -> Range:
    """Smallest and largest input of a layer; the largest gets the read voltage.

    Of typical `inputs`, any shape. One-sided if none is negative. A converter's two-sided range
    is that of two's complement, so that zero is one of its levels.
    """
    reach = 1.0 if inputs is None else max(1.0, float(np.abs(inputs).max()))
    if inputs is not None and inputs.min() >= 0:
        return 0.0, reach
    half = 2.0 ** ((bits or 2) - 1)
    return (-reach * half / (half - 1) if bits is not None and bits > 1 else -reach), reach


def checked_range(name: str, limits: Range) -> Range:
    """A range that holds zero, or an error."""
    low, high = (float(end) for end in limits)
    if not (np.isfinite(low) and np.isfinite(high) and low <= 0.0 <= high and low < high):
        raise ValueError(f"{name} is ({low:g}, {high:g}); expected two finite numbers, the lower "
                         "one first, with zero between them")
    return low, high
