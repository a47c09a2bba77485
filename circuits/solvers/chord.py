"""The chord method: the whole linear network with the devices' excess currents as its sources.

One factorisation for all batches and threads. It contracts by (nonlinearity) x (wire drop).
"""

import threading
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from circuits.solvers.choice import Response, response_of
from circuits.solvers.equations import Equations, largest
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
        g, devices = self.equations.network.g[..., None], self.equations.devices
        limit = self.equations.limit(voltages)
        excess = at.currents - g * (at.u - at.w)
        excess[..., ~np.isfinite(excess).all(axis=(0, 1))] = 0.0  # from the linear network
        last = np.full(len(numbers), np.inf)
        for step in range(1, _STEPS + 1):
            u, w = response.solve(voltages, excess)
            v = u - w
            following = devices.current(v) - g * v
            found = Nodes(u, w, g * v + excess, at.iterations + step)
            error = np.abs(following - excess).max(axis=(0, 1))
            if not np.isfinite(error).all():  # Newton's method takes shorter steps
                return found, np.ones(len(numbers), bool)
            most = largest(found.currents)
            done = (error <= limit.allowed(most)) & limit.resolves(most)
            if done.all() or (step > 2 and np.any(~done & ~(error < _SLOW * last))):
                break
            last, excess = error, following
        return found, ~done
