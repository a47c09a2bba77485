"""Which solver answers for a linear network: a model of what each costs.

The constants are fitted to times of one core with AVX2 at about 3 GHz, for arrays of 64 x 64 to
1024 x 1024 (`python -m benchmarks speed` measures them); with two threads all fall alike.
"""

from typing import Protocol

from circuits.array.network import Network
from circuits.solvers.conjugate_gradients import LineGradients
from circuits.solvers.factors import NodalFactors, factor_bytes
from circuits.solvers.nodes import Indices
from circuits.threads import available_threads
from device_models.checks import Floats

MOST_FACTOR_BYTES = 2**31  # of the direct solver; beyond, conjugate gradients need far less
_WORTH_A_THREAD = 128 * 128  # devices from which a second thread pays
_AT_ONCE = 2.0  # s that a matrix may always take, as every later input is a product with it
# seconds per device: in leaves, and in merges for every column
_MATRIX = 2.8e-7, 2.2e-9
_FACTORS = 3.5e-6, 1e-9
_GRADIENTS = 5e-7  # seconds per device and input, some ten steps of conjugate gradients


class Response(Protocol):
    """Node voltages of a linear network under any excitation."""

    def solve(self, voltages: Floats, excess: Floats | None = None,
              numbers: Indices | None = None) -> tuple[Floats, Floats]:
        """Row and column node voltages (rows, columns, batch) [V]; see `NodalFactors.solve`."""


def response_of(network: Network) -> Response:
    """The direct solver where its factors fit into `MOST_FACTOR_BYTES`, else the iterative one."""
    if fits(network):
        return NodalFactors.of(network, threads_for(network.g.shape))
    return LineGradients(network)


def matrix_pays(shape: tuple[int, ...], batch: int) -> bool:
    """Whether all of the transconductance costs less than solving `batch` inputs one by one.

    A matrix that takes no more than 2 s pays always.
    """
    return _cost(_MATRIX, shape) < max(_AT_ONCE, _one_by_one(shape, batch))


def factors_pay(shape: tuple[int, ...], batch: int) -> bool:
    """The same of factors, which an array of less than 2 s of matrix may always have."""
    return _cost(_MATRIX, shape) < _AT_ONCE or _cost(_FACTORS, shape) < _one_by_one(shape, batch)


def threads_for(shape: tuple[int, ...]) -> int:
    """On how many threads one array is solved."""
    return available_threads() if shape[0] * shape[1] >= _WORTH_A_THREAD else 1


def fits(network: Network) -> bool:
    """Whether the factors of `network` fit into `MOST_FACTOR_BYTES`."""
    return factor_bytes(network) <= MOST_FACTOR_BYTES


def _cost(constants: tuple[float, float], shape: tuple[int, ...]) -> float:
    """Seconds of the direct solver."""
    leaves, merges = constants
    return shape[0] * shape[1] * (leaves + merges * min(shape))


def _one_by_one(shape: tuple[int, ...], batch: int) -> float:
    """Seconds of conjugate gradients."""
    return _GRADIENTS * shape[0] * shape[1] * batch
