"""Many devices with deviations and faults: their conductances, and what a write leaves behind."""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import ArrayLike, NDArray

from device_models.checks import (
    Floats,
    fitting,
    nonnegative_array,
    positive,
    real_array,
    truths,
)
from device_models.compound.channel import Channel
from device_models.compound.patterns import all_patterns, states_of
from device_models.junction.bias import BiasLaw, bias_array
from device_models.junction.contact import behind_contact
from device_models.magnet.free_layer import ATTEMPT_TIME
from device_models.population.ageing import Stability, cell_barriers, critical_currents, turned
from device_models.population.easiest import easiest_patterns, ranks
from device_models.population.on_channel import channel_conductances
from device_models.reliability.disturb import (
    IN_PLANE_EXPONENT,
    read_disturb,
    state_disturb_current,
)
from device_models.reliability.retention import two_state_loss

SOUND, STUCK_PARALLEL, STUCK_ANTIPARALLEL, SHORTED, OPEN = range(5)
"""Codes of a cell's condition."""
_PER_CELL = ("g_p", "tmr", "coercive_field", "critical_voltage", "fault")


@dataclass(frozen=True)
class DeviceSample:
    """Devices as drawn by `Variability.sample`: arrays over (devices, cells).

    Parameters
    ----------
    bias : BiasLaw
        Shared by all cells.
    g_p : array
        Parallel conductance at no bias [S].
    tmr : array
        At no bias [1].
    coercive_field, critical_voltage : array
        [T], [V], or relative to their nominal values.
    fault : array of int8
        SOUND, STUCK_PARALLEL, STUCK_ANTIPARALLEL, SHORTED or OPEN.
    short_resistance : float
        Of a shorted barrier [ohm].
    areas : tuple of float, optional
        Area of each cell in junction areas, (cells,) [1]; equal ones if not given.
    channel : Channel, optional
        That each device's cells stand on, cell 0 nearest the read end. A bias is then that between
        the upper electrodes and the channel's end, of which each junction has its own share.
    contact : float
        In series with each junction of relative area 1, as `MTJ.contact` [ohm].
    """

    bias: BiasLaw
    g_p: Floats
    tmr: Floats
    coercive_field: Floats
    critical_voltage: Floats
    fault: NDArray[np.int8]
    short_resistance: float
    areas: tuple[float, ...] | None = None
    channel: Channel | None = None
    contact: float = 0.0

    def __post_init__(self) -> None:
        shape = np.shape(self.g_p)
        for name in _PER_CELL:
            found = np.shape(getattr(self, name))
            if len(found) != 2 or found != shape:
                raise ValueError(f"{name} has shape {found} and g_p {shape}; expected (devices, "
                                 "cells) of all, as Variability.sample draws them")
        if self.areas is not None:
            if len(self.areas) != self.cells:
                raise ValueError(f"areas [1] are {len(self.areas)}; expected one for each of the "
                                 f"{self.cells} cells")
            object.__setattr__(self, "areas", tuple(positive("areas", a, "1") for a in self.areas))
        if self.channel is not None and not isinstance(self.channel, Channel):
            raise TypeError(f"channel is {self.channel!r}; expected a Channel, as "
                            "stack.write_channel() returns, or None")

    @property
    def cells(self) -> int:
        """Cells of a device."""
        return int(self.g_p.shape[1])

    def __len__(self) -> int:
        return len(self.g_p)

    @property
    def states(self) -> int:
        """Number of states, as of the compound: cells + 1 of equal cells."""
        if self._equal:
            return self.cells + 1
        return len(states_of(all_patterns(self.cells), np.array(self.areas))[1])

    def patterns(self, state: ArrayLike) -> NDArray[np.bool_]:
        """Parallel cells (devices, cells) of devices in `state`, one number or (devices,).

        The parallel area is that of the state in `CompoundMTJ.parallel_areas`. Where several
        patterns have it, the one that takes the lowest critical voltages is meant: that whose
        hardest cell is the easiest, then the next to hardest, and so on. A growing pulse, which
        switches the easiest cells first, leaves just this pattern if it passes the state at all;
        of equal cells these are the `state` easiest ones.
        """
        k = self._per_device("state", state, "1")
        if np.any((k < 0) | (k >= self.states) | (k != np.rint(k))):
            raise ValueError(f"state is {state!r}; expected whole numbers from 0 to "
                             f"{self.states - 1}, one or as many as devices")
        rank = ranks(self.critical_voltage)
        if self._equal:
            return np.asarray(rank < k)
        return easiest_patterns(k[:, 0].astype(int), rank, np.array(self.areas))

    @property
    def _equal(self) -> bool:
        return self.areas is None or max(self.areas) == min(self.areas)

    def _per_device(self, name: str, value: ArrayLike, unit: str) -> Floats:
        """One number, or one for each device, as a column; one device may have many."""
        array = real_array(name, value, unit)
        if array.ndim > 1 or (array.size not in (1, len(self)) and len(self) > 1):
            raise ValueError(f"{name} [{unit}] has shape {array.shape}; expected one number, or "
                             f"one for each of the {len(self)} devices")
        return array.reshape(-1, 1)

    def _pattern(self, name: str, value: ArrayLike, column: Floats) -> NDArray[np.bool_]:
        """Truths as (devices, cells), given so, or as (cells,), or as one for all; one device has
        as many as its `column` of `_per_device`."""
        array, shape = truths(name, value), (max(len(self), len(column)), self.cells)
        if array.shape not in ((), (self.cells,), (1, self.cells), shape):
            raise ValueError(f"{name} has shape {array.shape}; expected {shape}, (devices, "
                             f"cells), or ({self.cells},) for the same pattern in all")
        return np.broadcast_to(array, shape)

    def conductances(self, parallel: ArrayLike, v: ArrayLike = 0.0) -> Floats:
        """Chord conductance of each device at bias `v` [V]: (devices,) [S].

        Parameters
        ----------
        parallel : bool array, (devices, cells) or (cells,)
            The written pattern; stuck cells keep theirs, shorted and open ones have none.
        v : float or (devices,) array
            Bias [V].
        """
        return np.asarray(self.cell_conductances(parallel, v).sum(axis=1))

    def cell_conductances(self, parallel: ArrayLike, v: ArrayLike = 0.0) -> Floats:
        """Current of each cell over the bias applied to its device: (devices, cells) [S].

        Their sum is `conductances`, whose arguments these are. On a channel, the solution of
        Kirchhoff's laws, each junction at its own voltage.
        """
        bias = self._per_device("bias", bias_array("bias", v), "V")
        written = self._pattern("parallel", parallel, bias)
        if self.channel is None:
            return self._chord(written, bias)
        return channel_conductances(
            self.channel, np.broadcast_to(bias, (len(written), 1)), self.cells,
            lambda part, over: self._part(part)._chord(written[part], over))

    def _part(self, part: slice) -> "DeviceSample":
        """Some of the devices; one device is all of its parts."""
        if len(self) == 1:
            return self
        return replace(self, **{name: getattr(self, name)[part] for name in _PER_CELL})

    def _chord(self, written: NDArray[np.bool_], bias: Floats) -> Floats:
        """Chord conductance of each cell at the `bias` over it, (devices, cells) or one for each
        device, as a column [V]: (devices, cells) [S]. Its contact is counted in."""
        if self.contact:
            each = self.contact / np.array(self.areas or (1.0,) * self.cells)
            return behind_contact(partial(self._barrier, written), bias, each)
        return self._barrier(written, bias)

    def _barrier(self, written: NDArray[np.bool_], bias: Floats) -> Floats:
        """As `_chord`, of the barriers alone, at the bias over each."""
        g = 1.0 + self.bias.ratio(bias, self.tmr)
        np.divide(1.0, g, out=g)
        np.copyto(g, 1.0, where=written)
        g *= self.bias.parallel(bias, self.g_p)
        self._apply_faults(g, bias)
        return g

    def _apply_faults(self, g: Floats, bias: Floats) -> None:
        """Overwrite the few cells that are not sound."""
        every = np.broadcast_to(self.fault, g.shape).ravel()  # one device may have many biases
        flat = np.flatnonzero(every)
        if not len(flat):
            return
        v, g_p, tmr = (np.broadcast_to(a, g.shape).ravel() for a in (bias, self.g_p, self.tmr))
        fault, v = every[flat], v[flat]
        parallel = self.bias.parallel(v, g_p[flat])
        values = np.choose(fault - 1, [
            parallel, parallel / (1.0 + self.bias.ratio(v, tmr[flat])),
            np.full(len(flat), 1.0 / self.short_resistance), np.zeros(len(flat))])
        g.reshape(-1)[flat] = values

    def written(
        self, voltage: ArrayLike, before: ArrayLike, parallel: bool = True
    ) -> NDArray[np.bool_]:
        """Patterns (devices, cells) after a pulse of size `voltage` [V], one number or (devices,).

        Cells whose critical voltage it reaches become `parallel` (or antiparallel, if False); the
        others stay as in `before` (devices, cells).
        """
        size = np.abs(self._per_device("voltage", voltage, "V"))
        left = self._pattern("before", before, size)
        turned = truths("parallel", parallel)
        if turned.ndim:
            raise ValueError(f"parallel has shape {turned.shape}; expected True or False: a pulse "
                             "has one polarity")
        return np.where(size >= self.critical_voltage, turned, left)

    def aged(
        self, parallel: ArrayLike, time: ArrayLike, stability: Stability,
        rng: np.random.Generator | int, nominal_coercive_field: float = 1.0,
        attempt_time: float = ATTEMPT_TIME,
    ) -> NDArray[np.bool_]:
        """Patterns (devices, cells) that are left `time` after `parallel` was written.

        Every cell is found in its other state with `reliability.two_state_loss` of its own
        barriers: those of `stability` times its coercive field over the nominal one, as H_k goes
        with H_c and the barrier with H_k [A]. Stuck cells stay. The chance of a cell is one number
        of `rng` whatever the time, so that what has fallen in a year has fallen in ten; one device
        may have many times.

        Parameters
        ----------
        parallel : bool array, (devices, cells) or (cells,)
            The written pattern.
        time : float or (devices,) array
            [s].
        stability : (parallel, antiparallel)
            Nominal barriers over k_B T, as `mtj.stability`: one number, or (cells,), each [1].
        rng : Generator or int
            Where the chance comes from, or a seed.
        nominal_coercive_field : float
            As `Variability.sample` was given it [T]; 1 where the fields are relative.
        attempt_time : float
            tau0 [s].
        """
        elapsed = self._per_device("time", nonnegative_array("time", time, "s"), "s")
        before = self._pattern("parallel", parallel, elapsed)
        own, other = cell_barriers(stability, before, self._hardness(nominal_coercive_field))
        return turned(before, two_state_loss(elapsed, own, other, attempt_time), self._stuck, rng)

    def disturbed(
        self, parallel: ArrayLike, reads: ArrayLike, duration: float, v: ArrayLike,
        stability: Stability, disturb_current: ArrayLike, rng: np.random.Generator | int,
        nominal_coercive_field: float = 1.0, attempt_time: float = ATTEMPT_TIME,
        exponent: float = IN_PLANE_EXPONENT,
    ) -> NDArray[np.bool_]:
        """Patterns (devices, cells) that are left after a number of reads of `parallel`.

        By `reliability.read_disturb` of each cell's own current, barrier and critical current
        (`reliability.state_disturb_current`), for the state that the current works against. A
        positive bias drives it from the upper electrode, the reference layer, to the channel, the
        free layer. Electrons then come from the free layer, and those that the reference layer
        turns back are of the spin that makes it antiparallel [T: Slonczewski]: it disturbs parallel
        cells, a negative bias antiparallel ones. What falls by itself between the reads, or in the
        state that the current holds, is for `aged`.

        Parameters
        ----------
        reads : float or (devices,) array
            How many [1].
        duration : float
            Of each [s].
        v : float or (devices,) array
            Bias, signed [V].
        disturb_current : float or (cells,) array
            Of a cell of relative area 1, mean of its states, as `mtj.disturb_current` [A]; it
            grows with the area.
        exponent : float
            As `mtj.disturb_exponent` [1].
        parallel, stability, rng, nominal_coercive_field, attempt_time
            As in `aged`.
        """
        bias = self._per_device("bias", bias_array("bias", v), "V")
        time = self._per_device("reads", nonnegative_array("reads", reads, "1"), "1") * positive(
            "duration", duration, "s")
        fitting(reads=time[:, 0], bias=bias[:, 0])
        time, bias = np.broadcast_arrays(time, bias)
        before = self._pattern("parallel", parallel, bias)
        own, _ = cell_barriers(stability, before, self._hardness(nominal_coercive_field))
        current = np.abs(self.cell_conductances(before, bias[:, 0]) * bias)
        critical = state_disturb_current(
            critical_currents(disturb_current, self.areas or (1.0,) * self.cells), self.tmr, before)
        loss = read_disturb(own, current, critical, time, attempt_time, exponent)
        against = np.where(before, bias > 0, bias < 0)
        return turned(before, np.where(against, loss, 0.0), self._stuck, rng)

    @property
    def _stuck(self) -> NDArray[np.bool_]:
        return np.asarray((self.fault == STUCK_PARALLEL) | (self.fault == STUCK_ANTIPARALLEL))

    def _hardness(self, nominal_coercive_field: float) -> Floats:
        """Coercive fields over the nominal one, (devices, cells) [1]."""
        return np.asarray(self.coercive_field / positive(
            "nominal_coercive_field", nominal_coercive_field, "T"))
