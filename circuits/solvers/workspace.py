"""Memory to solve in again and again."""

import numpy as np

from device_models.checks import Floats


class Workspace:
    """Node arrays that one solution after another may be written into.

    Fresh ones cost more in page faults than the arithmetic done on them. Whoever hands a workspace
    to a solver owns what it writes there, and loses it by handing it over again.
    """

    def __init__(self) -> None:
        self._arrays = np.empty((4, 0, 0, 0))

    def arrays(self, m: int, n: int, batch: int) -> tuple[Floats, Floats, Floats, Floats]:
        """Four arrays (m, n, batch) with any content."""
        if self._arrays.shape[1:] != (m, n, batch):
            self._arrays = np.empty((4, m, n, batch))
        first, second, third, fourth = self._arrays
        return first, second, third, fourth
