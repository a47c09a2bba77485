"""Two devices to a weight, of which one rests at the lowest state."""

from dataclasses import dataclass

import numpy as np

from crossbar.mapping.levels import Levels
from crossbar.mapping.pair import Pair
from device_models import Synapse
from device_models.checks import Floats


@dataclass(frozen=True)
class Differential(Pair):
    """A weight is the pair of states (k, 0) or (0, k) in a plus and a minus column.

    2n + 1 levels for n cells, zero among them.
    """

    def levels(self, synapse: Synapse, v: float) -> Levels:
        g = synapse.conductances(v)
        swing = g - g[0]
        return Levels(np.concatenate([-swing[:0:-1], swing]), synapse.continuous)

    def conductances(self, difference: Floats, synapse: Synapse, v: float) -> Floats:
        rest = synapse.conductances(v)[0]
        pairs = self.placed(np.maximum(difference, 0.0), np.maximum(-difference, 0.0))
        return synapse.program(rest + pairs, v)
