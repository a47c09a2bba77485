"""The points that no other one beats, and the knee among them."""

import numpy as np
from numpy.typing import NDArray

from device_models.checks import Floats

_ROUNDING = 1e-9  # of heights above the chord


def pareto(energy: Floats, accuracy: Floats) -> NDArray[np.intp]:
    """Numbers of the points that no other one betters in one and equals in the other, the least
    energy first."""
    order = np.lexsort((-accuracy, energy))
    best, kept = -np.inf, []
    for point in order:
        if accuracy[point] > best:
            best = accuracy[point]
            kept.append(point)
    return np.array(kept, np.intp)


def knee(energy: Floats, accuracy: Floats) -> int | None:
    """Number of the point of the front that bulges most towards little energy and high accuracy.

    The farthest above the chord between the front's ends, over the logarithm of energy (Satopaa et
    al., ICDCS Workshops 2011, doi:10.1109/ICDCSW.2011.20). None if no point is above it: what is
    saved costs as much accuracy everywhere, or more at first.
    """
    front = pareto(energy, accuracy)
    if len(front) < 3:
        return None
    x, y = np.log(energy[front]), accuracy[front]
    above = (y - y[0]) / (y[-1] - y[0]) - (x - x[0]) / (x[-1] - x[0])
    highest = int(np.argmax(above))
    return int(front[highest]) if above[highest] > _ROUNDING else None
