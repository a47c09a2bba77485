"""The solved state of a few inputs: what every solver hands out."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from circuits.copies import ReadOnly
from device_models.checks import Floats

Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Nodes(ReadOnly):
    """Node voltages and device currents of a batch of inputs.

    Parameters
    ----------
    u, w : (m, n, batch) arrays
        Row and column node voltages [V].
    currents : (m, n, batch) array
        Device currents [A].
    iterations : (batch,) array
        Linear solutions it took.
    """

    u: Floats
    w: Floats
    currents: Floats
    iterations: Indices

    @classmethod
    def empty(cls, shape: tuple[int, int], batch: int) -> "Nodes":
        """Room for `batch` inputs of an array of `shape`."""
        u, w, currents = (np.empty((*shape, batch)) for _ in range(3))
        return cls(u, w, currents, np.empty(batch, np.int64))

    def of(self, chosen: Indices | slice) -> "Nodes":
        """The inputs `chosen`: copies of those with numbers, views of a slice."""
        return Nodes(self.u[..., chosen], self.w[..., chosen], self.currents[..., chosen],
                     self.iterations[chosen])

    def put(self, chosen: Indices | slice, other: "Nodes") -> None:
        """Replace the inputs `chosen` by `other`."""
        self.u[..., chosen] = other.u
        self.w[..., chosen] = other.w
        self.currents[..., chosen] = other.currents
        self.iterations[chosen] = other.iterations
