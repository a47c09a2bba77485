"""What is installed is whole, and says so when Python finds another package of its name."""

import os
import subprocess
import sys
from configparser import ConfigParser
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("device_models", "circuits", "crossbar", "benchmarks")


def setup() -> ConfigParser:
    found = ConfigParser()
    found.read(ROOT / "setup.cfg", encoding="utf-8")
    return found


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Python in `folder`, with the project installed behind it."""
    return subprocess.run([sys.executable, *arguments], cwd=folder, capture_output=True, text=True,
                          timeout=120, env=os.environ | {"PYTHONPATH": str(ROOT)})


@pytest.mark.parametrize(("other", "arguments"), [
    ("device_models", ("-c", "import circuits")),
    ("device_models", ("-c", "import crossbar")),
    ("circuits", ("-c", "import crossbar")),
    ("crossbar", ("-m", "benchmarks", "--help")),
])
@pytest.mark.parametrize("file", ["{}.py", "{}/__init__.py"])
def test_another_package_of_a_name_of_ours_is_named(
    tmp_path: Path, other: str, arguments: tuple[str, ...], file: str,
) -> None:
    path = tmp_path / file.format(other)
    path.parent.mkdir(exist_ok=True)
    path.write_text("", encoding="utf-8")
    error = run(tmp_path, *arguments).stderr.splitlines()[-1]
    assert error.startswith("ImportError: ")
    assert f"needs the {other} of spintronic-crossbar" in error
    assert str(path) in error
    assert "rename" in error
    assert "environment" in error


def test_the_script_runs_beside_another_benchmarks(tmp_path: Path) -> None:
    """`python -m` looks into the folder it is started in; the script, written as pip does, not."""
    scripts = setup()["options.entry_points"]["console_scripts"].split("=")
    assert [part.strip() for part in scripts] == ["spintronic-crossbar", "benchmarks.__main__:main"]
    script = tmp_path / "bin" / "spintronic-crossbar"
    script.parent.mkdir()
    script.write_text("import sys\nfrom benchmarks.__main__ import main\nsys.exit(main())\n")
    (tmp_path / "work" / "benchmarks").mkdir(parents=True)
    (tmp_path / "work" / "benchmarks" / "__init__.py").write_text("raise SystemExit('theirs')")
    done = run(tmp_path / "work", str(script), "--help")
    assert "accuracy" in done.stdout, done.stderr
    assert "theirs" in run(tmp_path / "work", "-m", "benchmarks", "--help").stderr


@pytest.mark.parametrize("package", PACKAGES)
def test_every_file_is_shipped(package: str) -> None:
    patterns = setup()["options.package_data"][package].split(", ")
    files = [path.relative_to(ROOT / package).as_posix() for path in (ROOT / package).rglob("*")
             if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".py"]
    assert "py.typed" in files
    assert [file for file in files if not any(fnmatch(file, p) for p in patterns)] == []


@pytest.mark.parametrize("package", PACKAGES)
def test_every_folder_of_code_is_a_package(package: str) -> None:
    """setuptools leaves out a folder without an __init__.py."""
    folders = {path.parent for path in (ROOT / package).rglob("*.py")}
    assert [folder for folder in folders if not (folder / "__init__.py").exists()] == []


@pytest.mark.parametrize("module", [
    "device_models.llg", "device_models.noise", "device_models.readout",
    "device_models.reliability", "device_models.fits", "device_models.fits_switching",
    "device_models.switching",
    "circuits.technology", "circuits.spice", "benchmarks.datasets", "benchmarks.weights",
])
def test_modules_are_importable_by_the_names_they_had_first(module: str, tmp_path: Path) -> None:
    done = run(tmp_path, "-c", f"import {module} as m; print(m.__name__)")
    assert done.returncode == 0, done.stderr


def test_a_mixture_with_another_benchmarks_is_named(tmp_path: Path) -> None:
    """As an editable installation finds it: their package, and our modules behind it."""
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "benchmarks" / "__init__.py").write_text(
        f"__path__.append({str(ROOT / 'benchmarks')!r})")
    error = run(tmp_path, "-m", "benchmarks", "accuracy").stderr.splitlines()[-1]
    assert "ImportError: the working folder has a benchmarks of its own" in error
    assert str(tmp_path) in error
    assert "spintronic-crossbar COMMAND" in error
