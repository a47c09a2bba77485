"""Laws of the layout: imports flow one way, files stay short, what is light stays light."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ORDER = ("device_models", "circuits", "crossbar", "benchmarks")
KERAS = {f"crossbar/{name}.py" for name in ("layers", "convert", "energy", "probe")}
FILES = [path.relative_to(ROOT) for package in ORDER for path in sorted(ROOT.glob(
    f"{package}/**/*.py"))]


def imports(tree: ast.AST) -> Iterator[str]:
    """Modules that are imported anywhere, inside functions too; relative ones as '.name'."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")


def run_time(tree: ast.Module) -> ast.Module:
    """The tree without its `if TYPE_CHECKING:` blocks."""
    class Cut(ast.NodeTransformer):
        def visit_If(self, node: ast.If) -> ast.AST | None:
            typing_only = isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
            return None if typing_only else self.generic_visit(node)

    return Cut().visit(tree)


def parsed(path: Path) -> ast.Module:
    return ast.parse((ROOT / path).read_text(encoding="utf-8"))


def tops(path: Path) -> set[str]:
    return {name.split(".")[0] for name in imports(parsed(path))}


def test_there_are_files_to_look_at() -> None:
    assert {path.parts[0] for path in FILES} == set(ORDER)
    assert {str(path) for path in FILES} >= KERAS


@pytest.mark.parametrize("path", FILES, ids=str)
def test_no_import_goes_backward(path: Path) -> None:
    above = set(ORDER[ORDER.index(path.parts[0]) + 1:])
    assert not tops(path) & above
    assert not [name for name in imports(parsed(path)) if name.startswith(".")]


@pytest.mark.parametrize("path", FILES, ids=str)
def test_only_the_layer_files_and_benchmarks_import_keras(path: Path) -> None:
    if str(path) not in KERAS and path.parts[0] != "benchmarks":
        run = {name.split(".")[0] for name in imports(run_time(parsed(path)))}
        assert not run & {"keras", "tensorflow"}


@pytest.mark.parametrize("path", FILES, ids=str)
def test_only_figures_import_matplotlib(path: Path) -> None:
    drawing = path.name.endswith("_figure.py") or path.name == "pictures.py"
    assert drawing or "matplotlib" not in tops(path)


@pytest.mark.parametrize("path", FILES, ids=str)
def test_files_stay_under_400_lines(path: Path) -> None:
    assert len((ROOT / path).read_text(encoding="utf-8").splitlines()) < 400


@pytest.mark.parametrize("source", ["import benchmarks.speed", "from benchmarks import speed",
                                    "def f():\n    import keras.layers"])
def test_the_walk_sees_imports_of_every_form(source: str) -> None:
    assert {name.split(".")[0] for name in imports(ast.parse(source))} & {"benchmarks", "keras"}


LOADED = "; import sys; print(sorted({'tensorflow', 'keras', 'matplotlib'} & set(sys.modules)))"


@pytest.mark.parametrize("package", ORDER)
def test_importing_a_package_loads_no_tensorflow(package: str) -> None:
    done = subprocess.run([sys.executable, "-c", f"import {package}{LOADED}"], timeout=60,
                          capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_help_loads_no_tensorflow() -> None:
    done = subprocess.run([sys.executable, "-X", "importtime", "-m", "benchmarks", "--help"],
                          timeout=60, capture_output=True, text=True, check=True, cwd=ROOT)
    loaded = {line.rpartition("|")[2].strip().split(".")[0] for line in done.stderr.splitlines()}
    assert "accuracy" in done.stdout
    assert "numpy" in loaded
    assert not loaded & {"tensorflow", "keras", "matplotlib"}
