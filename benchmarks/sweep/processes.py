"""Tasks on the processes of this machine, by concurrent.futures; a worker that dies is replaced."""

import contextlib
import multiprocessing
import os
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from benchmarks.sweep.outcome import Measure, Outcome, tried
from benchmarks.sweep.tasks import Task

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS",
           "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")
"""What says how many threads a library takes, when it is loaded."""
_AHEAD = 2  # tasks waiting for each worker
_DEATHS = 5  # of workers with one task in hand, after which it has failed
_WATCH = 0.5  # [s] between looks at whether the driver lives


class Processes:
    """`workers` processes of `threads` threads and `memory` [byte] each."""

    def __init__(self, workers: int, threads: int, memory: int | None = None) -> None:
        self.workers, self.threads, self.memory = workers, threads, memory

    def __str__(self) -> str:
        return f"{self.workers} processes of {self.threads} threads"

    def outcomes(self, tasks: Iterator[Task], measure: Measure) -> Iterator[Outcome]:
        """What comes of each task, as it comes; few are taken before they are needed."""
        again: deque[Task] = deque()
        deaths: Counter[str] = Counter()
        while True:
            held: dict[Future[Outcome], Task] = {}
            with limited(self.threads), self._pool() as pool:
                try:
                    yield from self._run(pool, again, tasks, measure, held, deaths)
                    return
                except BrokenProcessPool:
                    yield from _after_death(held, again, deaths)
                except BaseException:
                    _end(pool)
                    raise

    def _pool(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(
            self.workers, multiprocessing.get_context("spawn"), _start, (os.getpid(), self.memory))

    def _run(self, pool: ProcessPoolExecutor, again: deque[Task], tasks: Iterator[Task],
             measure: Measure, held: dict[Future[Outcome], Task], deaths: Counter[str]
             ) -> Iterator[Outcome]:
        while True:
            alone = bool(again) and deaths[again[0].key] > 1  # find out whose fault it is
            room = (1 if alone else _AHEAD * self.workers) - len(held)
            for _ in range(room):
                task = again.popleft() if again else next(tasks, None)
                if task is None:
                    break
                try:
                    held[pool.submit(tried, measure, task)] = task
                except BrokenProcessPool:  # a worker died since the last look; no one had this task
                    again.appendleft(task)
                    raise
            if not held:
                return
            done, _ = wait(held, return_when=FIRST_COMPLETED)
            for future in done:
                outcome = future.result()
                del held[future]
                yield outcome


def _after_death(
    held: dict[Future[Outcome], Task], again: deque[Task], deaths: Counter[str]
) -> Iterator[Outcome]:
    """Outcomes that were ready; the other tasks stand in `again`, or have killed too many."""
    for future, task in held.items():
        if future.done() and future.exception() is None:
            yield future.result()
            continue
        deaths[task.key] += 1
        if deaths[task.key] >= _DEATHS:
            yield Outcome(task, None, f"{_DEATHS} workers died with it in hand: out of memory, or "
                                      "killed", 0.0)
        else:
            again.append(task)


def _end(pool: ProcessPoolExecutor) -> None:
    """Stop at once: what is being computed is computed anew next time."""
    for process in list((pool._processes or {}).values()):
        process.kill()
    pool.shutdown(wait=False, cancel_futures=True)


@contextlib.contextmanager
def limited(threads: int) -> Iterator[None]:
    """Processes that start meanwhile take `threads` threads."""
    before = {name: os.environ.get(name) for name in THREADS}
    os.environ.update(dict.fromkeys(THREADS, str(threads)))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _start(driver: int, memory: int | None) -> None:
    """In a new worker: a limit to its memory, and an end when the driver ends."""
    if memory is not None:
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))

    def watch() -> None:
        while os.getppid() == driver:
            time.sleep(_WATCH)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


