"""Where the power of a solved circuit goes, and whether its currents balance."""

from dataclasses import dataclass

import numpy as np

from circuits.wires import Wires
from device_models.checks import Floats

PARTS = ("devices", "rows", "columns", "drivers", "sense")


@dataclass(frozen=True)
class Branches:
    """The branches of a solved linear array for a batch of inputs.

    Parameters
    ----------
    g : (m, n) array
        Device conductances [S].
    v : (batch, m) array
        Source voltages [V].
    u, w : (batch, m, n) arrays
        Row and column node voltages [V].
    """

    g: Floats
    v: Floats
    u: Floats
    w: Floats

    @property
    def device_currents(self) -> Floats:
        """(batch, m, n) [A]."""
        return self.g * (self.u - self.w)

    @property
    def row_currents(self) -> Floats:
        """Current in the segment left of each cross-point, (batch, m, n) [A]."""
        return np.cumsum(self.device_currents[:, :, ::-1], axis=2)[:, :, ::-1]

    @property
    def column_currents(self) -> Floats:
        """Current in the segment below each cross-point, (batch, m, n) [A]."""
        return np.cumsum(self.device_currents, axis=1)

    def amplitudes(self, wires: Wires) -> dict[str, Floats]:
        """For each of `PARTS` an array (batch, elements) [W^0.5]: its squares are the powers."""
        rows, columns = self.row_currents, self.column_currents
        parts = {
            "devices": np.sqrt(self.g) * (self.u - self.w),
            "rows": np.sqrt(wires.row) * rows,
            "columns": np.sqrt(wires.column) * columns,
            "drivers": np.sqrt(wires.source) * rows[:, :, 0],
            "sense": np.sqrt(wires.sense) * columns[:, -1, :],
        }
        return {name: parts[name].reshape(len(self.v), -1) for name in PARTS}

    def imbalance(self, wires: Wires) -> Floats:
        """Largest sum of currents into any node, (batch,) [A].

        Wire currents come from node voltages here, not from the sums of device currents.
        """
        into_row = _wire_imbalance(self.v[:, :, None], self.u, wires.row, wires.source)
        flipped = np.swapaxes(self.w, 1, 2)[:, :, ::-1]
        ground = np.zeros((len(self.v), self.g.shape[1], 1))
        into_column = _wire_imbalance(ground, flipped, wires.column, wires.sense)
        device = self.device_currents
        device_flipped = np.swapaxes(device, 1, 2)[:, :, ::-1]
        row = _largest_node_error(into_row, device, wires.row, wires.source)
        column = _largest_node_error(into_column, -device_flipped, wires.column, wires.sense)
        return np.maximum(row, column)


def _wire_imbalance(end: Floats, u: Floats, segment: float, end_resistance: float) -> Floats:
    """Current that a wire brings to each of its nodes (..., n) [A], from their voltages."""
    if segment == 0.0:
        into = (end - u[..., :1]) / end_resistance if end_resistance else np.zeros_like(end)
        return np.asarray(into)
    resistance = np.full(u.shape[-1], segment)
    resistance[0] += end_resistance
    arriving = -np.diff(np.concatenate([end, u], axis=-1), axis=-1) / resistance
    leaving = np.concatenate([arriving[..., 1:], np.zeros_like(end)], axis=-1)
    return np.asarray(arriving - leaving)


def _largest_node_error(into: Floats, device: Floats, segment: float, end: float) -> Floats:
    """Largest difference between what wires bring and devices take, (batch,) [A]."""
    if segment == 0.0:  # the whole wire is one node, or the voltage source itself
        device = device.sum(axis=-1, keepdims=True) if end else np.zeros_like(into)
    return np.asarray(np.abs(into - device).max(axis=(1, 2)))


def dissipated(branches: Branches, wires: Wires) -> dict[str, Floats]:
    """Power of the sources and of each part, (batch,) arrays [W]."""
    source = np.einsum("bi,bi->b", branches.v, branches.row_currents[:, :, 0])
    parts = branches.amplitudes(wires)
    return {"source": source} | {k: np.einsum("be,be->b", a, a) for k, a in parts.items()}


def power_forms(g: Floats, u: Floats, w: Floats, wires: Wires) -> dict[str, Floats]:
    """Quadratic forms Q (m, m) [S] of a linear array: a part's power is v @ Q @ v.

    `u`, `w` (m, m, n) are the node voltages of the m unit inputs [V/V].
    """
    branches = Branches(g, np.eye(len(u)), u, w)
    admittance = branches.row_currents[:, :, 0]
    parts = branches.amplitudes(wires)
    symmetric = (admittance + admittance.T) / 2
    return {"source": symmetric} | {k: a @ a.T for k, a in parts.items()}
