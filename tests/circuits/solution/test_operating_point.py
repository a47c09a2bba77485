"""What a solution hands out: batches equal single inputs, arrays are lazy, nothing is shared."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circuits import CrossbarCircuit, CubicLaw, OperatingPoint, Wires
from circuits.solvers.batch import chunks
from circuits.solvers.factors import NodalFactors
from circuits.solvers.nonlinear import NonlinearSolver
from tests.support import strategies
from tests.support.reference import Floats, random_conductance
from tests.support.strategies import few

WIRES = Wires(1.0, 2.0, 50.0, 10.0)
QUANTITIES = ("column_currents", "row_voltages", "column_voltages", "device_currents",
              "kcl_residual")


def circuit_of(shape: tuple[int, int]) -> CrossbarCircuit:
    return CrossbarCircuit(random_conductance(shape, seed=0, open_cells=0.1), WIRES)


def check_equal(one: OperatingPoint, batch: OperatingPoint, index: int) -> None:
    """Products of another shape round differently, no more."""
    limit = 1e-13 * np.abs(one.voltages).max()
    for name in ("row_voltages", "column_voltages"):
        np.testing.assert_allclose(getattr(batch, name)[index], getattr(one, name), atol=limit)
    for name in ("column_currents", "device_currents"):
        largest = one.array.devices.conductance.max()
        np.testing.assert_allclose(getattr(batch, name)[index], getattr(one, name),
                                   atol=limit * largest * one.array.shape[0])
    for name, power in one.power.items():
        limit = 1e-11 * sum(np.abs(p) for p in one.power.values())
        np.testing.assert_allclose(batch.power[name][index], power, atol=limit)


@few
@given(strategies.circuits, st.data())
def test_equivalence_of_a_batch_and_its_inputs_one_by_one(circuit: CrossbarCircuit,
                                                          data: st.DataObject) -> None:
    v = data.draw(strategies.voltages(circuit.shape[0], batch=3))
    batch = circuit.solve(v)
    for index, single in enumerate(v):
        check_equal(circuit.solve(single), batch, index)


@pytest.mark.parametrize("shape", [(50, 37), (37, 50)], ids=str)
def test_equivalence_of_a_batch_and_its_inputs_in_larger_arrays(shape: tuple[int, int]) -> None:
    circuit = circuit_of(shape)
    v = np.random.default_rng(1).uniform(-1, 1, (4, shape[0]))
    batch = circuit.solve(v)
    for index, single in enumerate(v):
        check_equal(circuit.solve(single), batch, index)


@pytest.mark.parametrize(("shape", "size"), [
    ((1, 1), 64), ((7, 5), 64), ((100, 90), 29), ((128, 128), 16), ((600, 500), 13),
    ((1024, 1024), 4), ((4000, 3000), 1),
], ids=str)
def test_chunks_fit_into_the_cache_and_cover_every_input(shape: tuple[int, int], size: int) -> None:
    for count in (1, size, size + 1, 5 * size - 1):
        found = chunks(shape, count)
        assert [i for chunk in found for i in range(chunk.start, chunk.stop)] == list(range(count))
        assert all(chunk.stop - chunk.start == size for chunk in found[:-1])


@pytest.mark.parametrize(("shape", "count", "lengths"), [
    ((7, 5), 150, [64, 64, 22]), ((100, 90), 61, [29, 29, 3]),
], ids=str)
def test_equivalence_of_chunks_and_the_whole_batch(
    monkeypatch: pytest.MonkeyPatch, shape: tuple[int, int], count: int, lengths: list[int]
) -> None:
    """However long, a batch is solved a few inputs at a time, whose sums are those of all."""
    circuit = circuit_of(shape)
    v = np.random.default_rng(2).uniform(-1, 1, (count, shape[0]))
    calls = []
    solve = NodalFactors.solve
    monkeypatch.setattr(NodalFactors, "solve",
                        lambda self, v, *rest: calls.append(v.shape[1]) or solve(self, v, *rest))
    op = circuit.solve(v)
    power, residual = op.power, op.kcl_residual
    assert sorted(calls) == sorted(2 * lengths)  # for the power and for the residual
    assert residual.shape == (count,)
    for index in (0, lengths[0] - 1, lengths[0], count - 1):
        one = circuit.solve(v[index])
        for name, part in one.power.items():
            np.testing.assert_allclose(power[name][index], part, rtol=1e-11, err_msg=name)


@pytest.mark.parametrize(("lead", "shape"), [((), (4, 3)), ((1,), (4, 3)), ((6,), (3, 4))],
                         ids=str)
def test_shapes_follow_the_input(lead: tuple[int, ...], shape: tuple[int, int]) -> None:
    op = circuit_of(shape).solve(np.ones((*lead, shape[0])))
    assert op.column_currents.shape == (*lead, shape[1])
    for name in ("row_voltages", "column_voltages", "device_currents"):
        assert getattr(op, name).shape == lead + shape
    assert op.kcl_residual.shape == lead
    assert {np.shape(power) for power in op.power.values()} == {lead}


def test_negative_voltages_reverse_every_current() -> None:
    circuit = circuit_of((5, 4))
    v = np.linspace(0.1, 0.5, 5)
    forward, backward = circuit.solve(v), circuit.solve(-v)
    assert np.all(backward.column_currents < 0)
    for name in QUANTITIES[:4]:
        np.testing.assert_array_equal(getattr(backward, name), -getattr(forward, name))
    for name in forward.power:
        assert backward.power[name] == forward.power[name] > 0


def test_integer_voltages_are_volts() -> None:
    circuit = circuit_of((3, 2))
    expected = circuit.solve([1.0, 0.0, -2.0]).column_currents
    np.testing.assert_array_equal(circuit.solve([1, 0, -2]).column_currents, expected)


def test_column_currents_need_no_node_voltages(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise RuntimeError("nodes were solved")

    monkeypatch.setattr(NodalFactors, "of", refuse)
    op = circuit_of((5, 4)).solve(np.ones((2, 5)))
    assert op.column_currents.shape == (2, 4)
    with pytest.raises(RuntimeError, match="nodes were solved"):
        _ = op.row_voltages


def test_nodes_are_solved_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []
    solve = NodalFactors.solve
    monkeypatch.setattr(NodalFactors, "solve",
                        lambda self, v, *rest: calls.append(v.shape[1]) or solve(self, v, *rest))
    op = circuit_of((5, 4)).solve(np.ones((2, 5)))
    assert calls == []
    _ = op.row_voltages, op.column_voltages, op.device_currents, op.row_voltages
    assert calls == [2]


def test_power_and_residual_take_nodes_that_are_there(monkeypatch: pytest.MonkeyPatch) -> None:
    circuit, v = circuit_of((7, 5)), np.random.default_rng(3).uniform(-1, 1, (70, 7))
    afresh, op = circuit.solve(v), circuit.solve(v)
    _ = op.row_voltages
    expected = afresh.power, afresh.kcl_residual
    monkeypatch.setattr(NodalFactors, "solve", lambda *_: pytest.fail("nodes were solved again"))
    for name, power in op.power.items():
        np.testing.assert_allclose(power, expected[0][name], rtol=1e-14)
    np.testing.assert_allclose(op.kcl_residual, expected[1], rtol=1e-14)


@pytest.mark.parametrize(("count", "passes"), [(50, 1), (100, 4)], ids=["small", "large"])
def test_a_nonlinear_circuit_is_solved_at_once_and_kept_if_small(
    monkeypatch: pytest.MonkeyPatch, count: int, passes: int
) -> None:
    """A small batch is solved once; of a large one only the sums are kept, then its nodes."""
    solved: list[int] = []
    solve = NonlinearSolver.solve

    def counted(self: NonlinearSolver, v: Floats, *rest: object) -> object:
        solved.append(v.shape[1])
        return solve(self, v, *rest)

    monkeypatch.setattr(NonlinearSolver, "solve", counted)
    g = random_conductance((40, 30), seed=6)
    v = np.random.default_rng(6).uniform(0, 0.3, (count, 40))
    op = CrossbarCircuit(g, WIRES, CubicLaw(0.4)).solve(v)
    assert sum(solved) == count
    assert op.column_currents.shape == (count, 30)
    assert op.iterations.shape == (count,)
    assert sum(solved) == count
    for name in ("power", "kcl_residual", "row_voltages", "column_voltages", "power_balance"):
        getattr(op, name)
    assert sum(solved) == passes * count
    np.testing.assert_allclose(op.device_currents.sum(axis=1), op.column_currents, rtol=1e-12)


def test_too_many_node_voltages_are_refused_before_they_are_computed(
    monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NodalFactors, "of", lambda _: pytest.fail("nodes were eliminated"))
    inputs = np.zeros((60_000, 100))
    op = CrossbarCircuit(np.full((100, 100), 1e-5), WIRES).solve(inputs)
    for name in ("row_voltages", "column_voltages", "device_currents"):
        with pytest.raises(MemoryError, match=r"60000 inputs need 14 GB; solve fewer inputs"):
            getattr(op, name)


def test_the_conductance_is_a_copy() -> None:
    g = random_conductance((4, 3), seed=3)
    circuit, kept = CrossbarCircuit(g, WIRES), g.copy()
    g[:] = 1.0
    np.testing.assert_array_equal(circuit.conductance, kept)
    expected = CrossbarCircuit(kept, WIRES).transconductance()
    np.testing.assert_array_equal(circuit.transconductance(), expected)


def test_the_voltages_are_a_copy() -> None:
    circuit, v = circuit_of((4, 3)), np.ones(4)
    op = circuit.solve(v)
    v[:] = 7.0
    np.testing.assert_array_equal(op.column_currents, circuit.solve(np.ones(4)).column_currents)


def test_what_a_circuit_shares_is_read_only() -> None:
    circuit = circuit_of((4, 3))
    assert circuit.transconductance() is circuit.transconductance()
    for array in (circuit.conductance, circuit.transconductance()):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1.0
    with pytest.raises(dataclasses.FrozenInstanceError):
        circuit.wires = Wires()
    with pytest.raises(dataclasses.FrozenInstanceError):
        circuit.wires.row = 2.0


@pytest.mark.parametrize("order", ["C", "F"])
def test_memory_layout_of_the_conductance_does_not_matter(order: str) -> None:
    g = random_conductance((9, 6), seed=4)
    expected = CrossbarCircuit(g, WIRES).transconductance()
    found = CrossbarCircuit(np.array(g, order=order), WIRES)
    np.testing.assert_array_equal(found.transconductance(), expected)
    np.testing.assert_allclose(found.solve(np.ones(9)).power["devices"],
                               CrossbarCircuit(g, WIRES).solve(np.ones(9)).power["devices"])


@pytest.mark.parametrize("view", [np.s_[::2, ::-1], np.s_[::-1, ::3]], ids=["a", "b"])
def test_strided_conductances_are_taken_as_they_read(view: tuple[slice, slice]) -> None:
    g = random_conductance((10, 9), seed=5)[view]
    expected = CrossbarCircuit(np.ascontiguousarray(g), WIRES).transconductance()
    np.testing.assert_allclose(CrossbarCircuit(g, WIRES).transconductance(), expected, rtol=1e-13)
