"""Sections of the speed comparison on tiny arrays: agreement and shape, never time."""

import shutil
import sys
import types
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse.linalg import splu

from benchmarks.speed.devices import devices
from benchmarks.speed.figure import draw, drawable
from benchmarks.speed.large import large, large_gradients, large_matrix, large_superlu
from benchmarks.speed.nonlinear import LAWS, nonlinear
from benchmarks.speed.process import ProcessError, in_own_process, peak_memory
from benchmarks.speed.scaling import Points, exponents, scaling
from benchmarks.speed.settings import Settings
from benchmarks.speed.superlu import column_currents, factorise, injected, nodal_matrix
from benchmarks.speed.targets import TARGETS, judge
from benchmarks.speed.tools import tools
from circuits import CrossbarCircuit, Wires

SETTINGS = Settings(((6, 4),), (5.0,), 1, 0, 8)
MATRIX = {"rows": 784, "columns": 128, "wire_ohm": 1.0, "seconds": 1.0,
          "superlu_factor_seconds": 4.0, "superlu_matrix_seconds": 9.0, "ratio": 4.0}


@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (6, 1), (7, 4), (4, 7)])
def test_nodal_matrix_is_symmetric_and_solves_to_the_same_currents(shape: tuple[int, int]) -> None:
    g = np.random.default_rng(0).uniform(30e-6, 90e-6, shape)
    matrix = nodal_matrix(g, 5.0)
    assert abs(matrix - matrix.T).max() == 0
    nodes = splu(matrix).solve(injected(np.eye(shape[0]), shape[1], 5.0))
    expected = CrossbarCircuit(g, Wires(5.0, 5.0)).transconductance()
    np.testing.assert_allclose(column_currents(nodes, shape[1], 5.0), expected, rtol=1e-11)


def test_factorise_keeps_the_fastest_of_the_orderings_asked_for() -> None:
    matrix = nodal_matrix(np.full((3, 3), 1e-4), 1.0)
    assert factorise(matrix, 1, ("COLAMD",)).ordering == "COLAMD"


def test_exponents_are_slopes_in_log_log() -> None:
    rows = [{"over": over, "fixed": "f", "value": value, "seconds": 1e-6 * value**power}
            for over, power in (("rows", 1.0), ("columns", 2.5)) for value in (10, 20, 40, 80)]
    found = exponents(rows)
    assert [fit["exponent"] for fit in found] == pytest.approx([1.0, 2.5])
    assert [(fit["from"], fit["to"], fit["points"]) for fit in found] == [(10, 80, 4)] * 2


def test_scaling_covers_rows_columns_and_batches_of_both_laws() -> None:
    points = Points(rows=(4, 8, 16, 32), rows_at=4, columns=(2, 4, 8, 16), columns_at=16,
                    batch=(2, 4, 8, 16), cubic_batch=(2, 4, 8, 16), batch_at=(4, 4),
                    cubic_at=(4, 4))
    rows = list(scaling(SETTINGS, points))
    found = exponents(rows)
    assert [fit["over"] for fit in found] == ["rows", "columns", "batch", "batch"]
    assert all(fit["points"] == 4 for fit in found)
    assert np.isfinite([fit["exponent"] for fit in found]).all()


@pytest.mark.slow
def test_nonlinear_arrays_and_tiles_hold_their_tolerance() -> None:
    rows = list(nonlinear(SETTINGS, shapes=((6, 4),), batch=5))
    arrays, layers = ([row for row in rows if row["kind"] == kind] for kind in ("array", "tiles"))
    assert {row["law"] for row in arrays} == {row["law"] for row in layers} == set(LAWS)
    assert len({row["wire_ohm"] for row in arrays}) == 4
    for row in rows:
        assert row["largest_relative_difference"] < 3e-9
        assert row["iterations"] > 0
        assert row["seconds_per_input"] == pytest.approx(row["seconds"] / row["batch"])
    assert all(row["batch"] == 8 and row["peak_bytes"] > 2**20 for row in layers)


@pytest.mark.slow
def test_large_solvers_agree_and_come_with_their_memory() -> None:
    rows = list(large(SETTINGS, side=12, huge=10))
    assert [row["rows"] for row in rows] == [12, 10, 12]
    matrix, gradients, superlu = rows
    assert superlu["largest_relative_difference"] < 1e-11
    assert gradients["largest_relative_difference"] < 1e-9
    assert superlu["seconds"] == pytest.approx(
        superlu["superlu_factor_seconds"] + 12 * superlu["superlu_solve_seconds"])
    assert superlu["ratio"] == pytest.approx(superlu["seconds"] / matrix["seconds"])
    assert all(row["peak_bytes"] > 0 and row["bytes"] >= 0 for row in rows)


def test_large_workers_return_what_they_promise() -> None:
    common = {"side": 9, "wire": 2.0, "seed": 1}
    ours, theirs = large_matrix(**common), large_superlu(**common, solves=2)
    np.testing.assert_allclose(ours["sample"], theirs["sample"], rtol=1e-11)
    assert theirs["superlu_solves_measured"] == 2
    assert large_gradients(**common)["largest_relative_difference"] < 1e-9


def test_an_own_process_says_what_went_wrong() -> None:
    with pytest.raises(ProcessError, match="large_matrix in its own process: ValueError: "):
        in_own_process(large_matrix, side=0, wire=1.0, seed=0)


def test_peak_memory_never_falls() -> None:
    before = peak_memory()
    held = np.ones(2**23)
    assert before is not None
    assert (peak_memory() or 0) >= max(before, held.nbytes)


def test_tools_agree_or_say_why_not() -> None:
    rows = list(tools(SETTINGS, shapes=((5, 3),)))
    assert {row["tool"] for row in rows} == {"ngspice", "badcrossbar", "CrossSim"}
    for row in rows:
        if "skipped" in row:
            assert row["skipped"].startswith(row["tool"])
        else:
            assert row["largest_relative_difference"] < 1e-9


def test_missing_tools_are_skipped_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    said = [row["skipped"] for row in tools(SETTINGS)]
    assert len(said) == 3
    assert all("not installed" in sentence for sentence in said)


def test_badcrossbar_is_called_by_its_documented_interface(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """compute(voltages (rows, batch), resistances, r_i).currents.output (batch, columns)."""
    def compute(voltages: np.ndarray, resistances: np.ndarray, r_i: float) -> object:
        t = CrossbarCircuit(1 / resistances, Wires(r_i, r_i)).transconductance()
        return types.SimpleNamespace(currents=types.SimpleNamespace(output=voltages.T @ t))

    module = types.ModuleType("badcrossbar")
    module.compute = compute
    monkeypatch.setitem(sys.modules, "badcrossbar", module)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name == "badcrossbar" or None)
    monkeypatch.setattr(shutil, "which", lambda name: None)
    rows = [row for row in tools(SETTINGS, shapes=((5, 3),)) if row["tool"] == "badcrossbar"]
    assert len(rows) == 1
    assert rows[0]["largest_relative_difference"] < 1e-12


def test_targets_are_judged_by_the_worst_row() -> None:
    sections = {
        "matrix": [MATRIX, {**MATRIX, "wire_ohm": 10.0, "ratio": 2.5}],
        "nonlinear": [{"kind": "tiles", "law": law, "rows": 784, "columns": 256, "wire_ohm": 1.0,
                       "batch": 10_000, "seconds": seconds, "peak_bytes": 2**30,
                       "largest_relative_difference": 1e-10}
                      for law, seconds in (("CubicLaw", 30.0), ("MTJLaw", 50.0))],
    }
    found = {target["name"]: target for target in judge(sections)}
    assert len(found) == len(TARGETS)
    first = found["T of 784x128 against SuperLU's factorisation"]
    assert (first["reached"], first["met"], first["target"]) == (2.5, False, 3.0)
    assert "10 ohm" in first["at"]
    images = found["10,000 images, 784x256 nonlinear in 64x64 tiles"]
    assert (images["reached"], images["met"]) == (50.0, True)
    assert "MTJLaw" in images["at"]
    assert found["T of 256x256 against SuperLU's factorisation"]["met"] is None


def test_fewer_images_do_not_count_for_the_target() -> None:
    row = {"kind": "tiles", "law": "CubicLaw", "rows": 784, "columns": 256, "wire_ohm": 1.0,
           "batch": 1000, "seconds": 1.0, "peak_bytes": 1, "largest_relative_difference": 0.0}
    assert all(target["met"] is None for target in judge({"nonlinear": [row]}))


def test_the_figure_has_a_panel_for_each_measured_section(tmp_path: Path) -> None:
    scale = [{"over": "rows", "fixed": "f", "value": v, "seconds": 0.1 * v} for v in (1, 2, 4, 8)]
    law = [{"kind": "array", "law": "CubicLaw", "rows": 2, "columns": 2, "wire_ohm": wire,
            "seconds_per_input": 1e-3 * wire} for wire in (0.1, 1.0, 10.0)]
    sections = {"matrix": [MATRIX], "scaling": scale, "nonlinear": law}
    sizes = []
    for names in (["matrix"], ["matrix", "scaling", "nonlinear"]):
        path = tmp_path / f"{len(names)}.png"
        draw(path, {name: sections[name] for name in names}, exponents(scale))
        sizes.append(int.from_bytes(path.read_bytes()[16:20], "big"))  # PNG width
    assert sizes[1] == 3 * sizes[0]
    assert not drawable({"batch": [{}], "matrix": []})


def test_device_rows_are_what_their_targets_look_for() -> None:
    small = list(devices(SETTINGS, compounds=50, count=3, duration=1e-10))
    assert [row["count"] for row in small] == [50, 3]
    assert all(row["seconds"] > 0 for row in small)
    rows = [{"kind": "compounds", "count": 10**6, "seconds": 0.5},
            {"kind": "trajectories of 20 ns", "count": 10**4, "seconds": 40.0}]
    judged = {target["name"]: target["met"] for target in judge({"devices": rows})}
    assert judged["10^6 compounds drawn and evaluated"] is True
    assert judged["10^4 LLG trajectories of 20 ns"] is False
