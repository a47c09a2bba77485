"""The devices of one layer on one chip, with all their imperfections."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from crossbar.imperfections.imperfection import Imperfection
from device_models import Synapse
from device_models.checks import Floats

Drawn = tuple[tuple[Imperfection, np.random.Generator], ...]


@dataclass(frozen=True, eq=False)
class ImperfectDevices:
    """A synapse that mappings write as any other, but that does not do quite what they want.

    Parameters
    ----------
    synapse : Synapse
        As it should be.
    drawn : tuple of (Imperfection, Generator)
        The effects, in the order in which they act, each with where its chance comes from. The
        generators move on: what is programmed next are other devices.
    """

    synapse: Synapse
    drawn: Drawn

    @classmethod
    def draw(cls, synapse: Synapse, imperfections: Sequence[Imperfection], seed: int,
             layer: int) -> "ImperfectDevices":
        """Those of the chip `seed` in the network's layer number `layer`."""
        return cls(synapse, tuple((effect, np.random.default_rng([seed, layer, *effect.stream]))
                                  for effect in imperfections))

    @property
    def continuous(self) -> bool:
        """As of the synapse."""
        return self.synapse.continuous

    def conductances(self, v: float = 0.0) -> Floats:
        """Those of the states at bias `v` [V], as they should be: (states,) [S]."""
        return self.synapse.conductances(v)

    def program(self, target: ArrayLike, v: float = 0.0) -> Floats:
        """What one try to write each target [S] leaves, any shape [S]."""
        return self._through(self.synapse.program(target, v), v, of_writing=True)

    def standing(self, conductance: Floats, v: float) -> Floats:
        """What devices that were to have `conductance`, any shape [S], have in the array [S]."""
        return self._through(conductance, v, of_writing=False)

    def _through(self, conductance: Floats, v: float, of_writing: bool) -> Floats:
        for effect, rng in self.drawn:
            if effect.of_writing == of_writing:
                conductance = effect.real(conductance, self.synapse, v, rng)
        return conductance
