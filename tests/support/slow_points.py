"""Points that take a while, or fail, in whichever process computes them: for tests of sweeps."""

import os
import time

from benchmarks.sweep.tasks import Task


def tiny(task: Task) -> dict[str, float]:
    """Something that depends on all of a task, at once."""
    return {"analog": task.seed / 2**32 + task.network}


def slow(task: Task) -> dict[str, float]:
    """The same, after a tenth of a second."""
    time.sleep(0.1)
    return tiny(task)


def failing(task: Task) -> dict[str, float]:
    """A ValueError for some, for the others as `tiny`."""
    if "--cells=2" in task.flags:
        raise ValueError("two cells are wrong")
    return tiny(task)


def deadly(task: Task) -> dict[str, float]:
    """The end of the process for one of them."""
    if "--cells=2" in task.flags and task.chip == 0:
        os._exit(9)
    return tiny(task)


def endless(task: Task) -> dict[str, float]:
    """A number that is none."""
    return {"analog": float("nan")}
