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

from circuits.kernels import chain
from circuits.network import Network
from circuits.threads import single_threaded_blas
from device_models.checks import Floats

_RUN = 16  # rows eliminated at a time: measured, 8 to 32 are alike


def transconductance(network: Network, threads: int = 1) -> Floats:
    """Currents [A] into the sensed column ends per volt on each row: (m, n) array [S].

    With two threads the elimination of the next rows overlaps the transport of the currents of
    those before. The work is about 2.8 m n^3 multiply-adds for the shorter side n.
    """
    m, n = network.g.shape
    with single_threaded_blas():
        if m < n:  # reciprocity: drive the columns, sense the rows
            return np.ascontiguousarray(_sweep(network.turned(), threads).T[::-1, ::-1])
        return _sweep(network, threads)


def _sweep(network: Network, threads: int) -> Floats:
    """One pass down the rows; see `_Currents` for what it carries along."""
    m, n = network.g.shape
    elimination = _Elimination(network)
    currents = _Currents(n, min(_RUN, m))
    with ThreadPoolExecutor(1) if threads > 1 else nullcontext() as pool:
        pending: Future[None] | None = None
        for start in range(0, m, _RUN):
            run = elimination.advance(start, min(start + _RUN, m))
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
            reached = own @ transfer
            parts.append(reached[self._n :])
            transfer = reached[: self._n]
        parts[-1] = reached
        return np.concatenate(parts[::-1])


@dataclass(frozen=True)
class NodalFactors:
    """The eliminated nodal equations of a linear network, ready for any excitation.

    Memory: 8 m n^2 bytes for the longer side m and the shorter side n.
    """

    network: Network
    turned: bool
    transfers: Floats

    @classmethod
    def of(cls, network: Network) -> "NodalFactors":
        """Eliminate `network` along its longer side."""
        turned = network.g.shape[0] < network.g.shape[1]
        network = network.turned() if turned else network
        m, n = network.g.shape
        transfers = np.empty((m + 1, n, n))
        with single_threaded_blas():
            elimination = _Elimination(network)
            elimination.advance_into(0, m, transfers[:m], np.empty((m, n)))
            transfers[m] = elimination.last_transfer()
        return cls(network, turned, transfers)

    def solve(self, voltages: Floats) -> tuple[Floats, Floats]:
        """Row and column node voltages (batch, rows, columns) [V] for inputs (batch, rows) [V]."""
        batch = len(voltages)
        m, n = self.network.g.shape
        ends, edge = np.zeros((m, 2, batch)), np.zeros((2, n, batch))
        if self.turned:
            edge[1] = voltages.T[::-1]
        else:
            ends[:, 0] = voltages.T
        net = self.network
        u, w = np.empty((m, n, batch)), np.empty((m, n, batch))
        arguments = (net.g, net.row_z, net.column_z, self.transfers, ends, edge,
                     np.zeros((2, m, n, batch)), u, w)
        with single_threaded_blas():
            chain.descend(*arguments)
            chain.ascend(*arguments)
        if self.turned:
            u, w = w.transpose(1, 0, 2)[::-1, ::-1], u.transpose(1, 0, 2)[::-1, ::-1]
        return np.moveaxis(u, -1, 0), np.moveaxis(w, -1, 0)
