"""The devices of a tile, cell by cell."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from device_models import CompoundMTJ, DeviceSample, Synapse, Variability
from device_models.checks import Floats
from device_models.population import equivalent_area
from device_models.switching import Written

Bools = NDArray[np.bool_]
ALIKE = Variability(sigma_r_p=0.0, sigma_tmr=0.0, sigma_h_c=0.0, sigma_v_c=0.0, shorted=0.0)
"""No spread and no fault."""


@dataclass(frozen=True, eq=False)
class Cells:
    """Compounds in states, and which of their cells are parallel.

    Parameters
    ----------
    synapse : CompoundMTJ
        As it should be.
    sample : DeviceSample
        What each cell is like.
    varied : bool
        Whether cells differ in what they conduct; those that do not have the synapse's own
        conductances, to the bit.
    parallel : (devices, cells) array of bool
        As they are now.
    writes : Written, optional
        What pulses it took, and whether they reached the states that were wanted.
    by_pattern : bool
        Whether, on a channel, cells that are alike conduct as their pattern does, instead of as the
        mean over the patterns of their state; cells that differ always do as they stand.
    """

    synapse: CompoundMTJ
    sample: DeviceSample
    varied: bool
    parallel: Bools
    writes: Written | None = None
    by_pattern: bool = True

    @classmethod
    def of(cls, synapse: CompoundMTJ, state: NDArray[np.intp], variability: Variability | None,
           rng: np.random.Generator) -> "Cells":
        """Devices in `state` (devices,): the cells that switch most easily are parallel.

        Of cells that are all alike the order in which they switch is chance where it matters, on a
        channel.
        """
        law = variability
        if law is None:
            law = replace(ALIKE, sigma_v_c=Variability.sigma_v_c) if synapse.channel else ALIKE
        sample = law.sample(synapse, len(state), rng)
        return cls(synapse, sample, varies(law), sample.patterns(state))

    def turned(self, parallel: Bools) -> "Cells":
        """The same cells with others of them parallel."""
        return replace(self, parallel=parallel)

    @cached_property
    def states(self) -> NDArray[np.intp]:
        """State of each device (devices,), faults aside."""
        if self.synapse.areas is None:
            return np.asarray(np.count_nonzero(self.parallel, axis=1))
        areas = self.synapse.parallel_areas
        total = self.parallel @ np.array(self.synapse.areas)
        return np.asarray(np.searchsorted((areas[1:] + areas[:-1]) / 2, total))

    def conductances(self, v: float) -> Floats:
        """Chord conductance of each device at bias `v` [V]: (devices,) [S]."""
        if self.varied:
            return self.sample.conductances(self.parallel, v)
        if self.synapse.channel is None or not self.by_pattern:
            return np.asarray(self.synapse.conductances(v)[self.states])
        pattern = self.parallel @ (1 << np.arange(self.synapse.cells))
        return np.asarray(self.synapse.pattern_conductances(v)[pattern])

    def noise_areas(self, v: float) -> Floats:
        """Area of one junction with the 1/f noise of each device at `v` [V]: (devices,) [m^2]."""
        return equivalent_area(self.sample, self.parallel, v, self.synapse.mtj.area)


def varies(variability: Variability | None) -> bool:
    """Whether cells of such a spread differ in what they conduct."""
    return variability is not None and bool(
        variability.sigma_r_p or variability.sigma_tmr or any(variability.faults))


def check_compound(synapse: Synapse, what: str) -> CompoundMTJ:
    """The synapse, which must have cells: `what` needs them, or ValueError says so."""
    if not isinstance(synapse, CompoundMTJ):
        raise ValueError(f"{what} befall cells, and a synapse {type(synapse).__name__} has none; "
                         "use a device_models.CompoundMTJ, or leave them out")
    return synapse
