"""What mappings with two columns to a weight have in common."""

from dataclasses import dataclass, field

import numpy as np

from crossbar.mapping.checks import member
from crossbar.mapping.placement import Placement
from crossbar.mapping.subtraction import Subtracting, Subtraction
from device_models.checks import Floats


@dataclass(frozen=True)
class Pair(Subtracting):
    """A plus and a minus column to each output.

    Parameters
    ----------
    placement : Placement
        Where the two stand. In two arrays, a tile is both, and holds an output to each column of
        one.
    subtraction : Subtraction
        Where minus is subtracted from plus.
    """

    placement: Placement = field(default=Placement.INTERLEAVED, kw_only=True)
    subtraction: Subtraction = field(default=Subtraction.BEHIND, kw_only=True)

    def __post_init__(self) -> None:
        member("placement", self.placement, Placement)
        member("subtraction", self.subtraction, Subtraction)

    def outputs_per_tile(self, columns: int) -> int:
        return columns if self.placement is Placement.ARRAYS else columns // 2

    def columns(self, outputs: int) -> int:
        return 2 * outputs

    def arrays(self, outputs: int) -> list[slice]:
        if self.placement is Placement.ARRAYS:
            return [slice(0, outputs), slice(outputs, 2 * outputs)]
        return super().arrays(outputs)

    def signs(self, outputs: int) -> Floats:
        plus = np.eye(outputs)
        return self.placed(plus, 0.0 - plus).T

    def placed(self, plus: Floats, minus: Floats) -> Floats:
        """Columns (rows, columns) of plus and minus ones (rows, outputs), in any unit."""
        if self.placement is Placement.INTERLEAVED:
            return np.stack([plus, minus], axis=-1).reshape(len(plus), -1)
        return np.hstack([plus, minus])
