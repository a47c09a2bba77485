"""The exact solution of a linear crossbar, without iteration.

`transconductance` runs once down the array and gives the currents of all unit inputs.
`NodalFactors` keeps what that pass computes, to solve for node voltages under any excitation.
The recursion is in `circuits.kernels.chain`; the idea is the block elimination of the nodal
equations, written in admittances so that it holds from zero to gigaohms.
"""

from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass

import numpy as np

from circuits.array.network import Network
from circuits.kernels import chain, lapack
from circuits.threads import keep_blas_on_one_thread
from device_models.checks import Floats

_RUN = 16  # rows eliminated at a time: measured, 8 to 32 are alike
_RUN_ELEMENTS = 2**25  # of their transfers, which limits the run of wide arrays


@dataclass(frozen=True)
class Orientation:
    """How a network is laid out for the elimination, which ends at its last level.

    The levels are the rows, or the columns if `turned`; in reversed order if `flipped`.
    """

    turned: bool
    flipped: bool

    @classmethod
    def of(cls, network: Network) -> "Orientation":
        """Along the longer side, ending where every line has an end that is not open."""
        m, n = network.g.shape
        turned = m < n and any(np.isfinite(network.row_z[:, end]).all() for end in (0, -1))
        last = network.row_z[:, -1] if turned else network.column_z[-1]
        return cls(turned, not np.isfinite(last).all())

    def apply(self, network: Network) -> Network:
        """The network in this layout."""
        network = network.turned() if self.turned else network
        return network.flipped() if self.flipped else network

    def undo(self, levels: Floats) -> Floats:
        """An array (levels, width, ...) of the layout as (rows, columns, ...)."""
        levels = levels[::-1] if self.flipped else levels
        return levels.swapaxes(0, 1) if self.turned else levels

    def do(self, values: Floats) -> Floats:
        """The inverse of `undo`, contiguous."""
        values = values.swapaxes(0, 1) if self.turned else values
        return np.ascontiguousarray(values[::-1] if self.flipped else values)


def transconductance(network: Network, threads: int = 1) -> Floats:
    """Currents [A] into all sensed column ends per volt on each row: (m, n) array [S].

    With two threads the elimination of the next rows overlaps the transport of the currents of
    those before. The work is about 2.8 m n^3 multiply-adds for the shorter side n.
    """
    keep_blas_on_one_thread()
    layout = Orientation.of(network)
    network = layout.apply(network)
    currents = _sweep(network, threads)
    if np.isfinite(network.column_z[0]).any():  # the other ends take their share
        shorted = network.column_z.sum(axis=0) == 0.0
        currents += np.where(shorted, 0.0, _sweep(network.flipped(), threads)[::-1])
    return np.ascontiguousarray(layout.undo(currents))


def _sweep(network: Network, threads: int) -> Floats:
    """Currents into the last level's ends; `_Currents` says what is carried down to them."""
    m, n = network.g.shape
    elimination = _Elimination(network)
    length = max(1, min(_RUN, m, _RUN_ELEMENTS // n**2))
    currents = _Currents(n, length)
    with ThreadPoolExecutor(1) if threads > 1 else nullcontext() as pool:
        pending: Future[None] | None = None
        for start in range(0, m, length):
            run = elimination.advance(start, min(start + length, m))
            if pending is not None:
                pending.result()
            if pool is None:
                currents.carry(*run, top=start == 0)
            else:
                pending = pool.submit(currents.carry, *run, top=start == 0)
        if pending is not None:
            pending.result()
    return currents.finish(elimination.last_transfer())


class _Elimination:
    """The admittance of the rows passed so far, and the transfers between them."""

    def __init__(self, network: Network) -> None:
        n = network.g.shape[1]
        self._network = network
        self._k = np.zeros((n, n))
        self._work = np.empty((2 * n + 2, n))
        self._info = np.zeros(1, np.int32)

    def advance(self, start: int, stop: int) -> tuple[Floats, Floats]:
        """Eliminate rows start..stop: their transfers (rows, n, n) and drives (rows, n)."""
        n = self._k.shape[0]
        transfers, drives = np.empty((stop - start, n, n)), np.empty((stop - start, n))
        self.advance_into(start, stop, transfers, drives)
        return transfers, drives

    def advance_into(self, start: int, stop: int, transfers: Floats, drives: Floats) -> None:
        """`advance` into given arrays."""
        net = self._network
        rows = slice(start, stop)
        chain.eliminate(net.g[rows], net.row_z[rows], net.column_z[rows], start == 0, self._k,
                        transfers, drives, self._work, self._info)
        self._check()

    def last_transfer(self) -> Floats:
        """The transfer (n, n) from the last row into the sensed ends."""
        n = self._k.shape[0]
        transfer = np.empty((n, n))
        chain.column_transfer(self._k, self._network.column_z[-1], transfer, self._work[:n],
                              self._info)
        self._check()
        return transfer

    def _check(self) -> None:
        if self._info[0] != 0:
            raise ArithmeticError(
                "the nodal equations lost positive definiteness, which finite non-negative "
                "conductances and resistances do not do; please report this circuit"
            )


class _Currents:
    """Currents of unit inputs on their way down, in stretches.

    A stretch starts from the unit currents at its top (the first one from nothing) and collects
    the drives of its own rows, so the number of carried currents stays near n however long the
    array is; `finish` joins the stretches from below.
    """

    def __init__(self, n: int, run: int) -> None:
        self._n = n
        self._x = np.empty((n + n + run, n))
        self._y = np.empty_like(self._x)
        self._count = 0
        self._stretches: list[Floats] = []

    def carry(self, transfers: Floats, drives: Floats, top: bool) -> None:
        """Carry all currents down one run of rows."""
        full = 2 * self._n if self._stretches else self._n
        if (self._stretches and self._count > self._n) or self._count >= full:
            self._close()
        chain.carry(transfers, drives, top, self._count, self._x, self._y)
        self._count += len(drives)

    def _close(self) -> None:
        self._stretches.append(self._x[: self._count].copy())
        self._x[: self._n] = np.eye(self._n)
        self._count = self._n

    def finish(self, transfer: Floats) -> Floats:
        """Currents at the sensed ends: (rows, n), given the last transfer."""
        parts = []
        for own in reversed([*self._stretches, self._x[: self._count]]):
            reached = np.empty_like(own)
            lapack.multiply(own[:, : self._n], transfer[:, : self._n], reached[:, : self._n],
                            1.0, 0.0)
            parts.append(reached[self._n :])
            transfer = reached[: self._n]
        parts[-1] = reached
        return np.concatenate(parts[::-1])


@dataclass(frozen=True, eq=False)
class NodalFactors:
    """The eliminated nodal equations of a linear network, ready for any excitation.

    Memory: 8 m n^2 bytes for the longer side m and the shorter side n.
    """

    network: Network
    layout: Orientation
    transfers: Floats

    @classmethod
    def of(cls, network: Network) -> "NodalFactors":
        """Eliminate `network`, usually along its longer side."""
        layout = Orientation.of(network)
        network = layout.apply(network)
        m, n = network.g.shape
        transfers = np.empty((m + 1, n, n))
        keep_blas_on_one_thread()
        elimination = _Elimination(network)
        elimination.advance_into(0, m, transfers[:m], np.empty((m, n)))
        transfers[m] = elimination.last_transfer()
        return cls(network, layout, transfers)

    def solve(self, voltages: Floats, excess: Floats | None = None) -> tuple[Floats, Floats]:
        """Row and column node voltages (rows, columns, batch) [V].

        `voltages` (rows, batch) [V] drive the rows; `excess` (rows, columns, batch) [A] flows
        from row to column through each cross-point beside its linear device.
        """
        batch = voltages.shape[1]
        m, n = self.network.g.shape
        ends, edge = np.zeros((m, 2, batch)), np.zeros((2, n, batch))
        if self.layout.turned:
            edge[:] = voltages
        else:
            ends[:] = self.layout.do(voltages)[:, None]
        excess = np.zeros((m, n, batch)) if excess is None else self.layout.do(excess)
        if self.layout.turned:
            excess = -excess
        u, w = np.empty((m, n, batch)), np.empty((m, n, batch))
        net = self.network
        arguments = (net.g, net.row_z, net.column_z, self.transfers, ends, edge, excess, u, w)
        chain.descend(*arguments)
        chain.ascend(*arguments)
        u, w = self.layout.undo(u), self.layout.undo(w)
        return (w, u) if self.layout.turned else (u, w)
