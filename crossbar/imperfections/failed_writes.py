"""A write that sometimes fails leaves another state behind."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from crossbar.imperfections.imperfection import Imperfection
from device_models import Synapse
from device_models.checks import Floats, fraction, positive


@dataclass(frozen=True)
class FailedWrites(Imperfection):
    """Cells start antiparallel and switch only with some probability.

    A state k, which takes k cells parallel, is left at a binomial number of them: each cell tries
    on its own. For compounds of equal cells.

    Parameters
    ----------
    probability : float
        That a cell switches, in (0, 1] [1].
    """

    probability: float
    stream: ClassVar[tuple[int, ...]] = (1,)
    of_writing: ClassVar[bool] = True

    def __post_init__(self) -> None:
        name = "write_probability"
        fraction(name, positive(name, self.probability, "1"), one=True)

    @property
    def active(self) -> bool:
        return self.probability < 1

    def real(self, wanted: Floats, synapse: Synapse, v: float, rng: np.random.Generator) -> Floats:
        g = synapse.conductances(v)
        state = np.searchsorted((g[1:] + g[:-1]) / 2, wanted)
        return np.asarray(g[rng.binomial(state, self.probability)])

    def check(self, synapse: Synapse) -> None:
        if synapse.continuous:
            raise ValueError("a synapse with any conductance has no cells that may fail to switch; "
                             "use a CompoundMTJ, or perfect writes")
        if getattr(synapse, "areas", None) is not None:
            raise ValueError("cells of unequal areas do not fail alike; use equal cells, or "
                             "perfect writes")
