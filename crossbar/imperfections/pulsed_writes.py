"""Writes by pulses, and the states that they really reach."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

import numpy as np

from crossbar.imperfections.cells import Cells, check_compound
from crossbar.imperfections.imperfection import OfCells
from device_models import Synapse
from device_models.population.device_sample import OPEN, SHORTED, STUCK_PARALLEL
from device_models.switching import Programming


@dataclass(frozen=True)
class PulsedWrites(OfCells):
    """Every device is programmed from the antiparallel state on, cell by cell.

    Cells have their own critical currents, those that stick stay as they stick.

    Parameters
    ----------
    programming : Programming
        Pulses, and whether they are verified.
    cells : int
        Of a device.
    areas : tuple of float, optional
        Of the cells [1], if unequal.
    """

    programming: Programming
    cells: int
    areas: tuple[float, ...] | None = None
    stream: ClassVar[int] = 3

    @classmethod
    def of(cls, programming: Programming, synapse: Synapse) -> "PulsedWrites":
        """Those of a synapse, which must be a compound."""
        compound = check_compound(synapse, "writes by pulses (programming)")
        sets, areas = programming.set_voltages, compound.areas
        if sets is not None and len(sets) != compound.states - 1:
            raise ValueError(f"programming has {len(sets)} set_voltages, and the synapse "
                             f"{compound.states} states; expected one for each state from 1 on, "
                             f"{compound.states - 1}, or None, which has them chosen")
        return cls(programming, compound.cells, None if areas is None else tuple(areas))

    @property
    def active(self) -> bool:
        return True

    @cached_property
    def _chosen(self) -> Programming:
        """With every voltage, chosen once."""
        return self.programming.with_voltages(self.cells, self.areas)

    def after(self, cells: Cells, rng: np.random.Generator) -> Cells:
        fault = cells.sample.fault
        stuck = (fault != 0) & (fault != SHORTED) & (fault != OPEN)
        written = self._chosen.write(
            cells.states, cells.sample.critical_voltage, rng, areas=self.areas, stuck=stuck,
            before=fault == STUCK_PARALLEL)
        return replace(cells, parallel=written.parallel, writes=written)
