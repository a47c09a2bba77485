"""Laws of nonlinear circuits: conservation, and an independent solution."""

import numpy as np
import pytest
from hypothesis import given

from circuits import CrossbarCircuit, CubicLaw, Wires
from tests.support.kirchhoff import device_currents, segments
from tests.support.nonlinear import PARTS, circuit_of, every_law, few, inputs, seeds
from tests.support.reference import EPS, Floats, random_conductance
from tests.support.topologies import Assembly


@every_law
@few
@given(seed=seeds)
def test_conservation_of_current_at_every_node(name: str, seed: int) -> None:
    circuit = circuit_of(name, seed)
    op = circuit.solve(inputs(circuit, seed))
    rows, columns = segments(circuit)
    # Node voltages are rounded to EPS: times the best conductor, twice a node, this shows.
    ohm = min(z[z > 0].min(initial=np.inf) for z in (rows, columns))
    slope = circuit.devices.slope(np.full((*circuit.shape, 1), np.abs(op.voltages).max())).max()
    visible = 64 * EPS * (1 / ohm + slope) * np.abs(op.voltages).max()
    cells = np.prod(circuit.shape)  # all of them may be joined into one node
    allowed = cells * 1e-12 * np.abs(op.device_currents).max(axis=(1, 2)) + cells * visible
    assert np.all(op.kcl_residual <= allowed)


@every_law
@few
@given(seed=seeds)
def test_conservation_of_power(name: str, seed: int) -> None:
    circuit = circuit_of(name, seed)
    op = circuit.solve(inputs(circuit, seed))
    power = op.power
    spent = sum(power[part] for part in PARTS)
    lost = EPS * np.abs(op.voltages).max() * np.abs(op.device_currents).sum(axis=(1, 2))
    # sources' powers may have both signs
    flowing = np.abs(op.voltages).max() * np.abs(op.device_currents).sum(axis=(1, 2))
    assert np.all(np.abs(power["source"] - spent) <= 1e-10 * flowing + 16 * lost)
    assert all(np.all(power[part] >= 0) for part in PARTS[1:])
    if name not in ("asymmetric-table", "asymmetric-tables"):  # whose current at 0 V is not 0
        assert np.all(power["devices"] >= -1e-12 * flowing)


def newton(circuit: CrossbarCircuit, v: Floats) -> tuple[Floats, float]:
    """Device currents (m, n) [A] by Newton's method on dense nodal equations, and their error."""
    at, shape = Assembly.of(circuit), circuit.shape
    wires, free = at.admittance(np.zeros(shape)), at.free
    potential = np.zeros(at.count)
    step, condition = np.inf, 1.0
    for fraction in (0.25, 0.5, 0.75, *[1.0] * 60):
        potential[at.source] = fraction * v
        drop = potential[at.row] - potential[at.column]
        current, slope = device_currents(circuit, drop)
        if not len(free):
            return device_currents(circuit, v[:, None] + np.zeros(shape))[0], 1e-12
        error = wires @ potential
        np.add.at(error, at.row, current)
        np.add.at(error, at.column, -current)
        matrix = at.admittance(slope)[np.ix_(free, free)]
        scale = 1 / np.sqrt(np.diag(matrix))
        scaled = matrix * scale * scale[:, None]
        move = scale * np.linalg.solve(scaled, scale * error[free])
        step, before = float(np.abs(move).max()), step
        potential[free] -= move * min(1.0, 0.2 / max(step, 1e-300))
        if fraction == 1 and step < 1e-12 and step >= before / 2:
            break
    condition = float(np.linalg.cond(scaled))
    current, slope = device_currents(circuit, potential[at.row] - potential[at.column])
    return current, 64 * EPS * condition * float(np.abs(slope).max()) * np.abs(v).max() + 1e-11 * (
        np.abs(current).max())


@every_law
@few
@given(seed=seeds)
def test_equivalence_to_newtons_method_on_nodal_equations(name: str, seed: int) -> None:
    circuit = circuit_of(name, seed, most=4)
    v = inputs(circuit, seed, batch=1)[0]
    op = circuit.solve(v)
    expected, error = newton(circuit, v)
    np.testing.assert_allclose(op.device_currents, expected, rtol=0, atol=error)
    np.testing.assert_allclose(op.column_currents, expected.sum(axis=0), rtol=0, atol=4 * error)


@pytest.mark.parametrize("tolerance", [1e-3, 1e-6, 1e-9, 1e-12, 1e-15])
@pytest.mark.parametrize("ohm", [1.0, 1e3, 1e5])
def test_the_tolerance_is_honoured(tolerance: float, ohm: float) -> None:
    g = random_conductance((5, 4), seed=1)
    op = CrossbarCircuit(g, Wires(ohm, ohm), CubicLaw(0.2)).solve(np.linspace(0.1, 0.5, 5),
                                                                  tolerance)
    # 64 EPS: rounding of node voltages on segments of 1 ohm
    visible = 64 * EPS * (1 / ohm + g.max() * 20) * 0.5
    assert op.kcl_residual <= 2 * tolerance * np.abs(op.device_currents).max() + visible
