"""Newton's method for one input at a time: the devices' tangents are renewed at every step.

A tangent drawn at too low a current of a steep law asks for a voltage whose current is astronomic;
one drawn at too high a current asks for far too little. So each device moves to the voltage of the
step or to where it carries the current of the step, whichever comes first. On a convex or concave
law behind a resistor no such move passes the solution, and some ten reach it from anywhere.

Where this goes round in circles (staircases) all devices move together: Kirchhoff's laws hold where
a convex function of the node voltages, the content of wires and devices, is least. Its derivative
along a Newton step is the sum of (device current beyond Kirchhoff's) x (step of device voltage);
moving to where that is zero ends at the solution for every law that does not fall.
"""

from dataclasses import dataclass

import numpy as np

from circuits.errors import ConvergenceError
from circuits.solvers.equations import NOISE, Equations, check_finite, largest
from circuits.solvers.nodes import Flags, Indices, Nodes
from circuits.solvers.steep import settle
from circuits.solvers.tangents import Tangents
from device_models.checks import Floats

_NEAR = 0.5  # misfit of a state, relative to its largest current, from which steps go on
_APART = 40  # steps of each device for itself; smooth laws take some ten
_TOGETHER = 200  # steps of all
_HALVINGS = 60  # of such a step
_STILL = 4 * float(np.finfo(float).eps)  # steps relative to node voltages that are rounding


@dataclass(frozen=True, eq=False)
class NewtonMethod:
    """The last method, for strong nonlinearities behind poor wires; what it leaves, raises."""

    equations: Equations

    def solve(self, at: Nodes, voltages: Floats, numbers: Indices) -> tuple[Nodes, Flags]:
        """Solve for `voltages` (m, batch) [V] of the inputs `numbers` (batch,), from `at`.

        Returns new node arrays, and which inputs are not solved: none.

        Raises
        ------
        ConvergenceError
            If an input is not solved; names it.
        """
        m, batch = voltages.shape
        found = Nodes.empty((m, at.u.shape[1]), batch)
        for b, number in enumerate(numbers):
            one = slice(b, b + 1)
            try:
                found.put(one, self._one(at.of(one), voltages[:, one]))
            except ConvergenceError as error:
                raise ConvergenceError(f"input {int(number)} did not converge: {error}") from None
        return found, np.zeros(batch, bool)

    def _one(self, at: Nodes, voltages: Floats) -> Nodes:
        """One input from `at`."""
        at, solved = self._apart(at, voltages)
        if not solved:
            at, solved = self._together(at, voltages)
        return at if solved else settle(self.equations, at, voltages)

    def _apart(self, at: Nodes, voltages: Floats) -> tuple[Nodes, bool]:
        """Steps of each device for itself: where they end, and whether that is the solution."""
        devices, network = self.equations.devices, self.equations.network
        tangents = self._start(at, voltages)
        for _ in range(_APART):
            at = tangents.solve(network, voltages, int(at.iterations[0]) + 1)
            taken = devices.current(at.u - at.w)
            met, resolved = self._judge(at, taken, tangents)
            if met:
                return at, resolved
            before, tangents = tangents, tangents.next(devices, at, taken)
            if np.array_equal(tangents.v, before.v):
                break
        return at, False

    def _start(self, at: Nodes, voltages: Floats) -> Tangents:
        """Tangents where `at` is about right, else at rest."""
        devices, v, most = self.equations.devices, at.u - at.w, largest(at.currents)
        taken = devices.current(v)
        near = largest(taken - at.currents) <= _NEAR * most
        if np.all(near & self.equations.limit(voltages).resolves(most)):
            return Tangents.at(devices, v, taken)
        return Tangents.at(devices, np.zeros_like(v))

    def _together(self, at: Nodes, voltages: Floats) -> tuple[Nodes, bool]:
        """Steps of all devices together from `at`, which obeys Kirchhoff's laws: where they end,
        and whether that is the solution; if not, only rounding keeps them from it."""
        devices = self.equations.devices
        for _ in range(_TOGETHER):
            tangents = Tangents.at(devices, at.u - at.w)
            aim = tangents.solve(self.equations.network, voltages, int(at.iterations[0]) + 1)
            met, resolved = self._judge(aim, devices.current(aim.u - aim.w), tangents)
            if met and resolved:
                return aim, True
            before, at = at, self._least(at, aim)
            moved = np.abs((at.u - at.w) - (before.u - before.w))
            still = bool(np.all(moved <= _STILL * (np.abs(at.u) + np.abs(at.w))))
            if still:
                break
        if not resolved:
            return at, False
        self._check_small(at, NOISE if still else self.equations.tolerance)
        return at, True

    def _check_small(self, at: Nodes, share: float) -> None:
        """Refuse a KCL residual above a `share` [1] of the largest current."""
        check_finite(at.currents)
        most = largest(at.currents)[0]
        error = largest(self.equations.devices.current(at.u - at.w) - at.currents)[0]
        if not error <= share * most:
            raise ConvergenceError(
                f"Newton steps end at a KCL residual of {error:.2g} A of a largest device current "
                f"of {most:.2g} A; check the law (jumps, a slope that is not its derivative, "
                "negative differential conductance), lower the voltages or raise `tolerance`")

    def _least(self, at: Nodes, aim: Nodes) -> Nodes:
        """The state between `at` and `aim` at which the content is least."""
        devices, v = self.equations.devices, at.u - at.w
        step, rise = (aim.u - aim.w) - v, aim.currents - at.currents
        low, share, high = 0.0, 1.0, 1.0
        for _ in range(_HALVINGS):
            beyond = devices.current(v + share * step) - (at.currents + share * rise)
            short = np.sum(beyond * step, where=step != 0) <= 0
            low, high = (share, high) if short else (low, share)
            if low == high:
                break
            share = low + (high - low) / 2
        return Nodes(at.u + share * (aim.u - at.u), at.w + share * (aim.w - at.w),
                     at.currents + share * rise, aim.iterations)

    def _judge(self, at: Nodes, taken: Floats, tangents: Tangents) -> tuple[bool, bool]:
        """Whether the devices take the currents of `at`, and whether rounding lets one say so."""
        limit, most = self.equations.limit_at(at, tangents.v, tangents.slope), largest(at.currents)
        met = largest(taken - at.currents) <= limit.allowed(most)
        return bool(met[0]), bool(limit.resolves(most)[0])
