"""Conjugate gradients equal the direct solver, or say that they did not converge."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circuits import (
    ColumnSense,
    ConvergenceError,
    CrossbarCircuit,
    CubicLaw,
    RowDrive,
    SingularCircuitError,
    Wires,
)
from circuits.array.network import Network
from circuits.solvers import choice, conjugate_gradients, linear, merging
from circuits.solvers.choice import fits, matrix_pays, response_of
from circuits.solvers.conjugate_gradients import LineGradients
from circuits.solvers.factors import NodalFactors, factor_bytes
from tests.support.reference import Floats, random_conductance
from tests.support.strategies import few
from tests.support.topologies import TOPOLOGIES, every_topology

G = random_conductance((7, 5), seed=0, open_cells=0.1)


def check_same(network: Network, seed: int, limit: float = 1e-11) -> None:
    """Node voltages for three inputs, the second of zero volt, without and with excess."""
    rng, (m, n) = np.random.default_rng(seed), network.g.shape
    v = rng.uniform(-1, 1, (m, 3))
    v[:, 1] = 0
    for excess in (None, rng.uniform(-1, 1, (m, n, 3)) * network.g.max() / 10):
        direct, iterated = (solver.solve(v, excess) for solver in (NodalFactors.of(network),
                                                                   LineGradients(network)))
        for expected, found in zip(direct, iterated, strict=True):
            largest = max(np.abs(part).max() for part in direct) + 1e-3
            np.testing.assert_allclose(found, expected, rtol=0, atol=limit * largest)


@every_topology
@pytest.mark.parametrize(("row", "column", "ends"), [
    (1.0, 1.0, 0.0), (0.0, 1.0, 0.0), (0.0, 1.0, 50.0), (0.0, 0.0, 50.0), (1e-3, 1e3, 10.0),
    (1e3, 1e-3, 0.0), (1e6, 1e6, 1e6), (0.0, 1e6, 0.0),
], ids=str)
def test_equivalence_to_the_direct_solver(
    drive: RowDrive, sense: ColumnSense, row: float, column: float, ends: float
) -> None:
    check_same(Network.build(G, Wires(row, column, ends, ends), drive, sense), seed=1)


@few
@given(st.integers(0, 2**32 - 1))
def test_equivalence_with_segments_of_their_own_and_floating_rows(seed: int) -> None:
    """No column joined to ground all the way: see the case that fails below."""
    rng = np.random.default_rng(seed)
    m, n = (int(k) for k in rng.integers(1, 7, 2))
    row, column = 10 ** rng.uniform(-2, 4, (m, n + 1)), 10 ** rng.uniform(-2, 4, (m + 1, n))
    row[rng.random(row.shape) < 0.3] = 0.0
    source = np.where(rng.random(m) < 0.3, np.inf, 10 ** rng.uniform(-2, 4, m))
    drive, sense = TOPOLOGIES[rng.integers(len(TOPOLOGIES))]
    g = random_conductance((m, n), seed) + 1e-7
    check_same(Network.build(g, Wires(row, column, source), drive, sense), seed)


@pytest.mark.parametrize("row", [0.0, 1.0, 1e6])
def test_equivalence_on_columns_without_resistance(row: float) -> None:
    check_same(Network.build(G, Wires(row), RowDrive.LEFT, ColumnSense.BOTTOM), seed=2)


def test_power_of_a_large_array_on_ideal_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choice, "MOST_FACTOR_BYTES", 1)
    op = CrossbarCircuit(G, Wires(row=1.0)).solve(np.full(7, 0.1))
    assert op.power["source"] > 0


def test_an_input_of_zero_is_zero_without_excess() -> None:
    network = Network.build(G, Wires(1.0, 2.0, 3.0, 4.0), RowDrive.LEFT, ColumnSense.BOTTOM)
    u, w = LineGradients(network).solve(np.zeros((7, 2)))
    assert not u.any()
    assert not w.any()


def test_equivalence_of_a_batch_and_its_inputs() -> None:
    network = Network.build(G, Wires(1.0, 2e3, 3.0, 4.0), RowDrive.LEFT, ColumnSense.BOTTOM)
    v = np.random.default_rng(3).uniform(-1, 1, (7, 5)) * [1e-9, 1e-3, 0.0, 1.0, 1e3]
    batch = LineGradients(network).solve(v)
    for k in range(5):
        one = LineGradients(network).solve(v[:, [k]])
        for many, alone in zip(batch, one, strict=True):
            np.testing.assert_array_equal(many[..., [k]], alone)


def test_inputs_are_not_modified() -> None:
    network = Network.build(G, Wires(1.0, 2.0), RowDrive.LEFT, ColumnSense.BOTTOM)
    v, excess = np.ones((7, 2)), np.full((7, 5, 2), 1e-5)
    LineGradients(network).solve(v, excess)
    assert (v == 1).all()
    assert (excess == 1e-5).all()


def test_the_solver_is_picked_by_size(monkeypatch: pytest.MonkeyPatch) -> None:
    network = Network.build(G, Wires(1.0, 1.0), RowDrive.LEFT, ColumnSense.BOTTOM)
    limit = factor_bytes(network)
    for most, solver in ((limit, NodalFactors), (limit - 1, LineGradients)):
        monkeypatch.setattr(choice, "MOST_FACTOR_BYTES", most)
        assert isinstance(response_of(network), solver)


def test_size_does_not_depend_on_orientation() -> None:
    def network(m: int, n: int) -> Network:
        return Network.build(np.broadcast_to(1e-4, (m, n)), Wires(1.0), RowDrive.LEFT,
                             ColumnSense.BOTTOM)

    for shape in ((512, 512), (784, 128), (4000, 180), (4000, 190), (1000, 1000)):
        one, other = network(*shape), network(*shape[::-1])
        assert fits(one) == fits(other) == (factor_bytes(one) <= choice.MOST_FACTOR_BYTES)
    assert fits(network(784, 256))
    assert not fits(network(4000, 4000))


@few
@given(st.integers(1, 4000), st.integers(1, 4000), st.integers(1, 4000))
def test_monotonicity_the_matrix_pays_the_more_the_more_inputs(m: int, n: int, batch: int) -> None:
    assert matrix_pays((m, n), batch) == matrix_pays((n, m), batch)
    assert matrix_pays((m, n), batch) <= matrix_pays((m, n), batch + 1)
    assert matrix_pays((m, n), min(m, n)**2)  # 40 steps for each of them cost more
    if matrix_pays((m + 1, n), 1):  # of the largest matrices that pay for one input
        assert matrix_pays((m, n), 1)


@pytest.mark.parametrize("drive", RowDrive)
@pytest.mark.parametrize("law", [None, CubicLaw(0.2)], ids=["linear", "cubic"])
def test_equivalence_of_a_large_array_solved_by_iteration(
    monkeypatch: pytest.MonkeyPatch, law: CubicLaw | None, drive: RowDrive
) -> None:
    g, v = random_conductance((60, 45), seed=4), np.random.default_rng(4).uniform(0, 0.3, (2, 60))
    options = {"drive": drive} | ({"law": law} if law else {})
    wires = Wires(10.0, 20.0, 100.0, 50.0)
    direct = CrossbarCircuit(g, wires, **options).solve(v)
    expected = direct.column_currents, direct.row_voltages, direct.power["source"]
    monkeypatch.setattr(choice, "MOST_FACTOR_BYTES", 1)
    monkeypatch.setattr(linear, "matrix_pays", lambda *_: False)
    monkeypatch.setattr(NodalFactors, "of", lambda _: pytest.fail("the direct solver was used"))
    monkeypatch.setattr(merging, "transconductance", lambda *_: pytest.fail("T was computed"))
    op = CrossbarCircuit(g, wires, **options).solve(v)
    found = op.column_currents, op.row_voltages, op.power["source"]
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=0, atol=1e-10 * np.abs(b).max())


def test_too_few_steps_raise(monkeypatch: pytest.MonkeyPatch) -> None:
    network = Network.build(G, Wires(1e3, 1e3, 0.0, 1e4), RowDrive.LEFT, ColumnSense.BOTTOM)
    v = np.zeros((7, 3))
    v[:, 1] = 1.0
    monkeypatch.setattr(conjugate_gradients, "_MOST_STEPS", 2)
    with pytest.raises(ConvergenceError, match=r"input 1 did not converge: .*smaller tiles"):
        LineGradients(network).solve(v)
    with pytest.raises(ConvergenceError, match=r"input 41 did not converge: "):
        LineGradients(network).solve(v, numbers=np.array([40, 41, 42]))


def random_network(rng: np.random.Generator) -> Network | None:
    """Devices of 1e-12 to 1 S, half of them open or none, wires of 0 to 1e9 ohm of every kind."""
    m, n = (int(k) for k in rng.integers(1, 13, 2))
    g = 10 ** rng.uniform(*np.sort(rng.uniform(-12, 0, 2)), (m, n))
    if rng.random() < 0.4:
        g[rng.random((m, n)) < 0.5] = 0.0

    def some(*shape: int) -> Floats | float:
        kind, z = rng.integers(4), 10 ** rng.uniform(*np.sort(rng.uniform(-6, 9, 2)), shape)
        z[rng.random(shape) < 0.3 * (kind == 0)] = 0.0
        return 0.0 if kind == 1 else float(z.flat[0]) if kind == 2 else z

    row = some(m, n + 1) if rng.random() < 0.5 else some(m)
    column = some(m + 1, n) if rng.random() < 0.5 else some(n)
    drive, sense = TOPOLOGIES[rng.integers(len(TOPOLOGIES))]
    try:
        return CrossbarCircuit(g, Wires(row, column, some(m), some(n)), drive=drive,
                               sense=sense).network
    except SingularCircuitError:
        return None


@pytest.mark.parametrize("start", range(0, 400, 100))
def test_currents_are_right_or_an_error(start: int) -> None:
    """No silent failure; and most are right, as few lose so many digits."""
    refused = 0
    for seed in range(start, start + 100):
        rng = np.random.default_rng(seed)
        network = random_network(rng)
        if network is None:
            continue
        v = rng.uniform(-1, 1, (len(network.g), 1))
        expected = merging.transconductance(network).T @ v
        try:
            u, w = LineGradients(network).solve(v)
        except ConvergenceError:
            refused += 1
            continue
        found = (network.g[..., None] * (u - w)).sum(axis=0)
        assert np.abs(found - expected).max() <= 1e-10 * np.abs(expected).max(), seed
    assert refused <= 12


def test_an_array_whose_wires_leave_little_of_the_sources() -> None:
    """The residual does not fall for many steps before it does."""
    g, v = random_conductance((60, 60), seed=0), np.random.default_rng(0).uniform(0, 0.1, (60, 1))
    network = Network.build(g, Wires(1e6, 1e6), RowDrive.LEFT, ColumnSense.BOTTOM)
    u, w = LineGradients(network).solve(v)
    expected = merging.transconductance(network).T @ v
    found = (g[..., None] * (u - w)).sum(axis=0)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-10 * expected.max())


@pytest.mark.slow
@pytest.mark.parametrize(("side", "wire"), [(560, 200.0), (1024, 100.0)], ids=str)
def test_conservation_in_large_arrays_with_moderate_wires(side: int, wire: float) -> None:
    """Current in and out, and power; both from node voltages at the array's ends."""
    rng = np.random.default_rng(1)
    g, v = rng.uniform(30e-6, 90e-6, (side, side)), rng.uniform(0, 0.1, (side, 1))
    network = Network.build(g, Wires(wire, wire), RowDrive.LEFT, ColumnSense.BOTTOM)
    u, w = (nodes[..., 0] for nodes in LineGradients(network).solve(v))
    driven, sensed = (v[:, 0] - u[:, 0]) / wire, w[-1] / wire
    assert driven.sum() == pytest.approx(sensed.sum(), rel=1e-11)
    np.testing.assert_allclose((g * (u - w)).sum(axis=0), sensed, atol=1e-11 * sensed.max())
    in_wires = (np.diff(u, axis=1, prepend=v)**2).sum() + (
        np.diff(w, axis=0, append=0.0)**2).sum()
    spent = in_wires / wire + (g * (u - w)**2).sum()
    assert v[:, 0] @ driven == pytest.approx(spent, rel=1e-11)


def test_a_wrong_answer_of_the_iteration_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Off by 1e-7 V at every node, which no recurrence would notice."""
    network = Network.build(G, Wires(1e3, 1e3, 0.0, 1e4), RowDrive.LEFT, ColumnSense.BOTTOM)
    right = conjugate_gradients._Search._minimise

    def wrong(search: conjugate_gradients._Search) -> None:
        right(search)
        search._v.x[:] += 1e-7

    monkeypatch.setattr(conjugate_gradients._Search, "_minimise", wrong)
    with pytest.raises(ConvergenceError, match="known to"):
        LineGradients(network).solve(np.ones((7, 1)))


def test_rounding_that_hides_the_currents_is_an_error() -> None:
    """A siemens between gigaohms: u and w agree to all digits but a few."""
    network = Network.build(np.ones((4, 4)), Wires(1e9, 1e9), RowDrive.LEFT, ColumnSense.BOTTOM)
    with pytest.raises(ConvergenceError, match="conduct so much better than the wires"):
        LineGradients(network).solve(np.ones((4, 1)))


def test_nan_is_never_returned() -> None:
    network = Network.build(G, Wires(1.0, 1.0), RowDrive.LEFT, ColumnSense.BOTTOM)
    with pytest.raises(ConvergenceError):
        LineGradients(network).solve(np.ones((7, 1)), np.full((7, 5, 1), np.nan))
