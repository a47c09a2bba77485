"""A digest is that of what is computed: not of comments, docstrings, formatting or file names."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.output.source import Source

FILES = {
    "study/__init__.py": "",
    "study/run.py": '''"""The study."""
import numpy as np
from typing import TYPE_CHECKING

from lib import area, later
from lib.numbers import TWO

if TYPE_CHECKING:
    from study.words import Word


def run(x: float) -> float:
    """What comes out."""
    return TWO * area(x)  # twice
''',
    "study/words.py": "class Word:\n    pass\n",
    "lib/__init__.py": '''"""A face."""
from typing import TYPE_CHECKING
from lib.shapes import area
from lib.unused import unused
if TYPE_CHECKING:
    from lib.late import later
__all__ = ["area", "later", "unused"]
''',
    "lib/shapes.py": "from lib.numbers import TWO as EXPONENT\n\ndef area(x):\n"
                     "    return x**EXPONENT\n",
    "lib/numbers.py": "TWO = 2\nTHREE = 3\n",
    "lib/late.py": "def later():\n    return 1\n",
    "lib/unused.py": "def unused():\n    return 1\n",
}
Change = Callable[[dict[str, str]], None]


def digest(folder: Path, files: dict[str, str]) -> str:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Source(folder, ("study", "lib")).digest("study.run")


def edit(name: str, old: str, new: str) -> Change:
    """A change of one file's text."""
    def change(files: dict[str, str]) -> None:
        assert old in files[name]
        files[name] = files[name].replace(old, new)
    return change


def rename(old: str, new: str) -> Change:
    """A module under another name, and its importers following."""
    def change(files: dict[str, str]) -> None:
        files[f"lib/{new}.py"] = files.pop(f"lib/{old}.py")
        for name, text in files.items():
            files[name] = text.replace(f"lib.{old} ", f"lib.{new} ")
    return change


SAME: dict[str, Change] = {
    "comment": edit("study/run.py", "# twice", "# two times"),
    "docstring": edit("study/run.py", "What comes out.", "A number."),
    "docstring gone": edit("study/run.py", '    """What comes out."""\n', ""),
    "formatting": edit("lib/shapes.py", "x**EXPONENT", "(\n        x ** EXPONENT\n    )"),
    "order of imports": edit("study/run.py", "from lib import area, later\nfrom lib.numbers "
                             "import TWO", "from lib.numbers import TWO\nfrom lib import later, "
                             "area"),
    "a file not imported": edit("lib/unused.py", "return 1", "return 2"),
    "imported for its type only": edit("study/words.py", "pass", "x = 1"),
    "one more name in a face": edit("lib/__init__.py", "import unused", "import unused, more"),
    "renamed module": rename("numbers", "constants"),
    "renamed module behind a face": rename("shapes", "figures"),
    "straight from the file": edit("study/run.py", "from lib import area, later",
                                   "from lib.shapes import area\nfrom lib.late import later"),
}
OTHER: dict[str, Change] = {
    "a constant here": edit("study/run.py", "TWO * area", "3 * area"),
    "a constant in an imported module": edit("lib/numbers.py", "TWO = 2", "TWO = 2.5"),
    "a function behind a face": edit("lib/shapes.py", "x**EXPONENT", "x**EXPONENT + 1"),
    "what a face imports late": edit("lib/late.py", "return 1", "return 2"),
    "another thing under the same name": edit("lib/shapes.py", "import TWO", "import THREE"),
    "another module's": edit("lib/__init__.py", "lib.shapes import area",
                             "lib.unused import unused as area"),
    "another library": edit("study/run.py", "import numpy as np", "import math as np"),
}


@pytest.mark.parametrize("change", SAME.values(), ids=SAME)
def test_what_changes_no_number_keeps_the_digest(change: Change, tmp_path: Path) -> None:
    files = dict(FILES)
    change(files)
    assert files != FILES
    assert digest(tmp_path / "a", FILES) == digest(tmp_path / "b", files)


@pytest.mark.parametrize("change", OTHER.values(), ids=OTHER)
def test_what_may_change_a_number_changes_the_digest(change: Change, tmp_path: Path) -> None:
    files = dict(FILES)
    change(files)
    assert digest(tmp_path / "a", FILES) != digest(tmp_path / "b", files)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModuleNotFoundError, match=r"no module 'study\.nothing'.*study, lib"):
        Source(tmp_path, ("study", "lib")).digest("study.nothing")


def test_a_circle_of_imports_ends(tmp_path: Path) -> None:
    files = FILES | {"lib/numbers.py": "TWO = 2\n\ndef later():\n    from lib import area\n"}
    changed = files | {"lib/numbers.py": files["lib/numbers.py"].replace("2", "3")}
    assert digest(tmp_path / "a", files) != digest(tmp_path / "b", changed)


def test_a_relative_import_is_refused_by_file_and_line(tmp_path: Path) -> None:
    run = FILES["study/run.py"].replace("from lib.numbers", "from .numbers")
    with pytest.raises(ValueError, match=r"run\.py: line 6 imports relatively"):
        digest(tmp_path, {**FILES, "study/run.py": run})


def test_what_runs_where_types_are_not_checked_counts(tmp_path: Path) -> None:
    first, second = (FILES["study/run.py"].replace(
        "import Word\n", f"import Word\nelse:\n    HALF = {half}\n") for half in (2, 3))
    assert digest(tmp_path / "a", {**FILES, "study/run.py": first}) != digest(
        tmp_path / "b", {**FILES, "study/run.py": second})
