"""The write channel's sheet resistance over channels of several lengths."""

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import positive
from device_models.fits.least_squares import Fit, FitError, least_squares, points


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
