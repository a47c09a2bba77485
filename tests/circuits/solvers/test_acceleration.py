"""Sweeps of line relaxation: their slowest mode, and what a cycle of them leaves of every mode."""

import numpy as np
import pytest

from circuits import ColumnSense, CrossbarCircuit, CubicLaw, RowDrive, Wires
from circuits.solvers.acceleration import Pace
from circuits.solvers.equations import Equations
from circuits.solvers.relaxation import LineRelaxation
from tests.support.reference import Floats, random_conductance

CYCLE = 4


def line_admittances(z: Floats, g: Floats) -> Floats:
    """Of lines (lines, nodes) of devices `g` [S] between resistances `z` [ohm]: dense [S]."""
    lines, n = g.shape
    whole = np.zeros((lines, n, lines, n))
    for i in range(lines):
        y = 1.0 / z[i]
        whole[i, :, i] = np.diag(g[i] + y[:-1] + y[1:]) - np.diag(y[1:-1], 1) - np.diag(y[1:-1], -1)
    return whole.reshape(lines * n, lines * n)


@pytest.mark.parametrize("ohm", [1.0, 30.0, 1e3, 1e5])
@pytest.mark.parametrize(("drive", "sense"), [
    (RowDrive.LEFT, ColumnSense.BOTTOM), (RowDrive.BOTH, ColumnSense.TOP)], ids=str)
def test_the_slowest_mode_is_the_largest_eigenvalue(
    ohm: float, drive: RowDrive, sense: ColumnSense
) -> None:
    """Of the matrix that takes column voltages through rows and columns, written out."""
    circuit = CrossbarCircuit(random_conductance((7, 6), seed=3), Wires(ohm, 2 * ohm, 9.0, 5.0),
                              CubicLaw(0.4), drive, sense)
    equations = Equations.of(circuit.array, 0.2, 1e-12)
    net = equations.network
    m, n = net.g.shape
    across = np.arange(m * n).reshape(m, n).T.ravel()  # columns as lines
    rows = line_admittances(net.row_z, net.g)
    columns = np.zeros_like(rows)
    columns[np.ix_(across, across)] = line_admittances(net.column_z.T, net.g.T)
    g = np.diag(net.g.ravel())
    sweep = np.linalg.solve(columns, g @ np.linalg.solve(rows, g))
    expected = np.abs(np.linalg.eigvals(sweep)).max()
    found = LineRelaxation(equations).slowest
    assert 0.97 * min(expected, 0.999) <= found <= (1 + 1e-12) * expected


@pytest.mark.parametrize("slowest", [1e-3, 0.1, 0.6, 0.95, 0.999])
def test_a_cycle_leaves_of_every_mode_no_more_than_expected(slowest: float) -> None:
    """Chebyshev's polynomial is the smallest: its largest value is what is expected of it."""
    pace, modes = Pace(slowest), np.linspace(0.0, slowest, 1001)
    expected, left = pace.rate**CYCLE, np.ones_like(modes)
    assert pace.length == 1.0
    for _ in range(CYCLE):
        pace.saw(1.0)
        left *= 1.0 - pace.length * (1.0 - modes)
    assert np.abs(left).max() == pytest.approx(expected, rel=1e-9)
    assert expected <= slowest**CYCLE


def test_a_rate_is_that_of_the_last_cycle() -> None:
    pace = Pace(0.5)
    for residual in (1e9, 1e8, 3e7, 2e6, 1e6, 1e4):
        pace.saw(residual)
    assert pace.rate == pytest.approx(1e-4 ** (1 / CYCLE))
