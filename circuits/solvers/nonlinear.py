"""Arrays of nonlinear devices, in three stages, each for what the one before finds hard.

1. Line relaxation wins while wires are good.
2. The chord method wins while devices are nearly linear.
3. Newton's method solves what is left, one input at a time.

See `circuits.solvers.equations` for what they have in common.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np

from circuits.array.array import Array
from circuits.copies import read_only
from circuits.solvers.batch import Batch, Solve
from circuits.solvers.chord import ChordMethod
from circuits.solvers.equations import Equations
from circuits.solvers.newton import NewtonMethod
from circuits.solvers.nodes import Flags, Indices, Nodes
from circuits.solvers.relaxation import LineRelaxation
from circuits.solvers.workspace import Workspace
from device_models.checks import Floats

_TYPICAL = 0.7  # share of the largest voltage at which devices are made linear
_KEPT = 2**16  # node voltages of a batch so small that they are kept


class Method(Protocol):
    """A way to go on from what another one has found."""

    def solve(self, at: Nodes, voltages: Floats, numbers: Indices) -> tuple[Nodes, Flags]:
        """Solve for `voltages` (m, batch) [V] of the inputs `numbers` (batch,), from `at`.

        Returns new node arrays, and which inputs are not solved.
        """


@dataclass(frozen=True, eq=False)
class NonlinearSolver:
    """What solves one array for any number of batches and threads.

    Parameters
    ----------
    first : LineRelaxation
        Solves every input, or leaves it open.
    others : sequence of Method
        Each gets what those before it have left open; the last one leaves nothing.
    """

    first: LineRelaxation
    others: Sequence[Method]

    @classmethod
    def of(cls, array: Array, most: float, tolerance: float) -> "NonlinearSolver":
        """For voltages up to `most` [V], to `tolerance` of an input's largest device current."""
        equations = Equations.of(array, _TYPICAL * most, tolerance)
        return cls(LineRelaxation(equations), (ChordMethod(equations), NewtonMethod(equations)))

    def solve(
        self, voltages: Floats, first: int = 0, workspace: Workspace | None = None
    ) -> Nodes:
        """Solve for `voltages` (m, batch) [V]; `first` is the first input's number in errors.

        The solution lies in `workspace`, and lasts until that is used again; in new memory
        without one.

        Raises
        ------
        ConvergenceError
            If an input has no solution that can be found; names it.
        """
        with np.errstate(over="ignore", invalid="ignore"):  # of steps too long, which are noticed
            return self._in_turn(voltages, first + np.arange(voltages.shape[1]),
                                 workspace or Workspace())

    def _in_turn(self, voltages: Floats, numbers: Indices, workspace: Workspace) -> Nodes:
        """The solution by one method after another."""
        found, open_ = self.first.solve(voltages, numbers, workspace)
        for method in self.others:
            left = np.flatnonzero(open_)
            if len(left):
                better, still = method.solve(found.of(left), voltages[:, left], numbers[left])
                found.put(left, better)
                open_[left] = still
        return found


@dataclass(frozen=True, eq=False)
class NonlinearBatch(Batch):
    """Inputs of nonlinear devices, solved when the batch is made; small ones are kept whole."""

    solver: NonlinearSolver
    _kept = ("nodes", "_summary")

    def __post_init__(self) -> None:
        _ = self._summary

    @property
    def column_currents(self) -> Floats:
        """Currents out of the columns into ground, (batch, columns) [A]."""
        return self._summary[0]

    @property
    def iterations(self) -> Indices:
        """Linear solutions that each input took, (batch,)."""
        return self._summary[1]

    @cached_property
    def _summary(self) -> tuple[Floats, Indices]:
        if self.voltages.size * self.array.shape[1] <= _KEPT:
            _ = self.nodes
        parts = list(self.each(lambda _, nodes: (nodes.currents.sum(axis=0).T, nodes.iterations)))
        return read_only((np.concatenate([p[0] for p in parts]),
                          np.concatenate([p[1] for p in parts])))

    def _ready(self) -> Solve:
        return self.solver.solve
