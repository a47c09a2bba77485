"""Points of a study on disk: one that is done is not done again, whatever interrupts the rest."""

import hashlib
import json
import math
import threading
from collections.abc import Callable
from pathlib import Path

from benchmarks.output.files import replacing


class Points:
    """Numbers by what they depend on, a line each of a file.

    The file begins with the digest of the code that computed them; one of other code is emptied.

    Parameters
    ----------
    path : Path
        A file of JSON lines; made if missing. A last line that an interruption cut is dropped.
    code : str
        Digest of what computes them now, as `Source.digest`.
    """

    def __init__(self, path: Path, code: str) -> None:
        self._known: dict[str, float] = {}
        self._lock = threading.Lock()
        code = json.dumps(code)
        text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        head, *lines = text.split("\n")
        if text and not (head.startswith('"') and head.endswith('"')):
            raise ValueError(f"{path} holds no points: it does not begin with the digest of what "
                             "computed them; move it elsewhere, or delete it")
        if head == code and lines:
            self._read(path, lines[:-1])
        with replacing(path) as whole:
            kept = [code, *(json.dumps([key, value]) for key, value in self._known.items())]
            whole.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
        self.found = len(self._known)
        self.outdated = text != "" and head != code
        self._file = path.open("a", encoding="utf-8")

    def _read(self, path: Path, lines: list[str]) -> None:
        for number, line in enumerate(lines, 2):
            try:
                match json.loads(line):
                    case [str() as key, float() | int() as value] if (
                            not isinstance(value, bool) and math.isfinite(value)):
                        self._known[key] = float(value)
                    case _:
                        raise _damaged(path, number, "expected a key and a finite number")
            except json.JSONDecodeError as error:
                raise _damaged(path, number, str(error)) from None

    def get(self, what: str, compute: Callable[[], float]) -> float:
        """The stored number for `what`, which must say all it depends on; else computed, stored.

        Several threads may ask at once, for different things.
        """
        key = hashlib.blake2b(what.encode(), digest_size=12).hexdigest()
        if key not in self._known:
            found = compute()
            with self._lock:
                self._known[key] = found
                self._file.write(json.dumps([key, found]) + "\n")
                self._file.flush()
        return self._known[key]

    @property
    def told(self) -> str:
        """What is to be said of those that were there already; nothing if there were none."""
        if self.found:
            return f"{self.found} points are done already"
        return ("the points there are of other code or versions, so they are computed anew"
                if self.outdated else "")

    def close(self) -> None:
        """End writing."""
        self._file.close()


def _damaged(path: Path, line: int, why: str) -> ValueError:
    return ValueError(f"{path}: line {line} is damaged ({why}); delete the file to compute its "
                      "points again")
