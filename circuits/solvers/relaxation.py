"""Line relaxation: all rows are solved exactly, then all columns, and so on.

O(m n) a sweep and no factorisation. It contracts by (wire drop)^2 and wins while wires are good.
"""

from dataclasses import dataclass

import numpy as np

from circuits.kernels import chain, elementwise
from circuits.kernels.relaxation import relax_columns_with_law
from circuits.solvers.equations import Equations
from circuits.solvers.nodes import Flags, Indices, Nodes
from circuits.solvers.workspace import Workspace
from device_models.checks import Floats


@dataclass(frozen=True, eq=False)
class LineRelaxation:
    """The first method, which starts from ideal wires."""

    equations: Equations

    def solve(
        self, voltages: Floats, numbers: Indices, workspace: Workspace
    ) -> tuple[Nodes, Flags]:
        """Solve for `voltages` (m, batch) [V] of the inputs `numbers` (batch,).

        Returns node arrays in `workspace`, and which inputs are not solved: those for which
        another method is cheaper.
        """
        net, (m, n), batch = self.equations.network, self.equations.network.g.shape, len(numbers)
        ends = np.ascontiguousarray(np.broadcast_to(voltages[:, None], (m, 2, batch)))
        edge = np.zeros((2, n, batch))
        u, w, excess, current = workspace.arrays(m, n, batch)
        w[:], excess[:] = 0.0, 0.0
        last = np.full(batch, np.inf)
        error, largest, limit = np.empty(batch), np.empty(batch), self.equations.limit(voltages)
        most, sweep = max(6.0, min(m, n) / 5), 0  # sweeps that cost as much as the chord method
        while True:
            sweep += 1
            chain.relax_rows(net.g, net.row_z, ends, excess, u, w)
            self._relax_columns(edge, excess, u, w, error, largest)
            if not np.isfinite(error).all():  # another method takes shorter steps
                done = np.zeros(batch, bool)
                break
            allowed, fits = limit.allowed(largest), limit.resolves(largest)
            done = (error <= allowed) & fits
            left = (error > allowed) & fits
            remaining = _steps_left(error[left], last[left], allowed[left])
            if not left.any() or (sweep > 1 and remaining > most):
                break
            last[:] = error
        np.subtract(u, w, out=current)
        current *= net.g[..., None]
        current += excess
        return Nodes(u, w, current, np.full(batch, sweep)), ~done

    def _relax_columns(self, edge: Floats, excess: Floats, u: Floats, w: Floats, error: Floats,
                       largest: Floats) -> None:
        """Solve all columns and renew `excess`, in one pass where the law is compiled."""
        net, devices = self.equations.network, self.equations.devices
        if devices.compiled is not None:
            relax_columns_with_law(
                devices.compiled.function, devices.compiled.parameters, devices.conductance, net.g,
                net.column_z, edge, excess, u, w, error, largest)
            return
        before = w.copy()
        chain.relax_columns(net.g, net.column_z, edge, excess, u, w)
        current = devices.current(u - w)
        elementwise.compare(net.g, u, w, before, current, excess, error, largest)


def _steps_left(error: Floats, last: Floats, allowed: Floats) -> float:
    """Steps that the slowest input still needs if it goes on contracting as it just did."""
    if len(error) == 0:
        return 0.0
    rate = np.clip(error / last, 1e-12, 1 - 1e-12)
    return float(np.max(np.log(allowed / error) / np.log(rate)))
