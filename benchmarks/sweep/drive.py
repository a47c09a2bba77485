"""A study driven to its end: what is not in the store yet is computed, and stored as it comes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from tqdm import tqdm

from benchmarks.sweep.outcome import Measure, Outcome
from benchmarks.sweep.store import Store
from benchmarks.sweep.tasks import Task


class Workers(Protocol):
    """Where tasks are computed."""

    def outcomes(self, tasks: Iterator[Task], measure: Measure) -> Iterator[Outcome]:
        """What comes of each task, in whatever order."""


@dataclass(frozen=True)
class Tally:
    """How many points a run found there, computed, and failed to."""

    known: int
    computed: int
    failed: int


def drive(tasks: Iterable[Task], store: Store, workers: Workers, measure: Measure, *,
          retry: bool = False) -> Tally:
    """Compute and store each of the `tasks` that the `store` lacks; `retry` those that failed."""
    every = {task.key: task for task in tasks}
    there = {row.key for row in store.rows() if row.error is None or not retry}
    wanted = [task for key, task in every.items() if key not in there]
    computed = failed = 0
    with tqdm(total=len(every), initial=len(every) - len(wanted), disable=None, leave=False,
              desc="points", smoothing=0.1) as bar:
        for outcome in workers.outcomes(iter(wanted), measure) if wanted else ():
            store.put(outcome.task, outcome.found, outcome.error, outcome.seconds)
            computed += 1
            failed += outcome.error is not None
            bar.set_postfix_str(f"{failed} failed" if failed else "")
            bar.update(1)
    if computed < len(wanted):
        raise RuntimeError(f"{len(wanted) - computed} of {len(wanted)} points have no outcome; "
                           "what was found is kept: start the same command again")
    return Tally(len(every) - len(wanted), computed, failed)
