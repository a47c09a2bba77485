"""What an R(V) loop of a compound says: steps, states, resistances, V_c; each with intervals."""

from dataclasses import dataclass

import numpy as np

from device_models.checks import Floats
from device_models.measured.levels import Ints


@dataclass(frozen=True)
class Estimate:
    """A value with its 95 % interval, of `n` independent values; in the value's unit."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Step:
    """One step of a loop.

    Parameters
    ----------
    voltage : float
        Between the last pulse before it and the one that made it [V], with its sign.
    before, after : int
        Parallel cells.
    sweep : int
        Of which half cycle of this sign, from 0 on.
    """

    voltage: float
    before: int
    after: int
    sweep: int

    @property
    def merged(self) -> bool:
        """Whether several cells switched at one point of the sweep."""
        return abs(self.after - self.before) > 1


@dataclass(frozen=True)
class Direction:
    """All steps of one way.

    Parameters
    ----------
    steps : tuple of Step
        In the order taken.
    complete, sweeps : int
        Half cycles in which all cells switched, of how many.
    critical : Estimate or None
        Size of the median switching voltage of a cell [V]; None without a whole half cycle, and
        with an interval without end of a single value.
    spread : Estimate or None
        sigma(V_c) among the cells over their mean [1], log-normal; thermal scatter is in it, less
        so the more sweeps. None of one cell.
    resolution : float
        Step of the sweep [V].
    """

    steps: tuple[Step, ...]
    complete: int
    sweeps: int
    critical: Estimate | None
    spread: Estimate | None
    resolution: float

    @property
    def merged(self) -> tuple[Step, ...]:
        """Steps that are of several cells."""
        return tuple(step for step in self.steps if step.merged)


@dataclass(frozen=True)
class SwitchingSteps:
    """What an R(V) loop says of a compound.

    Parameters
    ----------
    cells : int
        n.
    to_antiparallel, to_parallel : Direction
        P to AP (positive pulses, for a positive spin Hall angle), and back.
    r_p, r_ap : Estimate
        Of one cell, in the middle of the measurement [ohm].
    tmr : float
        [1].
    state : (points,) int array
        Parallel cells after each pulse.
    drift : float
        Of the conductance from first to last reading, of itself [1].
    noise : float
        Of a reading, over one step between states [1].
    """

    cells: int
    to_antiparallel: Direction
    to_parallel: Direction
    r_p: Estimate
    r_ap: Estimate
    tmr: float
    state: Ints
    drift: float
    noise: float

    @property
    def resistances(self) -> Floats:
        """Of the compound with 0 to n cells parallel: (n + 1,) [ohm]."""
        k = np.arange(self.cells + 1)
        return np.asarray(1.0 / (k / self.r_p.value + (self.cells - k) / self.r_ap.value))
