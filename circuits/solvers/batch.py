"""Many inputs of one array, solved a few at a time on all processors."""

import warnings
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from queue import SimpleQueue
from typing import TypeVar

import numpy as np

from circuits.array.array import Array
from circuits.copies import ReadOnly, read_only
from circuits.kernels import elementwise
from circuits.solvers.nodes import Indices, Nodes
from circuits.solvers.workspace import Workspace
from circuits.threads import available_threads
from device_models.checks import Floats

R = TypeVar("R")
# voltages (rows, few) [V], the first one's number, where the solution may lie until the next call
Solve = Callable[[Floats, int, Workspace], Nodes]

_CHUNK = 2**18  # node voltages solved for at a time, per thread: they stay in cache
_LARGE = 2**22  # the same for arrays so large that a few inputs leave it anyway
_MOST_BYTES = 8e9  # of node arrays that are kept


@dataclass(frozen=True, eq=False)
class Batch(ReadOnly, ABC):
    """Inputs of an array, and what solves them.

    Column currents are kept, node voltages only once `nodes` has been asked for: what is wanted of
    them is worked out chunk by chunk by `each`, so that memory stays bounded for any batch.

    Parameters
    ----------
    array : Array
        The array.
    voltages : (batch, rows) array
        Its inputs [V].
    """

    array: Array
    voltages: Floats

    @property
    @abstractmethod
    def column_currents(self) -> Floats:
        """Currents out of the columns into ground, (batch, columns) [A]."""

    @property
    @abstractmethod
    def iterations(self) -> Indices:
        """Linear solutions that each input took, (batch,)."""

    @abstractmethod
    def _ready(self) -> Solve:
        """What solves a few inputs; got ready by one thread, then called by all."""

    @cached_property
    def nodes(self) -> Nodes:
        """All node voltages and device currents.

        Raises
        ------
        MemoryError
            If they would not fit, before any is computed.
        """
        batch, (m, n) = len(self.voltages), self.array.shape
        needed = 24.0 * batch * m * n
        if needed > _MOST_BYTES:
            raise MemoryError(
                f"the node voltages of {batch} inputs need {needed / 1e9:.0f} GB; solve "
                "fewer inputs at a time, or ask for column_currents, power or kcl_residual only"
            )
        found = Nodes.empty((m, n), batch)
        for _ in self.each_chunk(lambda chunk, nodes: found.put(chunk, nodes)):
            pass
        read_only(vars(found))
        return found

    def each(self, quantity: Callable[[Floats, Nodes], R]) -> Iterator[R]:
        """`quantity(voltages (rows, few), nodes)` of a few inputs at a time, in order.

        The arrays of `nodes` are written again afterwards: `quantity` returns something else.
        """
        return self.each_chunk(lambda chunk, nodes: quantity(self._inputs(chunk), nodes))

    def each_chunk(self, work: Callable[[slice, Nodes], R]) -> Iterator[R]:
        """`work` of the numbers of a few inputs and their solution, in order, on all processors.

        As of `each`, the solution is written over afterwards.
        """
        solved = self._solved()
        threads = available_threads()
        free: SimpleQueue[Workspace] = SimpleQueue()
        for _ in range(threads):
            free.put(Workspace())

        def one(chunk: slice) -> R:
            workspace = free.get()
            try:
                return work(chunk, solved(chunk, workspace))
            finally:
                free.put(workspace)

        with ThreadPoolExecutor(threads) as pool:
            yield from pool.map(one, chunks(self.array.shape, len(self.voltages)))

    def _solved(self) -> Callable[[slice, Workspace], Nodes]:
        """What finds the solution of a chunk: among what is kept, or anew."""
        kept: Nodes | None = self.__dict__.get("nodes")
        if kept is not None:
            return lambda chunk, _: kept.of(chunk)
        solve = self._ready()

        def anew(chunk: slice, workspace: Workspace) -> Nodes:
            nodes = solve(self._inputs(chunk), chunk.start, workspace)
            _warn_beyond(self.array, nodes)
            return nodes

        return anew

    def _inputs(self, chunk: slice) -> Floats:
        return np.array(self.voltages[chunk].T, order="C")  # kernels are compiled for writable ones


def chunks(shape: tuple[int, int], count: int) -> list[slice]:
    """The stretches in which `count` inputs of an array of `shape` are solved."""
    m, n = shape
    size = min(max(_CHUNK // (m * n), min(16, _LARGE // (m * n)), 1), 64)
    return [slice(start, min(start + size, count)) for start in range(0, count, size)]


def _warn_beyond(array: Array, nodes: Nodes) -> None:
    """Warn of device voltages at which the law is not known."""
    devices = array.devices
    low, high = devices.law.limits
    if np.isinf(low) and np.isinf(high):
        return
    u, w = nodes.u, nodes.w
    if np.any(devices.access):
        u, w = devices.own_voltage(u - w), np.zeros_like(w)
    lowest, highest = elementwise.extremes(u, w, devices.conductance.any(axis=0))
    if lowest < low or highest > high:
        warnings.warn(
            f"device voltages from {lowest:.3g} to {highest:.3g} V leave the range of the "
            f"law, {low:.3g} to {high:.3g} V; it was continued by straight lines",
            stacklevel=2,
        )
