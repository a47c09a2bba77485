"""Digest of what a module computes with: its syntax and that of all it imports, without names.

Sources that differ in comments, docstrings, formatting or the names of files have one digest; a
changed number, or another function under an imported name, makes another. So it says whether
numbers computed before would come out again.
"""

import ast
import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.output.files import LIBRARIES, versions

PROJECT = ("device_models", "circuits", "crossbar", "benchmarks")


class Source:
    """The modules of some packages that lie side by side in a folder.

    Every module is read once: one that is changed later takes a `Source` of its own.

    Parameters
    ----------
    root : Path
        The folder.
    packages : sequence of str
        Names of the packages; all else is a library, of which a digest holds the names only.
    """

    def __init__(self, root: Path, packages: Sequence[str] = PROJECT) -> None:
        self._root, self._packages = root, packages
        self._digests: dict[str, str] = {}
        self._faces: dict[str, dict[str, tuple[str, str]]] = {}

    def digest(self, module: str) -> str:
        """Of a module, named as for an import: its statements, and the digests of its imports.

        A name from a package's `__init__` counts as from the file that defines it, so that one
        more name there changes nothing. Imports must be absolute.
        """
        if module not in self._digests:
            path = self._path(module)
            if path is None:
                raise ModuleNotFoundError(f"no module {module!r} in {self._root}; expected one of "
                                          f"the packages {', '.join(self._packages)}")
            self._digests[module] = "itself"  # where imports lead back here
            bare = _Bare(path)
            lines = sorted({line for node in bare.imports for line in self._lines(node)})
            self._digests[module] = hashlib.blake2b(
                "\n".join([bare.text, *lines]).encode(), digest_size=12).hexdigest()
        return self._digests[module]

    def _lines(self, node: ast.Import | ast.ImportFrom) -> Iterator[str]:
        """What an import brings: a name, and the digest of where it comes from."""
        for alias in node.names:
            module, name = alias.name, ""
            if isinstance(node, ast.ImportFrom):
                module, name = self._origin(node.module or "", alias.name)
            origin = self.digest(module) if self._path(module) else module
            yield f"{origin} {name} as {alias.asname or alias.name}"

    def _origin(self, module: str, name: str) -> tuple[str, str]:
        """The module that defines `name` of `module`, and its name there; a module has none."""
        if self._path(f"{module}.{name}"):
            return f"{module}.{name}", ""
        path = self._path(module)
        if path is not None and path.name == "__init__.py":
            if module not in self._faces:
                self._faces[module] = {
                    alias.asname or alias.name: (node.module or "", alias.name)
                    for node in _Bare(path).imports if isinstance(node, ast.ImportFrom)
                    for alias in node.names}
            if name in self._faces[module]:
                return self._origin(*self._faces[module][name])
        return module, name

    def _path(self, module: str) -> Path | None:
        """The file of a module of the packages; None for a library, or what is no module."""
        parts = module.split(".")
        if parts[0] not in self._packages:
            return None
        place = self._root.joinpath(*parts)
        files = (place / "__init__.py", place.with_name(f"{place.name}.py"))
        return next((path for path in files if path.is_file()), None)


def code_of(module: str) -> str:
    """What the numbers of a `module` of this project are computed with: its digest, and the
    versions of the libraries."""
    digest = Source(Path(__file__).parents[2]).digest(module)
    return f"{digest} {json.dumps(versions(LIBRARIES))}"


class _Bare(ast.NodeTransformer):
    """A file's syntax, as `text`, without its `imports` and without what is only read.

    That is docstrings, and what is imported for types alone; but a package's `__init__` imports
    late, on demand, what it names there.
    """

    def __init__(self, path: Path) -> None:
        self.imports: list[ast.Import | ast.ImportFrom] = []
        self._path, self._is_face = path, path.name == "__init__.py"
        self.text = ast.dump(self.visit(ast.parse(path.read_text(encoding="utf-8"))))

    def visit_Import(self, node: ast.Import) -> None:
        self.imports.append(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.level:
            raise ValueError(f"{self._path}: line {node.lineno} imports relatively; expected the "
                             "whole name of the module, by which its digest is found")
        self.imports.append(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if text else self.generic_visit(node)

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.AST]:
        typing_only = isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
        if not typing_only or self._is_face:
            return self.generic_visit(node)
        bare = (self.visit(statement) for statement in node.orelse)
        return [statement for statement in bare if statement is not None]
