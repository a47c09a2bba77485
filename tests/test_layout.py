"""Laws of the layout: imports flow one way, files stay short, what is light stays light."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# From the ground up: a name may use those before it, never those after it. The files and folders
# of each package stand in the same order.
ORDER = ("device_models", "circuits", "crossbar", "benchmarks")
ROOMS = {
    "device_models": ("version", "checks", "processors", "compiled", "junction", "magnet",
                      "compound", "reliability", "switching", "population", "stacks", "fits",
                      "measured"),
    "circuits": ("errors", "threads", "copies", "kernels", "laws", "array", "solvers", "solution",
                 "circuit", "periphery", "spice", "analysis"),
    "crossbar": ("tables", "mapping", "imperfections", "array", "converters", "hardware", "stored",
                 "tiles", "layers", "conversion", "recovery", "cost", "diagnosis"),
    "benchmarks": ("program", "output", "inputs", "cli", "datasets", "weights", "COMMANDS",
                   "__main__"),
}
KERAS = ("crossbar/layers/", "crossbar/conversion/", "crossbar/cost/reading.py",
         "crossbar/cost/layers.py", "crossbar/cost/performance.py", "crossbar/cost/writing.py",
         "crossbar/tiles/differentiable.py", "crossbar/diagnosis/tile_figure.py",
         "crossbar/diagnosis/explaining.py",
         "crossbar/diagnosis/layer_errors.py", "crossbar/diagnosis/trials.py",
         "crossbar/diagnosis/chips.py", "crossbar/recovery/calibrating.py",
         "crossbar/recovery/corrected.py", "crossbar/recovery/parts.py",
         "crossbar/recovery/ranges.py", "crossbar/recovery/reads.py",
         "crossbar/recovery/hardware_aware.py", "crossbar/recovery/kept_states.py",
         "crossbar/recovery/renewing.py")
FILES = [path.relative_to(ROOT) for package in ORDER for path in sorted(ROOT.glob(
    f"{package}/**/*.py"))]
NAMES = {".".join(path.with_suffix("").parts).removesuffix(".__init__"): path for path in FILES}


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


def needs(path: Path) -> set[Path]:
    """Files of the project that `path` imports by name, for types only too."""
    found = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {NAMES.get(name.name) for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            module = node.module or ""
            for name in node.names:
                found.add(NAMES.get(f"{module}.{name.name}", NAMES.get(module)))
    return {other for other in found if other is not None}


def room(path: Path) -> str:
    """The folder or file of its package that `path` is or lies in."""
    name = path.parts[1].removesuffix(".py")
    return "COMMANDS" if (ROOT / path.parts[0] / name / "command.py").exists() else name


def circles(graph: dict[Path, set[Path]]) -> list[list[Path]]:
    """The ways round that are found when every arrow is followed once."""
    found: list[list[Path]] = []
    done: set[Path] = set()

    def follow(path: Path, way: list[Path]) -> None:
        if path in way:
            found.append([*way[way.index(path):], path])
        elif path not in done:
            for following in sorted(graph.get(path, ())):
                follow(following, [*way, path])
            done.add(path)

    for path in sorted(graph):
        follow(path, [])
    return found


def test_there_are_files_to_look_at() -> None:
    assert {path.parts[0] for path in FILES} == set(ORDER)
    assert all(any(str(path).startswith(place) for path in FILES) for place in KERAS)


@pytest.mark.parametrize("path", FILES, ids=str)
def test_no_import_goes_backward(path: Path) -> None:
    above = set(ORDER[ORDER.index(path.parts[0]) + 1:])
    assert not tops(path) & above
    assert not [name for name in imports(parsed(path)) if name.startswith(".")]


@pytest.mark.parametrize("path", [path for path in FILES if path.parts[1] != "__init__.py"],
                         ids=str)
def test_no_import_within_a_package_goes_backward(path: Path) -> None:
    """Commands use what they share, and never one another; nothing uses its own package's face."""
    package = path.parts[0]
    order, here = ROOMS[package], room(path)
    assert here in order, f"{path} is in no room that the layout names"
    for other in needs(path):
        if other.parts[0] != package or other.parts[:2] == path.parts[:2]:
            continue
        assert other.parts[1] != "__init__.py" or package == "benchmarks", f"{path} uses {other}"
        if other.parts[1] != "__init__.py":
            assert order.index(room(other)) < order.index(here), f"{path} uses {other}"


def test_no_imports_run_in_circles() -> None:
    assert circles({path: needs(path) for path in FILES}) == []


def test_the_walk_finds_a_circle() -> None:
    a, b, c = map(Path, "abc")
    assert circles({a: {b}, b: {c}, c: {b}}) == [[b, c, b]]
    assert circles({a: {b, c}, b: {c}, c: set()}) == []


@pytest.mark.parametrize("path", FILES, ids=str)
def test_only_the_layer_files_and_benchmarks_import_keras(path: Path) -> None:
    if not str(path).startswith(KERAS) and path.parts[0] != "benchmarks":
        run = {name.split(".")[0] for name in imports(run_time(parsed(path)))}
        assert not run & {"keras", "tensorflow"}


@pytest.mark.parametrize("path", FILES, ids=str)
def test_only_figures_import_matplotlib(path: Path) -> None:
    drawing = path.name.endswith("figure.py") or path.name == "pictures.py"
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


def test_tests_share_through_support_and_never_import_one_another() -> None:
    for path in sorted((ROOT / "tests").rglob("*.py")):
        shared = {name for name in imports(ast.parse(path.read_text(encoding="utf-8")))
                  if name.split(".")[0] == "tests"}
        assert all(name.startswith("tests.support") for name in shared), path
