"""What reading does to a state."""

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import Floats, fitting, nonnegative_array, positive_array
from device_models.magnet.free_layer import ATTEMPT_TIME
from device_models.reliability.retention import retention_failure


def read_disturb(
    stability: ArrayLike, current: ArrayLike, critical_current: ArrayLike, duration: ArrayLike,
    attempt_time: float = ATTEMPT_TIME,
) -> Floats:
    """Probability [1] that reading for `duration` [s] in all flips a cell.

    The barrier falls to Delta (1 - I/I_c0), I = `current` [A] of the read, against its
    `critical_current` [A]; at or above it nothing of the barrier is left [T: Neel, Brown].
    """
    fitting(stability=stability, current=current, critical_current=critical_current,
            duration=duration)
    critical = positive_array("critical_current", critical_current, "A")
    left = np.maximum(1.0 - nonnegative_array("current", current, "A") / critical, 0.0)
    barrier = nonnegative_array("stability", stability, "1") * left
    return retention_failure(duration, barrier, attempt_time)
