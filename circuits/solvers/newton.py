"""Newton's method for one input at a time: g is renewed at every step, and the step is damped."""

from dataclasses import dataclass

import numpy as np

from circuits.errors import ConvergenceError
from circuits.solvers.choice import response_of
from circuits.solvers.equations import Equations, check_finite, conductances, largest
from circuits.solvers.nodes import Flags, Indices, Nodes
from device_models.checks import Floats

_STUCK = 5  # steps in a row that hardly lower the residual
_RAMP = 25  # steps in which sources are turned up where nothing else helps
_STEPS = 300  # steep exponentials take one per e-fold


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
            with np.errstate(over="ignore", invalid="ignore"):  # of steps that will be damped
                found.put(one, self._one(at.of(one), voltages[:, one], int(number)))
        return found, np.zeros(batch, bool)

    def _one(self, at: Nodes, voltages: Floats, number: int) -> Nodes:
        """One input from `at`; where that fails, with the sources turned up step by step."""
        try:
            return self._descend(at, voltages, number)
        except ConvergenceError:
            rest = np.zeros_like(at.u)
            at = Nodes(rest, rest, rest, at.iterations)
        for share in np.geomspace(1e-3, 1.0, _RAMP):
            at = self._linearised(at, share * voltages, number)[0]
            at = self._descend(at, share * voltages, number)
        return at

    def _linearised(self, at: Nodes, voltages: Floats, number: int) -> tuple[Nodes, Floats]:
        """The solution for the devices' tangents at `at`, and their slopes (m, n) [S]."""
        v, devices = at.u - at.w, self.equations.devices
        slope = devices.slope(v)
        try:
            g = conductances(slope, devices, float(np.abs(v).max()))
        except ConvergenceError as error:
            raise ConvergenceError(f"input {number}: {error}") from None
        excess = devices.current(v) - slope * v
        u, w = response_of(self.equations.network.with_devices(g)).solve(voltages, excess)
        return Nodes(u, w, slope * (u - w) + excess, at.iterations + 1), g

    def _descend(self, at: Nodes, voltages: Floats, number: int) -> Nodes:
        """Damped steps from `at`, for one input."""
        error, stuck = self._error(at), 0
        for _ in range(_STEPS):
            aim, slope = self._linearised(at, voltages, number)
            before = np.linalg.norm(error)
            at, error = self._damped(at, aim, error)
            check_finite(error.max(axis=(0, 1)), np.array([number]))
            allowed = self.equations.limit(voltages, slope).allowed(largest(at.currents))
            if np.abs(error).max() <= allowed[0]:
                return at
            stuck = stuck + 1 if np.linalg.norm(error) > 0.99 * before else 0
            if stuck == _STUCK:
                break
        raise ConvergenceError(
            f"input {number} did not converge: damped Newton steps end at a KCL residual of "
            f"{np.abs(error).max():.2g} A of a largest device current of "
            f"{np.abs(at.currents).max():.2g} A; check the law's slope (kinks, negative "
            "differential conductance), lower the voltages or raise `tolerance`"
        )

    def _damped(self, at: Nodes, aim: Nodes, error: Floats) -> tuple[Nodes, Floats]:
        """The longest of the steps 1, 1/2, 1/4 .. that lowers the residual."""
        length = 1.0
        while length > 1e-9:
            trial = Nodes(at.u + length * (aim.u - at.u), at.w + length * (aim.w - at.w),
                          at.currents + length * (aim.currents - at.currents), aim.iterations)
            remaining = self._error(trial)
            if np.linalg.norm(remaining) < (1 - 1e-4 * length) * np.linalg.norm(error):
                return trial, remaining
            length /= 2
        return aim, self._error(aim)

    def _error(self, at: Nodes) -> Floats:
        """What the devices take beyond the currents that obey Kirchhoff's laws (m, n, 1) [A]."""
        return self.equations.devices.current(at.u - at.w) - at.currents
