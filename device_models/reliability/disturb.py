"""What reading does to a state."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import elementary_charge, hbar

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


def disturb_current(
    damping: ArrayLike, polarisation: ArrayLike, ms: ArrayLike, volume: ArrayLike,
    field: ArrayLike,
) -> Floats:
    """I_c0 [A] of spin transfer through a junction, at which a state loses its stability at 0 K.

        I_c0 = (2 e/hbar) (alpha/P) M_s V B

    with `damping` alpha [1], `polarisation` P [1] of the current (`junction.laws.polarisation` has
    it of the TMR), `ms` M_s [A/m], `volume` V [m^3] and `field` B [T] the mean of what holds the
    layer back from its two hard axes: mu0 (H_k + M_eff/2) in the plane, mu0 H_k out of it; all
    broadcast [T: J. Z. Sun, Phys. Rev. B 62 (2000) 570; J. C. Slonczewski, J. Magn. Magn. Mater.
    159 (1996) L1]. A tunnel junction takes 1 + P^2 of it in the parallel state and 1 - P^2 in the
    antiparallel one (Slonczewski, Phys. Rev. B 71 (2005) 024411): this is their mean [A].
    """
    fitting(damping=damping, polarisation=polarisation, ms=ms, volume=volume, field=field)
    torque = positive_array("polarisation", polarisation, "1")
    moment = nonnegative_array("ms", ms, "A/m") * nonnegative_array("volume", volume, "m^3")
    return np.asarray(2.0 * elementary_charge / hbar * nonnegative_array("damping", damping, "1")
                      / torque * moment * nonnegative_array("field", field, "T"))
