"""Times, and peak memory in a process of its own, so that a figure belongs to what it names."""

import importlib
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from benchmarks.speed.row import Row

Found = TypeVar("Found")

_STATUS = Path("/proc/self/status")
_ENOUGH = 10.0  # s after which nothing is repeated


class ProcessError(OSError):
    """A measuring process that did not end well; its text is one line."""


def best(work: Callable[[], Found], repeat: int) -> tuple[float, Found]:
    """Shortest time [s] of `repeat` runs, fewer where these take long, and the last result."""
    times: list[float] = []
    while len(times) < repeat and sum(times) < _ENOUGH:
        start = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - start)
    return min(times), result


def peak_memory() -> int | None:
    """Largest resident memory of this process so far [byte]; None where it cannot be known.

    On Linux from VmHWM: ru_maxrss starts at what the parent held when it started this process.
    """
    if _STATUS.exists():
        lines = _STATUS.read_text(encoding="ascii", errors="replace").splitlines()
        peaks = [line.split()[1] for line in lines if line.startswith("VmHWM:")]
        return 1024 * int(peaks[0]) if peaks else None
    try:
        import resource
    except ImportError:  # Windows
        return None
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else 1024 * peak


def in_own_process(work: Callable[..., Row], **arguments: float | str | None) -> Row:
    """`work(**arguments)` in a fresh process, with its `peak_bytes` in the row.

    They are those at the end, unless `work` says at which point they count.

    Raises
    ------
    ProcessError
        If the process fails or is stopped.
    """
    command = [sys.executable, "-m", "benchmarks.speed.process",
               f"{work.__module__}:{work.__qualname__}", json.dumps(arguments)]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True,
                          check=False)
    lines = done.stdout.splitlines()
    if done.returncode or not lines:
        reason = lines[-1] if lines else (
            f"ended with status {done.returncode}" if done.returncode >= 0 else
            f"was stopped by signal {-done.returncode}, perhaps for want of memory")
        raise ProcessError(f"{work.__name__} in its own process: {reason}")
    row: Row = json.loads(lines[-1])
    return row


def grown(row: Row) -> int | None:
    """Memory [byte] a process took beyond what it held at its start."""
    start, peak = row["start_bytes"], row["peak_bytes"]
    return None if start is None or peak is None else max(0, peak - start)


def main() -> int:
    """The measuring process: prints its row as one line of JSON."""
    module, _, name = sys.argv[1].partition(":")
    try:
        row = getattr(importlib.import_module(module), name)(**json.loads(sys.argv[2]))
    except KeyboardInterrupt:  # the process that waits for this one says so
        return 130
    except (ValueError, OSError, ArithmeticError, MemoryError) as error:
        print(f"{type(error).__name__}: {' '.join(str(error).split())}")
        return 1
    print(json.dumps({"peak_bytes": peak_memory(), **row}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
