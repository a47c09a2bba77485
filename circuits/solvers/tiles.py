"""Many circuits at once, one thread each."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from circuits.threads import available_threads
from device_models.checks import whole

T = TypeVar("T")
R = TypeVar("R")


def solve_tiles(
    quantity: Callable[[T], R], tiles: Sequence[T], threads: int | None = None
) -> Iterator[R]:
    """`quantity(tile)` of each tile, in order, as they are done.

    The solvers leave the interpreter lock and keep BLAS on one thread, so tiles scale with the
    cores. `threads` (1 or more) defaults to the processors this process may use.
    """
    workers = available_threads() if threads is None else whole("threads", threads, 1)
    with ThreadPoolExecutor(workers) as pool:
        yield from pool.map(quantity, tiles)
