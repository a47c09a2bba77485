"""Many circuits at once, one thread each."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from circuits.threads import available_threads, single_threaded_blas

T = TypeVar("T")
R = TypeVar("R")


def solve_tiles(
    quantity: Callable[[T], R], tiles: Sequence[T], threads: int | None = None
) -> Iterator[R]:
    """`quantity(tile)` of each tile, in order, as they are done.

    The solvers leave the interpreter lock and keep BLAS on one thread, so tiles scale with the
    cores. `threads` defaults to the processors this process may use.
    """
    workers = threads or available_threads()
    with single_threaded_blas(), ThreadPoolExecutor(workers) as pool:
        yield from pool.map(quantity, tiles)
