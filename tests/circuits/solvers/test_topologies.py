"""Every way to drive rows and sense columns, against nodal analysis and star-mesh reduction."""

from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circuits import ColumnSense, CrossbarCircuit, RowDrive, Wires
from circuits.array.network import Network
from tests.support.reference import (
    EPS,
    Floats,
    random_conductance,
)
from tests.support.strategies import few
from tests.support.topologies import (
    OVER,
    TOPOLOGIES,
    TURNED,
    Assembly,
    every_topology,
    random_circuit,
    transconductance,
)


def node_voltages(circuit: CrossbarCircuit, v: Floats) -> tuple[Floats, Floats, float]:
    """Row and column node voltages (m, n) [V] by dense elimination, and a bound on their error."""
    at = Assembly.of(circuit)
    matrix, potential, free = at.admittance(circuit.conductance), np.zeros(at.count), at.free
    potential[at.source] = v
    known = np.setdiff1d(np.arange(at.count), free)
    error = EPS
    if len(free):
        own = matrix[np.ix_(free, free)]
        scale = 1 / np.sqrt(np.diag(own))
        right = -matrix[np.ix_(free, known)] @ potential[known]
        scaled = own * scale * scale[:, None]
        potential[free] = scale * np.linalg.solve(scaled, scale * right)
        error = 16 * EPS * float(np.linalg.cond(scaled)) * float(scale.max() / scale.min())
    return potential[at.row], potential[at.column], error


@every_topology
@pytest.mark.parametrize("ohm", [0.0, 1e-3, 1.0, 1e3, 1e6])
def test_transconductance_is_that_of_the_star_mesh_reduction(
    drive: RowDrive, sense: ColumnSense, ohm: float
) -> None:
    g = random_conductance((5, 4), seed=1, open_cells=0.1)
    for ends in (0.0, 1e-3, 1e3):
        circuit = CrossbarCircuit(g, Wires(ohm, 2 * ohm, ends, 3 * ends), drive=drive, sense=sense)
        np.testing.assert_allclose(circuit.transconductance(), transconductance(circuit),
                                   rtol=1e-12, atol=1e-300)


@few
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_transconductance_with_lines_and_segments_of_their_own(seed: int, floating: bool) -> None:
    circuit = random_circuit(seed, floating)
    np.testing.assert_allclose(circuit.transconductance(), transconductance(circuit), rtol=1e-12,
                               atol=1e-300)


@few
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_node_voltages_are_those_of_nodal_analysis(seed: int, floating: bool) -> None:
    circuit = random_circuit(seed, floating)
    v = np.random.default_rng(seed).uniform(-1, 1, circuit.shape[0])
    op = circuit.solve(v)
    u, w, error = node_voltages(circuit, v)
    np.testing.assert_allclose(op.row_voltages, u, rtol=0, atol=min(error, 1e-3))
    np.testing.assert_allclose(op.column_voltages, w, rtol=0, atol=min(error, 1e-3))
    np.testing.assert_allclose(op.device_currents.sum(axis=0), op.column_currents, rtol=0,
                               atol=1e-12 * np.abs(op.device_currents).sum() + 1e-15 *
                               circuit.conductance.max() * circuit.shape[0])


@few
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_conservation_of_power_at_every_end(seed: int, floating: bool) -> None:
    circuit = random_circuit(seed, floating)
    op = circuit.solve(np.random.default_rng(seed).uniform(-1, 1, circuit.shape[0]))
    spent = [power for part, power in op.power.items() if part != "source"]
    assert all(power >= 0 for power in spent)
    lost = EPS * circuit.conductance.sum()  # of device powers, by rounding of node voltages
    assert abs(op.power["source"] - sum(spent)) <= 1e-10 * sum(spent) + 16 * lost


@few
@given(st.integers(0, 2**32 - 1))
def test_mirror_symmetry_left_and_right_top_and_bottom(seed: int) -> None:
    circuit = random_circuit(seed)
    rows, columns = circuit.network.row_z, circuit.network.column_z
    w = circuit.wires

    def mirrored(resistance: Any, axes: tuple[int, ...], line: int) -> Any:
        value = np.asarray(resistance)
        if value.ndim == 2:
            return np.flip(value, axes)
        return value[::-1] if value.ndim == 1 and line in axes else resistance

    flips = (((1,), TURNED[circuit.drive], circuit.sense),
             ((0,), circuit.drive, OVER[circuit.sense]))
    for axes, drive, sense in flips:
        wires = Wires(mirrored(w.row, axes, 0), mirrored(w.column, axes, 1),
                      mirrored(w.source, axes, 0), mirrored(w.sense, axes, 1))
        other = CrossbarCircuit(np.flip(circuit.conductance, axes), wires, drive=drive,
                                sense=sense)
        np.testing.assert_array_equal(other.network.row_z, np.flip(rows, axes))
        np.testing.assert_array_equal(other.network.column_z, np.flip(columns, axes))
        np.testing.assert_allclose(np.flip(other.transconductance(), axes),
                                   circuit.transconductance(), rtol=1e-12, atol=1e-300)


@every_topology
def test_reciprocity_driving_the_sensed_ends(drive: RowDrive, sense: ColumnSense) -> None:
    """Sources at the column ends and ground at the row ends: the transposed matrix."""
    g = random_conductance((5, 4), seed=2)
    wires = Wires(2.0, 30.0, 400.0, 50.0)
    turned = Wires(wires.column, wires.row, wires.sense, wires.source)
    back_drive = next(d for d in RowDrive if d.ends == sense.ends)
    back_sense = next(s for s in ColumnSense if s.ends == drive.ends)
    there = CrossbarCircuit(g, wires, drive=drive, sense=sense)
    back = CrossbarCircuit(g.T, turned, drive=back_drive, sense=back_sense)
    np.testing.assert_allclose(back.transconductance().T, there.transconductance(), rtol=1e-13)


def test_the_corner_nearest_to_both_ends_conducts_best() -> None:
    """Equal devices: T is largest where drive and sense are near."""
    corner = {RowDrive.LEFT: 0, RowDrive.RIGHT: -1, ColumnSense.TOP: 0, ColumnSense.BOTTOM: -1}
    for drive, sense in product((RowDrive.LEFT, RowDrive.RIGHT),
                                (ColumnSense.TOP, ColumnSense.BOTTOM)):
        matrix = CrossbarCircuit(np.full((6, 5), 1e-4), Wires(1e3, 1e3), drive=drive,
                                 sense=sense).transconductance()
        assert matrix[corner[sense], corner[drive]] == matrix.max()


@pytest.mark.parametrize("side", ["left", "right", "top", "bottom"])
def test_limit_of_both_ends_with_one_of_very_large_resistance_is_the_other(side: str) -> None:
    g = random_conductance((5, 4), seed=3)
    row, column = np.full((5, 5), 3.0), np.full((6, 4), 2.0)
    at = {"left": np.s_[:, 0], "right": np.s_[:, -1], "top": np.s_[0], "bottom": np.s_[-1]}[side]
    (row if side in ("left", "right") else column)[at] = 1e15
    drive = {"left": RowDrive.RIGHT, "right": RowDrive.LEFT}.get(side, RowDrive.LEFT)
    sense = {"top": ColumnSense.BOTTOM, "bottom": ColumnSense.TOP}.get(side, ColumnSense.BOTTOM)
    both = ({"drive": RowDrive.BOTH, "sense": sense} if side in ("left", "right")
            else {"drive": drive, "sense": ColumnSense.BOTH})
    wires = Wires(row, column, 10.0, 20.0)
    one = CrossbarCircuit(g, wires, drive=drive, sense=sense).transconductance()
    two = CrossbarCircuit(g, wires, **both).transconductance()
    # 1e15 ohm in parallel with at most 1e6 ohm of devices and wires
    np.testing.assert_allclose(two, one, rtol=1e-8)


@every_topology
def test_limit_of_no_resistance_is_the_conductance_matrix(
    drive: RowDrive, sense: ColumnSense
) -> None:
    g = random_conductance((4, 6), seed=4, open_cells=0.2)
    circuit = CrossbarCircuit(g, drive=drive, sense=sense)
    np.testing.assert_allclose(circuit.transconductance(), g, rtol=1e-15)
    op = circuit.solve(np.arange(4.0))
    np.testing.assert_array_equal(op.row_voltages, np.arange(4.0)[:, None] + 0 * g)
    np.testing.assert_array_equal(op.column_voltages, 0 * g)
    assert op.kcl_residual == 0
    assert op.power["source"] == pytest.approx(op.power["devices"], rel=1e-14)


def test_monotonicity_a_second_end_passes_more_current() -> None:
    g, v = random_conductance((6, 5), seed=5), np.full(6, 0.1)

    def total(drive: RowDrive, sense: ColumnSense) -> float:
        wires = Wires(100.0, 100.0, 10.0, 10.0)
        return float(CrossbarCircuit(g, wires, drive=drive, sense=sense).solve(v)
                     .column_currents.sum())

    for drive, sense in TOPOLOGIES:
        assert total(RowDrive.BOTH, sense) >= total(drive, sense)
        assert total(drive, ColumnSense.BOTH) >= total(drive, sense)


def test_lines_of_one_value_equal_segments_of_one_value() -> None:
    rng = np.random.default_rng(6)
    lines, columns = 10 ** rng.uniform(-2, 3, 5), 10 ** rng.uniform(-2, 3, 4)
    g = random_conductance((5, 4), seed=6)
    for drive, sense in TOPOLOGIES:
        one, other = (CrossbarCircuit(g, wires, drive=drive, sense=sense).transconductance()
                      for wires in (Wires(lines, columns),
                                    Wires(np.repeat(lines[:, None], 5, 1), np.tile(columns, (6, 1)))
                                    ))
        np.testing.assert_array_equal(one, other)


def test_segments_beyond_open_ends_do_not_count() -> None:
    row, column = np.full((3, 3), 2.0), np.full((4, 2), 3.0)
    g = random_conductance((3, 2), seed=7)
    expected = CrossbarCircuit(g, Wires(row, column)).transconductance()
    row[:, -1], column[0] = 1e9, 0.0
    np.testing.assert_array_equal(CrossbarCircuit(g, Wires(row, column)).transconductance(),
                                  expected)


def test_ends_that_are_not_driven_are_open() -> None:
    for drive, sense in TOPOLOGIES:
        network = Network.build(np.ones((2, 3)), Wires(1.0, 2.0, 10.0, 20.0), drive, sense)
        left, right = (11.0 if end else np.inf for end in drive.ends)
        top, bottom = (22.0 if end else np.inf for end in sense.ends)
        np.testing.assert_array_equal(network.row_z, [[left, 1, 1, right]] * 2)
        np.testing.assert_array_equal(network.column_z, [[top] * 3, [2] * 3, [bottom] * 3])
