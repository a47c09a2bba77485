"""Reference: the compiled kernels against NumPy."""

import numpy as np
import pytest

from circuits import CrossbarCircuit, Wires
from circuits.array.network import Network
from circuits.kernels import chain, ladder, lapack
from circuits.solvers.elimination import NodalFactors, transconductance
from tests.support.reference import EPS, Floats, random_conductance

SIZES = [*range(2, 12), 16, 31, 32, 33, 47, 63, 64, 65, 66, 67, 97, 127, 128, 129, 150]


def block(a: Floats) -> Floats:
    """`a` as a block of a larger matrix, the only layout that `invert` takes."""
    n = len(a)
    return np.pad(a, ((1, 2), (2, 1)), constant_values=7.0)[1 : n + 1, 2 : n + 2]


def positive_definite(n: int, seed: int) -> Floats:
    a = np.random.default_rng(seed).normal(size=(n, n))
    return a @ a.T / n + np.eye(n)


@pytest.mark.parametrize("n", SIZES)
def test_invert_equals_numpy(n: int) -> None:
    a = positive_definite(n, seed=n)
    expected = np.linalg.inv(a)
    found, info = block(a), np.zeros(1, np.int32)
    lapack.invert(found, block(np.empty((n, n))), info)
    assert info[0] == 0
    error = 10 * n * EPS * np.linalg.cond(a) * np.abs(expected).max()
    np.testing.assert_allclose(found, expected, rtol=0, atol=error)
    np.testing.assert_allclose(found, found.T, rtol=0, atol=n * EPS * np.abs(expected).max())


@pytest.mark.parametrize("n", [5, 33, 70])
def test_invert_of_a_block_leaves_the_rest(n: int) -> None:
    inner = block(positive_definite(n, seed=0))
    whole = inner.base
    lapack.invert(inner, block(np.empty((n, n))), np.zeros(1, np.int32))
    inner[:] = 7.0
    assert np.all(whole == 7.0)


@pytest.mark.parametrize("n", [2, 4, 32])
def test_invert_reports_an_indefinite_matrix(n: int) -> None:
    a, info = np.eye(n), np.zeros(1, np.int32)
    a[-1, -1] = -1.0
    lapack.invert(block(a), block(np.empty((n, n))), info)
    assert info[0] != 0


@pytest.mark.parametrize("n", [33, 64, 100])
def test_invert_reports_an_indefinite_first_half(n: int) -> None:
    a, info = np.eye(n), np.zeros(1, np.int32)
    a[0, 0] = -1.0
    lapack.invert(block(a), block(np.empty((n, n))), info)
    assert info[0] != 0


@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 4, 5), (40, 7, 33), (65, 64, 66)], ids=str)
def test_products_equal_numpy(shape: tuple[int, int, int]) -> None:
    p, q, r = shape
    rng = np.random.default_rng(0)
    a, b, c = rng.normal(size=(p, q)), rng.normal(size=(q, r)), rng.normal(size=(p, r))
    expected = 2.0 * a @ b - 0.5 * c
    for product, x, y in [(lapack.multiply, a, b),
                          (lapack.multiply_at, np.ascontiguousarray(a.T), b),
                          (lapack.multiply_bt, a, np.ascontiguousarray(b.T))]:
        found = c.copy()
        product(x, y, found, 2.0, -0.5)
        np.testing.assert_allclose(found, expected, atol=1e-14 * q)


SEGMENTS = {
    "uniform": lambda n: np.full(n, 2e3),
    "zero": np.zeros,
    "some zero": lambda n: np.where(np.arange(n) % 3 == 1, 0.0, 10.0 ** (np.arange(n) % 5)),
    "only one": lambda n: np.where(np.arange(n) == n // 2, 50.0, 0.0),
    "many orders": lambda n: np.logspace(-3, 6, n),
}


def row_admittance(n: int, wires: Wires) -> Floats:
    """Admittance [S] of one row seen from its columns, by dense linear algebra."""
    g = random_conductance((1, n), seed=n)[0]
    if wires.row == 0:  # one node
        total = g.sum() + (1 / wires.source if wires.source else np.inf)
        return np.diag(g) - np.outer(g, g) / total
    z = np.full(n, wires.row)
    z[0] += wires.source
    series = 1 / z
    along = np.diag(series) - np.diag(series[1:], 1) - np.diag(series[1:], -1)
    along[:-1, :-1] += np.diag(series[1:])
    return np.diag(g) - g[:, None] * np.linalg.inv(along + np.diag(g)) * g


@pytest.mark.parametrize("segments", SEGMENTS)
@pytest.mark.parametrize("n", [1, 2, 7, 33, 80])
def test_column_transfer_equals_dense_algebra(n: int, segments: str) -> None:
    r = SEGMENTS[segments](n)
    k = row_admittance(n, Wires(row=5.0, source=100.0)) + 1e-5 * np.eye(n)
    expected = np.linalg.inv(np.eye(n) + r[:, None] * k)
    found, info = np.empty((n, n)), np.zeros(1, np.int32)
    chain.column_transfer(k, r, found, np.empty((n, n)), info)
    assert info[0] == 0
    # both lose as much as the scale of r k beside one; measured 1e-13 of the largest entry
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * np.abs(expected).max())
    grounded = r == 0
    np.testing.assert_array_equal(found[grounded], np.eye(n)[grounded])


@pytest.mark.parametrize("row", [0.0, 5.0])
@pytest.mark.parametrize("source", [0.0, 100.0, 1e9])
@pytest.mark.parametrize("n", [1, 2, 9])
def test_row_port_equals_dense_algebra(n: int, source: float, row: float) -> None:
    g = random_conductance((1, n), seed=n)[0]
    z = np.full(n + 1, row)
    z[0] += source
    z[n] = np.inf
    port, drive = np.zeros((n, n)), np.empty(n)
    ladder.row_port(g, z, np.empty(n), np.empty(n), port, drive)
    lapack.mirror(port)
    expected = row_admittance(n, Wires(row=row, source=source))
    np.testing.assert_allclose(port, expected, rtol=0, atol=1e-6 * g.max())
    loss = expected.sum(axis=1)  # what one volt on all columns draws comes out of the source
    np.testing.assert_allclose(drive, loss, rtol=0, atol=1e-6 * g.max())


def dense(network: Network, v: Floats) -> tuple[Floats, Floats]:
    """Node voltages (m, n) of a network whose segments all differ and none is zero."""
    g, row_y, column_y = network.g, 1 / network.row_z, 1 / network.column_z
    m, n = g.shape
    matrix, right = np.zeros((2 * m * n, 2 * m * n)), np.zeros(2 * m * n)

    def branch(a: int, b: int | None, y: float, volt: float = 0.0) -> None:
        matrix[a, a] += y
        right[a] += y * volt
        if b is not None:
            matrix[b, b] += y
            matrix[a, b] -= y
            matrix[b, a] -= y

    for i in range(m):
        branch(i * n, None, row_y[i, 0], v[i])
        for j in range(n):
            here = i * n + j
            branch(here, m * n + here, g[i, j])
            if j:
                branch(here, here - 1, row_y[i, j])
            if i:
                branch(m * n + here, m * n + here - n, column_y[i, j])
            if i == m - 1:
                branch(m * n + here, None, column_y[m, j])
    u, w = np.linalg.solve(matrix, right).reshape(2, m, n)
    return u, w


def uneven_network(m: int, n: int) -> Network:
    """Every segment its own resistance."""
    rng = np.random.default_rng(m)
    row_z, column_z = 10 ** rng.uniform(0, 3, (m, n + 1)), 10 ** rng.uniform(0, 3, (m + 1, n))
    row_z[:, -1], column_z[0] = np.inf, np.inf
    return Network(random_conductance((m, n), seed=n, high=1e-3), row_z, column_z)


@pytest.mark.parametrize("shape", [(1, 1), (4, 3), (3, 5), (12, 12), (18, 5)], ids=str)
def test_networks_of_uneven_segments_equal_dense_algebra(shape: tuple[int, int]) -> None:
    network = uneven_network(*shape)
    v = np.random.default_rng(0).uniform(-1, 1, shape[0])
    u, w = dense(network, v)
    found = NodalFactors.of(network).solve(v[:, None])
    np.testing.assert_allclose(found[0][..., 0], u, rtol=0, atol=1e-12)
    np.testing.assert_allclose(found[1][..., 0], w, rtol=0, atol=1e-12)
    currents = v @ transconductance(network)
    np.testing.assert_allclose(currents, w[-1] / network.column_z[-1], rtol=1e-10)


def test_turning_a_network_twice_restores_it() -> None:
    network = uneven_network(4, 3)
    twice = network.turned().turned()
    for name in ("g", "row_z", "column_z"):
        np.testing.assert_array_equal(getattr(twice, name), getattr(network, name))


@pytest.mark.parametrize("length", [15, 16, 17, 31, 32, 33, 64, 65, 100])
def test_stretches_of_rows_join_at_every_length(length: int) -> None:
    """Equivalence: T carries currents in stretches of 16 rows; the node voltages do not."""
    g = random_conductance((length, 7), seed=length)
    circuit = CrossbarCircuit(g, Wires(1.0, 2.0, 3.0, 4.0))
    op = circuit.solve(np.eye(length))
    expected = op.column_voltages[:, -1] / 6.0  # over the last segment and the sense resistance
    np.testing.assert_allclose(circuit.transconductance(), expected, rtol=1e-12)
