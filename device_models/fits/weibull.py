"""The Weibull law from breakdown voltages, with 95 % intervals that hold for small samples.

The normal intervals of the information matrix are too short for a handful of devices. These are the
conditional ones: given the sample's configuration, on which the parameters have no influence, the
likelihood itself is the distribution of the pivots ln(V_0/V_0') shape' and shape/shape' [T: R. A.
Fisher (1934); J. F. Lawless, Statistical Models and Methods for Lifetime Data, ch. 5; the pivots
after D. R. Thoman, L. J. Bain and C. E. Antle, Technometrics 11 (1969) 445]. They are exact at
every size where all devices broke, and close where some survived.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.special import gammaincc

from device_models.checks import Floats, real_array, truths, whole
from device_models.fits.least_squares import Fit, FitError

LEAST_BROKEN = 3
"""Two give intervals of the shape over two decades [calc]: nothing to plan with."""
_LEAST_SPREAD = 1e-3  # of ln V; a smaller one is the steps of the source, not of the barriers
_TAILS = (0.025, 0.975)
_POINTS = 801  # of the logarithm of the shape; the integrand is smooth and fades at both ends


def fit_breakdown_weibull(
    voltage: ArrayLike, broken: ArrayLike = True, cells: int = 1
) -> Fit:
    """`scale_voltage` V_0 [V] and `shape` [1] of the Weibull law from breakdown voltages.

    The law of `reliability.breakdown_probability`, by maximum likelihood; intervals as above.

    Parameters
    ----------
    voltage : (devices,) array
        At which each device broke, or up to which it was driven [V].
    broken : (devices,) bool array
        False for a device that did not break; all did if not given. Three or more broke.
    cells : int
        Junctions of a device, the weakest of which breaks; V_0 is that of one.

    Returns
    -------
    Fit
        `residual` is the standard deviation of the voltages around those of the law at their
        ranks [V].
    """
    n = whole("cells", cells, 1)
    v, broke = _sample(voltage, broken)
    logs, highest = np.log(v / v.max()), float(v.max())
    shape = _shape(logs, broke)
    one = highest * float(np.exp(shape * logs).sum() / broke.sum()) ** (1.0 / shape)
    scale, slope = _intervals(logs, broke, shape, n)
    return Fit({"scale_voltage": one * n ** (1.0 / shape), "shape": shape},
               {"scale_voltage": (highest * scale[0], highest * scale[1]), "shape": slope},
               _scatter(v, broke, one, shape))


def _sample(voltage: ArrayLike, broken: ArrayLike) -> tuple[Floats, NDArray[np.bool_]]:
    """Voltages [V] and whether each broke, enough of both."""
    v, broke = real_array("voltage", voltage, "V"), truths("broken", broken)
    if v.ndim != 1 or broke.shape not in ((), v.shape):
        raise FitError(f"voltage has shape {v.shape} and broken {broke.shape}; expected two lists "
                       "of one length")
    if np.any(v <= 0):
        raise FitError(f"voltage [V] goes down to {v.min():g}; expected sizes above zero")
    broke = np.broadcast_to(broke, v.shape)
    count, distinct = np.count_nonzero(broke), len(np.unique(v[broke]))
    if count < LEAST_BROKEN or distinct < 2:
        raise FitError(f"{count} devices broke, at {distinct} different voltages; expected "
                       f"{LEAST_BROKEN} or more, at different voltages: break more devices, or "
                       "grow the voltage in smaller steps")
    if np.ptp(np.log(v[broke])) < _LEAST_SPREAD:
        raise FitError(f"the {count} devices broke within {np.ptp(v[broke]):.2g} V of "
                       f"{v.max():g} V; expected different voltages, {_LEAST_SPREAD:g} of them "
                       "apart or more: grow the voltage in steps below the spread, and pass each "
                       "device once")
    return v, broke


def _shape(logs: Floats, broke: NDArray[np.bool_]) -> float:
    """The likeliest shape for logarithms of voltages, 0 the largest [1]."""

    def score(log_shape: float) -> float:
        shape = np.exp(log_shape)
        weight = np.exp(shape * logs)
        return float(weight @ logs / weight.sum() - 1.0 / shape - logs[broke].mean())

    about = np.log(1.3 / logs[broke].std())
    low, high = about - 2.0, about + 2.0
    while score(low) > 0:
        low -= 2.0
    while score(high) < 0:
        high += 2.0
    return float(np.exp(brentq(score, low, high, xtol=1e-13)))


def _intervals(
    logs: Floats, broke: NDArray[np.bool_], best: float, cells: int
) -> tuple[tuple[float, float], tuple[float, float]]:
    """Of V_0 in highest voltages, and of the shape [1], from logarithms as in `_shape`.

    With r broken devices and S = sum v^shape, the shape has the density shape^(r-1) prod v^shape
    / S^r per unit of its logarithm, and V_0^-shape, given the shape, a gamma distribution of
    order r and rate S cells.
    """
    r = float(np.count_nonzero(broke))
    log_shape = np.log(best) + np.linspace(-1.0, 1.0, _POINTS) * min(12.0 / np.sqrt(r) + 0.5, 6.0)
    shape = np.exp(log_shape)
    log_sum = np.log([np.exp(each * logs).sum() for each in shape])
    density = (r - 1.0) * log_shape + shape * logs[broke].sum() - r * log_sum
    weight = np.exp(density - density.max())
    weight /= weight.sum()
    below = np.cumsum(weight) - weight / 2.0

    def scale_below(log_scale: float, share: float = 0.0) -> float:
        rate = np.exp(np.minimum(log_sum - shape * log_scale, 600.0))
        return float(weight @ gammaincc(r, cells * rate)) - share

    reach = 1.0 / best
    while scale_below(-reach) > _TAILS[0] or scale_below(reach) < _TAILS[1]:
        reach *= 2.0
    low, high = (float(np.exp(brentq(scale_below, -reach, reach, (tail,), xtol=1e-13)))
                 for tail in _TAILS)
    slope = np.exp(np.interp(_TAILS, below, log_shape))
    return (low, high), (float(slope[0]), float(slope[1]))


def _scatter(v: Floats, broke: NDArray[np.bool_], scale: float, shape: float) -> float:
    """Root mean square of broken devices' voltages less the law's at their ranks [V].

    Ranks after G. R. Herd and L. G. Johnson, in which survivors only thin out those who follow [T].
    """
    order = np.argsort(v, kind="stable")
    left = np.arange(len(v), 0, -1.0)
    survive = np.cumprod(np.where(broke[order], left / (left + 1.0), 1.0))
    law = scale * (-np.log(survive)) ** (1.0 / shape)
    return float(np.sqrt(np.mean((v[order] - law)[broke[order]] ** 2)))
