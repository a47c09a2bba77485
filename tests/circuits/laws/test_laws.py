"""Laws of linear circuits: conservation, reciprocity, superposition, monotonicity."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circuits import CrossbarCircuit, OperatingPoint, Wires
from tests.support import strategies
from tests.support.reference import EPS, Floats, random_conductance
from tests.support.strategies import few

PARTS = {"devices", "rows", "columns", "drivers", "sense"}
CLOSE = 1e-12  # relative; devices up to 10 mS on wires up to 10 kohm amplify EPS by some hundreds


def largest_branch(circuit: CrossbarCircuit) -> float:
    """Conductance of the best conductor that touches a node [S], wire ends included."""
    wires = circuit.wires
    resistances = [wires.row, wires.column, wires.source, wires.sense]
    return max([1 / r for r in resistances if r > 0] + [circuit.conductance.max()])


def flipped(circuit: CrossbarCircuit) -> CrossbarCircuit:
    """The circuit that drives the columns and senses the rows of this one."""
    w = circuit.wires
    wires = Wires(row=w.column, column=w.row, source=w.sense, sense=w.source)
    return CrossbarCircuit(circuit.conductance.T[::-1, ::-1], wires)


def operating_point(circuit: CrossbarCircuit, data: st.DataObject) -> OperatingPoint:
    return circuit.solve(data.draw(strategies.voltages(circuit.shape[0])))


@few
@given(strategies.circuits, st.data())
def test_conservation_of_current_at_every_node(circuit: CrossbarCircuit,
                                               data: st.DataObject) -> None:
    op = operating_point(circuit, data)
    # Node voltages come rounded to EPS: a residual smaller than that times a wire's conductance
    # cannot be seen. Six devices and two wire segments meet at a node.
    visible = EPS * largest_branch(circuit) * np.abs(op.voltages).max(axis=-1)
    flowing = np.abs(op.device_currents).sum(axis=(-2, -1))
    assert np.all(op.kcl_residual <= 16 * visible + 1e-12 * flowing)


def test_conservation_of_current_relative_to_the_current() -> None:
    g = random_conductance((48, 40), seed=0, open_cells=0.1)
    op = CrossbarCircuit(g, Wires(1.0, 2.0, 50.0, 10.0)).solve(np.linspace(-0.2, 0.2, 48))
    assert 0 < op.kcl_residual < 1e-12 * np.abs(op.device_currents).sum()


@pytest.mark.parametrize(("wires", "of_columns"), [
    (Wires(1e-3, 1e3, 5e-3, 1e3), False),  # wires so small that rounding shows
    (Wires(1e3, 1e-3, 1e3, 1e3), True),  # columns well above ground, on small segments
], ids=["rows", "columns"])
def test_kcl_residual_is_the_imbalance_of_the_worst_node(wires: Wires, of_columns: bool) -> None:
    """Reference: the residual by its definition, node by node."""
    g = random_conductance((3, 4), seed=1)
    v = np.array([0.3, -0.1, 0.2])
    op = CrossbarCircuit(g, wires).solve(v)
    u, w = op.row_voltages, op.column_voltages
    left, down = np.full((3, 4), wires.row), np.full((3, 4), wires.column)
    left[:, 0] += wires.source
    down[-1] += wires.sense
    rows = (np.column_stack([v, u[:, :-1]]) - u) / left
    columns = (w - np.vstack([w[1:], np.zeros(4)])) / down
    at_row = rows - np.column_stack([rows[:, 1:], np.zeros(3)]) - op.device_currents
    at_column = columns - np.vstack([np.zeros(4), columns[:-1]]) - op.device_currents
    row, column = np.abs(at_row).max(), np.abs(at_column).max()
    assert (column > row) == of_columns
    assert op.kcl_residual == pytest.approx(
        max(row, column), rel=1e-9, abs=1e-15 * np.abs(op.device_currents).max())


@few
@given(strategies.circuits, st.data())
def test_conservation_of_power(circuit: CrossbarCircuit, data: st.DataObject) -> None:
    power = operating_point(circuit, data).power
    assert set(power) == PARTS | {"source"}
    assert all(np.all(part >= 0) for name, part in power.items() if name != "source")
    total = sum(power[part] for part in PARTS)
    np.testing.assert_allclose(power["source"], total, rtol=CLOSE, atol=1e-300)


@pytest.mark.parametrize("shape", [(70, 33), (33, 70)], ids=str)
def test_conservation_of_power_in_larger_arrays(shape: tuple[int, int]) -> None:
    circuit = CrossbarCircuit(random_conductance(shape, seed=2), Wires(1.0, 2.0, 50.0, 10.0))
    power = circuit.solve(np.random.default_rng(3).uniform(-0.1, 0.1, (5, shape[0]))).power
    np.testing.assert_allclose(power["source"], sum(power[p] for p in PARTS), rtol=1e-12)
    assert all(np.all(power[part] > 0) for part in PARTS)


@few
@given(strategies.circuits, st.data())
def test_each_part_of_the_power_is_what_its_resistors_dissipate(
    circuit: CrossbarCircuit, data: st.DataObject
) -> None:
    """Reference: I^2 R and V^2 G of branch currents summed by hand."""
    op = operating_point(circuit, data)
    current, wires = op.device_currents, circuit.wires
    right = np.cumsum(current[..., ::-1], axis=-1)  # order does not matter for a sum of squares
    down = np.cumsum(current, axis=-2)
    drop = op.row_voltages - op.column_voltages
    expected = {
        "devices": (current * drop).sum(axis=(-2, -1)),
        "rows": wires.row * (right**2).sum(axis=(-2, -1)),
        "columns": wires.column * (down**2).sum(axis=(-2, -1)),
        "drivers": wires.source * (right[..., -1] ** 2).sum(axis=-1),
        "sense": wires.sense * (op.column_currents**2).sum(axis=-1),
        "source": (op.voltages * right[..., -1]).sum(axis=-1),
    }
    floor = 1e-12 * expected["devices"].max(initial=0) + 1e-300  # sums of both signs may cancel
    for name, part in op.power.items():
        assert np.all(np.abs(part - expected[name]) <= 1e-10 * np.abs(expected[name]) + floor), name


@few
@given(strategies.circuits, st.data())
def test_power_is_a_quadratic_form_of_the_inputs(circuit: CrossbarCircuit, data: st.DataObject
                                                 ) -> None:
    """Parallelogram law; mean energies over many inputs rest on it."""
    seed = data.draw(st.integers(0, 2**32 - 1))
    v = np.random.default_rng(seed).normal(size=(2, circuit.shape[0]))
    four = circuit.solve(np.stack([v[0], v[1], v[0] + v[1], v[0] - v[1]])).power
    scale = sum(p.max() for p in four.values())
    for name, p in four.items():
        assert abs(p[2] + p[3] - 2 * p[0] - 2 * p[1]) <= 1e-9 * scale + 1e-300, name


@few
@given(strategies.circuits)
def test_reciprocity(circuit: CrossbarCircuit) -> None:
    """Driving columns and sensing rows gives the transposed matrix."""
    expected = circuit.transconductance().T[::-1, ::-1]
    found = flipped(circuit).transconductance()
    np.testing.assert_allclose(found, expected, rtol=CLOSE, atol=1e-300)


@pytest.mark.parametrize("shape", [(64, 64), (80, 33)], ids=str)
def test_reciprocity_of_larger_arrays(shape: tuple[int, int]) -> None:
    circuit = CrossbarCircuit(random_conductance(shape, seed=4), Wires(2.0, 1.0, 30.0, 5.0))
    expected = circuit.transconductance().T[::-1, ::-1]
    np.testing.assert_allclose(flipped(circuit).transconductance(), expected, rtol=1e-12)


@few
@given(strategies.circuits, st.data(), st.floats(-3, 3))
def test_superposition_and_homogeneity(circuit: CrossbarCircuit, data: st.DataObject,
                                       factor: float) -> None:
    """The response to a sum is the sum of the responses; node voltages are solved anew."""
    a, b = data.draw(strategies.voltages(circuit.shape[0]))
    both, first, second = (circuit.solve(v) for v in (a + factor * b, a, b))
    for name in ("column_currents", "row_voltages", "column_voltages", "device_currents"):
        parts = getattr(first, name), factor * getattr(second, name)
        scale = max(np.abs(part).max() for part in parts)
        # differences of nearly equal node voltages carry the rounding of the voltages
        scale += circuit.conductance.max() * 4 if name == "device_currents" else 1e-300
        np.testing.assert_allclose(getattr(both, name), sum(parts), rtol=0, atol=1e-12 * scale)


@few
@given(strategies.circuits, st.data())
def test_passivity_no_node_leaves_the_range_of_the_sources(circuit: CrossbarCircuit,
                                                           data: st.DataObject) -> None:
    op = operating_point(circuit, data)
    high, low = op.voltages.max(initial=0), op.voltages.min(initial=0)
    for nodes in (op.row_voltages, op.column_voltages):
        assert nodes.max() <= high + 1e-14
        assert nodes.min() >= low - 1e-14


@few
@given(strategies.conductances, strategies.wires, st.floats(1.001, 1e3), st.data())
def test_monotonicity_more_source_resistance_means_less_current_and_power(
    g: Floats, wires: Wires, factor: float, data: st.DataObject
) -> None:
    """Rayleigh: less power from the sources at any inputs, less current if all inputs are equal.

    At unequal inputs the current of the columns may rise, as rows at lower voltage drain less.
    """
    v = data.draw(strategies.voltages(len(g)))
    higher = Wires(wires.row, wires.column, factor * max(wires.source, 1e-2), wires.sense)
    before, after = CrossbarCircuit(g, wires), CrossbarCircuit(g, higher)
    rounding = CLOSE * g.sum()  # powers are sums over rows, of both signs
    assert np.all(after.solve(v).power["source"] <= before.solve(v).power["source"] + rounding)
    ones = np.ones(len(g))
    total = before.solve(ones).column_currents.sum()
    assert after.solve(ones).column_currents.sum() <= total * (1 + CLOSE)


@few
@given(strategies.circuits, st.floats(1.001, 1e3), st.data())
def test_monotonicity_a_better_device_draws_more_current_from_its_row(
    circuit: CrossbarCircuit, factor: float, data: st.DataObject
) -> None:
    """Rayleigh: for one driven row the input conductance rises with every conductance."""
    row, i, j = (data.draw(st.integers(0, size - 1))
                 for size in (circuit.shape[0], *circuit.shape))
    better = np.array(circuit.conductance)
    better[i, j] = factor * max(better[i, j], 1e-6)
    unit = np.eye(circuit.shape[0])[row]
    before = circuit.solve(unit).power["source"]
    after = CrossbarCircuit(better, circuit.wires).solve(unit).power["source"]
    assert after >= before * (1 - CLOSE)


def test_monotonicity_is_strict_where_the_current_flows() -> None:
    g, v = random_conductance((5, 4), seed=5), np.full(5, 0.1)
    totals = [CrossbarCircuit(g, Wires(1.0, 1.0, source)).solve(v).column_currents.sum()
              for source in (0.0, 1.0, 10.0, 1e3)]
    assert all(np.diff(totals) < 0)
    better = g.copy()
    better[2, 1] *= 2
    before, after = (CrossbarCircuit(x, Wires(1.0, 1.0, 10.0)).solve(np.eye(5)[2]).power["source"]
                     for x in (g, better))
    assert after > before * 1.01
