"""Laws over the bias: the parallel conductance and the TMR."""

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import Floats, ask_about_tmr
from device_models.fits.least_squares import Fit, FitError, least_squares, points, spreads
from device_models.fits.shape import growth_with_bias
from device_models.junction import laws


def fit_bias_quadratic(
    voltage: ArrayLike, conductance: ArrayLike, spread: ArrayLike | None = None
) -> Fit:
    """G_P (1 + (V/v_p)^2): `g_p` [S] and `v_p` [V] from chord conductances of the parallel state.

    Parameters
    ----------
    voltage, conductance : (points,) arrays
        [V], I/V [S]; 3 points or more, at biases of different size.
    spread : (points,) array, optional
        Standard deviation of each conductance [S].
    """
    v, g = points(("voltage", voltage, "V"), ("conductance", conductance, "S"), 3)
    low, high = np.argmin(np.abs(v)), np.argmax(np.abs(v))
    growth = growth_with_bias("the conductance", v, g, spreads(spread, g))
    guess = (1.0, float(np.abs(v[high])) / np.sqrt(growth))
    scale = float(g[low])

    def law(x: Floats, g_p: float, v_p: float) -> Floats:
        return laws.parallel_conductance(x, g_p * scale, v_p)

    return _above_zero(least_squares(law, v, g, guess, {"g_p": scale, "v_p": 1.0}, spread), "v_p")


def fit_tmr_bias_lorentzian(
    voltage: ArrayLike, tmr: ArrayLike, spread: ArrayLike | None = None
) -> Fit:
    """TMR/(1 + (V/v_h)^2): `tmr` [1] and `v_h` [V] from the TMR over bias.

    `voltage`, `tmr` (points,) arrays [V], [1], 3 points or more; `spread` of each TMR [1].
    """
    v, y = points(("voltage", voltage, "V"), ("tmr", tmr, "1"), 3)
    ask_about_tmr("tmr", y, stacklevel=3)
    low, high = np.argmin(np.abs(v)), np.argmax(np.abs(v))
    if np.any(y <= 0):
        raise FitError(f"tmr [1] goes down to {y.min():g}; expected it above zero at every bias")
    sigma = spreads(spread, y)
    fall = growth_with_bias("1/TMR", v, 1.0 / y, None if sigma is None else sigma / y**2)
    guess = (float(y[low]), float(np.abs(v[high])) / np.sqrt(fall))
    return _above_zero(least_squares(lambda x, tmr, v_h: laws.biased_tmr(x, tmr, v_h), v, y, guess,
                                     {"tmr": 1.0, "v_h": 1.0}, spread), "v_h")


def _above_zero(found: Fit, name: str) -> Fit:
    """The fit, if its interval of a voltage of bias [V] stays above zero."""
    low, high = found.intervals[name]
    if low <= 0:
        raise FitError(f"{name} [V] is {found[name]:.3g}, 95 % {low:.3g} to {high:.3g}; expected "
                       "an interval above zero: the points are flat over bias within their "
                       "scatter, measure at larger biases or more of them")
    return found
