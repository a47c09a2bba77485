"""The conductance differences that a mapping gives weights to stand on."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device_models.checks import Floats


@dataclass(frozen=True)
class Levels:
    """The signed conductance differences a weight can take.

    Parameters
    ----------
    values : (levels,) array
        Increasing [S].
    continuous : bool
        Whether everything between the first and the last can be set too.
    gap : float
        Of continuous levels: what is smaller than this cannot be set [S].
    """

    values: Floats
    continuous: bool
    gap: float = 0.0

    @property
    def reach(self) -> float:
        """Magnitude of the outermost level [S]; above zero, or an error."""
        reach = float(np.abs(self.values).max())
        if not reach > 0:
            raise ValueError(
                "all conductance states are equal, so they cannot hold weights; use a junction "
                "with TMR above zero"
            )
        return reach

    def nearest(self, difference: Floats) -> Floats:
        """The level nearest to each difference [S], any shape; ties go to the lower."""
        if self.continuous:
            clipped = np.clip(difference, self.values[0], self.values[-1])
            smallest = np.where(clipped > 0, self.gap, -self.gap)
            return np.where(np.abs(clipped) < self.gap, smallest, clipped)
        return np.asarray(self.values[self.number(difference)])

    def number(self, difference: Floats) -> NDArray[np.intp]:
        """Which of `values` is nearest to each difference [S], any shape; ties go to the lower."""
        bounds = (self.values[1:] + self.values[:-1]) / 2
        return np.asarray(np.searchsorted(bounds, difference))
