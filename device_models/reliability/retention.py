"""How long a state lasts by itself."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from device_models.checks import Floats, fitting, nonnegative_array, positive, share_array
from device_models.magnet.free_layer import ATTEMPT_TIME

YEAR = 365.25 * 86400.0  # [s]


def retention_failure(
    time: ArrayLike, stability: ArrayLike, attempt_time: float = ATTEMPT_TIME
) -> Floats:
    """Probability [1] that a state is lost within `time` [s]: 1 - exp(-(t/tau0) exp(-Delta)).

    `stability` Delta [1], `attempt_time` tau0 [s]; accurate however small [T: Neel, Brown].
    """
    fitting(time=time, stability=stability)
    tries = nonnegative_array("time", time, "s") / positive("attempt_time", attempt_time, "s")
    return np.asarray(-np.expm1(-tries * np.exp(-nonnegative_array("stability", stability, "1"))))


def two_state_loss(
    time: ArrayLike, stability: ArrayLike, other: ArrayLike, attempt_time: float = ATTEMPT_TIME
) -> Floats:
    """Probability [1] that a cell is found in its other state after `time` [s].

        r1/(r1 + r2) (1 - exp(-(r1 + r2) t)),   r1 = exp(-Delta)/tau0,  r2 = exp(-Delta_other)/tau0

    of the two states' balance of rates: what has left may have come back, which
    `retention_failure` leaves out. `stability` Delta [1] is that of the state it is in, `other` of
    the one it may be found in; `attempt_time` tau0 [s]; they broadcast; accurate however small
    [T: Neel, Brown].
    """
    fitting(time=time, stability=stability, other=other)
    out, back = nonnegative_array("stability", stability, "1"), nonnegative_array("other", other,
                                                                                  "1")
    with np.errstate(over="ignore", invalid="ignore"):  # endless tries leave the balance
        tries = nonnegative_array("time", time, "s") / positive("attempt_time", attempt_time, "s")
        rate = np.exp(-out) + np.exp(-back)
        settled = -np.expm1(-np.where(rate > 0, tries * rate, 0.0))
    return np.asarray(expit(back - out) * settled)


def required_stability(
    time: ArrayLike, failure: ArrayLike, attempt_time: float = ATTEMPT_TIME
) -> Floats:
    """Delta [1] that keeps the loss within `time` [s] to `failure` [1]; zero where any will do.

    The inverse of `retention_failure`: 10 years at 1e-6 need 54 [calc].
    """
    fitting(time=time, failure=failure)
    tries = nonnegative_array("time", time, "s") / positive("attempt_time", attempt_time, "s")
    hazard = -np.log1p(-share_array("failure", failure))
    with np.errstate(divide="ignore"):
        return np.asarray(np.maximum(np.log(tries / hazard), 0.0))
