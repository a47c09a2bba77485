"""Whether points look like the law that is fitted to them; if not, an error says how they look."""

import numpy as np

from device_models.checks import Floats
from device_models.fits.least_squares import FitError

_FLAT = 1e-6  # growth at the largest bias [1], below what any meter tells


def growth_with_bias(name: str, v: Floats, y: Floats, spread: Floats | None) -> float:
    """Growth of `y` from no bias to the largest, by the best y0 (1 + growth (V/V_max)^2) [1].

    `name` of y for the error, biases `v` [V], `y` and its `spread` [any unit], all (points,).
    """
    square = (v / np.abs(v).max()) ** 2 if np.any(v) else v
    if np.ptp(square) < 1e-9:
        raise FitError(f"all voltages are {np.abs(v).max():g} V in size; expected biases of "
                       "different size")
    slope, at_zero = np.polyfit(square, y, 1, w=_weights(spread))
    if at_zero <= 0:
        raise FitError(f"{name} is {at_zero:g} at no bias by its trend; expected it above zero: "
                       "leave out biases beyond the law, or use a table")
    growth = float(slope / at_zero)
    if growth < -_FLAT:
        raise FitError(f"{name} falls with bias, by {-100 * growth:.3g} % to "
                       f"{np.abs(v).max():g} V; expected it to grow with the square of the bias: "
                       "are the two states or the units exchanged?")
    if growth < _FLAT:
        raise FitError(f"{name} is flat over bias to {np.abs(v).max():g} V; expected it to grow: "
                       "measure at larger biases, or take the law's voltage from elsewhere")
    return growth


def bending(t: Floats, y: Floats, spread: Floats | None) -> None:
    """Refuse a TMR `y` [1] over thickness `t` [m] that is constant, straight or flattens."""
    x = (t - t.min()) / np.ptp(t)
    size = np.abs(y).max()
    bend, slope = np.polyfit(x, y, 2, w=_weights(spread))[:2]
    average = slope + bend  # from end to end
    if max(abs(bend), abs(average)) <= 1e-9 * size:
        raise FitError("the TMR does not change with thickness; expected it to grow: use a "
                       "constant law")
    if abs(bend) <= 1e-6 * abs(average):
        raise FitError("the TMR is straight over thickness; expected it to grow ever faster: use a "
                       "table or constant law")
    if average * bend < 0:
        way = "grows" if average > 0 else "falls"
        raise FitError(f"the TMR {way} ever more slowly with thickness; expected it to change ever "
                       "faster, as the exponential law does: use a table or constant law")


def _weights(spread: Floats | None) -> Floats | None:
    """As polyfit takes them: the largest is 1."""
    return None if spread is None else spread.min() / spread
