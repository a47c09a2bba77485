"""Whichever array conjugate gradients solve instead, they find the same; the faster is chosen."""

from dataclasses import dataclass

import numpy as np
import pytest

from circuits import ColumnSense, RowDrive, Wires
from circuits.array.network import Network
from circuits.solvers import preconditioners
from circuits.solvers.conjugate_gradients import LineGradients
from circuits.solvers.factors import NodalFactors
from circuits.solvers.preconditioners import (
    Basis,
    Halves,
    Ladders,
    Lines,
    MeanArray,
    Preconditioner,
    Vectors,
    line_steps,
    mean_steps,
    preconditioner_of,
    uniform,
)
from tests.support.reference import Floats, random_conductance
from tests.support.topologies import every_topology


@dataclass(frozen=True, eq=False)
class Counted:
    """A preconditioner that counts its steps."""

    inner: Preconditioner
    halves: list[None]

    @property
    def columns(self) -> Ladders:
        return self.inner.columns

    def enter(self, r: Floats) -> Floats:
        return self.inner.enter(r)

    def leave(self, f: Floats) -> Floats:
        return self.inner.leave(f)

    def respond(self, rows: slice, beta: float, v: Vectors, taken: Floats) -> float:
        self.halves.append(None)
        return self.inner.respond(rows, beta, v, taken)


def lines_of(network: Network) -> Lines:
    halves = Halves(len(network.g))
    return Lines(network.g, Ladders.of_rows(halves, network.g, network.row_z),
                 Ladders.of_columns(halves, network.g, network.column_z))


def mean_of(network: Network) -> MeanArray:
    return MeanArray.of(Halves(len(network.g)), network, lines_of(network).rows)


def solved(network: Network, by: Preconditioner, voltages: Floats) -> tuple[Floats, Floats, int]:
    """Node voltages, and the steps that they took."""
    counted = Counted(by, [])
    solver = LineGradients(network)
    solver.__dict__["_preconditioner"] = counted
    return *solver.solve(voltages), len(counted.halves) // 2


@every_topology
@pytest.mark.parametrize("shape", [(1, 2), (2, 3), (9, 8), (8, 13)], ids=str)
@pytest.mark.parametrize("wires", [
    Wires(1.0, 2.0), Wires(1e4, 1e3), Wires(1e3, 0.0, 0.0, 50.0), Wires(1.0, 1e5, 1e6, 1e4),
    Wires(np.linspace(1.0, 9.0, 20), 5.0, np.where(np.arange(20) == 1, np.inf, 3.0)),
], ids=["small", "large", "zero", "ends", "own"])
def test_equivalence_of_both_to_the_direct_solver(
    drive: RowDrive, sense: ColumnSense, shape: tuple[int, int], wires: Wires
) -> None:
    m, n = shape
    if np.ndim(wires.row):
        wires = Wires(wires.row[:m], wires.column, wires.source[:m])
    g = random_conductance(shape, seed=m, open_cells=0.2) + 1e-8
    network = Network.build(g, wires, drive, sense)
    v = np.random.default_rng(n).uniform(-1, 1, (m, 2))
    assert uniform(network)
    expected = NodalFactors.of(network).solve(v)
    for by in (lines_of(network), mean_of(network)):
        for found, true in zip(solved(network, by, v)[:2], expected, strict=True):
            np.testing.assert_allclose(found, true, rtol=0, atol=1e-11)


@pytest.mark.parametrize("driven", [(True, False), (False, True), (True, True)], ids=str)
@pytest.mark.parametrize("n", [1, 2, 7, 12])
def test_equivalence_of_a_basis_to_the_line_it_stands_for(
    driven: tuple[bool, bool], n: int
) -> None:
    line = 2 * np.eye(n) - np.eye(n, k=1) - np.eye(n, k=-1)
    for end, at in zip(driven, (0, -1), strict=True):
        line[at, at] += 1 if end else -1  # half a segment to ground, or none
    basis = Basis.of(driven)
    modes = basis.to(np.eye(n))
    np.testing.assert_allclose(basis.back(modes), np.eye(n), atol=1e-14)
    np.testing.assert_allclose(basis.back(modes * basis.admittances(n)), line, atol=1e-14)


@pytest.mark.parametrize("row", [0.1, 10.0, 1e4])
def test_limit_of_equal_conductances_the_mean_array_is_the_array(row: float) -> None:
    """Where its ends are the real ones: half a segment to the source."""
    network = Network.build(np.full((12, 9), 5e-5), Wires(row, 7.0), RowDrive.LEFT,
                            ColumnSense.BOTTOM)
    network.row_z[:, 0] = row / 2
    v = np.random.default_rng(0).uniform(-1, 1, (12, 1))
    assert solved(network, mean_of(network), v)[2] <= 2
    assert solved(network, lines_of(network), v)[2] > 2


@pytest.mark.parametrize("count", [1, 2])
def test_equivalence_of_one_thread_and_two(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """To the last bit."""
    g = random_conductance((31, 24), seed=5)
    v = np.random.default_rng(5).uniform(-1, 1, (31, 2))
    network = Network.build(g, Wires(30.0, 40.0, 5.0), RowDrive.LEFT, ColumnSense.BOTTOM)
    for by in (lines_of, mean_of):
        alone = solved(network, by(network), v)
        with monkeypatch.context() as patch:
            patch.setattr(preconditioners, "_WORTH_A_THREAD", 1)
            patch.setattr(preconditioners, "available_threads", lambda: count)
            together = solved(network, by(network), v)
        for one, two in zip(alone, together, strict=True):
            np.testing.assert_array_equal(one, two)


CASES = {"alike": (3.0, 0.0), "two decades": (100.0, 0.0), "half open": (3.0, 0.5)}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("wire", [10.0, 100.0, 1e3])
def test_predicted_steps_are_those_it_takes(name: str, wire: float) -> None:
    (spread, open_cells), shape = CASES[name], (160, 150)
    g = random_conductance(shape, 6, 1e-4 / spread, 1e-4, open_cells)
    network = Network.build(g, Wires(wire, wire), RowDrive.LEFT, ColumnSense.BOTTOM)
    v = np.random.default_rng(6).uniform(0, 0.1, (shape[0], 1))
    lines, mean = (solved(network, of(network), v)[2] for of in (lines_of, mean_of))
    assert line_steps(network) == pytest.approx(lines, rel=0.2, abs=3)
    assert mean_steps(network) == pytest.approx(mean, rel=0.4, abs=3)
    chosen = preconditioner_of(Halves(shape[0]), network, lines_of(network))
    assert lines > mean if isinstance(chosen, MeanArray) else lines < 2.5 * mean + 10


@pytest.mark.parametrize(("wires", "expected"), [
    (Wires(3e3, 3e3), MeanArray),
    (Wires(1e-3, 1e-3), Lines),
    (Wires(0.0, 3e3), Lines),
    (Wires(np.geomspace(1e3, 9e3, 41) * np.ones((40, 1)), 3e3), Lines),
    (Wires(3e3, np.geomspace(1e3, 9e3, 40)), Lines),
], ids=["uniform", "small", "zero", "segments", "columns"])
def test_the_preconditioner_is_picked_by_the_wires(wires: Wires, expected: type) -> None:
    g = random_conductance((40, 40), 7, 3e-5, 9e-5)
    network = Network.build(g, wires, RowDrive.LEFT, ColumnSense.BOTTOM)
    assert type(preconditioner_of(Halves(40), network, lines_of(network))) is expected


def test_monotonicity_lines_are_picked_where_columns_differ_more() -> None:
    """The mean array does not know of them."""
    even = random_conductance((60, 60), 8, 3e-5, 9e-5)
    uneven = even * np.geomspace(1e-3, 1.0, 60)
    alike, unlike = (Network.build(g, Wires(100.0, 100.0), RowDrive.LEFT, ColumnSense.BOTTOM)
                     for g in (even, uneven))
    assert mean_steps(alike) < mean_steps(unlike)
    assert type(preconditioner_of(Halves(60), unlike, lines_of(unlike))) is Lines
