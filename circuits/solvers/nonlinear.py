"""Arrays of nonlinear devices, in three stages, each for what the one before finds hard.

Write every device as a fixed conductance g and an excess current e(V) = I(V) - g V; the wires with
the conductances g are linear. The three stages iterate V -> e(V) -> V with more and more effort:

1. Line relaxation solves all rows exactly, then all columns: O(m n) a sweep and no factorisation.
   It contracts by (wire drop)^2 and wins while wires are good.
2. The chord method solves the whole linear network with e(V) as current sources: one
   factorisation for a whole batch. It contracts by (nonlinearity) x (wire drop).
3. Newton's method renews g at every step for one input and damps the step.

At every step there are device currents N that satisfy Kirchhoff's laws; the solution is found where
they equal I(V), and their difference is the KCL residual.
"""

import threading
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from circuits.array.devices import Devices
from circuits.array.network import Network
from circuits.errors import ConvergenceError
from circuits.kernels import chain, elementwise
from circuits.kernels.relaxation import relax_columns_with_law
from circuits.solvers.response import Response, response_of
from device_models.checks import Floats

Indices = NDArray[np.int64]
Flags = NDArray[np.bool_]

_CHORD_STEPS = 30
_STUCK = 5  # Newton steps in a row that hardly lower the residual
_RAMP = 25  # steps in which sources are turned up where nothing else helps
_NEWTON_STEPS = 300  # steep exponentials take one per e-fold
_SLOW = 0.3  # contraction per chord step above which Newton's method is cheaper
_NOISE = 1e-9  # rounding of g V, relative to the currents, above which g does not fit the law
_EPS = float(np.finfo(float).eps)


@dataclass(frozen=True, eq=False)
class Solution:
    """A batch of solved inputs.

    Parameters
    ----------
    u, w : (m, n, batch) arrays
        Row and column node voltages [V].
    currents : (m, n, batch) array
        Device currents [A].
    iterations : (batch,) array
        Steps taken, of any stage.
    """

    u: Floats
    w: Floats
    currents: Floats
    iterations: Indices

    def of(self, chosen: Indices) -> "Solution":
        """The inputs `chosen` (an index array)."""
        return Solution(self.u[..., chosen], self.w[..., chosen], self.currents[..., chosen],
                        self.iterations[chosen])

    def put(self, chosen: Indices, other: "Solution") -> None:
        """Replace the inputs `chosen` by `other`."""
        for name in ("u", "w", "currents", "iterations"):
            getattr(self, name)[..., chosen] = getattr(other, name)


@dataclass(frozen=True, eq=False)
class NonlinearSolver:
    """The wires with reference conductances, for any number of batches and threads.

    Parameters
    ----------
    network : Network
        The wires, with the reference conductances g [S].
    devices : Devices
        The nonlinear devices.
    tolerance : float
        KCL residual at convergence, relative to an input's largest device current [1].
    """

    network: Network
    devices: Devices
    tolerance: float
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _spaces: threading.local = field(default_factory=threading.local)

    @classmethod
    def of(cls, network: Network, devices: Devices, typical: float, tolerance: float
           ) -> "NonlinearSolver":
        """Take the slopes of the devices at the voltage `typical` [V] as reference."""
        at = np.full((*network.g.shape, 1), typical)
        reference = np.ascontiguousarray(devices.slope(at)[:, :, 0])
        if not np.all(reference >= 0) or np.any(np.isinf(reference)):
            raise ConvergenceError(_slopes(devices, typical))
        return cls(network.with_devices(reference), devices, tolerance)

    def _space(self, batch: int) -> tuple[Floats, Floats, Floats, Floats]:
        """Four arrays (m, n, batch) of this thread; fresh ones cost more in page faults than the
        arithmetic done on them."""
        kept: Floats | None = getattr(self._spaces, "arrays", None)
        if kept is None or kept.shape[-1] != batch:
            kept = self._spaces.arrays = np.empty((4, *self.network.g.shape, batch))
        return kept[0], kept[1], kept[2], kept[3]

    @cached_property
    def _response(self) -> Response:
        return response_of(self.network)

    def solve(self, voltages: Floats, first: int = 0) -> Solution:
        """Solve for `voltages` (m, batch) [V]; `first` is the first input's number in errors.

        The solution's arrays are valid until the same thread solves again: copy what is kept.
        """
        found, open_ = self._relax(voltages, first)
        for stage in (self._chord, self._newton):
            left = np.flatnonzero(open_)
            if len(left):
                better, still = stage(found.of(left), voltages[:, left], first + left)
                found.put(left, better)
                open_[left] = still
        _check_finite(found.currents.sum(axis=(0, 1)), first + np.arange(voltages.shape[1]))
        return found

    def _relax(self, voltages: Floats, first: int) -> tuple[Solution, Flags]:
        """Line relaxation from ideal wires; also which inputs it left open."""
        net, (m, n), batch = self.network, self.network.g.shape, voltages.shape[1]
        ends = np.ascontiguousarray(np.broadcast_to(voltages[:, None], (m, 2, batch)))
        edge = np.zeros((2, n, batch))
        u, w, excess, current = self._space(batch)
        w[:], excess[:] = 0.0, 0.0
        last = np.full(batch, np.inf)
        error, largest, rounding = np.empty(batch), np.empty(batch), _rounding(net.g, voltages)
        most, sweep = max(6.0, min(m, n) / 5), 0  # sweeps that cost as much as the chord method
        while True:
            sweep += 1
            chain.relax_rows(net.g, net.row_z, ends, excess, u, w)
            self._relax_columns(edge, excess, u, w, error, largest)
            _check_finite(error, first + np.arange(batch))
            allowed = self.tolerance * largest + rounding
            fits = rounding <= _NOISE * largest
            done = (error <= allowed) & fits
            left = (error > allowed) & fits
            remaining = _steps_left(error[left], last[left], allowed[left])
            if not left.any() or (sweep > 1 and remaining > most):
                np.subtract(u, w, out=current)
                current *= net.g[..., None]
                current += excess
                return Solution(u, w, current, np.full(batch, sweep)), ~done
            last[:] = error

    def _relax_columns(self, edge: Floats, excess: Floats, u: Floats, w: Floats, error: Floats,
                       largest: Floats) -> None:
        """Solve all columns and renew `excess`, in one pass where the law is compiled."""
        net, compiled = self.network, self.devices.compiled
        if compiled is not None:
            relax_columns_with_law(
                compiled.function, compiled.parameters, self.devices.conductance, net.g,
                net.column_z, edge, excess, u, w, error, largest)
            return
        before = w.copy()
        chain.relax_columns(net.g, net.column_z, edge, excess, u, w)
        current = self.devices.current(u - w)
        elementwise.compare(net.g, u, w, before, current, excess, error, largest)

    def _chord(self, at: Solution, voltages: Floats, numbers: Indices) -> tuple[Solution, Flags]:
        """The chord method from `at`; also which inputs it left open."""
        with self._lock:
            response = self._response
        g = self.network.g[..., None]
        excess = at.currents - g * (at.u - at.w)
        last = np.full(voltages.shape[1], np.inf)
        for step in range(1, _CHORD_STEPS + 1):
            u, w = response.solve(voltages, excess)
            v = u - w
            following = self.devices.current(v) - g * v
            found = Solution(u, w, g * v + excess, at.iterations + step)
            error = np.abs(following - excess).max(axis=(0, 1))
            _check_finite(error, numbers)
            done = error <= self._allowed(found, self.network.g, voltages)
            done &= _rounding(self.network.g, voltages) <= _NOISE * _largest(found)
            if done.all() or (step > 2 and np.any(~done & ~(error < _SLOW * last))):
                break
            last, excess = error, following
        return found, ~done

    def _newton(self, at: Solution, voltages: Floats, numbers: Indices) -> tuple[Solution, Flags]:
        """Newton's method for each input by itself."""
        for b, number in enumerate(numbers):
            one = np.array([b])
            with np.errstate(over="ignore", invalid="ignore"):  # of steps that will be damped
                better = self._newton_one(at.of(one), voltages[:, one], int(number))
            at.put(one, better)
        return at, np.zeros(len(numbers), bool)

    def _newton_one(self, at: Solution, voltages: Floats, number: int) -> Solution:
        """Newton's method from `at`; where that fails, with the sources turned up step by step."""
        try:
            return self._descend(at, voltages, number)
        except ConvergenceError:
            rest = np.zeros_like(at.u)
            at = Solution(rest, rest, rest, at.iterations)
        for share in np.geomspace(1e-3, 1.0, _RAMP):
            at = self._linearised(at, share * voltages, number)[0]
            at = self._descend(at, share * voltages, number)
        return at

    def _linearised(self, at: Solution, voltages: Floats, number: int) -> tuple[Solution, Floats]:
        """The solution for the devices' tangents at `at`, and their slopes (m, n) [S]."""
        v = at.u - at.w
        slope = self.devices.slope(v)
        if not np.all(slope >= 0) or np.any(np.isinf(slope)):
            reach = float(np.abs(v).max())
            raise ConvergenceError(f"input {number}: {_slopes(self.devices, reach)}")
        excess = self.devices.current(v) - slope * v
        network = self.network.with_devices(np.ascontiguousarray(slope[:, :, 0]))
        u, w = response_of(network).solve(voltages, excess)
        return Solution(u, w, slope * (u - w) + excess, at.iterations + 1), network.g

    def _descend(self, at: Solution, voltages: Floats, number: int) -> Solution:
        """Damped Newton steps from `at`, for one input."""
        error, stuck = self.devices.current(at.u - at.w) - at.currents, 0
        for _ in range(_NEWTON_STEPS):
            aim, slope = self._linearised(at, voltages, number)
            before = np.linalg.norm(error)
            at, error = self._damped(at, aim, error)
            _check_finite(error.max(axis=(0, 1)), np.array([number]))
            if np.abs(error).max() <= self._allowed(at, slope, voltages)[0]:
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

    def _damped(self, at: Solution, aim: Solution, error: Floats) -> tuple[Solution, Floats]:
        """The longest of the steps 1, 1/2, 1/4 .. that lowers the residual."""
        length = 1.0
        while length > 1e-9:
            u, w, currents = (getattr(at, name) + length * (getattr(aim, name) - getattr(at, name))
                              for name in ("u", "w", "currents"))
            trial = Solution(u, w, currents, aim.iterations)
            remaining = self.devices.current(trial.u - trial.w) - trial.currents
            if np.linalg.norm(remaining) < (1 - 1e-4 * length) * np.linalg.norm(error):
                return trial, remaining
            length /= 2
        return aim, self.devices.current(aim.u - aim.w) - aim.currents

    def _allowed(self, found: Solution, g: Floats, voltages: Floats) -> Floats:
        """Largest residual [A] of each input: the tolerance, but not less than rounding."""
        return np.asarray(self.tolerance * _largest(found) + _rounding(g, voltages))


def _largest(found: Solution) -> Floats:
    """Largest device current of each input (batch,) [A]."""
    return np.asarray(np.abs(found.currents).max(axis=(0, 1)))


def _slopes(devices: Devices, reach: float) -> str:
    """What is wrong with a law whose slopes are no conductances."""
    return (f"{devices.law!r} has a negative or infinite slope, or none, within {reach:.3g} V; "
            "expected currents that do not fall with voltage and slopes that are finite")


def _rounding(g: Floats, voltages: Floats) -> Floats:
    """What rounding may leave of Kirchhoff's law (batch,) [A]; no node exceeds the sources."""
    return np.asarray(16 * _EPS * g.max() * np.abs(voltages).max(axis=0))


def _check_finite(error: Floats, numbers: Indices) -> None:
    """Refuse to go on with residuals (batch,) [A] that are not numbers."""
    bad = ~np.isfinite(error)
    if bad.any():
        raise ConvergenceError(
            f"input {int(numbers[bad][0])} led to device currents that are not finite; check that "
            "the law gives finite currents at every voltage up to the sources', and the voltages"
        )


def _steps_left(error: Floats, last: Floats, allowed: Floats) -> float:
    """Steps that the slowest input still needs if it goes on contracting as it just did."""
    if len(error) == 0:
        return 0.0
    rate = np.clip(error / last, 1e-12, 1 - 1e-12)
    return float(np.max(np.log(allowed / error) / np.log(rate)))
