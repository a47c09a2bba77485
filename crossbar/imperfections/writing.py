"""What a write that sometimes fails leaves behind."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from device_models import Synapse
from device_models.checks import Floats, positive


@dataclass(frozen=True)
class ImperfectWrite:
    """A synapse whose cells start antiparallel and switch only with some probability.

    A state k, which takes k cells parallel, is left at a binomial number of them: each cell tries
    on its own. For compounds of equal cells.

    Parameters
    ----------
    synapse : Synapse
        With perfect writes; not a continuous one.
    probability : float
        That a cell switches, in (0, 1] [1].
    rng : Generator
        Where the chance comes from.
    """

    synapse: Synapse
    probability: float
    rng: np.random.Generator

    def __post_init__(self) -> None:
        if positive("probability", self.probability, "1") > 1:
            raise ValueError(f"probability is {self.probability:g}; expected at most 1")
        if self.synapse.continuous:
            raise ValueError("a synapse with any conductance has no cells that may fail to switch; "
                             "use a CompoundMTJ, or perfect writes")
        if getattr(self.synapse, "areas", None) is not None:
            raise ValueError("cells of unequal areas do not fail alike; use equal cells, or "
                             "perfect writes")

    @property
    def continuous(self) -> bool:
        """False."""
        return False

    def conductances(self, v: float = 0.0) -> Floats:
        """Those of the states at bias `v` [V], as of the perfect synapse: (states,) [S]."""
        return self.synapse.conductances(v)

    def program(self, target: ArrayLike, v: float = 0.0) -> Floats:
        """What one try to write each target [S] leaves, any shape [S]."""
        g = self.conductances(v)
        wanted = self.synapse.program(target, v)
        state = np.searchsorted((g[1:] + g[:-1]) / 2, wanted)
        return np.asarray(g[self.rng.binomial(state, self.probability)])
