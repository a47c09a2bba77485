"""Sections of the speed comparison on tiny arrays: agreement and shape, never time."""

import itertools
import math
import shutil
import sys
import types
from pathlib import Path

import matplotlib.image
import numpy as np
import pytest
from scipy.sparse.linalg import splu

from benchmarks.speed import cholmod, merge_figure
from benchmarks.speed.devices import devices
from benchmarks.speed.exact import exact
from benchmarks.speed.figure import COLOURS, draw, drawable
from benchmarks.speed.large import large, large_input, large_matrix, large_nodes, large_superlu
from benchmarks.speed.linear import measure
from benchmarks.speed.nonlinear import LAWS, nonlinear
from benchmarks.speed.operations import multiply_adds
from benchmarks.speed.process import ProcessError, best, in_own_process, peak_memory
from benchmarks.speed.scaling import Points, exponents, scaling
from benchmarks.speed.settings import Settings
from benchmarks.speed.superlu import adjoint, column_currents, factorise, injected, nodal_matrix
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


@pytest.mark.parametrize("shape", [(1, 1), (5, 20), (20, 5)])
def test_equivalence_adjoint_solutions_are_columns_of_t(shape: tuple[int, int]) -> None:
    g = np.random.default_rng(0).uniform(30e-6, 90e-6, shape)
    seconds, columns = adjoint(splu(nodal_matrix(g, 5.0)).solve, shape, 5.0, 1)
    expected = CrossbarCircuit(g, Wires(5.0, 5.0)).transconductance()
    np.testing.assert_allclose(columns, expected[:, :16], rtol=1e-11)
    assert seconds > 0


def test_what_takes_long_is_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []
    monkeypatch.setattr("benchmarks.speed.process._ENOUGH", 1e-12)
    best(lambda: calls.append(1), 5)
    assert len(calls) == 1


def test_a_missing_cholmod_is_skipped_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert "not installed" in (cholmod.missing() or "")


def test_cholmod_of_another_interface_is_skipped_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    monkeypatch.setitem(sys.modules, "sksparse.cholmod", types.ModuleType("sksparse.cholmod"))
    assert "another interface" in (cholmod.missing() or "")


def test_cholmod_is_called_by_its_documented_interface(monkeypatch: pytest.MonkeyPatch) -> None:
    """cholesky(A, ordering_method=...).solve_A(b), as scikit-sparse 0.4.16 has them."""
    def cholesky(matrix: object, ordering_method: str) -> object:
        assert ordering_method == "amd"
        return types.SimpleNamespace(solve_A=splu(matrix).solve)

    module = types.ModuleType("sksparse.cholmod")
    module.cholesky, module.analyze = cholesky, None
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    monkeypatch.setitem(sys.modules, "sksparse.cholmod", module)
    row = measure((9, 5), 2.0, 1, 0)
    assert row["cholmod_matrix_seconds"] == pytest.approx(
        row["cholmod_factor_seconds"] + 5 * row["cholmod_solve_seconds"])
    assert row["ratio_cholmod"] == row["cholmod_matrix_seconds"] / row["seconds"]
    module.cholesky = lambda matrix, ordering_method: cholesky(matrix * 1.001, ordering_method)
    with pytest.raises(ArithmeticError, match="another T"):
        measure((9, 5), 2.0, 1, 0)


def test_many_at_once_are_as_they_are_alone_and_a_gradient_is_one() -> None:
    many, one = exact(SETTINGS, count=3, shape=(5, 4))
    assert many["count"] == 3
    assert many["largest_relative_difference"] < 1e-13
    assert "skipped" not in one
    assert one["largest_relative_difference"] < 1e-4


@pytest.mark.parametrize("shape", [(8, 8), (64, 64), (8, 1)])
def test_multiply_adds_of_leaves_are_those_of_their_cells(shape: tuple[int, int]) -> None:
    """A column's node updates all pairs of the ports so far. A row's updates those of the columns
    it has passed, and of its two ends with all."""
    p, q = min(shape[0], 8), min(shape[1], 8)
    single = q * sum(math.comb(2 * (q + k + 1), 2) for k in range(1, p))
    single += sum(math.comb(j, 2) + 4 * (q + k) + 1 for k in range(p) for j in range(1, q))
    leaves, merges = multiply_adds(*shape)
    assert leaves == single * (shape[0] // 8) * max(1, shape[1] // 8)
    assert (merges == 0) == (max(shape) <= 8)


def test_monotonicity_multiply_adds_grow_eightfold_when_both_sides_double() -> None:
    found = [sum(multiply_adds(n, n)) for n in (128, 256, 512)]
    assert all(7.0 < large / small < 8.0 for small, large in itertools.pairwise(found))
    assert multiply_adds(40, 24) == multiply_adds(24, 40)


def test_exponents_are_slopes_in_log_log() -> None:
    rows = [{"over": over, "fixed": "f", "value": value, "seconds": 1e-6 * value**power}
            for over, power in (("rows", 1.0), ("columns", 2.5)) for value in (10, 20, 40, 80)]
    found = exponents(rows)
    assert [fit["exponent"] for fit in found] == pytest.approx([1.0, 2.5])
    assert [(fit["from"], fit["to"], fit["points"]) for fit in found] == [(10, 80, 4)] * 2


def test_scaling_covers_rows_columns_and_batches_of_both_laws() -> None:
    points = Points(square=(4, 8, 16, 32), rows=(4, 8, 16, 32), rows_at=4, columns=(2, 4, 8, 16),
                    columns_at=16, batch=(2, 4, 8, 16), cubic_batch=(2, 4, 8, 16), batch_at=(4, 4),
                    cubic_at=(4, 4))
    rows = list(scaling(SETTINGS, points))
    found = exponents(rows)
    assert [fit["over"] for fit in found] == ["n", "rows", "columns", "batch", "batch"]
    assert exponents(rows[:1]) == []  # one point is no curve
    assert len(COLOURS) >= len(found)  # or the picture would leave one out
    assert all(fit["points"] == 4 for fit in found)
    assert np.isfinite([fit["exponent"] for fit in found]).all()


@pytest.mark.slow
def test_nonlinear_arrays_and_tiles_hold_their_tolerance() -> None:
    rows = list(nonlinear(SETTINGS, shapes=((6, 4),), batch=5))
    arrays, cores, layers = ([row for row in rows if row["kind"] == kind]
                             for kind in ("array", "one core", "tiles"))
    for part in (arrays, cores, layers):
        assert {row["law"] for row in part} == set(LAWS)
    assert len({row["wire_ohm"] for row in arrays}) == 4
    assert len({(row["wire_ohm"], row["tolerance"]) for row in cores}) == 8
    assert len({row["wire_ohm"] for row in layers}) == 2
    for row in rows:
        assert row["largest_relative_difference"] < 3 * max(row["tolerance"], 1e-11)
        assert row["iterations"] > 0
        assert row["seconds_per_input"] == pytest.approx(row["seconds"] / row["batch"])
    assert all(row["batch"] == 8 and row["peak_bytes"] > 2**20 for row in layers)


@pytest.mark.slow
def test_large_solvers_agree_and_come_with_their_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("benchmarks.speed.large.cholmod.missing", lambda: "CHOLMOD: not asked for")
    rows = list(large(SETTINGS, side=12, huge=14))
    assert [row["rows"] for row in rows[:-1]] == [12, 14, 12, 12, 12, 12, 12]
    matrix, huge, *inputs, superlu, skipped = rows
    assert skipped["skipped"] == "CHOLMOD: not asked for"
    assert (huge["over"], huge["fixed"], huge["value"]) == ("n", "T, square", 14)
    assert superlu["largest_relative_difference"] < 1e-11
    assert [row["largest_relative_difference"] < 1e-9 for row in inputs] == [True] * 4
    assert [row["wire_ohm"] for row in inputs[1:]] == [1.0, 10.0, 100.0]
    assert superlu["seconds"] == pytest.approx(
        superlu["superlu_factor_seconds"] + 12 * superlu["superlu_solve_seconds"])
    assert superlu["ratio"] == pytest.approx(superlu["seconds"] / matrix["seconds"])
    assert all(row["peak_bytes"] > 0 and row["bytes"] >= 0 for row in rows[:-1])


def test_large_workers_return_what_they_promise() -> None:
    common = {"side": 9, "wire": 2.0, "seed": 1}
    ours, theirs = large_matrix(**common), large_superlu(**common)
    np.testing.assert_allclose(ours["sample"], theirs["sample"], rtol=1e-11)
    assert theirs["superlu_solves_measured"] == 9
    for work in (large_input, large_nodes):
        assert work(**common)["largest_relative_difference"] < 1e-9


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
    square = {**MATRIX, "rows": 256, "columns": 256}
    sections = {
        "matrix": [square, {**square, "wire_ohm": 10.0, "ratio": 2.5}],
        "nonlinear": [{"kind": "tiles", "law": law, "rows": 784, "columns": 256, "wire_ohm": 1.0,
                       "batch": 10_000, "seconds": seconds, "peak_bytes": 2**30,
                       "tolerance": 1e-7, "largest_relative_difference": 1e-10}
                      for law, seconds in (("CubicLaw", 10.0), ("MTJLaw", 15.0))],
        "exponents": [{"over": "n", "fixed": "T, square", "exponent": 3.2, "kind": "256 to 1024"}],
    }
    found = {target["name"]: target for target in judge(sections)}
    assert len(found) == len(TARGETS)
    first = found["T of 256x256 against SuperLU's factorisation"]
    assert (first["reached"], first["met"], first["target"]) == (2.5, False, 15.0)
    assert "10 ohm" in first["at"]
    images = found["10,000 images, 784x256 nonlinear in 64x64 tiles, 1 ohm"]
    assert (images["reached"], images["met"]) == (15.0, True)
    assert "MTJLaw" in images["at"]
    assert found["10,000 images, 784x256 nonlinear in 64x64 tiles, 10 ohm"]["met"] is None
    growth = found["growth of T with n, square"]
    assert (growth["met"], growth["at"]) == (False, "256 to 1024")


def test_fewer_images_do_not_count_for_the_target() -> None:
    row = {"kind": "tiles", "law": "CubicLaw", "rows": 784, "columns": 256, "wire_ohm": 1.0,
           "batch": 1000, "seconds": 1.0, "peak_bytes": 1, "tolerance": 1e-7,
           "largest_relative_difference": 0.0}
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


def test_the_picture_of_the_merge_has_both_halves(tmp_path: Path) -> None:
    merge_figure.draw(tmp_path / "merge.png")
    pixels = matplotlib.image.imread(tmp_path / "merge.png")[..., :3]
    shared = (np.abs(pixels - np.array([0xe4, 0x57, 0x2e]) / 255).max(axis=2) < 0.02)
    half = pixels.shape[1] // 2
    assert shared[:, :half].any()  # the nodes that both blocks have
    assert not shared[:, half:].any()  # eliminated


def test_device_rows_are_what_their_targets_look_for() -> None:
    small = list(devices(SETTINGS, compounds=50, count=3, duration=1e-10))
    assert [row["count"] for row in small] == [50, 3]
    assert all(row["seconds"] > 0 for row in small)
    rows = [{"kind": "compounds", "count": 10**6, "seconds": 0.5},
            {"kind": "trajectories of 20 ns", "count": 10**4, "seconds": 40.0}]
    judged = {target["name"]: target["met"] for target in judge({"devices": rows})}
    assert judged["10^6 compounds drawn and evaluated"] is True
    assert judged["10^4 LLG trajectories of 20 ns"] is False
