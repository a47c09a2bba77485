"""Many devices with deviations and faults: their conductances, and what a write leaves behind."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from device_models.bias import BiasLaw
from device_models.checks import Floats, real_array

SOUND, STUCK_PARALLEL, STUCK_ANTIPARALLEL, SHORTED, OPEN = range(5)
"""Codes of a cell's condition."""


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
    """

    bias: BiasLaw
    g_p: Floats
    tmr: Floats
    coercive_field: Floats
    critical_voltage: Floats
    fault: NDArray[np.int8]
    short_resistance: float

    @property
    def cells(self) -> int:
        """Cells of a device."""
        return int(self.g_p.shape[1])

    def __len__(self) -> int:
        return len(self.g_p)

    def patterns(self, state: ArrayLike) -> NDArray[np.bool_]:
        """Parallel cells (devices, cells) of devices in `state`, one number or (devices,).

        The `state` cells of lowest critical voltage are parallel: those that a growing pulse
        switches first.
        """
        k = real_array("state", state, "1")
        if k.ndim > 1 or np.any((k < 0) | (k > self.cells) | (k != np.rint(k))):
            raise ValueError(f"state is {state!r}; expected whole numbers from 0 to {self.cells}, "
                             "one or as many as devices")
        v = self.critical_voltage
        rank = np.zeros(v.shape, np.int16)
        for i in range(self.cells):
            for j in range(i):
                later = v[:, i] >= v[:, j]
                rank[:, i] += later
                rank[:, j] += ~later
        return np.asarray(rank < k.reshape(-1, 1))

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
        written = np.broadcast_to(np.asarray(parallel, bool), self.fault.shape)
        bias = real_array("bias", v, "V").reshape(-1, 1)
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
        v = np.abs(real_array("voltage", voltage, "V")).reshape(-1, 1)
        switched = v >= self.critical_voltage
        return np.where(switched, parallel, np.asarray(before, bool))
