"""Laws of netlists: ngspice finds the same currents and node voltages, and they obey Kirchhoff."""

import re
import sys
from pathlib import Path

import numpy as np
import pytest

from circuits import ColumnSense, CrossbarCircuit, CubicLaw, RowDrive, Wires, spice
from tests.support.kirchhoff import kirchhoff
from tests.support.spice_cases import CASES, FIELDS, REFERENCES, Case, read

EPS = np.finfo(float).eps
# ngspice keeps 11 digits of the numbers in a nonlinear device's expression
ACCURACY = {True: 1e-9, False: 1e-6}  # linear or not, of the largest entry
LIVE = [case for case in CASES if case.cells <= 64]


@pytest.fixture(scope="module")
def small() -> CrossbarCircuit:
    return CrossbarCircuit([[1e-4, 2e-4], [3e-4, 0.0]], Wires(row=1.0, column=2.0))


def assert_same(found: np.ndarray, expected: np.ndarray, accuracy: float) -> None:
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() <= accuracy * np.abs(expected).max() + 1e-16


# --- the solvers against ngspice --------------------------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_circuits_agree_with_the_stored_solutions_of_ngspice(case: Case) -> None:
    point, stored = case.circuit.solve(case.voltages), read(case)
    assert "column_currents" in stored
    for field, values in stored.items():
        assert_same(getattr(point, field), values, ACCURACY[case.circuit.is_linear])


@pytest.mark.parametrize("case", LIVE, ids=lambda case: case.name)
def test_ngspice_finds_the_stored_solution_again(case: Case, ngspice: str) -> None:
    solution, stored = spice.solve(case.circuit, case.voltages, 60.0, ngspice), read(case)
    for field in FIELDS:
        assert_same(getattr(solution, field), stored[field], 1e-10)


def test_the_stored_solutions_are_those_of_the_table() -> None:
    assert len(CASES) >= 48
    assert {case.file for case in CASES} == set(REFERENCES.glob("*.txt"))


# --- Kirchhoff's current law, from node voltages alone ------------------------------------------


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_currents_balance_at_every_node(case: Case) -> None:
    point = case.circuit.solve(case.voltages)
    for v, u, w in zip(*(values.reshape(-1, *case.circuit.shape[:ndim]) for values, ndim in (
            (case.voltages, 1), (point.row_voltages, 2), (point.column_voltages, 2))), strict=True):
        residual, scale, largest = kirchhoff(case.circuit, v, u, w)
        assert np.all(residual <= 8 * EPS * scale + 1e-12 * largest)


def test_the_check_of_balance_notices_a_wrong_voltage() -> None:
    case = next(case for case in CASES if case.name == "linear-all-of-it-8x8")
    point = case.circuit.solve(case.voltages)
    wrong = point.row_voltages * (1 + 1e-8 * np.eye(8))
    residual, scale, largest = kirchhoff(case.circuit, case.voltages, wrong, point.column_voltages)
    assert np.any(residual > 8 * EPS * scale + 1e-12 * largest)


# --- the netlist --------------------------------------------------------------------------------


def elements(text: str) -> list[list[str]]:
    body = text.split(".options")[0].splitlines()
    return [line.split() for line in body if not line.startswith("*")]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_netlist_has_no_resistor_of_zero_ohm(case: Case) -> None:
    text = spice.netlist(case.circuit, np.atleast_2d(case.voltages)[0])
    assert text == spice.netlist(case.circuit, np.atleast_2d(case.voltages)[0])
    assert text.isascii()
    found = elements(text)
    assert len({element[0].lower() for element in found}) == len(found)
    assert all(float(e[3]) > 0 and e[1] != e[2] for e in found if e[0].startswith("R"))
    assert {e[0][0] for e in found} <= set("VRG" if case.circuit.is_linear else "VRB")
    cells = case.circuit.conductance.reshape(-1, *case.circuit.shape).any(axis=0).sum()
    assert sum(e[0][0] in "GB" for e in found) == cells


@pytest.mark.parametrize(("wires", "drive", "sense", "expected"), [
    (Wires(), RowDrive.LEFT, ColumnSense.BOTTOM, 2 + 3),
    (Wires(), RowDrive.BOTH, ColumnSense.BOTH, 2 + 3),
    (Wires(row=1.0), RowDrive.LEFT, ColumnSense.BOTTOM, 2 + 6 + 3),
    (Wires(row=1.0, column=1.0), RowDrive.LEFT, ColumnSense.BOTTOM, 2 + 6 + 6 + 3),
    (Wires(row=1.0, column=1.0), RowDrive.BOTH, ColumnSense.BOTH, 2 + 6 + 6 + 6),
    (Wires(row=1.0, column=1.0, source=1.0, sense=1.0), RowDrive.BOTH, ColumnSense.BOTH,
     2 + 4 + 6 + 6 + 6 + 6),
    (Wires(source=1.0, sense=1.0), RowDrive.BOTH, ColumnSense.BOTH, 2 + 2 + 3 + 6),
    (Wires(access=1e3), RowDrive.LEFT, ColumnSense.BOTTOM, 2 + 6 + 3),
    (Wires(source=np.array([np.inf, 0.0])), RowDrive.RIGHT, ColumnSense.TOP, 2 + 3),
], ids=repr)
def test_joined_nodes_are_one(
    wires: Wires, drive: RowDrive, sense: ColumnSense, expected: int
) -> None:
    circuit = CrossbarCircuit(np.full((2, 3), 1e-4), wires, drive=drive, sense=sense)
    nodes = {node for e in elements(spice.netlist(circuit, [0.1, 0.2])) for node in e[1:3]}
    assert len(nodes - {"0"}) == expected


@pytest.mark.parametrize("sense", ColumnSense)
@pytest.mark.parametrize("ohm", [0.0, 1.0])
def test_every_column_has_its_own_ammeter(sense: ColumnSense, ohm: float) -> None:
    circuit = CrossbarCircuit(np.full((2, 3), 1e-4), Wires(column=ohm), sense=sense)
    meters = [e for e in elements(spice.netlist(circuit, [0.1, 0.2])) if e[0][:2] in ("Vt", "Vb")]
    assert len(meters) == 3 * (1 + (sense == ColumnSense.BOTH and ohm > 0))
    assert len({e[1] for e in meters}) == len(meters)
    assert all(e[2:] == ["0", "0"] for e in meters)


def test_a_netlist_names_what_it_holds() -> None:
    g = np.full((4, 6), 1e-4)
    g[0, 0] = 0.0
    wires = Wires(row=1.5, column=2.5, sense=10.0, access=3e3,
                  source=np.array([1.0, np.inf, 1.0, 1.0]))
    text = spice.netlist(CrossbarCircuit(g, wires, CubicLaw(0.5)), [0.1, 0.2, 0.3, 0.4])
    lines = text.splitlines()
    assert lines[0] == "* Crossbar of 4 rows and 6 columns, CubicLaw, driven left, sensed bottom"
    for line in ("Vin3 in3 0 0.4", "Rdl3 in3 dl3 1.0", "Rr3_0 dl3 r3_0 1.5", "Rr3_5 r3_4 r3_5 1.5",
                 "Rc3_5 c2_5 c3_5 2.5", "Rc4_5 c3_5 sb5 2.5", "Rsb5 sb5 gb5 10.0", "Vb5 gb5 0 0",
                 "Ra3_5 r3_5 a3_5 3000.0", "* row 1 floats", "let column5 = i(vb5)"):
        assert line in lines
    assert [line for line in lines if line.startswith("B3_5 a3_5 c3_5 I=0.0001*((v(a3_5,c3_5))*")]
    assert not re.search(r"\ba0_0\b|^B0_0|^Vin1 ", text, re.MULTILINE)


@pytest.mark.parametrize("voltages", [[0.1], [[0.1, 0.2]], 0.1, [0.1, np.nan], [0.1, 1j]])
def test_a_netlist_holds_one_input_that_fits(
    voltages: object, small: CrossbarCircuit
) -> None:
    with pytest.raises((ValueError, TypeError), match="voltages"):
        spice.netlist(small, voltages)


# --- running it ---------------------------------------------------------------------------------


@pytest.mark.parametrize("voltages", [[0.1], [[[0.1, 0.2]]], np.zeros((0, 2)), [0.1, np.inf]])
def test_voltages_that_do_not_fit_are_refused(voltages: object, small: CrossbarCircuit) -> None:
    with pytest.raises(ValueError, match="voltages"):
        spice.solve(small, voltages)


def test_a_missing_ngspice_says_how_to_install_it(small: CrossbarCircuit) -> None:
    with pytest.raises(spice.SpiceError) as caught:
        spice.solve(small, [0.1, 0.2], executable="no-such-ngspice")
    for part in ("no-such-ngspice", "apt install ngspice", "conda-forge ngspice",
                 "brew install ngspice"):
        assert part in str(caught.value)


def program(folder: Path, body: str) -> str:
    """A stand-in for ngspice."""
    path = folder / "ngspice"
    path.write_text(f"#!{sys.executable}\n{body}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_complaints_of_ngspice_are_passed_on(small: CrossbarCircuit, tmp_path: Path) -> None:
    body = ("import sys\nprint('Circuit: it')\nprint('column0 = 1.0')\n"
            "print('Error: singular matrix:  check node c0_0', file=sys.stderr)\nsys.exit(1)")
    with pytest.raises(spice.SpiceError, match=r"returned 1 and 1 of 10 .*\n  Error: singular ma"):
        spice.solve(small, [0.1, 0.2], executable=program(tmp_path, body))


def test_a_run_that_takes_too_long_is_stopped(small: CrossbarCircuit, tmp_path: Path) -> None:
    with pytest.raises(spice.SpiceError, match=r"stopped after 0\.2 s; pass a longer timeout"):
        spice.solve(small, [0.1, 0.2], 0.2, program(tmp_path, "import time; time.sleep(30)"))


class BrokenLaw(CubicLaw):
    """Writes what ngspice cannot read."""

    def expression(self, branch: int, v: str) -> str:
        return f"no_such_function({v})"


def test_ngspice_itself_complains(ngspice: str) -> None:
    circuit = CrossbarCircuit([[1e-4]], law=BrokenLaw(0.5))
    with pytest.raises(spice.SpiceError, match="no_such_function"):
        spice.solve(circuit, [0.1], executable=ngspice)


def test_a_batch_is_its_inputs_one_by_one(small: CrossbarCircuit, ngspice: str) -> None:
    voltages = np.array([[0.1, 0.2], [0.3, -0.1]])
    batch = spice.solve(small, voltages, executable=ngspice)
    for k, one in enumerate(voltages):
        alone = spice.solve(small, one, executable=ngspice)
        for field in FIELDS:
            np.testing.assert_array_equal(getattr(batch, field)[k], getattr(alone, field))
