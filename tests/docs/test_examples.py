"""What the pages promise runs: the Python examples of each, in order, as one user would."""

from pathlib import Path

import pytest

from tests.support.markdown import DOCS, README, blocks, name, read, run_examples

NETWORKS, EXTENDING = (README.parent / "docs" / page for page in ("networks.md", "extending.md"))
TRIED_ELSEWHERE = {NETWORKS, EXTENDING}  # by tests of their own
WITH_EXAMPLES = [page for page in DOCS if blocks(page, "python")]


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_pages_have_examples() -> None:
    assert {NETWORKS.name, EXTENDING.name, "arrays.md"} <= {page.name for page in WITH_EXAMPLES}


@pytest.mark.parametrize("page", [page for page in WITH_EXAMPLES
                                  if page not in TRIED_ELSEWHERE], ids=name)
def test_examples_run_in_order(page: Path) -> None:
    assert run_examples(page)


@pytest.mark.slow
def test_examples_of_the_readme_find_what_the_main_job_prints() -> None:
    accuracy, energy = (float(word) for word in run_examples(README).split()[:2])
    text = read(README)
    assert accuracy == pytest.approx(0.9615, abs=5e-4)
    assert energy == pytest.approx(417.0e-12, rel=1e-3)
    assert "96.15%" in text
    assert "417.0 pJ" in text


@pytest.mark.slow
def test_examples_with_networks_rank_ideal_above_analog() -> None:
    words = run_examples(NETWORKS).split()
    ideal, analog = (float(words[words.index(name) + 1]) for name in ("ideal", "analog"))
    assert 0.9 < analog < ideal < 1
