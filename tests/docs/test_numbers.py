"""The numbers that the pages print are those that the commands find."""

import json
import re
from pathlib import Path

import pytest

from benchmarks.__main__ import main
from benchmarks.devices.comparison import rows
from benchmarks.devices.number import summary
from benchmarks.paper.readings import DEFAULT
from device_models import load_stack
from tests.support.markdown import README, read, run_examples

STUDY = README.parent / "docs" / "paper-study.md"
DEVICES = README.parent / "docs" / "devices.md"
SOLVER = README.parent / "docs" / "solver.md"
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def test_printed_accuracies_are_those_of_the_bundled_weights() -> None:
    printed = re.findall(r"(software|ideal|analog) accuracy +(\d+\.\d+)%", read(README))
    assert [name for name, _ in printed] == ["software", "ideal", "analog"]
    assert [float(value) for _, value in printed] == sorted(
        (float(value) for _, value in printed), reverse=True)


def test_the_counted_work_is_what_the_page_says() -> None:
    rows = re.findall(r"^\| \d+ x \d+ \|.*\|$", read(SOLVER), re.MULTILINE)
    assert run_examples(SOLVER).splitlines() == rows


def test_the_predictions_counted_are_those_of_the_command() -> None:
    assert f"    {summary(list(rows(load_stack('kumar2024'))))['text']}\n" in read(DEVICES)


def shown_output() -> list[str]:
    """The lines that the README says the main job prints."""
    block = re.search(r"It prints\n\n((?:    .*\n|\n)+)", read(README))
    assert block is not None
    return [line[4:] for line in block[1].splitlines() if line.strip()]


@pytest.mark.slow
def test_the_readme_shows_what_the_main_job_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["accuracy"]) == 0
    printed = [line for line in capsys.readouterr().out.splitlines() if line.strip()]
    for shown, found in zip(shown_output(), printed, strict=True):
        assert NUMBER.sub("0", shown).split() == NUMBER.sub("0", found).split()
        if shown.startswith("time"):
            continue
        # another machine may round a few of 10,000 images differently
        assert [float(n) for n in NUMBER.findall(shown)] == pytest.approx(
            [float(n) for n in NUMBER.findall(found)], abs=0.05, rel=1e-4), shown


@pytest.mark.slow
def test_the_claims_shown_are_what_the_command_finds(tmp_path: Path) -> None:
    """All five trainings, with the reading that the search found."""
    assert main(["paper", "--only", "ideal", "--reading", DEFAULT, "--out", str(tmp_path)]) == 0
    claims = json.loads((tmp_path / "paper.json").read_text(encoding="utf-8"))["claims"]
    sets = {"mnist": "digits", "fashion_mnist": "fashion", "both": "both"}
    cells = r"^\| ([^|]+) \| (digits|fashion|both) \| (\S+) \| (\S+) \+- (\S+) \| (.+) \|$"
    table = re.findall(cells, read(STUDY), re.MULTILINE)
    assert len(table) == len(claims) == 16
    for row, (text, images, paper, ours, half, verdict) in zip(claims, table, strict=True):
        assert (row["claim"], sets[row["dataset"]]) == (text, images)
        assert row["paper"] == float(paper)
        # another machine may round a few of 10,000 images differently
        assert row["ours"] == pytest.approx(float(ours), abs=0.05), text
        assert row["interval"] == pytest.approx(float(half), abs=0.1), text
        assert ("yes" in verdict) == row["agrees"], text
