"""The speed command on tiny arrays: both solvers agree, the record is whole, Ctrl-C is clean."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from scipy.sparse.linalg import splu

from benchmarks.__main__ import main
from benchmarks.speed import ORDERINGS, nodal_matrix
from circuits import CrossbarCircuit, Wires

ROW = {"rows", "columns", "seconds", "superlu_factor_seconds", "superlu_solve_seconds", "ratio",
       "largest_relative_difference", "ordering"}


def test_record_of_small_arrays(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert main(["speed", "--sizes", "12x5", "5x12", "1x1", "--wire", "10", "--repeat", "2",
                 "--seed", "7", "--out", str(tmp_path / "r")]) == 0
    text = capfd.readouterr()
    assert text.err == ""
    assert "\x1b" not in text.out
    assert "\r" not in text.out
    record = json.loads((tmp_path / "r" / "speed.json").read_text())
    assert set(record) >= {"arrays", "threads", "wire_ohm", "seed", "repeat", "versions"}
    assert (record["wire_ohm"], record["seed"], record["repeat"]) == (10.0, 7, 2)
    assert [(a["rows"], a["columns"]) for a in record["arrays"]] == [(12, 5), (5, 12), (1, 1)]
    for array in record["arrays"]:
        assert set(array) >= ROW
        assert array["largest_relative_difference"] < 1e-11
        assert array["ordering"] in ORDERINGS
        assert array["ratio"] == pytest.approx(array["superlu_factor_seconds"] / array["seconds"])
        assert min(array["seconds"], array["superlu_solve_seconds"]) > 0
        assert f"{array['rows']}x{array['columns']}" in text.out


@pytest.mark.parametrize("shape", [(1, 1), (1, 6), (6, 1), (7, 4), (4, 7)])
def test_nodal_matrix_is_symmetric_and_solves_to_the_same_currents(shape: tuple[int, int]) -> None:
    g = np.random.default_rng(0).uniform(30e-6, 90e-6, shape)
    matrix = nodal_matrix(g, 5.0)
    assert abs(matrix - matrix.T).max() == 0
    inject = np.zeros((2 * g.size, shape[0]))
    inject[np.arange(shape[0]) * shape[1], np.arange(shape[0])] = 1 / 5.0
    currents = splu(matrix).solve(inject)[-shape[1]:].T / 5.0
    expected = CrossbarCircuit(g, Wires(5.0, 5.0)).transconductance()
    np.testing.assert_allclose(currents, expected, rtol=1e-11)


def test_ctrl_c_ends_in_one_line_and_writes_nothing(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "benchmarks", "speed", "--sizes", "64x64", "--repeat",
         "100000", "--out", "r"],
        cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()  # it has begun
    process.stdout.readline()
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert len(err.splitlines()) == 1
    assert "interrupted" in err
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
