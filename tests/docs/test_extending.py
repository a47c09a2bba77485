"""`docs/extending.md` does what it says, to a copy of the project, with few files touched."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.markdown import ROOT, read

FOLDERS = ("device_models", "circuits", "crossbar", "benchmarks", "tests")
BLOCK = re.compile(r"(?:^`([^`\n]+)`, (new|changed):\n\n)?^```(\w+)\n(.*?)^```$", re.DOTALL | re.M)


class Step(NamedTuple):
    """One block: a file to write or to change, or with no `path` something to run."""

    path: str
    kind: str
    language: str
    text: str


SECTIONS = {part.splitlines()[0]: [Step(*found) for found in BLOCK.findall(part)]
            for part in read(ROOT / "docs" / "extending.md").split("\n## ")[1:]}


def changed(path: Path, diff: str) -> str:
    """The text of a file with every hunk of a `diff` applied to the only place it fits."""
    text = path.read_text(encoding="utf-8")
    for hunk in diff.split("@@\n"):
        lines = hunk.splitlines(keepends=True)
        before, after = ("".join(line[1:] for line in lines if line[0] in kept)
                         for kept in (" -", " +"))
        assert text.count(before) == 1, f"{path}: expected once\n{before}"
        text = text.replace(before, after)
    return text


def run(step: Step, project: Path) -> str:
    """Run a block as a user of `project` would, in its folder; what it prints."""
    site = project / "site"  # for what the block installs
    settings = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": f"{project}{os.pathsep}{site}", "TF_CPP_MIN_LOG_LEVEL": "3",
        "PIP_TARGET": str(site), "PIP_NO_DEPS": "1",
        "PIP_NO_BUILD_ISOLATION": "0",  # pip reads it as: no isolation, so no download
    }
    command = [sys.executable, "-c"] if step.language == "python" else ["bash", "-ec"]
    done = subprocess.run([*command, step.text], cwd=project, env=settings, capture_output=True,
                          text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return done.stdout


def follow(steps: list[Step], project: Path) -> str:
    """Do what a section says; what it prints."""
    printed = ""
    for step in steps:
        if not step.path:
            printed += run(step, project)
            continue
        path = project / step.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(changed(path, step.text) if step.kind == "changed" else step.text)
    return printed


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the project, with what is compiled already."""
    for folder in FOLDERS:
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for file in ("setup.cfg", "pyproject.toml"):
        shutil.copy(ROOT / file, tmp_path)
    return tmp_path


def test_all_that_is_promised_is_there() -> None:
    assert set(SECTIONS) == {"A stack", "A bias law", "A current-voltage law", "A mapping",
                             "A layer type", "A benchmark command"}


@pytest.mark.parametrize("title", SECTIONS)
def test_no_addition_touches_more_than_two_existing_files(title: str) -> None:
    files = {step.path: step for step in SECTIONS[title] if step.path}
    for path, step in files.items():
        assert (ROOT / path).exists() == (step.kind == "changed"), path
        if step.kind == "changed":
            changed(ROOT / path, step.text)
    assert sum(step.kind == "changed" for step in files.values()) <= 2
    assert any(not step.path for step in SECTIONS[title])


@pytest.mark.slow
@pytest.mark.parametrize("title", SECTIONS)
def test_it_works_as_shown(title: str, project: Path) -> None:
    printed = follow(SECTIONS[title], project)
    if title == "A benchmark command":
        assert "state   6" in printed
        assert "what one synapse conducts" in printed


@pytest.mark.slow
def test_all_additions_together_keep_the_laws_of_the_layout(project: Path) -> None:
    for steps in SECTIONS.values():
        follow([step for step in steps if step.path], project)
    settings = os.environ | {"PYTHONPATH": str(project)}
    for command in (["pytest", "-q", "-p", "no:cacheprovider", "-k", "circles or backward",
                     "tests/test_layout.py"],
                    ["ruff", "check", "--no-cache", "."]):
        done = subprocess.run([sys.executable, "-m", *command], cwd=project, env=settings,
                              capture_output=True, text=True, timeout=600)
        assert done.returncode == 0, done.stdout
