"""What comes of a task, wherever it is computed."""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.sweep.tasks import Task

Measure = Callable[[Task], dict[str, float]]


@dataclass(frozen=True)
class Outcome:
    """Numbers in SI by their names, or the error, and how long it took [s]."""

    task: Task
    found: dict[str, float] | None
    error: str | None
    seconds: float


def tried(measure: Measure, task: Task) -> Outcome:
    """What `measure` finds; an error of whatever kind is the point's, and stops no other."""
    start = time.perf_counter()
    found, error = None, None
    try:
        found = measure(task)
        bad = [name for name, value in found.items() if not math.isfinite(value)]
        if bad:
            found, error = None, f"{', '.join(bad)} are not finite"
    except Exception as problem:  # of whatever kind: it is kept beside its point
        error = f"{type(problem).__name__}: {problem}"
    return Outcome(task, found, error, time.perf_counter() - start)
