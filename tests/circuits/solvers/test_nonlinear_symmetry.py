"""Symmetry, monotonicity and variation of nonlinear circuits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circuits import CrossbarCircuit, Wires
from tests.support.kirchhoff import segments
from tests.support.laws import LAWS, ODD
from tests.support.nonlinear import (
    circuit_of,
    conductance_of,
    every_law,
    few,
    inputs,
    largest_current,
    seeds,
)
from tests.support.reference import EPS, Floats
from tests.support.topologies import OVER, TURNED


@pytest.mark.parametrize("name", [name for name in ODD if name != "linear"])
@few
@given(seed=seeds)
def test_symmetry_of_odd_laws(name: str, seed: int) -> None:
    circuit = circuit_of(name, seed)
    v = inputs(circuit, seed)
    there, back = (circuit.solve(sign * v).column_currents for sign in (1, -1))
    limit = 1e-10 * np.abs(there).max() + 1e-11 * np.abs(circuit.solve(v).device_currents).max()
    np.testing.assert_allclose(back, -there, rtol=0, atol=limit)


@every_law
@few
@given(seed=seeds)
def test_symmetry_of_mirrored_arrays(name: str, seed: int) -> None:
    circuit = circuit_of(name, seed)
    v, g = inputs(circuit, seed), circuit.conductance
    op = circuit.solve(v)
    limit = 1e-10 * np.abs(op.device_currents).max() + 64 * EPS * largest_current(circuit, v)
    sideways = CrossbarCircuit(g[..., ::-1], circuit.wires, circuit.law, TURNED[circuit.drive],
                               circuit.sense).solve(v)
    np.testing.assert_allclose(sideways.column_currents[:, ::-1], op.column_currents, atol=limit)
    over = CrossbarCircuit(g[..., ::-1, :], circuit.wires, circuit.law, circuit.drive,
                           OVER[circuit.sense]).solve(v[:, ::-1])
    np.testing.assert_allclose(over.column_currents, op.column_currents, atol=limit)


@every_law
@few
@given(seed=seeds, rise=st.floats(0.01, 0.3))
def test_monotonicity_a_higher_input_lifts_every_node_and_current(
    name: str, seed: int, rise: float
) -> None:
    """Currents of two-terminal monotone devices: the nodal equations are inverse isotone."""
    circuit = circuit_of(name, seed)
    low = inputs(circuit, seed, batch=1)[0]
    high = low.copy()
    high[seed % len(low)] += rise
    before, after = circuit.solve(low), circuit.solve(high)
    limit = 1e-9 * (np.abs(after.device_currents).max() + np.abs(before.device_currents).max())
    assert np.all(after.column_currents >= before.column_currents - limit)
    if name != "flat-tables":  # whose nodes are undetermined where nothing conducts
        assert np.all(after.row_voltages >= before.row_voltages - 1e-8)
        assert np.all(after.column_voltages >= before.column_voltages - 1e-8)


@pytest.mark.parametrize("name", ["cubic", "mtj", "sinh"])
@few
@given(seed=seeds, factor=st.floats(1.01, 100))
def test_monotonicity_a_better_device_carries_more_at_less_voltage(
    name: str, seed: int, factor: float
) -> None:
    """The rest of the circuit is a monotone one-port: its load line falls."""
    circuit = circuit_of(name, seed, access=False)
    v, cell = inputs(circuit, seed, batch=1)[0], (seed % circuit.shape[0], seed % circuit.shape[1])
    g = np.array(circuit.conductance)
    g[(..., *cell)] *= factor
    better = CrossbarCircuit(g, circuit.wires, circuit.law, circuit.drive, circuit.sense)
    before, after = circuit.solve(v), better.solve(v)
    sign = np.sign(before.device_currents[cell])
    limit = 1e-9 * np.abs(after.device_currents).max() + 1e-20
    assert sign * after.device_currents[cell] >= sign * before.device_currents[cell] - limit
    drops = [(op.row_voltages - op.column_voltages)[cell] for op in (before, after)]
    assert sign * drops[1] <= sign * drops[0] + 1e-9


def cocontent(circuit: CrossbarCircuit, u: Floats, w: Floats, v: Floats) -> float:
    """Sum of int I dV over all branches [W]: Millar's functional, least at the solution."""
    rows, columns = segments(circuit)
    m, n = circuit.shape
    across = np.diff(np.column_stack([v, u, v]), axis=1)
    down = np.diff(np.vstack([np.zeros(n), w, np.zeros(n)]), axis=0)
    wires = sum((drop[z > 0] ** 2 / z[z > 0]).sum() / 2 for drop, z in ((across, rows),
                                                                        (down, columns)))
    nodes, weights = np.polynomial.legendre.leggauss(24)
    drop = (u - w)[None]
    f = circuit.law.shape(drop * ((nodes + 1) / 2)[:, None, None])
    g = circuit.conductance.reshape(-1, 1, m, n)
    return float(wires + ((g * f).sum(axis=0) * weights[:, None, None] / 2 * drop).sum())


@pytest.mark.parametrize("name", ["cubic", "mtj", "sinh"])
@pytest.mark.parametrize("ohm", [1e2, 1e4, 1e6])
def test_the_solution_is_the_least_cocontent(name: str, ohm: float) -> None:
    """Millar 1951: any other node voltages have more, by the second order of the distance."""
    rng, law = np.random.default_rng(8), LAWS[name]
    circuit = CrossbarCircuit(conductance_of(law, (4, 3), rng), Wires(ohm, ohm), law)
    v = rng.uniform(0, 0.5, 4)
    op = circuit.solve(v)
    u, w = op.row_voltages, op.column_voltages
    least = cocontent(circuit, u, w, v)
    for _ in range(20):
        du, dw = rng.normal(size=(2, 4, 3)) * 1e-2
        up, down = (cocontent(circuit, u + s * du, w + s * dw, v) for s in (1, -1))
        assert min(up, down) > least
        assert abs(up - down) < 0.05 * (up + down - 2 * least)


@pytest.mark.parametrize("name", ["cubic", "mtj", "sinh"])
def test_monotonicity_cocontent_rises_with_every_conductance(name: str) -> None:
    """Unlike power and current, of which that holds for linear circuits only (Braess)."""
    rng, law = np.random.default_rng(9), LAWS[name]
    g, wires, v = conductance_of(law, (3, 3), rng), Wires(1e3, 1e3), rng.uniform(-0.5, 0.5, 3)

    def least(g: Floats) -> float:
        circuit = CrossbarCircuit(g, wires, law)
        op = circuit.solve(v)
        return cocontent(circuit, op.row_voltages, op.column_voltages, v)

    for cell in np.ndindex(3, 3):
        better = g.copy()
        better[(slice(None), *cell)] = 1.5 * better[(slice(None), *cell)] + 1e-6
        assert least(better) > least(g) * (1 - 1e-12)
