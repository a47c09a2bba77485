"""Laws of compiled code: it is kept where it can be, and where it cannot nothing else is lost."""

import ast
import errno
import importlib.util
import os
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numba
import pytest
from numba import types
from numba.core.caching import IndexDataCacheFile

from device_models import compiled as module
from device_models.compiled import CacheWarning, compiled, compiled_callback

ROOT = Path(__file__).parents[2]
SOURCE = "def twice(x):\n    return 2 * x\n\n\ndef thrice(x):\n    return 3 * x\n"


@pytest.fixture
def functions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Two functions of a file in a folder of its own, in a process that has not yet warned."""
    monkeypatch.setattr(module, "_SAID", set())
    monkeypatch.setattr(numba.config, "CACHE_DIR", "")
    path = tmp_path / "installed" / "functions.py"
    path.parent.mkdir()
    path.write_text(SOURCE, encoding="utf-8")
    spec = importlib.util.spec_from_file_location("functions", path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    shutil.rmtree(path.parent / "__pycache__", ignore_errors=True)
    return made


@pytest.fixture
def homeless(functions: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Neither the installation nor the home takes a file (for root too); the temporary folder."""
    Path(functions.__file__).with_name("__pycache__").write_text("in the way", encoding="utf-8")
    monkeypatch.setenv("HOME", "/dev/null")
    monkeypatch.setenv("XDG_CACHE_HOME", "/dev/null/cache")
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    return temporary


def kept(folder: Path) -> list[str]:
    return [path.name.split("-")[0] for path in folder.rglob("*.nbc")]


def test_code_is_kept_beside_its_source(functions: Any) -> None:
    assert compiled(functions.twice)(3) == 6
    assert kept(Path(functions.__file__).parent) == ["functions.twice"]


def test_without_a_home_it_is_kept_in_a_temporary_folder_of_this_user(
    functions: Any, homeless: Path,
) -> None:
    with pytest.warns(CacheWarning, match=r"kept in \S+ \(.*kept in \S+spintronic-cross.*DIR"):
        twice = compiled(functions.twice)
    assert twice(3) == 6
    (folder,) = homeless.iterdir()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert kept(folder) == ["functions.twice"]
    assert numba.config.CACHE_DIR == ""


def test_one_process_warns_once(functions: Any, homeless: Path) -> None:
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        assert compiled(functions.twice)(3) + compiled(functions.thrice)(3) == 15
    assert [warning.category for warning in said] == [CacheWarning]


def open_to_all(folder: Path) -> None:
    folder.mkdir()
    folder.chmod(0o777)


def elsewhere(folder: Path) -> None:
    folder.symlink_to(folder.parent.parent)


@pytest.mark.parametrize("prepare", [open_to_all, elsewhere])
def test_code_is_not_loaded_from_where_others_may_write(
    functions: Any, homeless: Path, prepare: Callable[[Path], None],
) -> None:
    prepare(homeless / f"spintronic-crossbar-{os.getuid()}")
    with pytest.warns(CacheWarning, match=r"not this user's alone.*compiles it anew"):
        assert compiled(functions.twice)(3) == 6
    assert kept(homeless.parent) == []


def test_a_full_disk_is_named_and_stops_nothing(
    functions: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(IndexDataCacheFile, "save", full)
    twice = compiled(functions.twice)
    with pytest.warns(CacheWarning, match=r"installed.*No space left on device"):
        assert twice(3) == 6
    thrice = compiled_callback(types.int64(types.int64), functions.thrice)  # no second warning
    assert thrice.ctypes(3) == 9


def test_what_is_typed_at_a_prompt_is_compiled_without_a_word(functions: Any) -> None:
    typed: dict[str, Any] = {}
    exec(compile(SOURCE, "<stdin>", "exec"), typed)
    assert compiled(typed["twice"])(3) == 6
    assert compiled_callback(types.int64(types.int64), typed["thrice"]).ctypes(3) == 9


def test_import_without_a_home_warns_once(tmp_path: Path) -> None:
    """An installation that takes no file, as on a cluster: a whole process."""
    for package in ("device_models", "circuits"):
        shutil.copytree(ROOT / package, tmp_path / package,
                        ignore=shutil.ignore_patterns("__pycache__"))
        for folder in {path.parent for path in (tmp_path / package).rglob("*.py")}:
            (folder / "__pycache__").write_text("in the way", encoding="utf-8")
    (tmp_path / "temporary").mkdir()
    places = {"HOME": "/dev/null", "XDG_CACHE_HOME": "/dev/null/cache",
              "TMPDIR": str(tmp_path / "temporary"), "PYTHONPATH": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", "import circuits; print(circuits.__file__)"],
                          capture_output=True, text=True, timeout=120, cwd=tmp_path,
                          env={k: v for k, v in os.environ.items() if k != "NUMBA_CACHE_DIR"}
                          | places)
    assert done.stdout.strip() == str(tmp_path / "circuits" / "__init__.py"), done.stderr
    assert done.stderr.count("CacheWarning") == 1


def test_no_other_file_asks_numba_to_compile() -> None:
    """Only so do all compiled functions share the way they are kept."""
    asking = [path.relative_to(ROOT).as_posix()
              for package in ("device_models", "circuits", "crossbar", "benchmarks")
              for path in (ROOT / package).rglob("*.py")
              for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
              if isinstance(node, ast.Attribute) and node.attr in ("njit", "jit", "cfunc")]
    assert asking == ["device_models/compiled.py"]
