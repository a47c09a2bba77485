"""One way of solving a network a file,
and what chooses among them."""

from circuits.solvers.batch import Batch
from circuits.solvers.choice import Response, matrix_pays, response_of
from circuits.solvers.linear import LinearBatch, LinearSolver
from circuits.solvers.nodes import Nodes
from circuits.solvers.nonlinear import NonlinearBatch, NonlinearSolver
from circuits.solvers.tiles import solve_tiles

__all__ = [
    "Batch", "LinearBatch", "LinearSolver", "Nodes", "NonlinearBatch", "NonlinearSolver",
    "Response", "matrix_pays", "response_of", "solve_tiles",
]
