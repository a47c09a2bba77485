"""The coercive field over the time spent at each field."""

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import Floats, positive
from device_models.fits.least_squares import Fit, FitError, least_squares, points
from device_models.magnet.free_layer import ATTEMPT_TIME


def fit_coercivity_sharrock(
    time: ArrayLike, coercivity: ArrayLike, attempt_time: float = ATTEMPT_TIME,
    spread: ArrayLike | None = None,
) -> Fit:
    """H_k (1 - sqrt(ln(time/attempt_time)/Delta)): `anisotropy_field` [T], `stability` [1].

    M. P. Sharrock, J. Appl. Phys. 76, 6413 (1994).

    Parameters
    ----------
    time, coercivity : (points,) arrays
        Time spent at each field [s] and coercive field mu0 H_c [T]; 3 points or more, over
        decades of time.
    attempt_time : float
        tau0 [s].
    spread : (points,) array, optional
        Standard deviation of each coercive field [T].
    """
    x, y = points(("time", time, "s"), ("coercivity", coercivity, "T"), 3)
    tau = positive("attempt_time", attempt_time, "s")
    if np.any(x <= tau):
        raise FitError(f"time [s] is {x.min():g}; expected more than the attempt time of {tau:g}")
    root = np.sqrt(np.log(x / tau))
    slope, at_zero = np.polyfit(root, y, 1)
    if slope >= 0 or at_zero <= 0:
        raise FitError("the coercive field does not fall with time; expected fields that do")
    scale = float(at_zero)

    def law(r: Floats, field: float, stability: float) -> Floats:
        return np.asarray(scale * field * (1 - r / np.sqrt(stability)))

    return least_squares(law, root, y, (1.0, float((at_zero / slope) ** 2)),
                         {"anisotropy_field": scale, "stability": 1.0}, spread)
