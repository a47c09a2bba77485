"""Node voltages from kept merges: each to its last digits, linear, in balance, as T says."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from circuits import ColumnSense, CrossbarCircuit, RowDrive, Wires
from circuits.solvers import plan
from circuits.solvers.factors import NodalFactors, factor_bytes
from circuits.solvers.merging import transconductance
from tests.support.kirchhoff import kirchhoff
from tests.support.reference import EPS, Floats, connect, eliminate, random_conductance
from tests.support.strategies import few
from tests.support.topologies import TOPOLOGIES, Assembly, every_topology, random_circuit

SHAPES = [(1, 1), (1, 9), (9, 1), (4, 5), (5, 4), (9, 9), (17, 6), (6, 17)]


def uneven_circuit(shape: tuple[int, int], drive: RowDrive, sense: ColumnSense, seed: int = 0,
                   decades: float = 1.0) -> CrossbarCircuit:
    """Every resistance its own, 10^-decades to 10^(3 decades) ohm."""
    rng = np.random.default_rng(seed)
    m, n = shape
    row, column, source, sensed = (10 ** rng.uniform(-decades, 3 * decades, size) for size in
                                   ((m, n + 1), (m + 1, n), (m,), (n,)))
    g = random_conductance(shape, seed, low=10 ** (-5 * decades), high=10 ** (decades - 4),
                           open_cells=0.3)
    return CrossbarCircuit(g, Wires(row, column, source, sensed), drive=drive, sense=sense)


def exact_voltages(circuit: CrossbarCircuit, v: Floats, number: Any) -> NDArray[Any]:
    """Row and column node voltages (2, m, n) [V] in the arithmetic of `number`.

    For each node all others are eliminated, star to mesh, until only those at known voltages are
    left: its voltage is their mean, weighted with what leads to them. Positive inputs only.
    """
    at = Assembly.of(circuit)
    known = dict(zip(at.source.tolist(), map(number, v), strict=True))
    fixed = set(at.fixed.tolist())

    def voltage(node: int) -> Any:
        if node in fixed:
            return known.get(node, number(0.0))
        net: list[dict[int, Any]] = [{} for _ in range(at.count)]
        for a, b, z in at.wires:
            connect(net, a, b, 1 / number(z))
        for a, b, y in zip(at.row.ravel(), at.column.ravel(), circuit.conductance.ravel(),
                           strict=True):
            connect(net, a, b, number(y))
        for centre in sorted(set(at.free.tolist()) - {node}, key=lambda p: len(net[p])):
            eliminate(net, centre)
        there = {a: y for a, y in net[node].items() if a in fixed}
        return (sum(y * known.get(a, number(0.0)) for a, y in there.items())
                / sum(there.values()))

    of = {node: voltage(node) for node in {*at.row.ravel(), *at.column.ravel()}}
    return np.array([[[of[node] for node in line] for line in nodes]
                     for nodes in (at.row, at.column)])


def check_voltages(circuit: CrossbarCircuit, number: Any) -> None:
    """Positive inputs: no sum cancels, and each voltage is right to some eps of itself."""
    v = np.random.default_rng(1).integers(1, 16, circuit.shape[0]) / 16
    exact = exact_voltages(circuit, v, number)
    found = np.stack(NodalFactors.of(circuit.network).solve(v[:, None]))[..., 0]
    for a, b in zip(found.ravel(), exact.ravel(), strict=True):
        assert abs(number(float(a)) - b) <= b * number(100 * EPS)


@pytest.mark.parametrize("shape", [(1, 1), (1, 4), (3, 1), (3, 2)], ids=str)
def test_every_voltage_is_right_in_exact_fractions(shape: tuple[int, int]) -> None:
    for seed, (drive, sense) in enumerate(TOPOLOGIES):
        check_voltages(uneven_circuit(shape, drive, sense, seed, decades=3.0), Fraction)


@pytest.mark.parametrize("seed", range(4))
def test_every_voltage_is_right_beside_milliohms_and_gigaohms(seed: int) -> None:
    """Where blocks are merged; cells of 1e-15 to 1e-1 S."""
    check_voltages(uneven_circuit((6, 5), *TOPOLOGIES[2 * seed], seed, decades=3.0), Decimal)


def dense(circuit: CrossbarCircuit, v: Floats, excess: Floats) -> tuple[Floats, float]:
    """Node voltages (2, m, n, batch) [V] of inputs (m, batch) and currents beside the devices
    (m, n, batch) by dense algebra, and how far off they may be, relative to the largest."""
    at, batch = Assembly.of(circuit), v.shape[1]
    matrix, free = at.admittance(circuit.conductance), at.free
    potential, injected = np.zeros((2, at.count, batch))
    potential[at.source] = v
    np.subtract.at(injected, at.row, excess)
    np.add.at(injected, at.column, excess)
    known = np.setdiff1d(np.arange(at.count), free)
    own = matrix[np.ix_(free, free)]
    potential[free] = np.linalg.solve(
        own, injected[free] - matrix[np.ix_(free, known)] @ potential[known])
    return (np.stack([potential[at.row], potential[at.column]]),
            EPS * float(np.linalg.cond(own, 1)))


def inputs(shape: tuple[int, int], batch: int) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(batch)
    return rng.uniform(-1, 1, (shape[0], batch)), rng.normal(0, 1e-3, (*shape, batch))


@every_topology
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_voltages_with_current_sources_equal_dense_algebra(shape: tuple[int, int], drive: RowDrive,
                                                           sense: ColumnSense) -> None:
    circuit = uneven_circuit(shape, drive, sense)
    v, excess = inputs(shape, 3)
    expected, error = dense(circuit, v, excess)
    found = np.stack(NodalFactors.of(circuit.network).solve(v, excess))
    np.testing.assert_allclose(found, expected, rtol=0, atol=error * np.abs(expected).max())
    assert error < 1e-7


@every_topology
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_linearity_inputs_and_current_sources_superpose(shape: tuple[int, int], drive: RowDrive,
                                                        sense: ColumnSense) -> None:
    factors = NodalFactors.of(uneven_circuit(shape, drive, sense).network)
    v, excess = inputs(shape, 2)
    alone, driven = factors.solve(0 * v, excess), factors.solve(v)
    both, twice = factors.solve(v, excess), factors.solve(-2 * v, -2 * excess)
    none = factors.solve(v, 0 * excess)
    for a, b, c, d, e in zip(alone, driven, both, twice, none, strict=True):
        scale = np.abs(a).max() + np.abs(b).max()
        np.testing.assert_allclose(a + b, c, rtol=0, atol=32 * EPS * scale)
        np.testing.assert_array_equal(d, -2 * c)  # powers of two round nothing
        np.testing.assert_array_equal(e, b)


@every_topology
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_the_transconductance_is_the_current_of_unit_inputs(shape: tuple[int, int], drive: RowDrive,
                                                            sense: ColumnSense) -> None:
    """Through the ends of the columns: their voltages have all their digits, as has T."""
    circuit = uneven_circuit(shape, drive, sense, decades=2.0)
    _, w = NodalFactors.of(circuit.network).solve(np.eye(shape[0]))
    z = circuit.network.column_z
    currents = (w[0] / z[0][:, None] + w[-1] / z[-1][:, None]).T
    np.testing.assert_allclose(currents, transconductance(circuit.network), rtol=100 * EPS)


@every_topology
def test_reciprocity_of_current_sources(drive: RowDrive, sense: ColumnSense) -> None:
    """The voltage over one cross-point per ampere beside another is the same the other way."""
    circuit = uneven_circuit((9, 7), drive, sense)
    excess = np.eye(63).reshape(9, 7, 63)
    u, w = NodalFactors.of(circuit.network).solve(np.zeros((9, 63)), excess)
    over = (w - u).reshape(63, 63)
    np.testing.assert_allclose(over, over.T, rtol=0, atol=100 * EPS * np.abs(over).max())
    assert (np.diag(over) >= 0).all()


@few
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_kirchhoffs_current_law_holds_at_every_node(seed: int, floating: bool) -> None:
    """Voltages are right to some eps each, so currents are to some eps of |g u|."""
    circuit = random_circuit(seed, floating)
    v = np.random.default_rng(seed).uniform(-1, 1, circuit.shape[0])
    u, w = (part[..., 0] for part in NodalFactors.of(circuit.network).solve(v[:, None]))
    residual, scale, _ = kirchhoff(circuit, v, u, w)
    # the voltages of cancelling inputs are right to some eps of 1 V, not of themselves
    largest = scale.max(initial=0.0) / max(np.abs([u, w]).max(), 1e-300)
    assert (residual <= 32 * EPS * np.maximum(scale, largest)).all()


@every_topology
def test_conservation_of_power(drive: RowDrive, sense: ColumnSense) -> None:
    """Row sums of currents and sums of squares of some 300 devices: some eps each."""
    circuit = uneven_circuit((17, 16), drive, sense)
    op = circuit.solve(np.random.default_rng(0).uniform(0, 1, (3, 17)))
    assert np.all(np.abs(op.power_balance) < 1e-12)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_a_batch_equals_its_inputs_alone(shape: tuple[int, int]) -> None:
    """Also beside one that is 1e90 times larger, which a zero resistance takes for noise."""
    v, excess = inputs(shape, 5)
    scale = np.array([1.0, 1e-90, 1e30, 1e-30, 1.0])
    for row in (0.0, 1.0):
        factors = NodalFactors.of(CrossbarCircuit(
            random_conductance(shape, 1), Wires(row, 2.0, 3.0, 4.0)).network)
        together = factors.solve(scale * v, scale * excess)
        for k in range(5):
            alone = factors.solve((scale * v)[:, [k]], (scale * excess)[..., [k]])
            for a, b in zip(together, alone, strict=True):
                np.testing.assert_allclose(a[..., k], b[..., 0], rtol=0,
                                           atol=32 * EPS * np.abs(alone).max())


@every_topology
def test_lines_without_resistance_are_at_one_voltage(drive: RowDrive, sense: ColumnSense) -> None:
    """Rows at their sources' voltage, columns at ground; then each alone."""
    g, v = random_conductance((9, 11), 1, open_cells=0.2), np.linspace(-1, 1, 9)[:, None]

    def voltages(*ohm: float) -> tuple[Floats, Floats]:
        network = CrossbarCircuit(g, Wires(*ohm), drive=drive, sense=sense).network
        u, w = NodalFactors.of(network).solve(v)
        return u[..., 0], w[..., 0]

    u, w = voltages(0.0, 0.0)
    np.testing.assert_array_equal(u, np.broadcast_to(v, u.shape))
    np.testing.assert_array_equal(w, 0.0)
    u, _ = voltages(0.0, 5.0, 0.0, 1.0)
    np.testing.assert_array_equal(u, np.broadcast_to(v, u.shape))
    _, w = voltages(5.0, 0.0, 1.0, 0.0)
    np.testing.assert_array_equal(w, 0.0)
    u, _ = voltages(0.0, 5.0, 1e3, 1.0)
    np.testing.assert_allclose(u, np.broadcast_to(u[:, :1], u.shape), rtol=0, atol=32 * EPS)


@pytest.mark.parametrize("least", [5e-324, 1e-310, 1e-250, 1e-199])
def test_conductances_next_to_nothing_make_no_voltage_nan(least: float) -> None:
    """Below 1e-200 S they count as open; rows that only such a cell connects float at 0 V."""
    g = np.where(np.eye(12) > 0, least, random_conductance((12, 12), 1))
    g[::3] = np.diag(np.full(12, least))[::3]
    for source in (np.inf, 1.0, 1e300):
        network = CrossbarCircuit(g, Wires(1.0, 2.0, np.where(np.arange(12) % 3, 1.0, source), 1.0)
                                  ).network
        matrix = transconductance(network)
        u, w = NodalFactors.of(network).solve(np.eye(12), np.full((12, 12, 12), 1e-6))
        assert all(np.isfinite(part).all() for part in (matrix, u, w))
        assert (matrix[::3] <= 1.01 * least).all()
        assert (matrix[1::3, 2:] > 1e-7).any()


@pytest.mark.parametrize("side", [1, 2, 3, 5, 8, 16])
def test_any_split_gives_the_same(side: int, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [uneven_circuit(shape, *TOPOLOGIES[k], k).network for k, shape in enumerate(SHAPES)]
    excitations = [inputs(shape, 2) for shape in SHAPES]

    def solved() -> list[Floats]:
        return [np.stack(NodalFactors.of(network).solve(*given))
                for network, given in zip(cases, excitations, strict=True)]

    expected = solved()
    monkeypatch.setattr(plan, "KEPT_SIDE", side)
    plan.plan_of.cache_clear()
    try:
        for a, b in zip(solved(), expected, strict=True):
            np.testing.assert_allclose(a, b, rtol=0, atol=1e-13 * np.abs(b).max())
    finally:
        plan.plan_of.cache_clear()


@pytest.mark.parametrize("shape", [(1, 1), (40, 5), (33, 65)], ids=str)
def test_any_number_of_threads_gives_the_same_bits(shape: tuple[int, int]) -> None:
    network = uneven_circuit(shape, RowDrive.BOTH, ColumnSense.TOP).network
    excitation = inputs(shape, 3)
    one = NodalFactors.of(network, 1).solve(*excitation)
    for threads in (2, 3, 8):
        for a, b in zip(NodalFactors.of(network, threads).solve(*excitation), one, strict=True):
            np.testing.assert_array_equal(a, b)


@every_topology
@pytest.mark.parametrize("shape", [(64, 64), (200, 3), (3, 200), (97, 50)], ids=str)
def test_factors_take_no_more_memory_than_is_said(shape: tuple[int, int], drive: RowDrive,
                                                  sense: ColumnSense) -> None:
    network = uneven_circuit(shape, drive, sense).network
    factors = NodalFactors.of(network)
    arena = factors.meshes.plan.room.arena
    assert factors.panels.nbytes + 8 * arena <= factor_bytes(network) <= factor_bytes(network, 2)


def test_what_does_not_fit_into_memory_is_refused_first(monkeypatch: pytest.MonkeyPatch) -> None:
    class Little:
        available = 2**20

    monkeypatch.setattr(psutil, "virtual_memory", Little)
    circuit = uneven_circuit((64, 64), RowDrive.LEFT, ColumnSense.TOP)
    with pytest.raises(MemoryError, match=r"factors of 64 x 64 devices needs 0\.0 GiB of memory, "
                                          r"and 0\.0 GiB are free; cut the array into tiles"):
        NodalFactors.of(circuit.network)
