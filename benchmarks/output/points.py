"""Points of a study on disk: one that is done is not done again, whatever interrupts the rest."""

import hashlib
import json
import math
import threading
from collections.abc import Callable
from pathlib import Path

from benchmarks.output.files import replacing, versions

_PACKAGES = ("device_models", "circuits", "crossbar", "benchmarks")
_SHOWN = ("figure.py", "report.py")  # what only draws or prints changes no result


def code_digest() -> str:
    """Digest of this project's source, stack files and libraries' versions."""
    root, digest = Path(__file__).parents[2], hashlib.blake2b(digest_size=12)
    for package in _PACKAGES:
        for path in sorted((root / package).rglob("*")):
            if path.suffix in (".py", ".toml") and not path.name.endswith(_SHOWN):
                digest.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    digest.update(json.dumps(versions()).encode())
    return digest.hexdigest()


class Points:
    """Numbers by what they depend on, a line each of a file.

    The file begins with the digest of the code that computed them; one of other code is emptied.

    Parameters
    ----------
    path : Path
        A file of JSON lines; made if missing. A last line that an interruption cut is dropped.
    """

    def __init__(self, path: Path) -> None:
        self._known: dict[str, float] = {}
        self._lock = threading.Lock()
        code = json.dumps(code_digest())
        text = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        head, *lines = text.split("\n")
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
                key, value = json.loads(line)
                if not isinstance(key, str) or not math.isfinite(value):
                    raise ValueError("expected a key and a finite number")
            except (ValueError, TypeError) as error:
                raise ValueError(f"{path}: line {number} is damaged ({error}); delete the file to "
                                 "compute its points again") from None
            self._known[key] = float(value)

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

    def close(self) -> None:
        """End writing."""
        self._file.close()
