"""How many threads work, and on what.

Parallelism is over tiles, or over the two halves of one solution; the linear algebra below stays on
one thread. Two threaded pools at once are many times slower than one.
"""

import functools
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from threadpoolctl import ThreadpoolController


def available_threads() -> int:
    """Number of processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Limit:
    """One limit shared by all threads that want it: the first sets it, the last lifts it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._users = 0

    @functools.cached_property
    def _controller(self) -> ThreadpoolController:
        return ThreadpoolController()

    def __enter__(self) -> None:
        with self._lock:
            if self._users == 0:
                self._limiter = self._controller.limit(limits=1, user_api="blas")
            self._users += 1

    def __exit__(self, *_: object) -> None:
        with self._lock:
            self._users -= 1
            if self._users == 0:
                self._limiter.restore_original_limits()


_LIMIT = _Limit()


@contextmanager
def single_threaded_blas() -> Iterator[None]:
    """Keep BLAS on the calling thread for as long as any such context is open."""
    with _LIMIT:
        yield
