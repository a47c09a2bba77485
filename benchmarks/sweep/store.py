"""What a study has found so far: one SQLite file, a row a point, of one writer at a time."""

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from benchmarks.sweep.tasks import Task

_MARK = 0x58424152  # application_id of these files
_TABLE = """
CREATE TABLE IF NOT EXISTS points (
    key TEXT PRIMARY KEY, settings TEXT NOT NULL, flags TEXT NOT NULL, network INTEGER NOT NULL,
    chip INTEGER NOT NULL, seed INTEGER NOT NULL, code TEXT NOT NULL, found TEXT, error TEXT,
    seconds REAL NOT NULL) WITHOUT ROWID
"""


class StoreError(OSError):
    """A file of points that cannot be used; its text is one line."""


@dataclass(frozen=True)
class Row:
    """A point that was tried: what was `found`, in SI, or the `error`, and how long it took [s]."""

    key: str
    found: dict[str, float] | None
    error: str | None
    seconds: float


class Store:
    """The rows of a file; made if missing.

    It is locked as long as it is open, whatever ends the process that holds it. Each row is written
    as it comes, whole or not at all.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._file = sqlite3.connect(path, timeout=0.2, isolation_level=None)
            self._open()
        except sqlite3.Error as error:
            raise self._refused(error) from None

    def _open(self) -> None:
        run = self._file.execute
        run("PRAGMA locking_mode = EXCLUSIVE")
        run("BEGIN EXCLUSIVE")
        mark = run("PRAGMA application_id").fetchone()[0]
        tables = {row[0] for row in run("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if tables and mark != _MARK:
            raise StoreError(f"{self.path} is a database of something else; expected points of a "
                             "study: give another --out")
        run(f"PRAGMA application_id = {_MARK}")
        run(_TABLE)
        run("COMMIT")
        run("PRAGMA journal_mode = WAL")
        run("PRAGMA synchronous = NORMAL")
        whole = run("PRAGMA quick_check").fetchone()[0]
        if whole != "ok":
            raise StoreError(f"{self.path} is damaged ({whole}); nothing was changed: move it "
                             "elsewhere, its whole rows can be read by sqlite3")

    def _refused(self, error: sqlite3.Error) -> StoreError:
        text = str(error)
        if "locked" in text:
            return StoreError(f"{self.path} is being written by another process; expected one "
                              "study at a time in a folder: wait, or give another --out")
        if "full" in text:
            return StoreError(f"{self.path} cannot grow, the disk is full; all rows before are "
                              "kept: make room, and start the same command again")
        if "unable to open" in text or "readonly" in text:
            return StoreError(f"{self.path} cannot be written ({text}): choose another --out")
        return StoreError(f"{self.path} is damaged or no file of points ({text}); nothing was "
                          "changed: move it elsewhere, or give another --out")

    def rows(self) -> Iterator[Row]:
        """All rows, by their keys."""
        try:
            for key, found, error, seconds in self._file.execute(
                    "SELECT key, found, error, seconds FROM points ORDER BY key"):
                yield Row(key, None if found is None else json.loads(found), error, seconds)
        except (sqlite3.Error, json.JSONDecodeError) as error:
            raise StoreError(f"{self.path} is damaged ({error}); nothing was changed") from None

    def put(self, task: Task, found: dict[str, float] | None, error: str | None, seconds: float
            ) -> None:
        """Write what came of a task: numbers, or why there are none."""
        text = None if found is None else json.dumps(found, allow_nan=False)
        try:
            self._file.execute(
                "INSERT OR REPLACE INTO points VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (task.key, json.dumps(dict(task.settings)), json.dumps(task.flags), task.network,
                 task.chip, task.seed, task.code, text, error, seconds))
        except sqlite3.Error as problem:
            raise self._refused(problem) from None

    def close(self) -> None:
        """Let others at it."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()
