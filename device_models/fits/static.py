"""Parameters of device laws from measurements, with 95 % confidence intervals.

Least squares (scipy.optimize.curve_fit); intervals are the linear ones of Student's t, from the
scatter of the points around the law unless their standard deviations are given. Each result's
names are those of the law's parameters in `device_models.junction.laws` or in a stack file. Fits of
switching and breakdown are in `device_models.fits.switching`.
"""

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import Floats, positive, real_array
from device_models.fits.least_squares import Fit, FitError, least_squares, points, spreads
from device_models.fits.shape import bending, growth_with_bias
from device_models.junction import laws

__all__ = ["Fit", "FitError", "fit_bias_quadratic", "fit_channel_least_squares",
           "fit_coercivity_sharrock", "fit_resistance_quadratic", "fit_tmr_bias_lorentzian",
           "fit_tmr_exponential", "least_squares", "points"]
_STRAIGHT = 100.0  # scales over the measured width: a bend of half a percent of the rise
_VAGUE = 10.0  # half-widths of an interval over the value, more of which says nothing


def fit_tmr_exponential(
    thickness: ArrayLike, tmr: ArrayLike, origin: float | None = None,
    spread: ArrayLike | None = None,
) -> Fit:
    """base + amplitude (exp((t - origin)/scale) - 1): `base` [1], `amplitude` [1], `scale` [m].

    Parameters
    ----------
    thickness, tmr : (points,) arrays
        [m], [1]; 4 points or more.
    origin : float, optional
        Where the TMR is `base` [m]; the least thickness if not given.
    spread : (points,) array, optional
        Standard deviation of each TMR [1].
    """
    t, y = points(("thickness", thickness, "m"), ("tmr", tmr, "1"), 4)
    start = float(t.min()) if origin is None else positive("origin", origin, "m")
    width = float(np.ptp(t))

    def law(x: Floats, base: float, amplitude: float, scale: float) -> Floats:
        return laws.exponential(x, base, amplitude, start, scale * width)

    rise = float(y[np.argmax(t)] - y[np.argmin(t)])
    guess = (float(y[np.argmin(t)]), rise / np.expm1(2.0), 0.5)
    scales = {"base": 1.0, "amplitude": 1.0, "scale": width}
    bending(t, y, spreads(spread, y))
    found = least_squares(law, t, y, guess, scales, spread)
    low, high = found.intervals["scale"]
    if not 0 < found["scale"] < _STRAIGHT * width or high - low > 2 * _VAGUE * found["scale"]:
        raise FitError(f"the TMR is straight over thickness as far as the points tell (scale "
                       f"{found['scale']:.2g} m over {width:.2g} m, 95 % {low:.2g} to {high:.2g}); "
                       "expected it to grow ever faster: use a table or constant law")
    return found


def fit_resistance_quadratic(
    thickness: ArrayLike, resistance: ArrayLike, nodes: ArrayLike | None = None,
    spread: ArrayLike | None = None,
) -> Fit:
    """A parabola by its values `low`, `middle`, `high` [ohm] at three thicknesses.

    Parameters
    ----------
    thickness, resistance : (points,) arrays
        [m], [ohm]; 4 points or more.
    nodes : (3,) array, optional
        Those thicknesses [m]; both ends and the middle of the measured ones if not given.
    spread : (points,) array, optional
        Standard deviation of each resistance [ohm].
    """
    t, y = points(("thickness", thickness, "m"), ("resistance", resistance, "ohm"), 4)
    at = np.linspace(t.min(), t.max(), 3) if nodes is None else real_array("nodes", nodes, "m")
    if at.shape != (3,) or len(np.unique(at)) < 3:
        raise FitError(f"nodes [m] are {at}; a parabola takes three different thicknesses")

    def law(x: Floats, low: float, middle: float, high: float) -> Floats:
        return laws.quadratic(x, at, (low * scale, middle * scale, high * scale))

    scale = float(np.abs(y).max())
    scales = dict.fromkeys(("low", "middle", "high"), scale)
    return least_squares(law, t, y, (1.0, 1.0, 1.0), scales, spread)


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


def fit_coercivity_sharrock(
    time: ArrayLike, coercivity: ArrayLike, attempt_time: float = 1e-9,
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


def fit_channel_least_squares(
    resistance: ArrayLike, length: ArrayLike, width: float, spread: ArrayLike | None = None
) -> Fit:
    """fixed + sheet_resistance length/width: `sheet_resistance` [ohm/sq] and `fixed` [ohm].

    Two lengths alone have no scatter to tell; `channel.fit_channel_two_lengths` solves for them.

    Parameters
    ----------
    resistance, length : (points,) arrays
        From end to end [ohm], [m]; 3 channels or more, of at least two lengths.
    width : float
        Of all of them [m].
    spread : (points,) array, optional
        Standard deviation of each resistance [ohm].
    """
    x, y = points(("length", length, "m"), ("resistance", resistance, "ohm"), 3)
    squares = x / positive("width", width, "m")
    sheet, fixed = np.polyfit(squares, y, 1)
    if sheet <= 0:
        raise FitError(f"the resistance falls with the length, by {-sheet:g} ohm/sq; expected it "
                       "to grow: are the two in one order?")
    scale = float(np.abs(y).max())
    return least_squares(lambda s, slope, at_zero: scale * (at_zero + slope * s), squares, y,
                         (float(sheet) / scale, float(fixed) / scale),
                         {"sheet_resistance": scale, "fixed": scale}, spread)
