"""A kept point is known by all it depends on, and by nothing else."""

import shutil
from pathlib import Path

import pytest

import benchmarks
from benchmarks.output.source import PROJECT, Source
from benchmarks.paper import quantities
from benchmarks.paper.circuit import PAIR, circuit_hardware
from benchmarks.paper.readings import reading_of
from device_models import load_stack

ROOT = Path(benchmarks.__file__).parents[1]
STACK = (ROOT / "device_models/stacks/kumar2024.toml").read_text(encoding="utf-8")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The project's modules elsewhere, to be changed."""
    for package in PROJECT:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=lambda place, names: [
            name for name in names if Path(place, name).is_file() and not name.endswith(".py")])
    return tmp_path


def digest(folder: Path) -> str:
    return Source(folder).digest(quantities.__name__)


UNSEEN = {
    "circuits/solvers/linear.py": "# a comment",
    "crossbar/tiles/matrix.py": '"""A text."""',
    "crossbar/__init__.py": "from benchmarks.paper.report import report as another",
    "benchmarks/cli/choices.py": "MORE = 1",
    "crossbar/mapping/registry.py": "MORE = 1",
    "benchmarks/paper/claims.py": "MORE = 1",
    "benchmarks/paper/readings.py": "MORE = 1",
    "circuits/laws/cubic.py": "MORE = 1",
}


def change(path: Path, more: str) -> None:
    """Add a line to the end of a file."""
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{more}\n", encoding="utf-8")


@pytest.mark.slow
def test_points_depend_on_nothing_else(copy: Path) -> None:
    before = digest(copy)
    for file, more in UNSEEN.items():
        change(copy / file, more)
    assert digest(copy) == before


def test_points_depend_on_what_computes_them(copy: Path) -> None:
    found = [digest(copy)]
    for file in ("benchmarks/paper/network.py", "crossbar/tiles/quantisation.py",
                 "circuits/kernels/chain.py", "circuits/laws/linear.py"):
        change(copy / file, "MORE = 1")
        found.append(digest(copy))
    assert len(set(found)) == len(found)


@pytest.mark.slow
def test_a_renamed_file_is_the_same_code(copy: Path) -> None:
    before, old, new = digest(copy), "device_models.checks", "device_models.checking"
    importers = [path for path in copy.rglob("*.py") if old in path.read_text(encoding="utf-8")]
    file = copy / "device_models/checks.py"
    assert importers
    for path in importers:
        path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    assert digest(copy) != before
    file.rename(file.with_name("checking.py"))
    assert digest(copy) == before


def test_code_names_the_libraries_but_not_this_package() -> None:
    text = quantities.code()
    assert text.startswith(digest(ROOT))
    assert all(f'"{name}": ' in text for name in ("python", "numpy", "numba", "scipy"))
    assert "spintronic-crossbar" not in text


def hardware(folder: Path, text: str) -> str:
    """How a point names the hardware of a stack file."""
    path = folder / "kumar2024.toml"
    path.write_text(text, encoding="utf-8")
    return repr(circuit_hardware(load_stack(path), reading_of(PAIR), 1.9e-9, 3, seed=0))


@pytest.mark.parametrize(("old", "new"), [
    ("amplitude = { value = 0.1136", "amplitude = { value = 0.1137"),
    ("v_h_v = { value = 0.5,", "v_h_v = { value = 0.5000000001,"),
    ("sigma_r_p = { value = 0.04", "sigma_r_p = { value = 0.041"),
    ("pitch_um = { value = 1.175", "pitch_um = { value = 1.176"),
    ("long_axis_nm = { value = 500.0", "long_axis_nm = { value = 501.0"),
])
def test_points_depend_on_the_numbers_of_the_stack(old: str, new: str, tmp_path: Path) -> None:
    assert STACK.count(old) == 1
    assert hardware(tmp_path, STACK) != hardware(tmp_path, STACK.replace(old, new))


def test_points_do_not_depend_on_the_words_of_the_stack(tmp_path: Path) -> None:
    words = STACK.replace("# ", "# and ").replace('tag = "', 'tag = "as ')
    assert hardware(tmp_path, STACK) == hardware(tmp_path, words)
