"""The speed command on tiny arrays: the solvers agree, the record is whole, Ctrl-C is clean."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.speed import command as speed
from benchmarks.speed.process import ProcessError
from benchmarks.speed.sections import Section
from benchmarks.speed.superlu import ORDERINGS

ROW = {"rows", "columns", "seconds", "superlu_factor_seconds", "superlu_solve_seconds", "ratio",
       "largest_relative_difference", "ordering"}
TINY = ["speed", "--sizes", "12x5", "5x12", "1x1", "--repeat", "2", "--seed", "7"]


def record_of(folder: Path, *arguments: str) -> dict:
    assert main([*TINY, *arguments, "--out", str(folder)]) == 0
    return json.loads((folder / "speed.json").read_text())


def test_record_of_small_arrays(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    record = record_of(tmp_path / "r", "--sections", "matrix", "batch", "--wire", "10", "0.5")
    text = capfd.readouterr()
    assert text.err == ""
    assert "\x1b" not in text.out
    assert "\r" not in text.out
    assert set(record) >= {"arrays", "sections", "targets", "exponents", "threads",
                           "superlu_threads", "blas_threads", "wire_ohm", "wires_ohm", "seed",
                           "repeat", "images", "versions"}
    assert (record["wire_ohm"], record["seed"], record["repeat"]) == (10.0, 7, 2)
    assert record["wires_ohm"] == [10.0, 0.5]
    assert set(record["sections"]) == {"matrix", "batch"}
    assert record["arrays"] == [row for row in record["sections"]["matrix"]
                                if "skipped" not in row]
    assert [(a["rows"], a["columns"], a["wire_ohm"]) for a in record["arrays"]] == [
        (m, n, wire) for m, n in ((12, 5), (5, 12), (1, 1)) for wire in (10.0, 0.5)]
    for array in record["arrays"]:
        assert set(array) >= ROW
        assert array["largest_relative_difference"] < 1e-11
        assert array["ordering"] in ORDERINGS
        assert array["ratio"] == pytest.approx(array["superlu_factor_seconds"] / array["seconds"])
        assert min(array["seconds"], array["superlu_solve_seconds"]) > 0
        assert f"{array['rows']}x{array['columns']}" in text.out
    assert (tmp_path / "r" / "speed.png").read_bytes().startswith(b"\x89PNG")


def test_a_batch_costs_superlu_one_solution_per_input(tmp_path: Path) -> None:
    record = record_of(tmp_path, "--sections", "batch")
    rows = record["sections"]["batch"]
    assert [row["batch"] for row in rows[:3]] == [1, 100, 10_000]
    for row in rows:
        assert row["superlu_seconds"] == row["batch"] * row["superlu_solve_seconds"]
        assert row["ratio"] == pytest.approx(row["superlu_seconds"] / row["seconds"])
        assert row["largest_relative_difference"] < 1e-11
    assert record["arrays"] == []
    assert not (tmp_path / "speed.png").exists()  # batch has no panel


def test_full_takes_every_section(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fake(name: str) -> Section:
        def measure(_: object):
            yield {"skipped": f"{name} was asked for"}

        return Section(name, ("head",), measure, lambda row: ("cell",))

    monkeypatch.setattr(speed, "SECTIONS", {name: fake(name) for name in speed.SECTIONS})
    record = record_of(tmp_path, "--full")
    assert list(record["sections"]) == list(speed.SECTIONS)
    assert "large was asked for" in capsys.readouterr().out
    assert all(target["met"] is None for target in record["targets"])
    assert "large" not in speed.DEFAULT


def test_what_was_measured_survives_a_process_that_was_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def stopped(_: object):
        yield {"n": 1}
        raise ProcessError("was stopped by signal 9")

    section = Section("title", ("n",), stopped, lambda row: (str(row["n"]),))
    monkeypatch.setitem(speed.SECTIONS, "large", section)
    record = record_of(tmp_path, "--sections", "large")
    assert record["sections"]["large"] == [
        {"n": 1}, {"skipped": "not measured: was stopped by signal 9"}]
    assert "signal 9" in capsys.readouterr().out


@pytest.mark.parametrize(("arguments", "hint"), [
    (["--sections", "matrx"], "did you mean 'matrix'"),
    (["--sections"], "at least one argument"),
    (["--wire", "1", "0"], "more than 0"),
    (["--wire", "1", "nan"], "not a finite number"),
    (["--images", "10001"], "there are 10000 digit images"),
    (["--images", "0"], "whole number of 1 or more"),
    (["--ful"], "did you mean --full"),
])
def test_bad_flags_are_refused_before_any_work(
    arguments: list[str], hint: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    try:
        code = main([*TINY, *arguments, "--out", str(tmp_path / "r")])
    except SystemExit as stop:
        code = int(stop.code or 0)
    text = capfd.readouterr()
    assert code == 2
    assert text.out == ""
    assert hint in text.err.splitlines()[0]
    assert not (tmp_path / "r").exists()


@pytest.mark.slow
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
