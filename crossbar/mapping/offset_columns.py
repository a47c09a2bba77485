"""One device to a weight, read against the mean of columns in the lowest and the highest state."""

from dataclasses import dataclass
from typing import ClassVar

from crossbar.mapping.referenced import Referenced
from device_models import Synapse
from device_models.checks import Floats


@dataclass(frozen=True)
class OffsetColumns(Referenced):
    """A weight is one device, read against the mean of two columns of devices.

    One is all in the lowest state and one all in the highest, so that their mean is the middle of
    the range whatever the number of cells: the common current is corrected without any trimmed
    resistor. As devices they are written, spread and age like all others.
    """

    REFERENCES: ClassVar[int] = 2

    def conductances(self, difference: Floats, synapse: Synapse, v: float) -> Floats:
        g = synapse.conductances(v)
        return synapse.program(self.beside((g[0] + g[-1]) / 2 + difference, g[0], g[-1]), v)
