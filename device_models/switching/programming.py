"""Programming many compounds: from the states that are wanted to those that pulses leave."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isclose
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from device_models.checks import (
    Floats,
    fraction,
    positive,
    positive_array,
    share_array,
    truth,
    whole,
)
from device_models.magnet.free_layer import FreeLayer
from device_models.reliability.barrier import Barrier
from device_models.switching.batch import Batch, Written, open_loop, write_verify
from device_models.switching.path import WritePath
from device_models.switching.shares import Conditions, switched_share, voltage_of_share
from device_models.switching.targets import (
    cell_truths,
    growing_voltages,
    parallel_areas,
    relative_areas,
    wanted_states,
)


@dataclass(frozen=True, kw_only=True)
class Programming:
    """How compounds are written: a reset of all cells to AP, then set pulses towards P.

    Open loop, the reset is followed by one pulse of the state's voltage, and by none for state 0.
    The cells of a compound then switch independently, so that of n equal ones k are parallel with
    the binomial's chance, at most 4/9 for states 1 and 2 of three cells, however they spread. With
    `verify` the state is read after every pulse, and pulses follow until it is the one wanted or
    `most_pulses` are spent: `batch.write_verify`.

    Parameters
    ----------
    magnet : FreeLayer
        A cell as a write pulse sees it, with the channel of the whole compound, e.g. of
        `stack.writing_magnet(thickness, cells)`.
    pulse : float
        Width [s].
    assist_field : float
        Magnitude [T]; its sign follows the pulse as `switching.pulse_field` says.
    spread : float
        Of the cells' critical currents, for which voltages are chosen [1]; see `cell_factors`.
    set_voltages : sequence of float, optional
        Magnitude of the set pulse of state 1, 2, ... [V]. Not given, the one that on average
        switches the state's share of the area (k of n equal cells), and all but the share `missed`
        for the last: `switching.voltage_of_share`.
    reset_voltage : float, optional
        Of the reset pulse [V]; not given, that which leaves the share `missed` of cells parallel.
    missed : float
        Share of cells that the reset and the last state's pulse may miss where they are chosen [1].
    cycle_spread : float
        Of one cell's critical current from pulse to pulse [1], e.g. `sigma_cycle_v_c` of a
        `Variability`; drawn anew for every pulse, and added to `spread` where voltages are chosen.
    field_free : float
        Share of compounds that switch at all when `assist_field` is 0 [1]; e.g. of
        `switching.field_free_probability`.
    temperature : float
        [K].
    breakdown_voltage : float, optional
        Voltages above it are refused [V]. At the mean about half of the compounds break; that of
        `reliability.tolerated_voltage` spares most.
    verify : bool
        Whether the state is read and corrected.
    most_pulses : int
        After which `verify` gives up on a compound, resets counted; 2 or more.
    step : float
        Growth of the set voltage from one try to the next [1]; up to the larger of the last
        state's voltage and the reset's.
    path : WritePath, optional
        Of what the resistance that `magnet` has between its write terminals is made up.
    barrier : Barrier, optional
        What every cell bears: for what pulses use up and break, see `Written.aged`.
    edge : float, optional
        Linear rise before a pulse and fall after it [s]; None is what the laws assume, none in the
        plane and 20 damping times out of it, and costs no energy.
    """

    magnet: FreeLayer
    pulse: float
    assist_field: float
    spread: float
    set_voltages: Sequence[float] | None = None
    reset_voltage: float | None = None
    missed: float = 1e-6
    cycle_spread: float = 0.0
    field_free: float = 1.0
    temperature: float = 300.0
    breakdown_voltage: float | None = None
    verify: bool = False
    most_pulses: int = 20
    step: float = 0.03
    path: WritePath | None = None
    barrier: Barrier | None = None
    edge: float | None = None

    def __post_init__(self) -> None:
        same = self._conditions  # refuses what no pulse can have
        for name, unit, small in (("pulse", "s", "ns"), ("assist_field", "T", "mT")):
            if getattr(same, name) > 1:
                raise ValueError(f"{name} [{unit}] is {getattr(same, name):g}; expected 1 at most: "
                                 f"is it in {small}?")
        checked: dict[str, object] = {
            "pulse": same.pulse, "assist_field": same.assist_field,
            "temperature": same.temperature, "edge": same.edge,
            "missed": float(share_array("missed", self.missed)),
            "most_pulses": whole("most_pulses", self.most_pulses, 2),
            "step": positive("step", fraction("step", self.step, one=False), "1"),
            "field_free": fraction("field_free", self.field_free, one=True),
            "verify": truth("verify", self.verify),
            **{name: fraction(name, getattr(self, name), one=False)
               for name in ("spread", "cycle_spread")},
            **{name: positive(name, getattr(self, name), "V")
               for name in ("reset_voltage", "breakdown_voltage")
               if getattr(self, name) is not None}}
        if self.set_voltages is not None:
            checked["set_voltages"] = growing_voltages(self.set_voltages)
        for name, value in checked.items():
            object.__setattr__(self, name, value)
        self._check_objects()
        self._check_breakdown(None if self.set_voltages is None else self.set_voltages[-1],
                              self.reset_voltage)

    def _check_objects(self) -> None:
        """Refuse a path or a barrier that is none, or that is another compound's."""
        for name, kind in (("path", WritePath), ("barrier", Barrier)):
            if not isinstance(getattr(self, name), kind | None):
                raise TypeError(f"{name} is {getattr(self, name)!r}; expected "
                                f"{kind.__module__}.{kind.__name__}(...) or None")
        whole_path, ohms = self.path, self.magnet.channel_resistance
        if whole_path is not None and not isclose(whole_path.resistance, ohms, rel_tol=1e-6):
            raise ValueError(f"path has {whole_path.resistance:g} ohm in series, and magnet "
                             f"{ohms:g} ohm; expected the same, of one compound: take both from "
                             "stack.programming(thickness, cells)")

    @property
    def _conditions(self) -> Conditions:
        return Conditions(magnet=self.magnet, pulse=self.pulse, assist_field=self.assist_field,
                          temperature=self.temperature, edge=self.edge)

    @property
    def _whole_spread(self) -> float:
        """Of a cell's critical current in one pulse [1]: of a product of two log-normal factors."""
        return float(np.sqrt((1 + self.spread**2) * (1 + self.cycle_spread**2) - 1))

    def with_voltages(self, cells: int, areas: ArrayLike | None = None) -> Self:
        """A copy with every voltage given, those of before or chosen: for compounds of `cells`
        cells of relative `areas` (cells,) [1], or equal ones.

        `write` chooses them at each call; where there are many calls, choose them once.
        """
        n = whole("cells", cells, 1)
        sets, reset = self._voltages(parallel_areas(relative_areas(areas, n)))
        return replace(self, set_voltages=sets, reset_voltage=reset)

    def _voltages(self, levels: Floats) -> tuple[tuple[float, ...], float]:
        """Set voltages and the reset's [V] for states of the parallel areas `levels` [1]."""
        spread = self._whole_spread
        sets, reset = self.set_voltages, self.reset_voltage
        if sets is None:
            sets = voltage_of_share(self._conditions, self._shares(levels), spread, -1).tolist()
        if len(sets) != len(levels) - 1:
            raise ValueError(f"set_voltages [V] are {len(sets)}; expected one for each of the "
                             f"states 1 to {len(levels) - 1} of these cells, or None")
        if reset is None:
            reset = float(voltage_of_share(self._conditions, 1.0 - self.missed, spread, 1))
        self._check_breakdown(sets[-1], reset)
        return tuple(sets), reset

    def _shares(self, levels: Floats) -> Floats:
        """Share of the cells that each state from 1 on is to switch: (states - 1,) [1]."""
        most = 1.0 - levels[-2] / levels[-1]
        if self.missed >= most:
            raise ValueError(f"missed is {self.missed:g}; expected less than {most:.3g}, which is "
                             "antiparallel in the last state but one")
        return np.append(levels[1:-1] / levels[-1], 1.0 - self.missed)

    def _check_breakdown(self, last: float | None, reset: float | None) -> None:
        """Refuse the `last` set voltage or the `reset` voltage [V] above breakdown."""
        limit = self.breakdown_voltage
        for name, value in (("set_voltages", last), ("reset_voltage", reset)):
            if limit is not None and value is not None and value > limit:
                left = 1.0 - min(float(switched_share(self._conditions, limit, self._whole_spread,
                                                      sign)) for sign in (-1, 1))
                raise ValueError(f"{name} [V] reach {value:.4g}; expected no more than "
                                 f"breakdown_voltage, {limit:.4g}: have them chosen with missed = "
                                 f"{1.05 * left:.2g} or more, or take a longer pulse or more "
                                 "assist_field")

    def write(
        self, wanted: ArrayLike, factors: ArrayLike, rng: np.random.Generator | int, *,
        areas: ArrayLike | None = None, stuck: ArrayLike | None = None,
        before: ArrayLike | None = None,
    ) -> Written:
        """Programme compounds, all at once, each towards the state `wanted` of it.

        Parameters
        ----------
        wanted : int or (devices,) array
            States as `CompoundMTJ.parallel_areas` numbers them.
        factors : (devices, cells) array
            Critical currents over the nominal one [1], as of `cell_factors`, or critical_voltage of
            a `DeviceSample` drawn relative to it.
        rng : Generator or int
            Where the randomness comes from, or a seed.
        areas : (cells,) array, optional
            Relative areas of the cells [1]; equal ones if not given.
        stuck : (devices, cells) bool array, optional
            Cells that never switch and stay as `before`.
        before : (devices, cells) bool array, optional
            Which cells are parallel before; none if not given.
        """
        each = positive_array("factors", factors, "1")
        if each.ndim != 2 or not each.size:
            raise ValueError(f"factors [1] have shape {each.shape}; expected (devices, cells), as "
                             "cell_factors draws them")
        sizes = relative_areas(areas, each.shape[1])
        levels = parallel_areas(sizes)
        state = wanted_states(wanted, len(each), len(levels))
        batch = Batch(self._conditions, each, ~cell_truths("stuck", stuck, each.shape),
                      cell_truths("before", before, each.shape), np.random.default_rng(rng),
                      self.cycle_spread, self.barrier)
        if self.assist_field == 0:
            batch.able &= batch.rng.random((len(each), 1)) < self.field_free
        self._drive(batch, state, sizes, levels)
        return batch.written(sizes, levels[state])

    def _drive(self, batch: Batch, state: NDArray[np.intp], areas: Floats, levels: Floats) -> None:
        """Pulse a `batch` whose devices are wanted in `state` (devices,)."""
        voltages, reset = self._voltages(levels)
        sets = np.array([0.0, *voltages])[state]
        if self.verify:
            write_verify(batch, reset, sets, areas=areas, goal=levels[state], step=self.step,
                         most_pulses=self.most_pulses, highest=max(voltages[-1], reset))
        else:
            open_loop(batch, reset, sets)
