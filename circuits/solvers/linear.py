"""Arrays of linear devices: what all inputs share, and inputs solved with it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from circuits.array.network import Network
from circuits.copies import ReadOnly, read_only
from circuits.solvers import merging
from circuits.solvers.batch import Batch, Solve
from circuits.solvers.choice import Response, matrix_pays, response_of
from circuits.solvers.nodes import Indices, Nodes
from circuits.solvers.workspace import Workspace
from circuits.threads import available_threads
from device_models.checks import Floats

_WORTH_A_THREAD = 128 * 128  # devices from which a second thread pays, measured


@dataclass(frozen=True, eq=False)
class LinearSolver(ReadOnly):
    """A linear network with what it takes to solve it, worked out when it is first needed."""

    network: Network
    _kept = ("transconductance",)

    @cached_property
    def transconductance(self) -> Floats:
        """The matrix T (rows, columns) [S], read-only."""
        worth = self.network.g.size >= _WORTH_A_THREAD
        return merging.transconductance(self.network, available_threads() if worth else 1)

    def keep(self, transconductance: Floats) -> None:
        """Take over the matrix, worked out elsewhere."""
        self.__dict__["transconductance"] = transconductance

    @property
    def has_transconductance(self) -> bool:
        """Whether the matrix has been computed already."""
        return "transconductance" in self.__dict__

    @cached_property
    def response(self) -> Response:
        """What solves for node voltages."""
        return response_of(self.network)


@dataclass(frozen=True, eq=False)
class LinearBatch(Batch):
    """Inputs of linear devices, solved when something is asked of them."""

    solver: LinearSolver
    _kept = ("nodes", "column_currents")

    @cached_property
    def column_currents(self) -> Floats:
        """Currents out of the columns into ground, (batch, columns) [A]."""
        if self.solver.has_transconductance or matrix_pays(self.array.shape, len(self.voltages)):
            return read_only(np.asarray(self.voltages @ self.solver.transconductance))
        return read_only(np.concatenate(
            list(self.each(lambda _, nodes: nodes.currents.sum(axis=0).T))))

    @property
    def iterations(self) -> Indices:
        """One for each input."""
        return read_only(np.ones(len(self.voltages), int))

    def _ready(self) -> Solve:
        response, g = self.solver.response, self.array.network.g[:, :, None]

        def solve(voltages: Floats, first: int, workspace: Workspace) -> Nodes:
            u, w = response.solve(voltages)
            return Nodes(u, w, g * (u - w), np.ones(voltages.shape[1], int))

        return solve
