"""Large linear arrays by conjugate gradients, in the memory of a few vectors.

The unknowns are the column node voltages w; the rows are eliminated exactly by ladder solutions.
What comes out is judged by solving all columns once more for the rows found, and all rows for these
columns: both obey Kirchhoff's laws but for a current at every cross-point that the two disagree on.
Current let into an array leaves it through its ends, no end taking more than all of it, so that no
column current is wrong by more than twice the sum of these.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from circuits.array.network import Network
from circuits.errors import ConvergenceError
from circuits.kernels import chain, gradients
from circuits.solvers.nodes import Indices
from circuits.solvers.preconditioners import (
    Halves,
    Ladders,
    Lines,
    Preconditioner,
    Vectors,
    preconditioner_of,
)
from device_models.checks import Floats

_AIM = 2e-11  # bound on the error of column currents, relative to the largest, that is sought
_ALLOWED = 1e-10  # and that is accepted where more steps do not lower it
_RESIDUAL = 8e-12  # sum of the residual at which an iteration ends, relative to the same
_ENERGY = 1e-12  # root of the energy won by the last step, relative to that of all
_ROUNDING = 4 * float(np.finfo(float).eps)  # of node voltages, relative
_MOST_STEPS = 10_000
_STUCK = 200  # steps without progress after which to begin anew; as many as were made, if more
_STRETCH = 2**15  # nodes that stay in cache from one pass to the next


@dataclass(frozen=True, eq=False)
class LineGradients:
    """Conjugate gradients with exact solutions of a similar array as preconditioner.

    Memory: about 18 arrays (rows, columns) beside the solution.
    """

    network: Network

    def solve(
        self, voltages: Floats, excess: Floats | None = None, numbers: Indices | None = None
    ) -> tuple[Floats, Floats]:
        """Row and column node voltages (rows, columns, batch) [V]; see `NodalFactors.solve`.

        `numbers` (batch,) name the inputs in errors; by default from 0.

        Raises
        ------
        ConvergenceError
            If the column currents are not known to 1e-10 of the largest; with `excess`, of the
            largest sum of a column's device currents.
        """
        shape, batch = self.network.g.shape, voltages.shape[1]
        u, w = np.empty((*shape, batch)), np.empty((*shape, batch))
        with Halves.of(shape) as halves:
            for b in range(batch):
                own = None if excess is None else np.ascontiguousarray(excess[..., b])
                search = _Search(self.network, halves, self._lines, self._preconditioner,
                                 voltages[:, b], own)
                try:
                    u[..., b], w[..., b] = search.run()
                except ConvergenceError as error:
                    number = b if numbers is None else int(numbers[b])
                    raise ConvergenceError(f"input {number} did not converge: {error}") from None
        return u, w

    @cached_property
    def _lines(self) -> Lines:
        """The array's own rows and columns."""
        net = self.network
        with Halves.of(net.g.shape) as halves:
            return Lines(net.g, Ladders.of_rows(halves, net.g, net.row_z),
                         Ladders.of_columns(halves, net.g, net.column_z))

    @cached_property
    def _preconditioner(self) -> Preconditioner:
        with Halves.of(self.network.g.shape) as halves:
            return preconditioner_of(halves, self.network, self._lines)


class _Search:
    """One input, and the arrays it is solved in."""

    def __init__(
        self, network: Network, halves: Halves, lines: Lines, preconditioner: Preconditioner,
        voltages: Floats, excess: Floats | None,
    ) -> None:
        shape = network.g.shape
        self._network, self._halves, self._lines = network, halves, lines
        self._preconditioner = preconditioner
        self._excess = np.zeros(shape) if excess is None else excess
        self._circulating = excess is not None
        self._driven = self._rows_alone(voltages)
        self._u: Floats = self._driven.copy()
        self._w: Floats = np.zeros(shape)
        self._v = Vectors.of(shape)
        self._currents: Floats = np.zeros(shape[1])
        self._scale = self._energy = 0.0
        self._steps = 0

    def run(self) -> tuple[Floats, Floats]:
        """Row and column node voltages (m, n) [V]."""
        if self._circulating:
            self._rows()
        best = np.inf
        while True:
            bound, rounding = self._judge()
            if bound <= _AIM * self._scale:
                return self._u, self._w
            if not bound < best / 2 or self._steps >= _MOST_STEPS:
                break
            best = bound
            self._minimise()
            self._w += self._v.x
            self._rows()
        if bound <= _ALLOWED * self._scale:
            return self._u, self._w
        raise ConvergenceError(self._trouble(bound, rounding))

    def _judge(self) -> tuple[float, float]:
        """Solve columns and rows once more; bound the error [A], and the share of rounding.

        Leaves what they disagree on as the residual.
        """
        g, before = self._network.g, self._u
        sums: Floats = np.zeros((2, 4, g.shape[1]))
        self._halves.run(lambda at, _: gradients.inject(
            g[at], before[at], self._excess[at], self._w[at]))
        self._lines.columns.solve(self._halves, self._w)
        self._u = np.empty_like(before)
        self._rows()
        self._halves.run(lambda at, upper: gradients.mismatch(
            g[at], self._excess[at], before[at], self._u[at], self._w[at], self._v.r[at],
            sums[int(upper)]))
        self._currents, gross, residual, size = sums.sum(axis=0)
        self._scale = float(np.abs(gross if self._circulating else self._currents).max())
        rounding = _ROUNDING * float(size.max())
        return 2 * float(residual.sum()) + rounding, rounding

    def _rows(self) -> None:
        """Solve all rows for the columns."""
        g, ladders = self._network.g, self._lines.rows
        self._halves.run(lambda at, _: gradients.solve_rows(
            g[at], ladders.t[at], ladders.h[at], self._w[at], self._excess[at], self._driven[at],
            self._u[at]))

    def _rows_alone(self, voltages: Floats) -> Floats:
        """Row node voltages (m, n) [V] over grounded columns."""
        g, z = self._network.g[..., None], self._network.row_z
        ends = np.ascontiguousarray(np.broadcast_to(voltages[:, None, None], (len(g), 2, 1)))
        u, zero = np.empty(g.shape), np.zeros(g.shape)
        self._halves.run(lambda at, _: chain.relax_rows(
            g[at, :, 0], z[at], ends[at], zero[at], u[at], zero[at]))
        return u[..., 0]

    def _minimise(self) -> None:
        """Leave in `x` the columns' answer to the residual `r`.

        Conjugate gradients; the column currents are kept up to date to know when to end.
        """
        v, halves = self._v, self._halves
        for a in (v.x, v.p, v.pp, v.z):
            a[:] = 0.0
        first = since = self._steps
        alpha, before, best = 0.0, np.inf, np.inf
        columns = self._preconditioner.columns
        while self._steps < _MOST_STEPS:
            remaining = self._step(alpha)
            won = alpha * before if self._steps > first else np.inf
            scale = self._scale if self._circulating else np.abs(self._currents).max()
            if remaining <= _RESIDUAL * scale and won <= _ENERGY**2 * self._energy:
                return
            gradients.join(columns.t, columns.h, halves.meet, v.f)
            rz = sum(halves.run(self._up))
            best, since = (rz, self._steps) if rz < best / 2 else (best, since)
            if not rz > 0 or self._steps - since > max(_STUCK, since - first):
                return
            curvature, taken = self._respond(rz / before)
            if not curvature > 0:
                return
            alpha, before = rz / curvature, rz
            self._currents -= alpha * taken
            self._energy += alpha * rz
            self._steps += 1

    def _step(self, alpha: float) -> float:
        """Step by `alpha` and begin to precondition; the sum of the residual's absolute values."""
        return sum(self._halves.run(lambda at, upper: self._down(at, upper, alpha)))

    def _respond(self, beta: float) -> tuple[float, Floats]:
        """Turn the direction; its product with what it answers to, and what devices take less."""
        taken: Floats = np.zeros((2, len(self._currents)))
        parts = self._halves.run(lambda at, upper: self._preconditioner.respond(
            at, beta, self._v, taken[int(upper)]))
        return sum(parts), np.asarray(taken.sum(axis=0))

    def _down(self, rows: slice, upper: bool, alpha: float) -> float:
        """`_step` in one half, which collects the residual's currents."""
        v, into, total = self._v, self._preconditioner, 0.0
        for k in self._stretches(rows, upper):
            total += gradients.advance(alpha, v.p[k], v.z[k], v.x[k], v.r[k])
            v.f[k] = into.enter(v.r[k])
            gradients.collect(into.columns.t, v.f, k.start, k.stop, upper)
        return total

    def _up(self, rows: slice, upper: bool) -> float:
        """Spread what was collected; the product of residual and preconditioned residual."""
        v, out, total = self._v, self._preconditioner, 0.0
        for k in reversed(self._stretches(rows, upper)):
            gradients.spread(out.columns.t, out.columns.h, self._halves.meet, v.f, k.start, k.stop)
            v.z[k] = out.leave(v.f[k])
            total += gradients.dot(v.r[k], v.z[k])
        return total

    def _stretches(self, rows: slice, upper: bool) -> list[slice]:
        """`rows` in stretches from the array's edge inwards."""
        size = max(1, _STRETCH // len(self._currents))
        found = [slice(k, min(k + size, rows.stop)) for k in range(rows.start, rows.stop, size)]
        return found if upper else found[::-1]

    def _trouble(self, bound: float, rounding: float) -> str:
        """What to tell the user."""
        known = bound / self._scale if self._scale > 0 else np.inf
        cause = (", as devices conduct so much better than the wires that node voltages do not "
                 "tell their currents" if rounding > _ALLOWED * self._scale else "")
        return (f"after {self._steps} steps of conjugate gradients column currents are known to "
                f"{known:.2g} of the largest, where {_ALLOWED:g} is wanted{cause}; ask for "
                "`transconductance()`, or solve smaller tiles, for which the direct solver is used")
