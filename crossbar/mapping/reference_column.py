"""One device to a weight, read against a column that stands at the middle of the range."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import block_diag

from circuits import with_reference_column
from crossbar.mapping.levels import Levels
from crossbar.mapping.mapping import Mapping
from device_models import Synapse
from device_models.checks import Floats, whole


@dataclass(frozen=True)
class ReferenceColumn(Mapping):
    """A weight is one device, read against a column at the middle of the conductance range.

    n + 1 levels for n cells, spread over both signs. The cross-points of a reference are fixed at
    the middle conductance (assumed to be trimmed resistors, as for odd n no state lies there; they
    spread as devices do, but no write of them fails).
    What wires take from the large common current does not cancel unless weight and reference
    stand close to each other, so it needs far better wires than `Differential`.

    Parameters
    ----------
    every : int, optional
        Outputs that share a reference, which stands in their middle, where wires treat it most
        like the others. One reference for a whole tile if not given.
    """

    every: int | None = None

    def __post_init__(self) -> None:
        if self.every is not None:
            whole("every", self.every, 1)

    def outputs_per_tile(self, columns: int) -> int:
        if self.every is None:
            return columns - 1
        groups, rest = divmod(columns, self.every + 1)
        return groups * self.every + max(rest - 1, 0)

    def columns(self, outputs: int) -> int:
        return outputs + len(self._groups(outputs))

    def levels(self, synapse: Synapse, v: float) -> Levels:
        g = synapse.conductances(v)
        return Levels(g - (g[0] + g[-1]) / 2, synapse.continuous)

    def conductances(self, difference: Floats, synapse: Synapse, v: float) -> Floats:
        g = synapse.conductances(v)
        middle = (g[0] + g[-1]) / 2
        written = synapse.program(middle + difference, v)
        return np.hstack([with_reference_column(written[:, group], middle)[0]
                          for group in self._groups(difference.shape[1])])

    def decoder(self, outputs: int) -> Floats:
        return np.asarray(block_diag(*(
            with_reference_column(np.ones((1, len(range(outputs)[group]))), 1.0)[1]
            for group in self._groups(outputs))))

    def trimmed(self, outputs: int) -> NDArray[np.bool_]:
        subtracted = self.decoder(outputs) < 0
        return np.asarray(subtracted.any(axis=1))

    def _groups(self, outputs: int) -> list[slice]:
        """Outputs that share a reference."""
        size = self.every or outputs
        return [slice(start, start + size) for start in range(0, outputs, size)]
