"""The command, on real networks: from a file to a table and a picture, and on from there."""

import json
from pathlib import Path

import pytest

from benchmarks.__main__ import main

TEXT = """
[study]
title = "Cells"
observe = ["software", "ideal", "analog", "calibrated", "array_energy", "energy", "latency", "area"]
[set]
images = 40
calibrate = 20
[grid]
cells = [1, 2]
"""


@pytest.mark.slow
def test_a_study_runs_and_runs_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    study, out = tmp_path / "s.toml", tmp_path / "out"
    study.write_text(TEXT, encoding="utf-8")
    command = ["sweep", str(study), "--out", str(out), "--runner", "processes", "--workers", "1"]
    assert main(command) == 0
    assert "0 were there, 2 computed, 0 of them failed" in capsys.readouterr().out
    found = json.loads((out / "study.json").read_text("utf-8"))
    first = found["points"][0]
    assert first["error"] is None
    assert 0.5 < first["analog"] <= 1
    assert 1e-12 < first["array_energy"] < first["energy"] < 1e-6
    study.write_text(TEXT.replace("[1, 2]", "[1, 2, 3]"), encoding="utf-8")
    assert main([*command, "--export", str(tmp_path / "s.csv")]) == 0
    assert "2 were there, 1 computed" in capsys.readouterr().out
    again = json.loads((out / "study.json").read_text("utf-8"))
    assert again["points"][:2] == found["points"]


@pytest.mark.parametrize(("flags", "words"), [
    (["--scheduler", "tcp://x:1", "--runner", "processes"], "expected one of them"),
    (["--export", "s.xls"], "expected .csv"),
])
def test_flags_that_cannot_be_are_refused_before_anything_is_computed(
    tmp_path: Path, flags: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    study = tmp_path / "s.toml"
    study.write_text(TEXT, encoding="utf-8")
    assert main(["sweep", str(study), "--out", str(tmp_path / "o"), *flags]) == 2
    assert words in capsys.readouterr().err
    assert not (tmp_path / "o").exists()
