"""Laws of reading a few rows, and of a reference column."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circuits import (
    ColumnSense,
    CrossbarCircuit,
    CubicLaw,
    RowDrive,
    Unselected,
    Wires,
    read_rows,
    with_reference_column,
)
from tests.support.reference import random_conductance
from tests.support.strategies import few

G = random_conductance((6, 5), seed=0, open_cells=0.1)
WIRES = Wires(20.0, 30.0, 400.0, 100.0)
LAWS = {"linear": {}, "cubic": {"law": CubicLaw(0.2)}}
every_law = pytest.mark.parametrize("law", LAWS.values(), ids=LAWS)
rows = st.lists(st.integers(0, 5), min_size=1, max_size=6, unique=True)


@every_law
@few
@given(chosen=rows, voltage=st.floats(-1, 1))
def test_grounded_rows_on_ideal_wires_change_nothing(
    law: dict[str, CubicLaw], chosen: list[int], voltage: float
) -> None:
    """The currents are those of the selected rows' devices alone."""
    op = read_rows(CrossbarCircuit(G, **law), chosen, voltage, Unselected.GROUNDED)
    alone = CrossbarCircuit(G[chosen], **law).solve(np.full(len(chosen), voltage))
    np.testing.assert_allclose(op.column_currents, alone.column_currents, rtol=1e-14, atol=1e-300)
    others = np.setdiff1d(np.arange(6), chosen)
    assert not op.device_currents[others].any()


@every_law
@few
@given(chosen=rows, voltage=st.floats(0.01, 1))
def test_floating_rows_take_no_net_current(
    law: dict[str, CubicLaw], chosen: list[int], voltage: float
) -> None:
    for drive in RowDrive:
        circuit = CrossbarCircuit(G, WIRES, drive=drive, **law)
        op = read_rows(circuit, chosen, voltage, Unselected.FLOATING)
        others = np.setdiff1d(np.arange(6), chosen)
        net = np.abs(op.device_currents[others].sum(axis=1)).max(initial=0)
        # tolerance of a nonlinear solution, and rounding of node voltages
        assert net <= 5e-12 * np.abs(op.device_currents).max() + 1e-15 * G.max() * voltage


@pytest.mark.parametrize("sense", ColumnSense)
@pytest.mark.parametrize("drive", RowDrive)
def test_half_selection_is_superposition(drive: RowDrive, sense: ColumnSense) -> None:
    """Half of all rows and half of the selected ones."""
    circuit = CrossbarCircuit(G, WIRES, drive=drive, sense=sense)
    half = read_rows(circuit, [1, 4], 0.4, Unselected.HALF)
    everything = read_rows(circuit, range(6), 0.2)
    selected = read_rows(circuit, [1, 4], 0.2, Unselected.GROUNDED)
    for name in ("column_currents", "row_voltages", "column_voltages"):
        np.testing.assert_allclose(getattr(half, name),
                                   getattr(everything, name) + getattr(selected, name), rtol=1e-12)


def test_half_selected_devices_see_half_the_voltage() -> None:
    op = read_rows(CrossbarCircuit(G, law=CubicLaw(0.2)), [2], 0.4, Unselected.HALF)
    drop = op.row_voltages - op.column_voltages
    np.testing.assert_array_equal(drop[2], 0.4)
    np.testing.assert_array_equal(drop[[0, 1, 3, 4, 5]], 0.2)


@every_law
@pytest.mark.parametrize("unselected", Unselected)
def test_limit_of_all_rows_selected_is_a_plain_solution(
    law: dict[str, CubicLaw], unselected: Unselected
) -> None:
    circuit = CrossbarCircuit(G, WIRES, **law)
    op = read_rows(circuit, range(6), 0.3, unselected)
    expected = circuit.solve(np.full(6, 0.3))
    np.testing.assert_allclose(op.column_currents, expected.column_currents, rtol=1e-14)
    np.testing.assert_allclose(op.row_voltages, expected.row_voltages, rtol=1e-14)


def test_sneak_currents_a_floating_row_equalises_its_columns() -> None:
    """Columns high above ground: what is read in one leaks to the other through floating rows."""
    g = np.array([[1e-4, 0.0], [1e-4, 1e-4]])
    circuit = CrossbarCircuit(g, Wires(sense=1e4))
    floating = read_rows(circuit, [0], 0.1, Unselected.FLOATING).column_currents
    grounded = read_rows(circuit, [0], 0.1, Unselected.GROUNDED).column_currents
    assert grounded[1] == 0
    # 10 kohm in series with (10 kohm parallel to 10 + 10 + 10 kohm)
    total = 0.1 / (1e4 + 7.5e3)
    np.testing.assert_allclose(floating, [0.75 * total, 0.25 * total], rtol=1e-12)


def test_monotonicity_grounded_rows_drain_floating_ones_do_not() -> None:
    """With amplifiers that resist, grounding takes current away from them."""
    circuit = CrossbarCircuit(G, WIRES)
    kept, drained, half = (read_rows(circuit, [3], 0.2, how).column_currents.sum() for how in (
        Unselected.FLOATING, Unselected.GROUNDED, Unselected.HALF))
    assert drained < kept < half


def test_selected_rows_keep_their_own_sources() -> None:
    source = np.array([0.0, 1e3, 2e3, 0.0, 5e3, 1.0])
    circuit = CrossbarCircuit(G, Wires(source=source))
    op = read_rows(circuit, [1, 2], 0.3, Unselected.FLOATING)
    power = op.power
    expected = sum(source[i] * op.device_currents[i].sum() ** 2 for i in (1, 2))
    assert power["drivers"] == pytest.approx(expected, rel=1e-12)
    np.testing.assert_array_equal(op.array.wires.source[[1, 2]], source[[1, 2]])
    assert circuit.wires.source is not op.array.wires.source


def test_the_circuit_is_left_as_it_is() -> None:
    circuit = CrossbarCircuit(G, WIRES)
    read_rows(circuit, [0], 0.1, Unselected.FLOATING)
    assert circuit.wires == WIRES


@pytest.mark.parametrize("chosen", [[], [6], [-1], [0, 0], [True], [1.0], "0", [None]], ids=repr)
def test_rows_that_do_not_exist_are_refused(chosen: Sequence[int]) -> None:
    with pytest.raises(ValueError, match=r"rows? (are|is) .*expected"):
        read_rows(CrossbarCircuit(G), chosen, 0.1)


@pytest.mark.parametrize("unselected", ["floating", None, 1, Unselected], ids=repr)
def test_unknown_treatment_is_refused(unselected: object) -> None:
    with pytest.raises(TypeError, match=r"unselected is .*expected a circuits.Unselected"):
        read_rows(CrossbarCircuit(G), [0], 0.1, unselected)


@pytest.mark.parametrize("voltage", [np.nan, np.inf, None, 1j, "0.1"], ids=repr)
def test_voltages_are_refused(voltage: object) -> None:
    with pytest.raises((ValueError, TypeError), match=r"voltage \[V\]"):
        read_rows(CrossbarCircuit(G), [0], voltage)


def test_several_voltages_are_refused_by_name() -> None:
    with pytest.raises((ValueError, TypeError), match="voltage"):
        read_rows(CrossbarCircuit(G), [0], [0.1, 0.2])


# --- reference column ---------------------------------------------------------------------------


@pytest.mark.parametrize("columns", [1, 2, 5, 6])
@pytest.mark.parametrize("each_row", [True, False])
def test_the_reference_is_in_the_middle_and_subtracted(columns: int, each_row: bool) -> None:
    g, v = random_conductance((4, columns), seed=1), np.array([0.1, -0.2, 0.3, 0.4])
    reference = np.array([1e-6, 2e-6, 3e-6, 4e-6]) if each_row else 5e-6
    array, decoder = with_reference_column(g, reference)
    assert array.shape == (4, columns + 1)
    assert decoder.shape == (columns + 1, columns)
    np.testing.assert_array_equal(array[:, columns // 2], np.broadcast_to(reference, 4))
    np.testing.assert_array_equal(np.delete(array, columns // 2, axis=1), g)
    found = CrossbarCircuit(array).solve(v).column_currents @ decoder
    expected = v @ (g - np.broadcast_to(reference, 4)[:, None])
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-15 * np.abs(v).sum() * g.max())


def test_limit_of_a_reference_of_zero_changes_nothing() -> None:
    """On ideal rows: an open column takes no current."""
    array, decoder = with_reference_column(G, 0.0)
    v = np.linspace(-0.1, 0.2, 6)
    wires = Wires(0.0, 30.0, 0.0, 10.0)
    found = CrossbarCircuit(array, wires).solve(v).column_currents @ decoder
    np.testing.assert_allclose(found, CrossbarCircuit(G, wires).solve(v).column_currents,
                               rtol=1e-13)


def test_devices_equal_to_the_reference_read_zero() -> None:
    """On ideal rows, whatever the columns."""
    array, decoder = with_reference_column(np.full((6, 4), 1e-5), 1e-5)
    found = CrossbarCircuit(array, Wires(0.0, 1e3, 0.0, 1e3)).solve(np.full(6, 0.1))
    assert np.abs(found.column_currents @ decoder).max() <= 1e-14 * found.column_currents.max()


@pytest.mark.parametrize(("conductance", "reference", "message"), [
    (np.ones(3), 1.0, r"conductance has shape \(3,\)"),
    (np.ones((2, 3, 3)), 1.0, r"conductance has shape"),
    (np.ones((0, 3)), 1.0, "conductance has shape"), (-np.ones((2, 3)), 1.0, "conductance .*-1"),
    (np.ones((2, 3)), np.ones(3), r"reference has shape \(3,\)"),
    (np.ones((2, 3)), np.ones((2, 1)), r"reference has shape \(2, 1\)"),
    (np.ones((2, 3)), -1.0, r"reference \[S\] is -1"),
    (np.ones((2, 3)), np.nan, r"reference \[S\] is nan"),
])
def test_references_that_do_not_fit_are_refused(
    conductance: object, reference: object, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        with_reference_column(conductance, reference)
