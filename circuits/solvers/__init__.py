"""One way of solving a network a file,
and what chooses among them."""

from circuits.solvers.response import Response, matrix_pays, response_of
from circuits.solvers.tiles import solve_tiles

__all__ = ["Response", "matrix_pays", "response_of", "solve_tiles"]
