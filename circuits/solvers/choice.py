"""Which solver answers for the node voltages of a linear network."""

from typing import Protocol

from circuits.array.network import Network
from circuits.solvers.conjugate_gradients import LineGradients
from circuits.solvers.factors import NodalFactors, factor_bytes
from device_models.checks import Floats

MOST_FACTOR_BYTES = 2**30  # of the direct solver; beyond, conjugate gradients need far less


class Response(Protocol):
    """Node voltages of a linear network under any excitation."""

    def solve(self, voltages: Floats, excess: Floats | None = None) -> tuple[Floats, Floats]:
        """Row and column node voltages (rows, columns, batch) [V]; see `NodalFactors.solve`."""


def response_of(network: Network) -> Response:
    """The direct solver while its factors fit into `MOST_FACTOR_BYTES`, else the iterative one."""
    return NodalFactors.of(network) if fits(network) else LineGradients(network)


def matrix_pays(shape: tuple[int, ...], batch: int) -> bool:
    """Whether all of the transconductance costs less than solving `batch` inputs one by one.

    Measured on one 2.6 GHz core: 1.4e-10 s per m n^3 for the matrix; 4e-8 s per cell and step of
    conjugate gradients, some 40 steps. A matrix that takes no more than 2 s pays always, as every
    later input is a product with it.
    """
    long, short = max(shape), min(shape)
    matrix, gradients = 1.4e-10 * long * short**3, 1.6e-6 * long * short * batch
    return matrix < max(2.0, gradients)


def fits(network: Network) -> bool:
    """Whether the factors of `network` fit into `MOST_FACTOR_BYTES`."""
    return factor_bytes(network) <= MOST_FACTOR_BYTES
