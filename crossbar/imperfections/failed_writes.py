"""A write that sometimes fails leaves another state behind."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from crossbar.imperfections.cells import Cells, check_compound
from crossbar.imperfections.imperfection import OfCells
from device_models import Synapse
from device_models.checks import fraction, positive


@dataclass(frozen=True)
class FailedWrites(OfCells):
    """Cells start antiparallel and switch only with some probability.

    A state k, which takes k equal cells parallel, is left at a binomial number of them: each cell
    tries on its own.

    Parameters
    ----------
    probability : float
        That a cell switches, in (0, 1] [1].
    """

    probability: float
    stream: ClassVar[int] = 1

    def __post_init__(self) -> None:
        name = "write_probability"
        fraction(name, positive(name, self.probability, "1"), one=True)

    @property
    def active(self) -> bool:
        return self.probability < 1

    def after(self, cells: Cells, rng: np.random.Generator) -> Cells:
        luck = rng.random(cells.parallel.shape)  # of the cell that switches first, then the next
        order = np.argsort(cells.sample.critical_voltage, axis=1, kind="stable")
        mine = np.empty_like(luck)
        np.put_along_axis(mine, order, luck, axis=1)
        return cells.turned(cells.parallel & (mine < self.probability))

    def check(self, synapse: Synapse) -> None:
        check_compound(synapse, "writes that may fail (write_probability)")
