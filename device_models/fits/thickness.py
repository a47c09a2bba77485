"""Laws over the thickness of the free layer: the TMR and the parallel resistance."""

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import Floats, ask_about_tmr, positive, real_array
from device_models.fits.least_squares import Fit, FitError, least_squares, points, spreads
from device_models.fits.shape import bending
from device_models.junction import laws

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
    ask_about_tmr("tmr", y, stacklevel=3)
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
