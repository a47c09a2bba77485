"""The chord method: the whole linear network with the devices' excess currents as its sources.

One factorisation for all batches and threads. It contracts by (nonlinearity) x (wire drop).
"""

import threading
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from circuits.kernels.chord import renew_with_currents, renew_with_law
from circuits.solvers.choice import Response, response_of
from circuits.solvers.equations import Equations
from circuits.solvers.nodes import Flags, Indices, Nodes
from device_models.checks import Floats

_STEPS = 30
_SLOW = 0.3  # contraction per step above which Newton's method is cheaper


@dataclass(frozen=True, eq=False)
class ChordMethod:
    """The second method, for inputs whose wires take much of the voltage."""

    equations: Equations
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @cached_property
    def _response(self) -> Response:
        return response_of(self.equations.network)

    def __reduce__(self) -> tuple[type["ChordMethod"], tuple[Equations]]:
        return ChordMethod, (self.equations,)  # no lock, and factors are found again

    def solve(self, at: Nodes, voltages: Floats, numbers: Indices) -> tuple[Nodes, Flags]:
        """Solve for `voltages` (m, batch) [V] of the inputs `numbers` (batch,), from `at`.

        Returns new node arrays, and which inputs are not solved.
        """
        with self._lock:  # the first of all threads factorises
            response = self._response
        g, limit = self.equations.network.g, self.equations.limit(voltages)
        excess = at.currents - g[..., None] * (at.u - at.w)
        excess[..., ~np.isfinite(excess).all(axis=(0, 1))] = 0.0  # from the linear network
        current, last = np.empty_like(excess), np.full(len(numbers), np.inf)
        error, most = np.empty(len(numbers)), np.empty(len(numbers))
        for step in range(1, _STEPS + 1):
            u, w = response.solve(voltages, excess, numbers)
            self._renew(u, w, excess, current, error, most)
            if not np.isfinite(error).all():  # Newton's method takes shorter steps
                return Nodes(u, w, current, at.iterations + step), np.ones(len(numbers), bool)
            done = (error <= limit.allowed(most)) & limit.resolves(most)
            if done.all() or (step > 2 and np.any(~done & ~(error < _SLOW * last))):
                break
            last[:] = error
        return Nodes(u, w, current, at.iterations + step), ~done

    def _renew(self, u: Floats, w: Floats, excess: Floats, current: Floats, error: Floats,
               largest: Floats) -> None:
        """Renew `excess` and all after it; in one pass where the law is compiled."""
        g, devices = self.equations.network.g, self.equations.devices
        law = devices.compiled
        if law is not None:
            renew_with_law(law.address, law.parameters, devices.conductance, g, u, w, excess,
                           current, error, largest)
        else:
            v = u - w
            renew_with_currents(devices.current(v), g, v, w, excess, current, error, largest)
