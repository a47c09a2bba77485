"""Tasks on a Dask cluster: of this machine, or the one whose scheduler is given."""

import contextlib
from collections.abc import Iterator
from typing import Any

from benchmarks.sweep.outcome import Measure, Outcome, tried
from benchmarks.sweep.processes import THREADS, limited
from benchmarks.sweep.tasks import Task

_AHEAD = 4  # tasks waiting for each worker: a scheduler far away takes longer
_RETRIES = 5  # workers that may die with one task in hand


class ClusterError(OSError):
    """A cluster that is not there, or no longer; its text is one line."""


class Cluster:
    """A scheduler at an `address`, or else `workers` local processes of `threads` threads."""

    def __init__(self, address: str | None, workers: int, threads: int,
                 memory: int | None = None) -> None:
        self.address, self.workers, self.threads, self.memory = address, workers, threads, memory

    def __str__(self) -> str:
        return (f"Dask at {self.address}" if self.address else
                f"Dask, {self.workers} processes of {self.threads} threads")

    def outcomes(self, tasks: Iterator[Task], measure: Measure) -> Iterator[Outcome]:
        """What comes of each task, as it comes; few are taken before they are needed."""
        from distributed import KilledWorker, as_completed
        from distributed.client import FutureCancelledError
        from distributed.comm import CommClosedError

        with limited(self.threads), self._client() as client:
            held: dict[str, Task] = {}
            ready = as_completed()

            def submit() -> bool:
                task = next(tasks, None)
                if task is None:
                    return False
                future = client.submit(tried, measure, task, key=task.key, retries=_RETRIES,
                                       pure=False)
                held[future.key] = task
                ready.add(future)
                return True

            while len(held) < _AHEAD * self._size(client) and submit():
                pass
            try:
                for future in ready:
                    task = held.pop(future.key)
                    try:
                        outcome = future.result()
                    except KilledWorker:
                        outcome = Outcome(task, None, "workers died with it in hand: out of "
                                                      "memory, or killed", 0.0)
                    yield outcome
                    submit()
            except (CommClosedError, FutureCancelledError, TimeoutError) as error:
                raise ClusterError(f"the scheduler of {self} is gone ({type(error).__name__}); all "
                                   "that was found is kept: start the same command again") from None

    @contextlib.contextmanager
    def _client(self) -> Iterator[Any]:  # distributed has no types
        from distributed import Client, LocalCluster

        try:
            if self.address:
                with Client(self.address, timeout="10s", direct_to_workers=False) as client:
                    yield client
                return
            with LocalCluster(
                    n_workers=self.workers, threads_per_worker=1, processes=True,
                    memory_limit=self.memory or "auto", dashboard_address=None,
                    env=dict.fromkeys(THREADS, str(self.threads))) as local, Client(
                        local) as client:
                yield client
        except OSError as error:
            if isinstance(error, ClusterError):
                raise
            raise ClusterError(f"no scheduler answers at {self.address or 'this machine'} "
                               f"({error}); expected tcp://HOST:PORT of 'dask scheduler'") from None

    def _size(self, client: Any) -> int:  # distributed has no types
        return max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
