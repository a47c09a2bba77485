"""What the README promises runs: its Python examples, in order, as one user would."""

import contextlib
import io
import re
from pathlib import Path

import pytest

README = Path(__file__).parents[1] / "README.md"


@pytest.mark.slow
def test_python_examples_run_in_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    blocks = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) == 5
    names: dict[str, object] = {}
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        for block in blocks:
            exec(compile(block, str(README), "exec"), names)
    words = printed.getvalue().split()
    ideal, analog = (float(words[words.index(name) + 1]) for name in ("ideal", "analog"))
    assert 0.9 < analog < ideal < 1


def test_printed_accuracies_are_those_of_the_bundled_weights() -> None:
    text = README.read_text(encoding="utf-8")
    printed = re.findall(r"(software|ideal|analog) accuracy +(\d+\.\d+)%", text)
    assert [name for name, _ in printed] == ["software", "ideal", "analog"]
    assert [float(value) for _, value in printed] == sorted(
        (float(value) for _, value in printed), reverse=True)


@pytest.mark.slow
def test_the_claims_in_the_readme_are_what_the_command_finds(tmp_path: Path) -> None:
    """All five trainings, with the reading that the search found."""
    import json

    from benchmarks.__main__ import main
    from benchmarks.paper.readings import DEFAULT

    assert main(["paper", "--only", "ideal", "--reading", DEFAULT, "--out", str(tmp_path)]) == 0
    claims = json.loads((tmp_path / "paper.json").read_text(encoding="utf-8"))["claims"]
    sets = {"mnist": "digits", "fashion_mnist": "fashion", "both": "both"}
    cells = r"^\| ([^|]+) \| (digits|fashion|both) \| (\S+) \| (\S+) \+- (\S+) \| (.+) \|$"
    table = re.findall(cells, README.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(table) == len(claims) == 16
    for row, (text, images, paper, ours, half, verdict) in zip(claims, table, strict=True):
        assert (row["claim"], sets[row["dataset"]]) == (text, images)
        assert row["paper"] == float(paper)
        # another machine may round a few of 10,000 images differently
        assert row["ours"] == pytest.approx(float(ours), abs=0.05), text
        assert row["interval"] == pytest.approx(float(half), abs=0.1), text
        assert ("yes" in verdict) == row["agrees"], text
