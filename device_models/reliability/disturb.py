"""What reading does to a state."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import elementary_charge, hbar

from device_models.checks import (
    Floats,
    fitting,
    nonnegative_array,
    positive,
    positive_array,
    truths,
)
from device_models.magnet.free_layer import ATTEMPT_TIME
from device_models.reliability.retention import retention_failure

PERPENDICULAR_EXPONENT = 2.0
"""Of the barrier of a layer whose easy axis is that of the spins: the torque then acts on it as a
field along this axis, I/I_c0 of H_k, exactly [T: W. H. Butler et al., IEEE Trans. Magn. 48 (2012)
4684; T. Taniguchi and H. Imamura, Phys. Rev. B 83 (2011) 054432]."""

IN_PLANE_EXPONENT = 1.0
"""Of the barrier of a layer in the plane: the torque weighs against the damping on its orbits, and
I_c0 is the mean over them (`magnet.orbits`), up to where the bottom of the well loses its stability
[T: D. M. Apalkov and P. B. Visscher, Phys. Rev. B 72 (2005) 180405(R)]."""


def read_disturb(
    stability: ArrayLike, current: ArrayLike, critical_current: ArrayLike, duration: ArrayLike,
    attempt_time: float = ATTEMPT_TIME, exponent: float = IN_PLANE_EXPONENT,
) -> Floats:
    """Probability [1] that reading for `duration` [s] in all flips a cell.

    The barrier `stability` falls to Delta (1 - I/I_c0)^exponent, I = `current` [A] of the read
    *through the junction*, I_c0 the `critical_current` [A] of spin transfer by it, that of the
    cell's own state (`state_disturb_current`); the channel's, which writes, is another. At or above
    it nothing of the barrier is left. `exponent` [1]: PERPENDICULAR_EXPONENT out of the plane,
    IN_PLANE_EXPONENT, the default, in it.
    """
    fitting(stability=stability, current=current, critical_current=critical_current,
            duration=duration)
    critical = positive_array("critical_current", critical_current, "A")
    left = np.maximum(1.0 - nonnegative_array("current", current, "A") / critical, 0.0)
    barrier = nonnegative_array("stability", stability, "1") * left ** positive(
        "exponent", exponent, "1")
    return retention_failure(duration, barrier, attempt_time)


def disturb_current(
    damping: ArrayLike, polarisation: ArrayLike, ms: ArrayLike, volume: ArrayLike,
    field: ArrayLike,
) -> Floats:
    """I_c0 [A] of spin transfer through a junction, which does away with a state's barrier.

        I_c0 = (2 e/hbar) (alpha/P) M_s V B

    with `damping` alpha [1], `polarisation` P [1] of the current (`junction.laws.polarisation` has
    it of the TMR), `ms` M_s [A/m], `volume` V [m^3] and `field` B [T] what torque and damping
    balance at: in the plane the mean over the orbits, `magnet.orbits`, out of it the mean of its
    two hard axes; all broadcast [T: J. Z. Sun, Phys. Rev. B 62 (2000) 570; J. C. Slonczewski, J.
    Magn. Magn. Mater. 159 (1996) L1]. This is the mean of the two states; `state_disturb_current`
    is each one's.
    """
    fitting(damping=damping, polarisation=polarisation, ms=ms, volume=volume, field=field)
    torque = positive_array("polarisation", polarisation, "1")
    moment = nonnegative_array("ms", ms, "A/m") * nonnegative_array("volume", volume, "m^3")
    return np.asarray(2.0 * elementary_charge / hbar * nonnegative_array("damping", damping, "1")
                      / torque * moment * nonnegative_array("field", field, "T"))


def state_disturb_current(mean: ArrayLike, tmr: ArrayLike, parallel: ArrayLike) -> Floats:
    """I_c0 [A] of the state that a cell is in, from the `mean` of both, as `disturb_current` [A].

    In a tunnel junction a parallel layer takes 1 + P^2 of the mean to turn, an antiparallel one
    1 - P^2, with Julliere's P of the `tmr` [1]. As the conductances are in the same ratio, both
    states meet one critical *voltage* at low bias [T: J. C. Slonczewski, Phys. Rev. B 71 (2005)
    024411]. `parallel` bool; all broadcast.
    """
    ratio, state = nonnegative_array("tmr", tmr, "1"), truths("parallel", parallel)
    fitting(mean=mean, tmr=ratio, parallel=state)
    return np.asarray(positive_array("mean", mean, "A")
                      * np.where(state, 1.0 + ratio, 1.0) * 2.0 / (2.0 + ratio))
