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
