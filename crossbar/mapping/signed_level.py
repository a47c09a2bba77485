"""One device to a weight, in one of two columns; the other one is open."""

from dataclasses import dataclass

import numpy as np

from crossbar.mapping.levels import Levels
from crossbar.mapping.pair import Pair
from device_models import Synapse
from device_models.checks import Floats


@dataclass(frozen=True)
class SignedLevel(Pair):
    """A weight is +G_k or -G_k: one device, in the plus or the minus column, the other one open.

    2 (n + 1) levels for n cells. Zero is not among them, nor anything below the lowest
    conductance: with little TMR all weights have nearly the same size.
    """

    def levels(self, synapse: Synapse, v: float) -> Levels:
        g = synapse.conductances(v)
        return Levels(np.concatenate([-g[::-1], g]), synapse.continuous, float(g[0]))

    def conductances(self, difference: Floats, synapse: Synapse, v: float) -> Floats:
        g, plus = synapse.program(np.abs(difference), v), difference > 0
        return self.placed(np.where(plus, g, 0.0), np.where(plus, 0.0, g))
