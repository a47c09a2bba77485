"""Limits and closed forms of the circuit."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circuits import CrossbarCircuit, Wires
from tests.support import strategies
from tests.support.reference import EPS, Floats, random_conductance
from tests.support.strategies import few

G = random_conductance((6, 5), seed=0, open_cells=0.1)


@few
@given(strategies.conductances)
def test_limit_of_ideal_wires_is_the_conductance_matrix(g: Floats) -> None:
    circuit = CrossbarCircuit(g)
    np.testing.assert_array_equal(circuit.transconductance(), g)
    op = circuit.solve(np.arange(1.0, len(g) + 1))
    np.testing.assert_array_equal(op.row_voltages, np.arange(1.0, len(g) + 1)[:, None] + 0 * g)
    np.testing.assert_array_equal(op.column_voltages, 0 * g)
    assert op.kcl_residual == 0
    assert Wires().ideal


@pytest.mark.parametrize("shape", [(40, 35), (130, 100), (100, 130)], ids=str)
def test_limit_of_ideal_wires_holds_at_every_size(shape: tuple[int, int]) -> None:
    g = random_conductance(shape, seed=1)
    np.testing.assert_array_equal(CrossbarCircuit(g).transconductance(), g)


def test_limit_of_small_wires_is_linear_in_their_resistance() -> None:
    loss = [np.abs(G - CrossbarCircuit(G, Wires(r, r, r, r)).transconductance()).max()
            for r in (1e-2, 1e-3)]
    assert loss[0] / loss[1] == pytest.approx(10, rel=1e-3)
    assert 0 < loss[1] < 1e-3 * 30 * G.max() ** 2 * 10


@pytest.mark.parametrize("end", ["source", "sense"])
def test_limit_of_large_end_resistance_is_one_over_it(end: str) -> None:
    currents = [CrossbarCircuit(G, Wires(1.0, 1.0, **{end: r})).solve(np.full(6, 0.1))
                .column_currents for r in (1e12, 1e13)]
    np.testing.assert_allclose(currents[0] / currents[1], 10, rtol=1e-6)
    assert 0 < currents[1].max() < 0.1 * 6 / 1e13 * 1.01


def test_limit_of_large_source_resistance_drives_a_fixed_current() -> None:
    op = CrossbarCircuit(G, Wires(1.0, 1.0, source=1e12)).solve(np.arange(1.0, 7.0))
    np.testing.assert_allclose(op.column_currents.sum(), 21 / 1e12, rtol=1e-6)


@few
@given(strategies.circuits, st.data())
def test_limit_of_an_open_row_or_column_is_no_current(circuit: CrossbarCircuit,
                                                      data: st.DataObject) -> None:
    m, n = circuit.shape
    row, column = data.draw(st.integers(0, m - 1)), data.draw(st.integers(0, n - 1))
    g = np.array(circuit.conductance)
    g[row], g[:, column] = 0.0, 0.0
    opened = CrossbarCircuit(g, circuit.wires)
    assert not opened.transconductance()[row].any()
    assert not opened.transconductance()[:, column].any()
    op = opened.solve(np.ones(m))
    np.testing.assert_allclose(op.row_voltages[row], 1.0, rtol=1e-14)
    np.testing.assert_array_equal(op.column_voltages[:, column], 0.0)


@pytest.mark.parametrize("wires", [Wires(), Wires(1.0, 2.0, 3.0, 4.0)], ids=["ideal", "real"])
def test_limit_of_all_cells_open(wires: Wires) -> None:
    op = CrossbarCircuit(np.zeros((3, 4)), wires).solve([0.1, -0.2, 0.3])
    assert not op.column_currents.any()
    assert not any(part.any() for part in op.power.values())
    # node voltages are means of their neighbours', rounded; a segment of 1 ohm has the difference
    assert op.kcl_residual <= 8 * EPS * 0.3 / 1.0


def test_limit_of_an_undriven_array_is_no_current() -> None:
    op = CrossbarCircuit(G, Wires(1.0, 2.0, 3.0, 4.0)).solve(np.zeros(6))
    assert not op.column_currents.any()
    assert not op.row_voltages.any()
    assert not op.column_voltages.any()


@few
@given(st.floats(-7, 2), strategies.wires)
def test_closed_form_of_one_device(exponent: float, wires: Wires) -> None:
    """Everything in series."""
    g = 10**exponent
    series = wires.source + wires.row + 1 / g + wires.column + wires.sense
    circuit = CrossbarCircuit([[g]], wires)
    assert circuit.transconductance()[0, 0] == pytest.approx(1 / series, rel=1e-14, abs=0)
    op = circuit.solve([0.2])
    u = 0.2 * (1 - (wires.source + wires.row) / series)
    assert op.row_voltages[0, 0] == pytest.approx(u, rel=1e-12, abs=1e-16)
    w = 0.2 * (wires.column + wires.sense) / series
    assert op.column_voltages[0, 0] == pytest.approx(w, rel=1e-12, abs=1e-16)


def ladder(branch: Floats, segment: float, source: float) -> tuple[Floats, Floats]:
    """Node voltages and currents of a ladder of `branch` conductances to ground, driven by 1 V."""
    ahead = np.zeros(len(branch) + 1)  # admittance seen from each node to the right
    for k in range(len(branch) - 1, 0, -1):
        total = branch[k] + ahead[k]
        ahead[k - 1] = total / (1 + segment * total)
    u, voltages = 1.0, []
    for k, g in enumerate(branch):
        r = segment + (source if k == 0 else 0.0)
        u /= 1 + r * (g + ahead[k])
        voltages.append(u)
    return np.array(voltages), branch * voltages


@pytest.mark.parametrize("wires", [Wires(1.0, 2.0, 50.0, 3.0), Wires(1e4, 0.0, 0.0, 1e5), Wires()],
                         ids=str)
@pytest.mark.parametrize("length", [1, 2, 17, 90])
def test_closed_form_of_one_row(length: int, wires: Wires) -> None:
    """A ladder whose rungs are the devices in series with their column's end."""
    g = random_conductance((1, length), seed=2)
    rung = g[0] / (1 + g[0] * (wires.column + wires.sense))
    u, currents = ladder(rung, wires.row, wires.source)
    circuit = CrossbarCircuit(g, wires)
    np.testing.assert_allclose(circuit.transconductance()[0], currents, rtol=1e-13)
    op = circuit.solve([-0.3])
    np.testing.assert_allclose(op.row_voltages[0], -0.3 * u, rtol=1e-13)
    np.testing.assert_allclose(op.device_currents[0], -0.3 * currents, rtol=1e-11)


@pytest.mark.parametrize("wires", [Wires(1.0, 2.0, 50.0, 3.0), Wires(0.0, 1e4, 1e5), Wires()],
                         ids=str)
@pytest.mark.parametrize("length", [1, 2, 17, 90])
def test_closed_form_of_one_column(length: int, wires: Wires) -> None:
    """By reciprocity a ladder driven from the sensed end, whose rungs end at the sources."""
    g = random_conductance((length, 1), seed=3)
    rung = g[:, 0] / (1 + g[:, 0] * (wires.row + wires.source))
    _, currents = ladder(rung[::-1], wires.column, wires.sense)
    found = CrossbarCircuit(g, wires).transconductance()[:, 0]
    np.testing.assert_allclose(found, currents[::-1], rtol=1e-13)


def test_closed_form_of_equal_devices_without_wire_resistance() -> None:
    """Only the drivers resist: every row is a voltage divider."""
    g = np.full((3, 4), 1e-3)
    found = CrossbarCircuit(g, Wires(source=250.0)).transconductance()
    np.testing.assert_allclose(found, 1e-3 / (1 + 250 * 4e-3), rtol=1e-15)
