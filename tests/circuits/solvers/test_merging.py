"""The transconductance by merging blocks: every entry to its last digits, and nothing else changes.

Two references: star-mesh reduction, exact in fractions and good to 1e-26 in decimals, as it never
subtracts; and sparse LU at moderate values, for shapes it would take too long on.
"""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import psutil
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import coo_array
from scipy.sparse.linalg import splu

from circuits import (
    ColumnSense,
    CrossbarCircuit,
    CubicLaw,
    RowDrive,
    Wires,
    transconductances,
)
from circuits.array.network import Network
from circuits.solvers import merging, plan
from circuits.solvers.block import Block
from circuits.solvers.layout import Layout
from tests.support.reference import EPS, Floats, largest_relative_error, random_conductance
from tests.support.strategies import few
from tests.support.topologies import (
    TOPOLOGIES,
    every_topology,
    random_wires,
    transconductance,
)

RAGGED = [(1, 1), (1, 2), (2, 1), (1, 300), (300, 1), (7, 9), (8, 8), (9, 8), (8, 9), (16, 17),
          (33, 65), (130, 70)]


def either(rng: np.random.Generator, shape: tuple[int, ...], choice: list[float]) -> Floats:
    """One of a few numbers each, times 1 to 15: in fractions they stay short."""
    return np.asarray(rng.choice(choice, shape) * rng.integers(1, 16, shape))


def harsh_circuit(seed: int, m: int, n: int, drive: RowDrive, sense: ColumnSense,
                  ideal: float = 0.2, floating: float = 0.2) -> CrossbarCircuit:
    """1 milliohm beside 1 gigaohm beside nothing in every segment, source and sense; cells from
    1e-15 to 1e3 S, half of them open; rows that nothing drives."""
    rng = np.random.default_rng(seed)
    g = either(rng, (m, n), [2.0**-50, 2.0**-30, 2.0**-13, 2.0**6]) * (rng.random((m, n)) < 0.5)
    row, column, source, sensed = (
        either(rng, shape, [2.0**-10, 1.0, 2.0**27]) * (rng.random(shape) > ideal)
        for shape in ((m, n + 1), (m + 1, n), (m,), (n,)))
    source[(rng.random(m) < floating) & g.any(axis=1)] = np.inf
    return CrossbarCircuit(g, Wires(row, column, source, sensed), drive=drive, sense=sense)


@every_topology
@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (4, 1), (3, 4), (4, 4)], ids=str)
def test_every_entry_is_right_in_exact_fractions(shape: tuple[int, int], drive: RowDrive,
                                                 sense: ColumnSense) -> None:
    """Each node that is eliminated rounds an entry a few times; the largest seen is 9 eps."""
    for seed in range(3):
        circuit = harsh_circuit(seed, *shape, drive, sense)
        exact = transconductance(circuit, Fraction)
        assert largest_relative_error(circuit.transconductance(), exact) <= 32 * EPS


@every_topology
@pytest.mark.parametrize("shape", [(9, 9), (17, 3), (2, 19)], ids=str)
def test_every_entry_is_right_where_blocks_are_merged(shape: tuple[int, int], drive: RowDrive,
                                                      sense: ColumnSense) -> None:
    """Without zero ohm: beside it, entries below 1e-80 of the largest count as none."""
    circuit = harsh_circuit(sum(shape), *shape, drive, sense, ideal=0.0)
    exact = transconductance(circuit, Decimal)
    assert min(exact.ravel()) >= 0
    assert largest_relative_error(circuit.transconductance(), exact) <= 100 * EPS


@every_topology
def test_entries_beside_zero_ohm_are_right_or_negligible(drive: RowDrive, sense: ColumnSense
                                                         ) -> None:
    circuit = harsh_circuit(1, 9, 10, drive, sense, ideal=0.4)
    exact, found = transconductance(circuit, Decimal), circuit.transconductance()
    small = exact < exact.max() * Decimal("1e-78")
    assert largest_relative_error(found[~small], exact[~small]) <= 100 * EPS
    assert found[small].max(initial=0.0) <= 1e-78 * found.max()


def test_wires_of_any_size_beside_cells_of_any_size() -> None:
    """Far beyond what can be built: 1e-60 to 1e60 ohm, 1e-60 to 1e40 S."""
    for seed in range(20):
        rng = np.random.default_rng(seed)
        m, n = (int(k) for k in rng.integers(1, 6, 2))
        row, column, source, sense = (10 ** rng.uniform(-60, 60, shape) for shape in
                                      ((m, n + 1), (m + 1, n), (m,), (n,)))
        g = 10 ** rng.uniform(-60, 40, (m, n)) * (rng.random((m, n)) < 0.7)
        drive, sensed = TOPOLOGIES[seed % len(TOPOLOGIES)]
        circuit = CrossbarCircuit(g, Wires(row, column, source, sense), drive=drive, sense=sensed)
        exact = transconductance(circuit, Decimal)
        assert largest_relative_error(circuit.transconductance(), exact) <= 100 * EPS


def sparse_lu(network: Network) -> tuple[Floats, float]:
    """The transconductance (m, n) [S] of a network without zero ohm, by nodal analysis, and how far
    off it may be: eps times the condition number, which follows from one solution as no entry of
    the inverse is negative, over 10, as roundings have either sign."""
    g, (m, n) = network.g, network.g.shape
    row = np.arange(m * n).reshape(m, n)
    column = row + m * n
    across, down = 1 / network.row_z, 1 / network.column_z
    ends = [(row[:, 0], across[:, 0]), (row[:, -1], across[:, -1]), (column[0], down[0]),
            (column[-1], down[-1])]
    between = [(row[:, :-1], row[:, 1:], across[:, 1:-1]), (column[:-1], column[1:], down[1:-1]),
               (row, column, g)]
    a, b, y = (np.concatenate([part[k].ravel() for part in between]) for k in range(3))
    own, leak = (np.concatenate([end[k] for end in ends]) for k in (0, 1))
    matrix = coo_array((np.concatenate([y, y, -y, -y, leak]),
                        (np.concatenate([a, b, a, b, own]), np.concatenate([a, b, b, a, own])))
                       ).tocsc()
    injected = np.zeros((2 * m * n, m))
    for nodes, conductance in ends[:2]:
        injected[nodes, np.arange(m)] += conductance
    factors = splu(matrix)
    condition = np.abs(matrix).sum(axis=0).max() * factors.solve(np.ones(2 * m * n)).max()
    w = factors.solve(injected)[m * n :].reshape(m, n, m)
    found = np.asarray((w[0] * down[0][:, None] + w[-1] * down[-1][:, None]).T)
    return found, EPS * float(condition * found.max()) / 10


def moderate_circuit(shape: tuple[int, int], drive: RowDrive, sense: ColumnSense,
                     seed: int = 1) -> CrossbarCircuit:
    rng = np.random.default_rng(seed)
    (m, n), ohm = shape, lambda *k: 10 ** rng.uniform(-1, 2, k)
    g = random_conductance(shape, seed, open_cells=0.1)
    return CrossbarCircuit(g, Wires(ohm(m, n + 1), ohm(m + 1, n), ohm(m), ohm(n)), drive=drive,
                           sense=sense)


@pytest.mark.parametrize("shape", RAGGED, ids=str)
def test_ragged_shapes_equal_sparse_lu(shape: tuple[int, int]) -> None:
    for drive, sense in TOPOLOGIES if max(shape) < 60 else TOPOLOGIES[:: len(TOPOLOGIES) - 1]:
        circuit = moderate_circuit(shape, drive, sense)
        expected, error = sparse_lu(circuit.network)
        assert error < 1e-9 * expected.max()
        np.testing.assert_allclose(circuit.transconductance(), expected, rtol=1e-13, atol=error)


@pytest.mark.slow
@pytest.mark.parametrize("shape", [(256, 255), (500, 60), (61, 400)], ids=str)
def test_large_shapes_equal_sparse_lu(shape: tuple[int, int]) -> None:
    circuit = moderate_circuit(shape, RowDrive.BOTH, ColumnSense.TOP)
    expected, error = sparse_lu(circuit.network)
    assert error < 1e-9 * expected.max()
    np.testing.assert_allclose(circuit.transconductance(), expected, rtol=1e-13, atol=error)


@pytest.mark.parametrize("turned", [False, True])
def test_a_line_of_5000_devices_is_a_ladder(turned: bool) -> None:
    """Each step of the recursion and of the merging rounds a few times, all relative."""
    rng = np.random.default_rng(0)
    g, segment = 10 ** rng.uniform(-6, -4, 5000), 10 ** rng.uniform(-3, 1, 5000)
    wires = Wires(row=np.append(segment, 0.0)[None], source=50.0)
    if turned:
        wires = Wires(column=np.append(segment, 0.0)[:, None], sense=50.0)
    shape, sense = ((-1, 1), ColumnSense.TOP) if turned else ((1, -1), ColumnSense.BOTTOM)
    circuit = CrossbarCircuit(g.reshape(shape), wires, sense=sense)
    segment[0] += 50.0
    ahead = 0.0  # admittance that a segment leads to
    passed = np.empty(5000)
    for k in range(4999, -1, -1):
        ahead += g[k]
        passed[k] = 1 / (1 + segment[k] * ahead)
        ahead *= passed[k]
    np.testing.assert_allclose(circuit.transconductance().ravel(), g * np.cumprod(passed),
                               rtol=5000 * EPS)


@few
@given(st.integers(0, 2**32 - 1), st.integers(1, 20))
def test_reciprocity_of_the_turned_network(seed: int, n: int) -> None:
    """A square one: others are turned before they are solved, and would be solved twice alike."""
    rng = np.random.default_rng(seed)
    drive, sense = TOPOLOGIES[seed % len(TOPOLOGIES)]
    network = Network.build(random_conductance((n, n), seed, open_cells=0.3),
                            random_wires(rng, n, n), drive, sense)
    assert Layout.of(network).turned == Layout.of(network.turned()).turned
    np.testing.assert_allclose(merging.transconductance(network.turned()).T,
                               merging.transconductance(network), rtol=100 * EPS)


@few
@given(st.integers(0, 2**32 - 1), st.integers(1, 20), st.integers(1, 20))
def test_passivity_no_current_flows_back_and_none_exceeds_what_the_source_lets_through(
        seed: int, m: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    source, sense = 10 ** rng.uniform(-3, 6, (2, max(m, n)))
    g = random_conductance((m, n), seed, low=1e-9, high=1e3, open_cells=0.3)
    found = CrossbarCircuit(g, Wires(1.0, 2.0, source[:m], sense[:n])).transconductance()
    assert (found >= 0).all()
    assert (found[g > 0] > 0).all()
    assert (found.sum(axis=1) <= 1 / (source[:m] + 1.0) * (1 + 100 * EPS)).all()
    assert (found.sum(axis=0) <= 1 / (sense[:n] + 2.0) * (1 + 100 * EPS)).all()


@pytest.mark.parametrize("shape", [(1, 9), (9, 1), (12, 17), (40, 33)], ids=str)
def test_conservation_all_current_of_equal_rows_goes_into_columns(shape: tuple[int, int]) -> None:
    """With all rows at 1 V and all sources alike, the sources' currents are what their resistances
    let through: (1 V - u) / z of the first node, here of digits that no difference has taken."""
    circuit = moderate_circuit(shape, RowDrive.LEFT, ColumnSense.BOTTOM)
    op = circuit.solve(np.ones(shape[0]))
    z = circuit.network.row_z[:, 0]
    into = (1 - op.row_voltages[:, 0]) / z
    total = circuit.transconductance().sum()
    assert total == pytest.approx(into.sum(), rel=0, abs=1e-14 * float(np.sum(1 / z)))
    assert op.column_currents.sum() == pytest.approx(total, rel=1e-14)


@few
@given(st.integers(0, 2**32 - 1))
def test_monotonicity_no_raised_resistance_raises_the_power(seed: int) -> None:
    """Rayleigh: at equal rows the current of all sources is one two-terminal conductance."""
    rng = np.random.default_rng(seed)
    shape, (drive, sense) = (11, 9), TOPOLOGIES[seed % len(TOPOLOGIES)]
    wires = random_wires(rng, *shape)
    g = random_conductance(shape, seed, open_cells=0.3)
    before = CrossbarCircuit(g, wires, drive=drive, sense=sense).transconductance().sum()
    name = rng.choice(["row", "column", "source", "sense"])
    value = np.array(getattr(wires, name))
    at = tuple(rng.integers(0, value.shape)) if value.ndim else ()
    value[at] += 10 ** rng.uniform(-1, 5)
    changed = Wires(**{k: value if k == name else getattr(wires, k)
                       for k in ("row", "column", "source", "sense")})
    g[rng.integers(11), rng.integers(9)] /= 2
    after = CrossbarCircuit(g, changed, drive=drive, sense=sense).transconductance().sum()
    assert after <= before * (1 + 100 * EPS)


@pytest.mark.parametrize("side", [1, 2, 3, 5, 16])
def test_any_split_gives_the_same(side: int, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = [harsh_circuit(seed, m, n, *TOPOLOGIES[seed], ideal=0.0, floating=0.0).network
             for seed, (m, n) in enumerate([(1, 1), (1, 9), (13, 2), (9, 9), (16, 17), (21, 8)])]
    expected = [merging.transconductance(network) for network in cases]
    monkeypatch.setattr(plan, "LEAF_SIDE", side)
    plan.plan_of.cache_clear()
    try:
        for network, matrix in zip(cases, expected, strict=True):
            np.testing.assert_allclose(merging.transconductance(network), matrix, rtol=1e-13)
    finally:
        plan.plan_of.cache_clear()


@pytest.mark.parametrize("shape", [(1, 1), (5, 40), (16, 17), (33, 65), (130, 70)], ids=str)
def test_any_number_of_threads_gives_the_same_bits(shape: tuple[int, int]) -> None:
    network = moderate_circuit(shape, RowDrive.BOTH, ColumnSense.BOTTOM).network
    one = merging.transconductance(network, 1)
    for threads in (2, 3, 8):
        np.testing.assert_array_equal(merging.transconductance(network, threads), one)


@pytest.mark.parametrize("threads", [None, 1, 2, 3, 8])
def test_many_circuits_at_once_equal_each_to_the_bit(threads: int | None) -> None:
    shapes = [(9, 4), (4, 9), (20, 20), (1, 3)] * 7

    def given_circuits() -> list[CrossbarCircuit]:
        made = [moderate_circuit(shape, *TOPOLOGIES[k % 9], seed=k)
                for k, shape in enumerate(shapes)]
        made += [CrossbarCircuit(random_conductance((3, 4), 1)), made[3], made[0], made[3]]
        made.append(harsh_circuit(3, 9, 4, RowDrive.LEFT, ColumnSense.BOTTOM))
        return made

    expected = [circuit.transconductance() for circuit in given_circuits()]
    fresh = given_circuits()
    kept = fresh[5].transconductance()
    found = list(transconductances(iter(fresh), threads))
    assert len(found) == len(expected)
    for circuit, matrix, single in zip(fresh, found, expected, strict=True):
        np.testing.assert_array_equal(matrix, single)
        assert circuit.transconductance() is matrix
        assert not matrix.flags.writeable
    assert found[5] is kept


def test_no_circuits_have_no_transconductances() -> None:
    assert list(transconductances([])) == []


def test_many_circuits_refuse_one_that_is_not_linear() -> None:
    made = [moderate_circuit((3, 2), RowDrive.LEFT, ColumnSense.TOP),
            CrossbarCircuit(np.full((3, 2), 1e-4), Wires(1.0), law=CubicLaw(0.5))]
    with pytest.raises(TypeError, match=r"no transconductance matrix.*use solve"):
        list(transconductances(made))


def test_any_order_in_memory_gives_the_same() -> None:
    g = random_conductance((12, 9), seed=1)
    wide, row = np.zeros((24, 18)), np.full((12, 10), 3.0)
    wide[::2, ::2] = g
    expected = CrossbarCircuit(g, Wires(row)).transconductance()
    for given_g in (np.asfortranarray(g), wide[::2, ::2], g[::-1][::-1], g.T.copy().T):
        given_g.flags.writeable = False
        circuit = CrossbarCircuit(given_g, Wires(np.asfortranarray(row)))
        np.testing.assert_array_equal(circuit.transconductance(), expected)


def test_what_does_not_fit_into_memory_is_refused_first(monkeypatch: pytest.MonkeyPatch) -> None:
    circuit = moderate_circuit((64, 64), RowDrive.LEFT, ColumnSense.TOP)

    class Little:
        available = 2**20

    def never(*arguments: object) -> None:
        raise AssertionError("begun")

    monkeypatch.setattr(psutil, "virtual_memory", Little)
    monkeypatch.setattr(merging, "carry_out", never)
    monkeypatch.setattr(merging.ports, "run_each", never)
    words = r"64 x 64 devices.* needs 0\.0 GiB of memory, and 0\.0 GiB are free; cut the array"
    with pytest.raises(MemoryError, match=words):
        circuit.transconductance()
    with pytest.raises(MemoryError, match=words):
        list(transconductances([circuit]))


def test_an_array_of_a_million_lines_is_refused_before_its_plan_is_made() -> None:
    """Its steps alone would take more memory than there is."""
    room = plan.room_of((10**6, 10**6), False, False)
    assert room.arena > 10**12
    assert plan.room_of((130, 70), True, False) == plan.plan_of((130, 70), True, False).room


def test_devices_that_conduct_like_shorts_are_refused() -> None:
    for wires in (Wires(1.0), Wires(0.0, 1.0)):
        circuit = CrossbarCircuit([[1e-4, 1e80]], wires)
        words = r"a device conducts 1e\+80 S.*check the unit"
        with pytest.raises(ArithmeticError, match=words):
            circuit.transconductance()
        with pytest.raises(ArithmeticError, match=words):
            _ = circuit.solve([1.0]).row_voltages


def test_halves_of_a_block_share_their_joint_and_keep_all_other_ports() -> None:
    for rows, columns in [(1, 2), (2, 1), (9, 8), (8, 9), (31, 31)]:
        for above in (False, True):
            for on_right in (False, True):
                block = Block(0, rows, 0, columns, above, on_right)
                one, two = block.halves()
                shared = two.ports["L" if block.wide else "B"]
                assert one.ports["R" if block.wide else "T"] == shared
                assert one.size + two.size - 2 * shared == block.size
                assert one.rows * one.columns + two.rows * two.columns == rows * columns


@every_topology
@pytest.mark.parametrize("shape", [(3, 5), (5, 3)], ids=str)
def test_a_layout_is_tall_with_single_ends_on_the_left_and_at_the_bottom(
        shape: tuple[int, int], drive: RowDrive, sense: ColumnSense) -> None:
    network = moderate_circuit(shape, drive, sense).network
    laid = Layout.of(network).apply(network)
    assert laid.g.shape == (5, 3)
    assert np.isfinite(laid.row_z[:, 0]).all()
    assert np.isfinite(laid.column_z[-1]).all()
