"""Laws of what inputs spend: sums over single inputs, the power balance, charges in time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import expm

from circuits import CrossbarCircuit, CubicLaw, Wires
from circuits.analysis.rc_network import RCNetwork
from circuits.solution import budget
from tests.support import strategies
from tests.support.reference import random_conductance
from tests.support.strategies import few

WIRES = Wires(30.0, 20.0, 100.0, 50.0, access=2e3)


@few
@given(strategies.circuits, st.data())
def test_it_is_the_sum_over_inputs_and_over_devices(circuit: CrossbarCircuit,
                                                    data: st.DataObject) -> None:
    v = data.draw(strategies.voltages(circuit.shape[0], batch=3))
    op = circuit.solve(v)
    found = budget(op)
    scale = sum(np.abs(power).sum() for power in op.power.values())
    for part, power in op.power.items():
        assert found.parts[part] == pytest.approx(power.sum(), abs=1e-12 * scale)
    assert found.devices.sum() == pytest.approx(found.parts["devices"], abs=1e-12 * scale)
    assert not found.charges.any()


@pytest.mark.parametrize("law", [None, CubicLaw(0.3)], ids=["linear", "cubic"])
def test_access_transistors_take_the_square_of_the_current(law: CubicLaw | None) -> None:
    g = random_conductance((5, 4), seed=3)
    circuit = CrossbarCircuit(g, WIRES) if law is None else CrossbarCircuit(g, WIRES, law)
    op = circuit.solve(np.random.default_rng(0).uniform(-0.3, 0.3, (7, 5)))
    found = budget(op)
    np.testing.assert_allclose(found.access, 2e3 * (op.device_currents**2).sum(axis=0), rtol=1e-12)
    assert np.all(found.access < found.devices)


@few
@given(strategies.circuits, st.data())
def test_admittance_gives_what_sources_deliver(circuit: CrossbarCircuit, data: st.DataObject
                                               ) -> None:
    v = data.draw(strategies.voltages(circuit.shape[0], batch=2))
    if not circuit.is_linear:
        with pytest.raises(TypeError, match="no admittance"):
            circuit.admittance()
        return
    y, op = circuit.admittance(), circuit.solve(v)
    scale = np.abs(y).max() * np.abs(v).max() ** 2 * len(y)
    np.testing.assert_allclose(np.einsum("bi,ij,bj->b", v, y, v), op.power["source"],
                               atol=1e-11 * scale)
    np.testing.assert_allclose(op.source_currents, v @ y, atol=1e-11 * scale / np.abs(v).max()
                               if v.any() else 0.0)
    assert np.array_equal(y, y.T)


@pytest.mark.parametrize("wires", [Wires(30.0, 20.0, 100.0, 50.0), Wires(row=300.0, column=0.0),
                                   Wires(3.0, 5.0, 0.0, 0.0)], ids=str)
def test_a_pulse_costs_what_charging_its_lines_does(wires: Wires) -> None:
    """Of the equations in time, integrated: current of the sources beyond the one that stays."""
    circuit = CrossbarCircuit(random_conductance((4, 3), seed=1), wires)
    v, stored = np.array([0.1, 0.0, -0.2, 0.05]), (3e-15, 2e-15)
    system = RCNetwork.of(circuit, *stored)
    free = np.flatnonzero(system.capacitance)
    assert len(free) == len(system.capacitance)
    a = -system.conductance.toarray() / (system.capacitance * system.unit)[:, None]
    final = system.solve(system.drive @ v)
    slowest = -1 / np.linalg.eigvals(a).real.max()
    steps, step = 40000, slowest / 1000
    decay, lacking, charge = expm(a * step), final.copy(), np.zeros(4)
    for _ in range(steps):  # by the trapezoidal rule
        after = decay @ lacking
        charge += step * (system.drive.T @ (lacking + after)) / 2
        lacking = after
    found = float(budget(circuit.solve(v), *stored).charges[0])
    tied = found - sum(
        system.capacitance * system.unit * final**2)  # of nodes that are the sources themselves
    assert found - tied == pytest.approx(float(v @ charge), rel=1e-5)
    rows = wires.source == 0.0 and wires.row == 0.0
    assert rows or tied == pytest.approx(0.0, abs=1e-9 * abs(v @ charge))


def test_charges_without_wires_are_those_of_the_rows() -> None:
    v = np.array([[0.1, 0.2], [0.3, 0.0]])
    circuit = CrossbarCircuit(np.full((2, 3), 1e-5))
    np.testing.assert_allclose(budget(circuit.solve(v), 1e-15, 5e-15).charges,
                               3 * 1e-15 * (v**2).sum(axis=1), rtol=1e-12)
