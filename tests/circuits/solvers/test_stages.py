"""The methods for nonlinear devices agree, each gets what it is for, and results are one's own."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from circuits import CrossbarCircuit, CubicLaw, Law, MTJLaw, Wires
from circuits.solvers.chord import ChordMethod
from circuits.solvers.equations import Equations
from circuits.solvers.newton import NewtonMethod
from circuits.solvers.nodes import Flags, Indices, Nodes
from circuits.solvers.nonlinear import Method, NonlinearBatch, NonlinearSolver
from circuits.solvers.relaxation import LineRelaxation
from circuits.solvers.workspace import Workspace
from tests.support.laws import SinhLaw
from tests.support.nonlinear import conductance_of
from tests.support.reference import Floats, random_conductance

NUMBERS = np.arange(3)
laws = pytest.mark.parametrize("law", [CubicLaw(0.4), MTJLaw(1.1, 0.6, 1.5)], ids=["cubic", "mtj"])


@dataclass
class Counted:
    """How many inputs a method was given."""

    method: Method
    inputs: int = 0

    def solve(self, at: Nodes, voltages: Floats, numbers: Indices) -> tuple[Nodes, Flags]:
        self.inputs += voltages.shape[1]
        return self.method.solve(at, voltages, numbers)


@pytest.mark.parametrize(("ohm", "law", "chord", "newton"), [
    (1.0, CubicLaw(0.4), 0, 0), (5e3, CubicLaw(1.0), 3, 0), (1e4, SinhLaw(0.08), 3, 3),
], ids=["relaxation", "chord", "newton"])
def test_each_stage_solves_what_it_is_for(ohm: float, law: Law, chord: int, newton: int) -> None:
    array = CrossbarCircuit(random_conductance((8, 8), seed=11), Wires(ohm, ohm), law).array
    v = np.random.default_rng(11).uniform(0.2, 0.4, (3, 8))
    solver = NonlinearSolver.of(array, v.max(), 1e-12)
    stages = [Counted(method) for method in solver.others]
    batch = NonlinearBatch(array, v, replace(solver, others=stages))
    assert [stage.inputs for stage in stages] == [chord, newton]
    assert batch.iterations.min() >= 1


def circuit_of(law: Law) -> tuple[CrossbarCircuit, Floats]:
    """A circuit and voltages (rows, 3) [V]."""
    rng = np.random.default_rng(12)
    g, v = conductance_of(law, (6, 5), rng), np.ascontiguousarray(rng.uniform(0, 0.4, (6, 3)))
    return CrossbarCircuit(g, Wires(1.0, 1.0), law), v


def ideal(circuit: CrossbarCircuit, v: Floats) -> Nodes:
    """The state on ideal wires."""
    u = np.repeat(v[:, None], circuit.shape[1], axis=1)
    return Nodes(u, np.zeros_like(u), circuit.devices.current(u), np.zeros(v.shape[1], int))


def copied(nodes: Nodes) -> tuple[Floats, ...]:
    return nodes.u.copy(), nodes.w.copy(), nodes.currents.copy(), nodes.iterations.copy()


def check_equal(nodes: Nodes, expected: tuple[Floats, ...]) -> None:
    for one, other in zip(copied(nodes), expected, strict=True):
        np.testing.assert_array_equal(one, other)


@laws
def test_equivalence_of_the_stages(law: Law) -> None:
    """Each of them from ideal wires."""
    circuit, v = circuit_of(law)
    equations, start = Equations.of(circuit.array, 0.3, 1e-12), ideal(circuit, v)
    solved = [LineRelaxation(equations).solve(v, NUMBERS, Workspace()),
              *(method(equations).solve(start, v, NUMBERS)
                for method in (ChordMethod, NewtonMethod))]
    assert not any(open_.any() for _, open_ in solved)
    expected = solved[-1][0].currents
    for found, _ in solved[:2]:
        np.testing.assert_allclose(found.currents, expected, rtol=0,
                                   atol=1e-10 * np.abs(expected).max())


@laws
@pytest.mark.parametrize("method", [ChordMethod, NewtonMethod])
def test_a_method_leaves_what_it_starts_from_as_it_is(
    method: type[ChordMethod | NewtonMethod], law: Law
) -> None:
    circuit, v = circuit_of(law)
    start = ideal(circuit, v)
    before = copied(start)
    method(Equations.of(circuit.array, 0.3, 1e-12)).solve(start, v, NUMBERS)
    check_equal(start, before)


@pytest.mark.parametrize("ohm", [1.0, 1e2, 1e4])
def test_a_second_solution_leaves_the_first_as_it_is(ohm: float) -> None:
    """Whatever stage it is from."""
    array = CrossbarCircuit(random_conductance((8, 8), seed=11), Wires(ohm, ohm),
                            SinhLaw(0.08)).array
    solver = NonlinearSolver.of(array, 0.4, 1e-12)
    v = np.random.default_rng(11).uniform(0.2, 0.4, (8, 3))
    found = solver.solve(v)
    kept = copied(found)
    solver.solve(v / 2)
    check_equal(found, kept)


def test_a_workspace_is_its_owners_to_use_again() -> None:
    """Its second solution lies where the first one lay, and equals that in new memory."""
    circuit, v = circuit_of(CubicLaw(0.4))
    solver, workspace = NonlinearSolver.of(circuit.array, 0.4, 1e-12), Workspace()
    first = solver.solve(v, workspace=workspace)
    second = solver.solve(v / 2, workspace=workspace)
    assert np.shares_memory(first.u, second.u)
    check_equal(second, copied(solver.solve(v / 2)))
    fewer = solver.solve(v[:, :2], workspace=workspace)
    check_equal(fewer, copied(solver.solve(v[:, :2])))
