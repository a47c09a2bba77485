"""Large linear arrays by conjugate gradients, in the memory of a few vectors.

The unknowns are the column node voltages w; the rows are eliminated exactly by ladder solutions,
and the preconditioner solves every column exactly with its devices to ground. With M the columns
so grounded, D the devices and Z the rows' impedances the equations are (M - D Z D) w = c. M p is
carried along by recurrence, so no wire resistance is ever inverted and any may be zero.
"""

from dataclasses import dataclass

import numpy as np

from circuits.errors import ConvergenceError
from circuits.kernels import chain
from circuits.network import Network
from device_models.checks import Floats

_TOLERANCE = 1e-14  # residual relative to an input's largest current into a column node
_ENOUGH = 1e-11  # accepted where rounding stops the iteration earlier
_MOST_STEPS = 5000


@dataclass(frozen=True, eq=False)
class LineGradients:
    """Conjugate gradients with exact solutions of all rows and all columns as preconditioner.

    Memory: about ten arrays (rows, columns, batch).
    """

    network: Network

    def solve(self, voltages: Floats, excess: Floats | None = None) -> tuple[Floats, Floats]:
        """Row and column node voltages (rows, columns, batch) [V]; see `NodalFactors.solve`.

        Raises
        ------
        ConvergenceError
            If the residual stops falling above what rounding explains.
        """
        m, n = self.network.g.shape
        batch = voltages.shape[1]
        excess = np.zeros((m, n, batch)) if excess is None else np.ascontiguousarray(excess)
        ends = np.ascontiguousarray(np.broadcast_to(voltages[:, None], (m, 2, batch)))
        zero = np.zeros((m, n, batch))
        u, w = zero.copy(), zero.copy()
        self._rows(ends, excess, u, w)
        residual = self.network.g[..., None] * u + excess
        self._minimise(residual, w)
        self._rows(ends, excess, u, w)
        return u, w

    def _minimise(self, r: Floats, w: Floats) -> None:
        """Add the solution for the column currents `r` to `w`; `r` ends as the residual [A]."""
        g = self.network.g[..., None]
        no_ends = np.zeros((r.shape[0], 2, r.shape[2]))
        still = np.zeros_like(r)
        p, mp, z, u = (np.zeros_like(r) for _ in range(4))
        largest = np.abs(r).max(axis=(0, 1))
        rz, best, since = np.zeros(r.shape[2]), np.full(r.shape[2], np.inf), 0
        for _ in range(_MOST_STEPS):
            error = np.abs(r).max(axis=(0, 1))
            since = 0 if np.any(error < 0.9 * best) else since + 1
            best = np.minimum(best, error)
            if np.all(error <= _TOLERANCE * largest) or since > 20:
                break
            self._columns(r, z)
            before, rz = rz, np.einsum("ijb,ijb->b", r, z)
            beta = np.divide(rz, before, out=np.zeros_like(rz), where=before > 0)
            p *= beta
            p += z
            mp *= beta
            mp += r
            chain.relax_rows(self.network.g, self.network.row_z, no_ends, still, u, p)
            ap = g * u
            np.subtract(mp, ap, out=ap)
            curvature = np.einsum("ijb,ijb->b", p, ap)
            alpha = np.divide(rz, curvature, out=np.zeros_like(rz), where=curvature > 0)
            w += alpha * p
            ap *= alpha
            r -= ap
        if np.any(best > _ENOUGH * largest):
            worst = int(np.argmax(best / np.where(largest > 0, largest, 1.0)))
            raise ConvergenceError(
                f"input {worst} did not converge: conjugate gradients stopped at a residual of "
                f"{best[worst]:.2g} A of {largest[worst]:.2g} A; solve smaller tiles, for which "
                "the direct solver is used"
            )

    def _rows(self, ends: Floats, excess: Floats, u: Floats, w: Floats) -> None:
        chain.relax_rows(self.network.g, self.network.row_z, ends, excess, u, w)

    def _columns(self, source: Floats, out: Floats) -> None:
        edge = np.zeros((2, source.shape[1], source.shape[2]))
        chain.relax_columns(self.network.g, self.network.column_z, edge, source,
                            np.zeros_like(source), out)
