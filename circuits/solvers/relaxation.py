"""Line relaxation: all rows are solved exactly, then all columns, and so on.

O(m n) a sweep and no factorisation. It contracts by (wire drop)^2, or nearly by the square of that
where `acceleration` lengthens its steps, and wins until wires are bad.
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from circuits.array.network import Network
from circuits.kernels import relaxation as kernels
from circuits.kernels.ladder import factor_ladders
from circuits.solvers.acceleration import Pace
from circuits.solvers.equations import Equations
from circuits.solvers.nodes import Flags, Indices, Nodes
from circuits.solvers.workspace import Workspace
from device_models.checks import Floats

_PROBES = 4  # sweeps to find the slowest mode: to 1 % where it is below 0.95
_MOST_SLOW = 0.999
_FEW = 6  # sweeps that are cheaper than to begin with another method
# The chord method, measured with the cubic law (0.2 V, doubled at 0.5 V) and 1 to 1000 ohm: its
# steps contract by 0.2 once wires are bad, and cost 1.2, 1.7, 3, 4 and 6 sweeps in square arrays of
# 8, 16, 32, 64 and 128 rows.
_CHORD_RATE = 0.2
_CHORD_COST = 1.0, 0.05  # sweeps that cost as much: so many, and so many per node of a side


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
        m, n = self.equations.network.g.shape
        sweeps = _Sweeps(self.equations, self._steps, voltages,
                         workspace.arrays(m, n, len(numbers)))
        # the error is a geometric series of what the sweeps to come would still change
        limit = replace(self.equations.limit(voltages),
                        tolerance=self.equations.tolerance * (1.0 - self.slowest))
        pays = _slowest_that_pays(min(m, n))
        pace, residual, leave = Pace(self.slowest), np.inf, False
        while True:
            last = leave or residual * pace.rate <= 1.0
            sweeps.next(pace.length, last)
            allowed = limit.allowed(sweeps.largest)
            fits = limit.resolves(sweeps.largest)
            left = ~(sweeps.error <= allowed) & fits
            if last and (leave or not left.any()):
                break
            if not np.isfinite(sweeps.error).all():
                leave = True  # another method takes shorter steps
                continue
            residual = float(np.max(sweeps.error[left] / allowed[left], initial=1.0))
            pace.saw(residual)
            leave = residual > max(pace.rate, pays) ** -_FEW and pace.rate > pays
        return sweeps.nodes, left | ~(fits & np.isfinite(sweeps.largest))

    @cached_property
    def slowest(self) -> float:
        """What a sweep multiplies the slowest mode of the linear network by, from below.

        Sweeps without sources are self-adjoint where columns' energy is the norm; a few of them
        leave the slowest modes of a smooth start.
        """
        network, (rows, down, _) = self.equations.network, self._steps
        g, still = network.g[..., None], np.zeros((len(network.g), 1))
        u, v, excess, half = (np.zeros_like(g) for _ in range(4))
        w, found = np.ones_like(g), 0.0
        for _ in range(_PROBES):
            kernels.begin(False, network.g, rows, down, still, u, w, excess, half)
            kernels.finish(down, True, u, half, v)
            before, w = float(np.sum(g * u * w)), u - v
            found = float(np.sum(g * u * w)) / before if before > 0.0 else 0.0
        return min(found, _MOST_SLOW)

    @cached_property
    def _steps(self) -> tuple[Floats, Floats, Floats]:
        """Eliminations (m, n, 4) of the rows, and of the columns downwards and upwards."""
        network = self.equations.network
        down, up = (np.ascontiguousarray(_steps(one.turned()).swapaxes(0, 1))
                    for one in (network, network.flipped()))
        return _steps(network), down, np.ascontiguousarray(up[::-1])


def _slowest_that_pays(side: int) -> float:
    """Contraction at which sweeps cost what the chord method does, in arrays of so short a side."""
    alone, per_node = _CHORD_COST
    return float(_CHORD_RATE ** (1.0 / (alone + per_node * side)))


def _steps(network: Network) -> Floats:
    """The elimination (m, n, 4) of every row; see `factor_ladder`."""
    steps = np.empty((*network.g.shape, 4))
    factor_ladders(network.g, network.row_z, steps)
    return steps


class _Sweeps:
    """The state of a batch between two sweeps."""

    def __init__(self, equations: Equations, steps: tuple[Floats, Floats, Floats],
                 voltages: Floats, arrays: tuple[Floats, Floats, Floats, Floats]) -> None:
        self._network, self._devices = equations.network, equations.devices
        self._rows, self._down, self._up = steps
        self._voltages, self._arrays = voltages, arrays
        self._count = 0
        self.error, self.largest = np.empty(voltages.shape[1]), np.empty(voltages.shape[1])
        self._begin(anew=True)

    def _begin(self, anew: bool) -> None:
        kernels.begin(anew, self._network.g, self._rows, self._down, self._voltages,
                      *self._arrays)
        self._upwards, self._closed = True, False

    def next(self, share: float, last: bool) -> None:
        """One sweep; the last one leaves `nodes`, from where others may still follow."""
        if self._closed:
            self._begin(anew=False)
        columns = (self._down, self._up) if self._upwards else (self._up, self._down)
        arguments = (self._upwards, last, 1.0 if last else share, self._network.g, columns[0],
                     self._rows, columns[1], self._voltages, *self._arrays, self.error,
                     self.largest)
        law = self._devices.compiled
        if law is not None:
            kernels.sweep_with_law(law.address, law.parameters, self._devices.conductance,
                                   *arguments)
        else:
            u, _, _, half = self._arrays
            v = np.empty_like(u)
            kernels.finish(columns[0], self._upwards, u, half, v)
            kernels.sweep_with_currents(self._devices.current(v), *arguments)
        self._count += 1
        self._upwards, self._closed = not self._upwards, last

    @property
    def nodes(self) -> Nodes:
        """What the last sweep left."""
        u, w, _, current = self._arrays
        return Nodes(u, w, current, np.full(len(self.error), self._count))
