"""Many compounds under write pulses, each with its own, and the two ways to choose them."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from device_models.checks import Floats
from device_models.reliability.barrier import Barrier
from device_models.switching.sequential import Bools, cell_factors, turned
from device_models.switching.shares import Conditions
from device_models.switching.write import write_energy

_NEAR = 1e-9  # of the whole area, below which two areas are the same


@dataclass(frozen=True)
class Written:
    """What programming left behind, and what it took.

    Parameters
    ----------
    parallel : bool array (devices, cells)
        Which cells are parallel.
    pulses : int array (devices,)
        Write pulses, resets among them; under `verify` each is followed by a reading.
    energy : array (devices,)
        Of the write pulses [J]: the sum of V^2 t/R.
    reached : bool array (devices,)
        Whether the parallel area is that of the wanted state.
    reads : int array (devices,)
        Readings in between.
    read_parallel : int array (devices, cells)
        Those of them that found the cell parallel.
    aged : array (devices,), optional
        By how many pulses of its scale voltage each barrier has aged [1], `Barrier.ageing`; None
        where nobody says when it breaks.
    """

    parallel: Bools
    pulses: NDArray[np.int64]
    energy: Floats
    reached: Bools
    reads: NDArray[np.int64]
    read_parallel: NDArray[np.int64]
    aged: Floats | None = None

    @property
    def reached_share(self) -> float:
        """Share of the compounds that are in the wanted state [1]."""
        return float(np.mean(self.reached))


@dataclass
class Batch:
    """Compounds while they are written: what the pulses so far have left and cost.

    Parameters
    ----------
    conditions : Conditions
        Of every pulse.
    factors : array (devices, cells)
        Critical currents over the nominal one [1].
    able : bool array (devices, cells)
        Cells that switch at all.
    parallel : bool array (devices, cells)
        Which cells are parallel now.
    rng : Generator
        Drawn from for every cell at every pulse, so that what happens to one compound does not
        depend on how many pulses others take.
    cycle_spread : float
        Of one cell's critical current from pulse to pulse [1]; see `cell_factors`.
    barrier : Barrier, optional
        Of every cell.
    """

    conditions: Conditions
    factors: Floats
    able: Bools
    parallel: Bools
    rng: np.random.Generator
    cycle_spread: float = 0.0
    barrier: Barrier | None = None
    pulses: NDArray[np.int64] = field(init=False)
    energy: Floats = field(init=False)
    reads: NDArray[np.int64] = field(init=False)
    read_parallel: NDArray[np.int64] = field(init=False)
    aged: Floats | None = field(init=False)

    def __post_init__(self) -> None:
        self.pulses, self.reads = np.zeros((2, len(self.factors)), np.int64)
        self.read_parallel = np.zeros(self.factors.shape, np.int64)
        self.energy = np.zeros(len(self.factors))
        self.aged = None if self.barrier is None else self.barrier.ageing(self.energy)

    def apply(self, voltage: Floats) -> None:
        """One pulse each of `voltage` (devices,) [V], positive towards AP; none where it is 0."""
        devices, cells = shape = self.factors.shape
        factors = self.factors
        if self.cycle_spread:
            factors = factors * cell_factors(cells, self.cycle_spread, self.rng, devices)
        draws = self.rng.random(shape)
        at = np.flatnonzero(voltage)
        v, before = voltage[at, None], self.parallel[at]
        after = turned(before, v, self.conditions.chances(v, factors[at]), draws[at])
        self.parallel[at] = np.where(self.able[at], after, before)
        self.pulses[at] += 1
        self.energy += write_energy(voltage, self.conditions.square_width,
                                    self.conditions.magnet.channel_resistance)
        more = None if self.barrier is None else self.barrier.ageing(
            voltage, self.conditions.pulse)
        self.aged = None if self.aged is None or more is None else self.aged + more

    def read(self, which: Bools) -> None:
        """Read the devices `which` (devices,)."""
        self.reads += which
        self.read_parallel += self.parallel & which[:, None]

    def excess(self, areas: Floats, goal: Floats) -> Floats:
        """Parallel area, of cells of `areas` (cells,) [1], beyond the `goal` (devices,) [1]."""
        away = self.parallel @ areas - goal
        return np.asarray(np.where(np.abs(away) > _NEAR * areas.sum(), away, 0.0))

    def written(self, areas: Floats, goal: Floats) -> Written:
        """What the pulses have left; arguments as of `excess`."""
        return Written(self.parallel, self.pulses, self.energy, self.excess(areas, goal) == 0,
                       self.reads, self.read_parallel, self.aged)


def open_loop(batch: Batch, reset: float, sets: Floats) -> None:
    """One pulse of `reset` [V] for all, then one of -`sets` (devices,) [V] each."""
    batch.apply(np.full(len(sets), reset))
    batch.apply(-sets)


def write_verify(
    batch: Batch, reset: float, sets: Floats, *, areas: Floats, goal: Floats, step: float,
    most_pulses: int, highest: float,
) -> None:
    """Pulses, each followed by a reading, until the parallel area is the one wanted.

    After a reset the set pulses of a compound begin one step below its `sets` (devices,) [V] and
    grow by the share `step` [1] from one to the next, up to `highest` [V], as long as too little is
    parallel. Once too much is, it is reset (`reset` [V]) and begins another step lower. The
    parallel area, of cells of `areas` (cells,) [1], is read without error, and compared with `goal`
    (devices,) [1].
    """
    begin = sets / (1.0 + step)
    following, voltage = begin.copy(), np.full(len(sets), reset)
    for _ in range(most_pulses):
        batch.apply(voltage)
        batch.read(voltage != 0)
        excess = batch.excess(areas, goal)
        if not np.any(excess):
            break
        overshot = (excess > 0) & (voltage < 0)
        begin = np.where(overshot, begin / (1.0 + step), begin)
        voltage = np.select([excess < 0, excess > 0], [-np.minimum(following, highest), reset])
        following = np.where(excess < 0, following * (1.0 + step), begin)
