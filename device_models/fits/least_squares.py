"""What every fit returns or raises, and least squares with Student's intervals."""

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import OptimizeWarning, curve_fit
from scipy.special import stdtrit

from device_models.checks import Floats, real_array


class FitError(ValueError):
    """Measurements that do not determine the law; the message says what to add."""


@dataclass(frozen=True)
class Fit:
    """Parameters found, each by name in SI.

    Parameters
    ----------
    values : mapping
        Best values.
    intervals : mapping
        95 % confidence intervals (low, high).
    residual : float
        Standard deviation of the points around the law, in the points' unit.
    """

    values: Mapping[str, float]
    intervals: Mapping[str, tuple[float, float]]
    residual: float

    def __getitem__(self, name: str) -> float:
        return self.values[name]


def points(
    x: tuple[str, ArrayLike, str], y: tuple[str, ArrayLike, str], least: int
) -> tuple[Floats, Floats]:
    """Two checked arrays of one length, each given as (name, values, unit)."""
    a, b = real_array(*x), real_array(*y)
    if a.ndim != 1 or a.shape != b.shape:
        raise FitError(f"{x[0]} has shape {a.shape} and {y[0]} {b.shape}; expected two lists of "
                       "one length")
    if len(a) < least or len(np.unique(a)) < least - 1:
        raise FitError(f"{len(a)} points at {len(np.unique(a))} different {x[0]}; the law takes "
                       f"{least} or more: measure more, or fix what you know")
    return a, b


def spreads(spread: ArrayLike | None, y: Floats) -> Floats | None:
    """Checked standard deviations of `y`, one each [its unit]; None if not given."""
    if spread is None:
        return None
    given = real_array("spread", spread, "as the points")
    if given.shape not in ((), y.shape):
        raise FitError(f"spread has shape {given.shape}; expected one number, or one for each "
                       f"of the {len(y)} points")
    if np.any(given <= 0):
        raise FitError(f"spread is {given.min():g}; expected more than zero")
    return np.broadcast_to(given, y.shape)


def least_squares(
    law: Callable[..., Floats], x: Floats, y: Floats, guess: tuple[float, ...],
    scales: Mapping[str, float], spread: ArrayLike | None,
) -> Fit:
    """Least squares of scaled parameters, and Student intervals, for the fits of this package.

    The intervals are the linear ones of Student's t, from the scatter of the points around the law
    unless their standard deviations are given.
    """
    sigma = spreads(spread, y)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", OptimizeWarning)
            warnings.simplefilter("ignore", RuntimeWarning)  # trial steps may overflow
            found, covariance = curve_fit(
                law, x, y, guess, sigma, sigma is not None, maxfev=5000)
    except (RuntimeError, OptimizeWarning) as error:
        raise FitError(f"no best parameters: {error}; the points may not determine the law") from (
            error)
    freedom = len(y) - len(found)
    factor = stdtrit(max(freedom, 1) if sigma is None else 10**6, 0.975)
    half = factor * np.sqrt(np.diag(covariance))
    values = {name: float(p * scale) for (name, scale), p in zip(
        scales.items(), found, strict=True)}
    bounds = {name: (values[name] - float(h) * scale, values[name] + float(h) * scale)
              for (name, scale), h in zip(scales.items(), half, strict=True)}
    residual = float(np.sqrt(np.sum((y - law(x, *found)) ** 2) / max(freedom, 1)))
    return Fit(values, bounds, residual)
