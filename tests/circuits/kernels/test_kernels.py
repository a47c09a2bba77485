"""Reference: the compiled kernels against NumPy and exact fractions."""

from fractions import Fraction

import numpy as np
import pytest

from circuits.array.network import Network
from circuits.kernels import blas
from circuits.kernels.mesh import invert_mesh
from circuits.solvers.layout import Layout
from tests.support.reference import EPS, Floats, random_conductance

SIZES = [1, 2, 3, 11, 12, 13, 24, 25, 33, 64, 97]


def block(a: Floats) -> Floats:
    """`a` as a block of a larger matrix, the only layout that `invert_mesh` takes."""
    n = len(a)
    return np.pad(a, ((1, 2), (2, 1)), constant_values=7.0)[1 : n + 1, 2 : n + 2]


def random_mesh(n: int, decades: float, leaks: float) -> tuple[Floats, Floats]:
    """Conductances among n nodes, a third of them open, and their leaks [S]."""
    rng = np.random.default_rng(n)
    a = 10.0 ** rng.uniform(-decades, decades, (n, n)) * (rng.random((n, n)) < 2 / 3)
    return np.tril(a, -1) + np.tril(a, -1).T, leaks * 10.0 ** rng.uniform(-1, 1, n)


@pytest.mark.parametrize("n", SIZES)
def test_the_impedances_of_a_mesh_equal_numpy(n: int) -> None:
    a, leak = random_mesh(n, 1, 1.0)
    expected = np.linalg.inv(np.diag(leak + a.sum(axis=1)) - a)
    found = block(a + np.diag(np.full(n, 5.0)))  # the diagonal is not looked at
    whole = found.base
    invert_mesh(found, leak, block(np.empty((n, n))))
    np.testing.assert_allclose(found, expected, rtol=50 * n * EPS)
    np.testing.assert_allclose(found, found.T, rtol=n * EPS)
    found[:] = 7.0
    assert np.all(whole == 7.0)  # nothing around it was written


def exact_impedances(a: Floats, leak: Floats) -> list[list[Fraction]]:
    """The inverse of a mesh's admittance matrix by Gauss-Jordan elimination in fractions."""
    n = len(leak)
    y = [[Fraction(-a[i, j]) if i != j else Fraction(leak[i]) + sum(map(Fraction, a[i]))
          for j in range(n)] + [Fraction(i == j) for j in range(n)] for i in range(n)]
    for k in range(n):
        y[k] = [x / y[k][k] for x in y[k]]
        for i in range(n):
            if i != k:
                y[i] = [x - y[i][k] * z for x, z in zip(y[i], y[k], strict=True)]
    return [row[n:] for row in y]


@pytest.mark.parametrize("n", [4, 12, 15])
def test_every_impedance_is_right_beside_conductances_of_any_size(n: int) -> None:
    """Leaks of 1e-15 S beside 1e-12 to 1e12 S, where NumPy's inverse has no digit right."""
    a, leak = random_mesh(n, 12, 1e-15)
    exact = exact_impedances(a, leak)
    found = block(a)
    invert_mesh(found, leak, block(np.empty((n, n))))
    worst = max(abs(Fraction(found[i, j]) / exact[i][j] - 1) if exact[i][j] else found[i, j]
                for i in range(n) for j in range(n))
    assert worst < 50 * n * EPS


def test_a_node_that_is_connected_to_nothing_has_no_impedance() -> None:
    a, leak = random_mesh(14, 1, 1.0)
    a[5], a[:, 5], leak[5] = 0.0, 0.0, 0.0
    found = block(a)
    invert_mesh(found, leak, block(np.empty_like(a)))
    np.testing.assert_array_equal(found[5], 0.0)
    np.testing.assert_array_equal(found[:, 5], 0.0)
    assert np.all(np.isfinite(found))


@pytest.mark.parametrize("shape", [(1, 1, 1), (3, 4, 5), (40, 7, 33), (65, 64, 66)], ids=str)
def test_products_equal_numpy(shape: tuple[int, int, int]) -> None:
    p, q, r = shape
    rng = np.random.default_rng(0)
    a, b, c = rng.normal(size=(p, q)), rng.normal(size=(q, r)), rng.normal(size=(p, r))
    expected = 2.0 * a @ b - 0.5 * c
    for product, x, y in [(blas.multiply, a, b),
                          (blas.multiply_at, np.ascontiguousarray(a.T), b),
                          (blas.multiply_bt, a, np.ascontiguousarray(b.T))]:
        found = c.copy()
        product(x, y, found, 2.0, -0.5)
        np.testing.assert_allclose(found, expected, atol=1e-14 * q)


def uneven_network(m: int, n: int) -> Network:
    """Every segment its own resistance."""
    rng = np.random.default_rng(m)
    row_z, column_z = 10 ** rng.uniform(0, 3, (m, n + 1)), 10 ** rng.uniform(0, 3, (m + 1, n))
    row_z[:, -1], column_z[0] = np.inf, np.inf
    return Network(random_conductance((m, n), seed=n, high=1e-3), row_z, column_z)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("flipped", [False, True])
@pytest.mark.parametrize("mirrored", [False, True])
def test_laying_a_network_out_and_back_restores_it(turned: bool, mirrored: bool, flipped: bool
                                                   ) -> None:
    network, layout = uneven_network(4, 3), Layout(turned, mirrored, flipped)
    laid = layout.apply(network)
    np.testing.assert_array_equal(layout.undo(laid.g), network.g)
    rows, columns = ("column_z", "row_z") if turned else ("row_z", "column_z")
    np.testing.assert_array_equal(layout.undo(getattr(laid, rows)), network.row_z)
    np.testing.assert_array_equal(layout.undo(getattr(laid, columns)), network.column_z)
