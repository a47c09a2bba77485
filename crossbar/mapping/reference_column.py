"""One device to a weight, read against a column that stands at the middle of the range."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from crossbar.mapping.referenced import Referenced
from device_models import Synapse
from device_models.checks import Floats


@dataclass(frozen=True)
class ReferenceColumn(Referenced):
    """A weight is one device, read against a column at the middle of the conductance range.

    The cross-points of a reference are fixed at the middle conductance (assumed to be trimmed
    resistors, as for odd n no state lies there; they spread as devices do, but no write of them
    fails).
    What wires take from the large common current does not cancel unless weight and reference
    stand close to each other, so it needs far better wires than `Differential`.
    """

    REFERENCES: ClassVar[int] = 1

    def conductances(self, difference: Floats, synapse: Synapse, v: float) -> Floats:
        g = synapse.conductances(v)
        middle = (g[0] + g[-1]) / 2
        return self.beside(synapse.program(middle + difference, v), middle)

    def trimmed(self, outputs: int) -> NDArray[np.bool_]:
        return np.asarray((self.signs(outputs) < 0).any(axis=1))
