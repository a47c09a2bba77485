"""What an R(V) loop of a compound says: steps, states, resistances, V_c; each with intervals."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from device_models.checks import Floats
from device_models.measured.levels import Ints
from device_models.switching.targets import parallel_areas


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
        In the middle of `low` and `high` [V], with its sign.
    low, high : float
        The highest pulse that did not make it, 0 if there was none, and the one that did [V].
    before, after : int
        Parallel cells.
    sweep : int
        Of which half cycle of this sign, from 0 on.
    """

    low: float
    high: float
    before: int
    after: int
    sweep: int

    @property
    def voltage(self) -> float:
        return (self.low + self.high) / 2

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
        Half cycles in which all cells switched, each after weaker pulses, of how many.
    each : tuple of Estimate
        Size of the voltage at which the first cell switches, the second, ..: means over complete
        half cycles [V]. Of one such, the interval is that of its pulses.
    critical : Estimate or None
        Size of the median switching voltage of a cell [V]; None without a complete half cycle, and
        with an interval without end of a single value.
    spread : Estimate or None
        sigma(V_c) among cells of area 1 over their mean [1], log-normal, falling with the square
        root of the area; thermal scatter is in it, less so the more sweeps. None of one cell.
    resolution : float
        Step of the sweep [V].
    """

    steps: tuple[Step, ...]
    complete: int
    sweeps: int
    each: tuple[Estimate, ...]
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
        Of one cell of area 1, in the middle of the measurement [ohm].
    tmr : float
        [1].
    state : (points,) int array
        Parallel cells after each pulse.
    parallel : (points, cells) bool array or None
        Which they are, of unequal cells.
    drift : float
        Of the conductance from first to last reading, of itself [1].
    noise : float
        Of a reading, over the step of the smallest cell [1].
    areas : (cells,) array
        Relative areas [1].
    """

    cells: int
    to_antiparallel: Direction
    to_parallel: Direction
    r_p: Estimate
    r_ap: Estimate
    tmr: float
    state: Ints
    parallel: NDArray[np.bool_] | None
    drift: float
    noise: float
    areas: Floats

    @property
    def resistances(self) -> Floats:
        """Of the compound in each of its states, n + 1 of equal cells, with growing parallel area:
        (states,) [ohm]."""
        area = parallel_areas(self.areas)
        return np.asarray(
            1.0 / (area / self.r_p.value + (self.areas.sum() - area) / self.r_ap.value))
