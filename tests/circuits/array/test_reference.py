"""Reference: the recursion agrees with independent solutions, and with exact arithmetic."""

import numpy as np
import pytest

from circuits import CrossbarCircuit, Wires
from tests.support.reference import (
    EPS,
    Floats,
    largest_relative_error,
    lost_digits,
    mesh,
    nodal,
    random_conductance,
)

WIRES = [
    Wires(),
    Wires(row=1.0, column=1.0),
    Wires(row=2.0),
    Wires(column=2.0),
    Wires(source=50.0),
    Wires(sense=30.0),
    Wires(row=10.0, source=5.0),
    Wires(column=3.0, sense=100.0),
    Wires(row=1.0, column=2.0, sense=5.0),
    Wires(1e-3, 1e-3, 1e-3, 1e-3),
    Wires(1e-3, 1e6, 1e4, 1e-3),
    Wires(1e6, 1e-3, 0.0, 1e6),
    Wires(1e6, 1e6, 1e6, 1e6),
]
CELLS = {
    "plain": {},
    "open": {"open_cells": 0.3},
    "shorted": {"shorted": 0.1},
    "open-shorted": {"open_cells": 0.3, "shorted": 0.1},
}
SMALL = [(1, 1), (1, 7), (9, 1), (2, 2), (40, 5), (6, 33), (17, 17)]
LARGE = [(64, 64), (33, 65), (89, 67)]


def wires_name(wires: Wires) -> str:
    return f"{wires.row:g},{wires.column:g},{wires.source:g},{wires.sense:g}"


def conductance(shape: tuple[int, int], cells: str) -> Floats:
    return random_conductance(shape, seed=sum(shape), **CELLS[cells])


def check_against_nodal(g: Floats, wires: Wires) -> None:
    """Transconductance, currents and node voltages against plain nodal analysis."""
    rows = len(g)
    v = np.concatenate([np.eye(rows), np.random.default_rng(1).uniform(-1, 1, (3, rows))])
    true = nodal(g, wires, v)
    circuit = CrossbarCircuit(g, wires)
    op = circuit.solve(v)
    # The reference solves equations whose solution moves by condition * EPS when their entries are
    # rounded; sums over a row or a column round once per term. Measured: 4e-17 * condition.
    error = EPS * (2 * true.condition + 4 * max(g.shape))
    scale = np.abs(true.currents).max()
    assert np.abs(circuit.transconductance() - true.currents[:rows]).max() <= error * scale
    assert np.abs(op.column_currents - true.currents).max() <= error * scale
    assert np.abs(op.row_voltages - true.row_voltages).max() <= error
    assert np.abs(op.column_voltages - true.column_voltages).max() <= error


@pytest.mark.parametrize("wires", WIRES, ids=wires_name)
@pytest.mark.parametrize("shape", SMALL, ids=str)
def test_small_arrays_agree_with_nodal_analysis(shape: tuple[int, int], wires: Wires) -> None:
    for cells in CELLS:
        check_against_nodal(conductance(shape, cells), wires)


@pytest.mark.parametrize("cells", ["plain", "open-shorted"])
@pytest.mark.parametrize("wires", [WIRES[k] for k in (1, 8, 10, 12)], ids=wires_name)
@pytest.mark.parametrize("shape", LARGE, ids=str)
def test_large_arrays_agree_with_nodal_analysis(shape: tuple[int, int], wires: Wires,
                                                cells: str) -> None:
    check_against_nodal(conductance(shape, cells), wires)


@pytest.mark.parametrize("shape", [(130, 100), (97, 121)], ids=str)
def test_arrays_solved_by_two_threads_agree_with_nodal_analysis(shape: tuple[int, int]) -> None:
    check_against_nodal(conductance(shape, "open"), Wires(1.0, 2.0, 5.0, 3.0))


@pytest.mark.parametrize("wires", WIRES, ids=wires_name)
@pytest.mark.parametrize("shape", SMALL, ids=str)
def test_every_entry_agrees_with_star_mesh_elimination(shape: tuple[int, int],
                                                       wires: Wires) -> None:
    for cells in CELLS:
        g = conductance(shape, cells)
        found = CrossbarCircuit(g, wires).transconductance()
        # Star-mesh adds positive terms only: a few EPS. Measured for the circuit: 3e-14 without
        # shorts, 8e-8 with shorts of 1e3 S on wires of 1 Mohm.
        tolerance = EPS * (20 + lost_digits(g, wires) / 4)
        assert largest_relative_error(found, mesh(g, wires, float)) <= tolerance, cells


EXACT_WIRES = [
    Wires(1e-3, 1e-3, 1e9, 0.0),
    Wires(1e-3, 1e-3, 1e9, 1e-3),
    Wires(1e6, 1e6, 0.0, 0.0),
    Wires(1e6, 1e6, 1e6, 1e6),
    Wires(1e-3, 1e6, 10.0, 1e-3),
    Wires(0.0, 1e-3, 1e9, 0.0),
    Wires(1.0, 0.0, 0.0, 1e9),
    Wires(1.0, 1.0),
]


@pytest.mark.parametrize("wires", EXACT_WIRES, ids=wires_name)
@pytest.mark.parametrize("shape", [(1, 1), (1, 5), (6, 1), (4, 3), (3, 5), (6, 5)], ids=str)
def test_every_entry_agrees_with_exact_arithmetic(shape: tuple[int, int], wires: Wires) -> None:
    g = random_conductance(shape, seed=7, open_cells=0.1)
    found = CrossbarCircuit(g, wires).transconductance()
    # Sixty nodes with a rounding or two each, were none amplified. Measured: 1.3e-15.
    assert largest_relative_error(found, mesh(g, wires)) <= 60 * EPS


@pytest.mark.parametrize("wires", EXACT_WIRES, ids=wires_name)
@pytest.mark.parametrize("shape", [(5, 3), (3, 4), (4, 4)], ids=str)
def test_devices_fourteen_orders_apart_agree_with_exact_arithmetic(shape: tuple[int, int],
                                                                   wires: Wires) -> None:
    g = random_conductance(shape, seed=8, low=1e-12, high=1e2)
    found = CrossbarCircuit(g, wires).transconductance()
    tolerance = EPS * (60 + lost_digits(g, wires) / 4)  # the largest of them are shorts
    assert largest_relative_error(found, mesh(g, wires)) <= tolerance


@pytest.mark.parametrize("wires", [Wires(1.0, 2.0, 3.0, 4.0), Wires(), Wires(0.0, 1.0, 5.0, 0.0)],
                         ids=wires_name)
def test_the_two_references_agree(wires: Wires) -> None:
    g = random_conductance((4, 5), seed=9)
    assert largest_relative_error(nodal(g, wires, np.eye(4)).currents, mesh(g, wires)) < 1e-12
