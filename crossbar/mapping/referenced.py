"""What mappings with one device to a weight, read against columns of known current, share."""

from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from scipy.linalg import block_diag

from crossbar.mapping.checks import member
from crossbar.mapping.levels import Levels
from crossbar.mapping.subtraction import Subtracting, Subtraction
from device_models import Synapse
from device_models.checks import Floats, whole


@dataclass(frozen=True)
class Referenced(Subtracting):
    """A column to each output, and references in the middle of the outputs that share them.

    What is subtracted is the mean of the references. It stands for the middle of the conductance
    range, so there are n + 1 levels for n cells, spread over both signs.

    Parameters
    ----------
    every : int, optional
        Outputs that share their references, which stand in their middle, where wires treat them
        most like the others. The references of a whole tile if not given.
    subtraction : Subtraction
        Where the references are subtracted.
    """

    REFERENCES: ClassVar[int]

    every: int | None = None
    subtraction: Subtraction = field(default=Subtraction.BEHIND, kw_only=True)

    def __post_init__(self) -> None:
        if self.every is not None:
            whole("every", self.every, 1)
        member("subtraction", self.subtraction, Subtraction)

    def outputs_per_tile(self, columns: int) -> int:
        if self.every is None:
            return max(columns - self.REFERENCES, 0)
        groups, rest = divmod(columns, self.every + self.REFERENCES)
        return groups * self.every + max(rest - self.REFERENCES, 0)

    def columns(self, outputs: int) -> int:
        return outputs + self.REFERENCES * len(self._groups(outputs))

    def levels(self, synapse: Synapse, v: float) -> Levels:
        g = synapse.conductances(v)
        return Levels(g - (g[0] + g[-1]) / 2, synapse.continuous)

    def signs(self, outputs: int) -> Floats:
        own = np.eye(outputs)
        return np.asarray(block_diag(*(
            self._around(own[group, group].T, -1.0 / self.REFERENCES).T
            for group in self._groups(outputs))))

    def beside(self, own: Floats, *references: float) -> Floats:
        """Columns (rows, columns) of outputs (rows, outputs) and of their `references` [S]."""
        return np.hstack([self._around(own[:, group], *references)
                          for group in self._groups(own.shape[1])])

    def _around(self, own: Floats, *references: float) -> Floats:
        """The columns of one group, its references in the middle."""
        middle = [own.shape[1] // 2] * self.REFERENCES
        return np.insert(own, middle, references, axis=1)

    def _groups(self, outputs: int) -> list[slice]:
        """Outputs that share references."""
        size = self.every or outputs
        return [slice(start, start + size) for start in range(0, outputs, size)]
