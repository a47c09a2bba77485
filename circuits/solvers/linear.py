"""Arrays of linear devices: what all inputs share, and inputs solved with it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from circuits.array.network import Network
from circuits.copies import ReadOnly, read_only
from circuits.solvers import merging
from circuits.solvers.batch import Batch, Solve
from circuits.solvers.choice import Response, factors_pay, fits, matrix_pays, threads_for
from circuits.solvers.conjugate_gradients import LineGradients
from circuits.solvers.factors import NodalFactors
from circuits.solvers.nodes import Indices, Nodes
from circuits.solvers.workspace import Workspace
from device_models.checks import Floats


@dataclass(frozen=True, eq=False)
class LinearSolver(ReadOnly):
    """A linear network with what it takes to solve it, worked out when it is first needed."""

    network: Network
    _kept = ("transconductance",)

    @cached_property
    def transconductance(self) -> Floats:
        """The matrix T (rows, columns) [S], read-only."""
        return merging.transconductance(self.network, threads_for(self.network.g.shape))

    def keep(self, transconductance: Floats) -> None:
        """Take over the matrix, worked out elsewhere."""
        self.__dict__["transconductance"] = transconductance

    @property
    def has_transconductance(self) -> bool:
        """Whether the matrix has been computed already."""
        return "transconductance" in self.__dict__

    def response(self, inputs: int) -> Response:
        """What solves for the node voltages of so many inputs; factors that are there are used."""
        if "factors" in self.__dict__ or (fits(self.network)
                                          and factors_pay(self.network.g.shape, inputs)):
            return self.factors
        return self.gradients

    @cached_property
    def factors(self) -> NodalFactors:
        """What node voltages and gradients follow from, whatever memory it takes."""
        return NodalFactors.of(self.network, threads_for(self.network.g.shape))

    @cached_property
    def gradients(self) -> LineGradients:
        """What node voltages follow from where factors do not pay, or do not fit."""
        return LineGradients(self.network)


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
        response, g = self.solver.response(len(self.voltages)), self.array.network.g[:, :, None]

        def solve(voltages: Floats, first: int, workspace: Workspace) -> Nodes:
            batch = voltages.shape[1]
            u, w = response.solve(voltages, None, first + np.arange(batch))
            return Nodes(u, w, g * (u - w), np.ones(batch, int))

        return solve
