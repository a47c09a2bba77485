"""Large linear arrays by conjugate gradients, in the memory of a few vectors.

The unknowns are the column node voltages w; the rows are eliminated exactly by ladder solutions,
and the preconditioner solves every column exactly with its devices to ground. With M the columns
so grounded, D the devices and Z the rows' impedances the equations are (M - D Z D) w = c. M p is
carried along by recurrence, so no wire resistance is ever inverted and any may be zero.
"""

from dataclasses import dataclass

import numpy as np

from circuits.array.network import Network
from circuits.errors import ConvergenceError
from circuits.kernels import chain
from device_models.checks import Floats

_TOLERANCE = 1e-14  # residual relative to that of an input's sources alone
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
        """Add the solution for the column currents `r` to `w`; `r` ends as the residual [A].

        The residual is measured as the power r M^-1 r, which knows of nodes joined by zero ohm
        or to ground.
        """
        g = self.network.g[..., None]
        no_ends = np.zeros((r.shape[0], 2, r.shape[2]))
        still = np.zeros_like(r)
        p, mp, z, u = (np.zeros_like(r) for _ in range(4))
        start = best = np.full(r.shape[2], np.inf)
        rz, since = np.zeros(r.shape[2]), 0
        for step in range(_MOST_STEPS):
            self._columns(r, z)
            before, rz = rz, np.einsum("ijb,ijb->b", r, z)
            start = rz if step == 0 else start
            since = 0 if np.any(rz < 0.8 * best) else since + 1
            best = np.minimum(best, rz)
            if np.all(rz <= _TOLERANCE**2 * start) or since > 20:
                break
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
        if not np.all(best <= _ENOUGH**2 * start):
            worst = int(np.argmax(~(best <= _ENOUGH**2 * start)))
            raise ConvergenceError(
                f"input {worst} did not converge: conjugate gradients stopped at a residual of "
                f"{np.sqrt(best[worst] / start[worst]):.2g} of the sources; solve smaller tiles, "
                "for which the direct solver is used"
            )

    def _rows(self, ends: Floats, excess: Floats, u: Floats, w: Floats) -> None:
        chain.relax_rows(self.network.g, self.network.row_z, ends, excess, u, w)

    def _columns(self, source: Floats, out: Floats) -> None:
        edge = np.zeros((2, source.shape[1], source.shape[2]))
        chain.relax_columns(self.network.g, self.network.column_z, edge, source,
                            np.zeros_like(source), out)
