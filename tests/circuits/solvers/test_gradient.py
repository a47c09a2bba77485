"""The gradient of a transconductance: against exact fractions, the adjoint formula and Euler."""

from collections.abc import Callable, Sequence
from fractions import Fraction

import numpy as np
import pytest

from circuits import ColumnSense, CrossbarCircuit, CubicLaw, RowDrive, Wires
from tests.support.reference import Floats, random_conductance
from tests.support.topologies import every_topology

Numbers = list[list[Fraction]]


def exact_loss(m: Floats, g: Numbers, row: Numbers, column: Numbers) -> Fraction:
    """Sum of m T of an array driven on the left and sensed at the bottom, in fractions.

    No resistance is zero; those beyond the open ends are not looked at.
    """
    rows, columns = len(g), len(g[0])
    size = 2 * rows * columns
    y = [[Fraction(0)] * (size + rows) for _ in range(size)]

    def join(a: int, b: int | None, value: Fraction) -> None:
        for here, there in ((a, b), (b, a)):
            if here is not None:
                y[here][here] += value
                if there is not None:
                    y[here][there] -= value

    for i in range(rows):
        for j in range(columns):
            here = i * columns + j
            below = here + columns if i + 1 < rows else None
            join(here, here + rows * columns, g[i][j])
            join(here, here - 1 if j else None, 1 / row[i][j])
            join(here + rows * columns, below and below + rows * columns, 1 / column[i + 1][j])
        y[i * columns][size + i] = 1 / row[i][0]
    x = solved(y)
    return sum((Fraction(m[i, j]) * x[size - columns + j][i] / column[rows][j]
                for i in range(rows) for j in range(columns)), Fraction(0))


def solved(rows: Numbers) -> Numbers:
    """Solutions of linear equations with their right sides behind them."""
    for k, row in enumerate(rows):
        rows[k] = row = [x / row[k] for x in row]
        for i, other in enumerate(rows):
            if i != k and other[k]:
                rows[i] = [a - other[k] * b for a, b in zip(other, row, strict=True)]
    return [row[len(rows) :] for row in rows]


def fractions(values: Floats) -> Numbers:
    """Every number as it is stored; what is infinite is not looked at."""
    return [[Fraction(x) if np.isfinite(x) else Fraction(1) for x in line] for line in values]


def exact_gradient(loss: Callable[[], Fraction], values: Numbers, at: Sequence[tuple[int, int]]
                   ) -> list[float]:
    """Central differences with a step of 1e-9 of the value: exact to some 1e-18."""
    found = []
    for i, j in at:
        value = values[i][j]
        step, sides = value / 10**9, []
        for side in (1, -1):
            values[i][j] = value + side * step
            sides.append(loss())
        values[i][j] = value
        found.append(float((sides[0] - sides[1]) / (2 * step)))
    return found


WIRES = {
    "real": Wires(1.0, 2.0, 30.0, 40.0),
    "one milliohm beside a gigaohm": Wires(
        np.array([[1e-3, 1e9, 1.0, 1.0], [5.0, 1e-3, 2.0, 1.0]]), 1e-3, 1e6, 1e-3),
}


@pytest.mark.parametrize("name", WIRES)
def test_every_derivative_equals_that_in_fractions(name: str) -> None:
    rng = np.random.default_rng(0)
    g, m = 10.0 ** rng.uniform(-6, -1, (2, 3)), rng.normal(size=(2, 3))
    circuit = CrossbarCircuit(g, WIRES[name])
    exact = fractions(g), *(fractions(z) for z in (circuit.network.row_z, circuit.network.column_z))
    cells = [(i, j) for i in range(2) for j in range(3)]
    lines = [(i + 1, j) for i in range(2) for j in range(3)]

    def loss() -> Fraction:
        return exact_loss(m, *exact)

    np.testing.assert_allclose(circuit.transconductance_gradient(m).ravel(),
                               exact_gradient(loss, exact[0], cells), rtol=1e-9)
    row, column = circuit.wire_gradient(m)
    np.testing.assert_allclose(row[:, :3].ravel(), exact_gradient(loss, exact[1], cells), rtol=1e-8)
    np.testing.assert_allclose(column[1:].ravel(), exact_gradient(loss, exact[2], lines), rtol=1e-8)
    assert not row[:, 3].any()  # the open ends
    assert not column[0].any()


@pytest.mark.parametrize("shape", [(1, 1), (1, 30), (30, 1), (9, 5), (17, 33)], ids=str)
@pytest.mark.parametrize("row", [0.0, 3.0])
def test_devices_equal_the_adjoint_formula(shape: tuple[int, int], row: float) -> None:
    """dT[i, j]/dG[a, b] = -x[i; a, b] y[j; a, b], of the voltages over the device for unit rows and
    for unit column ends."""
    g = random_conductance(shape, seed=3, high=1e-3)
    circuit = CrossbarCircuit(g, Wires(row, 2.0, 10.0, 20.0))
    turned = CrossbarCircuit(g.T[::-1, ::-1], Wires(2.0, row, 20.0, 10.0))
    m = np.random.default_rng(0).normal(size=shape)
    forward, back = circuit.solve(np.eye(shape[0])), turned.solve(np.eye(shape[1]))
    x = forward.row_voltages - forward.column_voltages
    # the turned array has its columns and rows in reverse order
    v = (back.row_voltages - back.column_voltages)[::-1, ::-1, ::-1].swapaxes(1, 2)
    expected = np.einsum("ij,iab,jab->ab", m, x, v)
    found = circuit.transconductance_gradient(m)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12 * np.abs(expected).max())


@every_topology
def test_scaling_all_conductances_and_resistances(drive: RowDrive, sense: ColumnSense) -> None:
    """T is homogeneous of degree 1 in conductances: sum of g dT/dg - sum of r dT/dr = T (Euler)."""
    rng = np.random.default_rng(1)
    g, m = random_conductance((6, 11), seed=2), rng.normal(size=(6, 11))
    wires = Wires(10.0, 10.0 ** rng.uniform(0, 3, (7, 11)), 50.0, 20.0)
    circuit = CrossbarCircuit(g, wires, drive=drive, sense=sense)
    row, column = circuit.wire_gradient(m)
    network = circuit.network
    terms = [g * circuit.transconductance_gradient(m),
             -row * np.where(np.isinf(network.row_z), 0.0, network.row_z),
             -column * np.where(np.isinf(network.column_z), 0.0, network.column_z)]
    loss = m * circuit.transconductance()
    size = sum(np.abs(term).sum() for term in terms) + np.abs(loss).sum()
    assert abs(sum(term.sum() for term in terms) - loss.sum()) < 1e-12 * size


def test_a_wire_without_resistance_has_the_limit_of_one_with_little() -> None:
    g, m = random_conductance((5, 4), seed=0), np.random.default_rng(0).normal(size=(5, 4))
    none, little = (CrossbarCircuit(g, Wires(r, r, 5.0, 5.0)).wire_gradient(m) for r in (0.0, 1e-9))
    for a, b in zip(none, little, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-9 * np.abs(b).max())


def test_access_transistors_and_branches_follow_the_chain_rule() -> None:
    """Euler again: a resistance in series is one more of those that T is homogeneous in."""
    g, m = random_conductance((5, 4), seed=1), np.random.default_rng(1).normal(size=(5, 4))
    step = 1e-6

    def loss(scale: float) -> float:
        circuit = CrossbarCircuit(scale * g, Wires(1.0, 1.0, access=2e3))
        return float(np.sum(m * circuit.transconductance()))

    found = np.sum(g * CrossbarCircuit(g, Wires(1.0, 1.0, access=2e3)).transconductance_gradient(m))
    difference = (loss(1 + step) - loss(1 - step)) / (2 * step)
    assert abs(found - difference) < 1e-8 * abs(difference)


def test_what_has_no_gradient_is_refused() -> None:
    circuit = CrossbarCircuit(np.ones((3, 2)), Wires(1.0, 1.0))
    for gradient in (circuit.transconductance_gradient, circuit.wire_gradient):
        with pytest.raises(ValueError, match=r"m, dL/dT, has shape \(2, 3\); expected \(3, 2\)"):
            gradient(np.ones((2, 3)))
    with pytest.raises(TypeError, match="no gradient"):
        CrossbarCircuit(np.ones((3, 2)), law=CubicLaw(0.5)).wire_gradient(np.ones((3, 2)))
