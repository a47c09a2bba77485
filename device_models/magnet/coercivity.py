"""The coercive field that heat leaves in the time of a sweep; fields are mu0 H [T]."""

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import Floats, first, nonnegative_array, positive
from device_models.magnet.free_layer import ATTEMPT_TIME


def sharrock_coercivity(
    anisotropy: ArrayLike, stability: ArrayLike, measurement_time: ArrayLike,
    attempt_time: float = ATTEMPT_TIME,
) -> Floats:
    """mu0 H_c = mu0 H_k (1 - sqrt(ln(t_m/tau0)/Delta)) [T], zero where that is negative.

    `anisotropy` mu0 H_k [T], `stability` Delta [1], `measurement_time` t_m [s], `attempt_time`
    tau0 [s] [T: M. P. Sharrock, J. Appl. Phys. 76 (1994) 6413].
    """
    delta = nonnegative_array("stability", stability, "1")
    ratio = nonnegative_array("measurement_time", measurement_time, "s")
    ratio = ratio / positive("attempt_time", attempt_time, "s")
    if np.any(ratio < 1):
        where, found = first(ratio, ratio < 1)
        raise ValueError(f"measurement_time is {found:g} attempt times{where}; expected at "
                         "least one")
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        lost = np.nan_to_num(np.sqrt(np.log(ratio) / delta), nan=0.0, posinf=np.inf)
    return nonnegative_array("anisotropy", anisotropy, "T") * np.maximum(1.0 - lost, 0.0)
