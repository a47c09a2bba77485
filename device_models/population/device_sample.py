"""Many devices with deviations and faults: their conductances, and what a write leaves behind."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from device_models.checks import Floats, positive, real_array, truths
from device_models.compound.patterns import all_patterns, states_of
from device_models.junction.bias import BiasLaw, bias_array

SOUND, STUCK_PARALLEL, STUCK_ANTIPARALLEL, SHORTED, OPEN = range(5)
"""Codes of a cell's condition."""
_CHUNK = 2**22  # costs of patterns compared at a time


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
    """

    bias: BiasLaw
    g_p: Floats
    tmr: Floats
    coercive_field: Floats
    critical_voltage: Floats
    fault: NDArray[np.int8]
    short_resistance: float
    areas: tuple[float, ...] | None = None

    def __post_init__(self) -> None:
        shape = np.shape(self.g_p)
        for name in ("g_p", "tmr", "coercive_field", "critical_voltage", "fault"):
            found = np.shape(getattr(self, name))
            if len(found) != 2 or found != shape:
                raise ValueError(f"{name} has shape {found} and g_p {shape}; expected (devices, "
                                 "cells) of all, as Variability.sample draws them")
        if self.areas is not None:
            if len(self.areas) != self.cells:
                raise ValueError(f"areas [1] are {len(self.areas)}; expected one for each of the "
                                 f"{self.cells} cells")
            object.__setattr__(self, "areas", tuple(positive("areas", a, "1") for a in self.areas))

    @property
    def cells(self) -> int:
        """Cells of a device."""
        return int(self.g_p.shape[1])

    def __len__(self) -> int:
        return len(self.g_p)

    @property
    def states(self) -> int:
        """Number of states, as of the compound: cells + 1 of equal cells."""
        return self.cells + 1 if self._equal else len(self._pattern_states[2])

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
        rank = self._ranks()
        return np.asarray(rank < k) if self._equal else self._easiest(k[:, 0].astype(int), rank)

    def _ranks(self) -> NDArray[np.int16]:
        """Place of each cell among the critical voltages of its device, 0 the lowest."""
        v = self.critical_voltage
        rank = np.zeros(v.shape, np.int16)
        for i in range(self.cells):
            for j in range(i):
                later = v[:, i] >= v[:, j]
                rank[:, i] += later
                rank[:, j] += ~later
        return rank

    @property
    def _equal(self) -> bool:
        return self.areas is None or max(self.areas) == min(self.areas)

    @property
    def _pattern_states(self) -> tuple[NDArray[np.bool_], NDArray[np.intp], Floats]:
        """Every pattern, its state, and the parallel area of each state."""
        every = all_patterns(self.cells)
        return every, *states_of(every, np.array(self.areas))

    def _easiest(self, state: NDArray[np.int_], rank: NDArray[np.int16]) -> NDArray[np.bool_]:
        """Of the patterns of each device's state, that with the least sum of 2^rank.

        A sum of distinct powers of two orders as its highest power, then the next.
        """
        every, state_of, _ = self._pattern_states
        size = max(len(state), len(rank))  # one device may be asked for many states
        state, rank = np.broadcast_to(state, size), np.broadcast_to(rank, (size, self.cells))
        found = np.empty(rank.shape, bool)
        for k in np.unique(state):
            candidates, devices = every[state_of == k], np.flatnonzero(state == k)
            if len(candidates) == 1:
                found[devices] = candidates
                continue
            for part in np.array_split(devices, -(-len(devices) * len(candidates) // _CHUNK)):
                cost = np.exp2(rank[part]) @ candidates.T.astype(float)
                found[part] = candidates[np.argmin(cost, axis=1)]
        return found

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
        """As `conductances`, of each cell: (devices, cells) [S]."""
        bias = self._per_device("bias", bias_array("bias", v), "V")
        written = self._pattern("parallel", parallel, bias)
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
