"""Result files: checked for before any work, whole or not at all."""

import json
import platform
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from benchmarks.output.records import Record, RecordError, from_json, to_json

LIBRARIES = ("numpy", "numba", "scipy", "tensorflow", "keras")
PACKAGES = ("spintronic-crossbar", *LIBRARIES)


class OutputError(OSError):
    """A folder that cannot be written to; its text is one line."""


def prepare_folder(folder: Path) -> None:
    """Create `folder` and try to write into it, so that a long run does not fail at its end."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise OutputError(
            f"cannot write to --out {folder} ({error.strerror}): choose another folder"
        ) from error


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path beside `path` to write to; it takes the place of `path` on success."""
    with replacing_all([path]) as (temporary,):
        yield temporary


@contextmanager
def replacing_all(paths: Sequence[Path]) -> Iterator[tuple[Path, ...]]:
    """As `replacing`, for files that belong together: none takes its place before all are written.
    """
    temporary = tuple(path.with_name(f".{path.stem}.unfinished{path.suffix}") for path in paths)
    try:
        yield temporary
        for new, path in zip(temporary, paths, strict=True):
            new.replace(path)
    finally:
        for new in temporary:
            new.unlink(missing_ok=True)


def write_json(path: Path, content: object) -> None:
    """Write `content`, a record or JSON, indented; numbers that are not finite are refused."""
    text = json.dumps(to_json(content), indent=2, allow_nan=False) + "\n"
    with replacing(path) as temporary:
        temporary.write_text(text, encoding="utf-8")


def read_json(path: Path, kind: type[Record], command: str) -> Record:
    """The record that `write_json` wrote; errors name the `command` that writes it."""
    try:
        return from_json(kind, json.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise OutputError(f"{path} is missing: '{command}' writes it") from None
    except (json.JSONDecodeError, UnicodeDecodeError, RecordError) as error:
        raise OutputError(f"{path} is damaged ({error}): '{command}' writes it anew") from None


def versions(packages: tuple[str, ...] = PACKAGES) -> dict[str, str]:
    """Versions of Python and of `packages`."""
    found = {"python": platform.python_version()}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed (run from its folder)"
    return found
