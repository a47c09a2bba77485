"""What conjugate gradients solve instead of the array, exactly and at once.

With D the devices, L the columns and K the rows' admittance seen from the columns the equations for
the column node voltages are (L + K) w = c. A preconditioner is L + B with a B close to K. As
(L + B) z = r is solved exactly, (L + K) z = r + (K - B) z: no wire is ever inverted.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

import numpy as np
from scipy import fft

from circuits.array.network import Network
from circuits.kernels import gradients
from circuits.threads import available_threads
from device_models.checks import Floats

_WORTH_A_THREAD = 2**16  # nodes
_ALIKE = 1.3  # means of rows, largest over smallest, that count as one


T = TypeVar("T")


@dataclass(frozen=True)
class Halves:
    """The upper and lower rows of an array, worked on by two threads or one after the other.

    Parameters
    ----------
    count : int
        Rows.
    pool : Executor or None
        The second thread.
    """

    count: int
    pool: Executor | None = None

    @classmethod
    @contextmanager
    def of(cls, shape: tuple[int, int]) -> Iterator["Halves"]:
        """For an array of `shape`: with a second thread where it pays."""
        if shape[0] * shape[1] < _WORTH_A_THREAD or available_threads() == 1:
            yield cls(shape[0])
            return
        with ThreadPoolExecutor(1) as pool:
            yield cls(shape[0], pool)

    @property
    def meet(self) -> int:
        """The row in which the halves of the columns meet: the first of the lower half."""
        return self.count // 2

    def run(self, work: Callable[[slice, bool], T]) -> tuple[T, T]:
        """`work(rows, upper)` of both halves."""
        upper, lower = slice(0, self.meet), slice(self.meet, self.count)
        if self.pool is None:
            return work(upper, True), work(lower, False)
        other = self.pool.submit(work, lower, False)
        return work(upper, True), other.result()


@dataclass(frozen=True, eq=False)
class Ladders:
    """Factors of all rows, or all columns, (m, n); see `circuits.kernels.gradients`."""

    t: Floats
    h: Floats

    @classmethod
    def of_rows(cls, halves: Halves, g: Floats, z: Floats) -> "Ladders":
        """Rows with devices `g` (m, n) [S] and resistances `z` (m, n + 1) [ohm]."""
        made = cls(np.empty(g.shape), np.empty(g.shape))
        halves.run(lambda at, _: gradients.factorise_rows(g[at], z[at], made.t[at], made.h[at]))
        return made

    @classmethod
    def of_columns(cls, halves: Halves, g: Floats, z: Floats) -> "Ladders":
        """Columns with devices `g` (m, n) [S] and resistances `z` (m + 1, n) [ohm]."""
        t, h, k = np.empty(g.shape), np.empty(g.shape), halves.meet
        seen = np.empty((2, g.shape[1]))

        def half(at: slice, upper: bool) -> None:
            start = at.start if upper else k + 1
            gradients.factorise_columns(g, z, start, at.stop, upper, t, h, seen[int(upper)])

        halves.run(half)
        gradients.factorise_joint(g[k], seen[1], seen[0], t[k], h[k])
        return cls(t, h)

    def solve(self, halves: Halves, f: Floats) -> None:
        """Turn currents `f` (m, n) injected into columns into voltages."""
        t, h, k = self.t, self.h, halves.meet
        halves.run(lambda at, upper: gradients.collect(t, f, at.start, at.stop, upper))
        gradients.join(t, h, k, f)
        halves.run(lambda at, _: gradients.spread(t, h, k, f, at.start, at.stop))


@dataclass(frozen=True, eq=False)
class Vectors:
    """The vectors (m, n) of conjugate gradients.

    `x` the solution, `r` the residual, `f` the preconditioned residual on its way, `z` the same
    arrived and then the equations times the direction `p`, `pp` the preconditioner times it.
    """

    x: Floats
    r: Floats
    f: Floats
    z: Floats
    p: Floats
    pp: Floats

    @classmethod
    def of(cls, shape: tuple[int, ...]) -> "Vectors":
        """All zero."""
        return cls(*(np.zeros(shape) for _ in range(6)))

    def part(self, rows: slice) -> tuple[Floats, Floats, Floats, Floats]:
        """`z`, `r`, `p` and `pp` in some rows."""
        return self.z[rows], self.r[rows], self.p[rows], self.pp[rows]


class Preconditioner(Protocol):
    """L + B; its columns are ladders between a change of basis along the rows and back."""

    @property
    def columns(self) -> Ladders:
        """The ladders."""

    def enter(self, r: Floats) -> Floats:
        """Some rows (rows, n) in the basis of the ladders; may be the same array."""

    def leave(self, f: Floats) -> Floats:
        """The inverse of `enter`."""

    def respond(self, rows: slice, beta: float, v: Vectors, taken: Floats) -> float:
        """p = z + beta p and s = (L + K) p in `rows`; adds K p to `taken` (n,), returns p s."""


@dataclass(frozen=True, eq=False)
class Lines:
    """B = D: every column solved exactly with its devices to ground."""

    g: Floats
    rows: Ladders
    columns: Ladders

    def enter(self, r: Floats) -> Floats:
        """See `Preconditioner`."""
        return r

    def leave(self, f: Floats) -> Floats:
        """See `Preconditioner`."""
        return f

    def respond(self, rows: slice, beta: float, v: Vectors, taken: Floats) -> float:
        """See `Preconditioner`."""
        return float(gradients.respond(self.g[rows], self.rows.t[rows], self.rows.h[rows], beta,
                                       *v.part(rows), taken))


@dataclass(frozen=True, eq=False)
class Basis:
    """A fast transform that diagonalises a uniform line of nodes with certain ends.

    Parameters
    ----------
    to, back : callables
        The orthogonal transform of the last axis, and its inverse.
    first : float
        Frequency of the lowest mode in units of pi / n; the others follow in steps of one.
    ends : (2,) tuple
        The resistances at both ends in units of the segments between nodes.
    """

    to: Callable[[Floats], Floats]
    back: Callable[[Floats], Floats]
    first: float
    ends: tuple[float, float]

    def eigenvalues(self, n: int) -> Floats:
        """Those (n,) of the line's admittance in units of a segment's [1]."""
        return np.asarray(4 * np.sin((np.arange(n) + self.first) * np.pi / (2 * n)) ** 2)


def _basis(to: int, back: int, sine: bool, first: float, left: float, right: float) -> Basis:
    transform = fft.dst if sine else fft.dct
    return Basis(partial(transform, type=to, norm="ortho"),
                 partial(transform, type=back, norm="ortho"), first, (left, right))


LEFT = _basis(4, 4, sine=True, first=0.5, left=0.5, right=np.inf)
RIGHT = _basis(4, 4, sine=False, first=0.5, left=np.inf, right=0.5)
BOTH = _basis(2, 3, sine=True, first=1.0, left=0.5, right=0.5)
OPEN = _basis(2, 3, sine=False, first=0.0, left=np.inf, right=np.inf)


@dataclass(frozen=True, eq=False)
class MeanArray:
    """B = K of rows with their mean conductance throughout, and ends that a transform knows.

    Those are half a segment to the source, or none but a leak from all nodes alike that takes
    what the source would: spectrally equivalent to the real ends.
    """

    g: Floats
    rows: Ladders
    basis: Basis
    mean: Floats
    mean_rows: Ladders
    shift: Floats
    columns: Ladders

    @classmethod
    def of(cls, halves: Halves, network: Network, rows: Ladders, basis: Basis) -> "MeanArray":
        """For rows with uniform segments and columns that are all alike."""
        g, (m, n) = network.g, network.g.shape
        mean, r = _means(network)
        z = np.repeat(r[:, None], n + 1, axis=1)
        for end in (0, -1):
            z[:, end] = r * basis.ends[end] if np.isfinite(basis.ends[end]) else np.inf
        shift = np.zeros(m)
        if basis is OPEN:
            shift -= 1 / (1 + mean / _leak(network))
        seen = np.empty((m, n))
        halves.run(lambda at, _: gradients.modes(mean[at], r[at], basis.eigenvalues(n),
                                                 -mean[at] * shift[at], seen[at]))
        alike = slice(0, 1 if (mean == mean[0]).all() and (r == r[0]).all() else m)
        return cls(g, rows, basis, mean,
                   Ladders.of_rows(Halves(m), np.repeat(mean[alike, None], n, axis=1), z[alike]),
                   shift, Ladders.of_columns(halves, seen, network.column_z))

    def enter(self, r: Floats) -> Floats:
        """See `Preconditioner`."""
        return self.basis.to(r)

    def leave(self, f: Floats) -> Floats:
        """See `Preconditioner`."""
        return self.basis.back(f)

    def respond(self, rows: slice, beta: float, v: Vectors, taken: Floats) -> float:
        """See `Preconditioner`."""
        t, h = self.mean_rows.t, self.mean_rows.h
        own = slice(None) if len(t) == 1 else rows
        return float(gradients.respond_to_mean(
            self.g[rows], self.rows.t[rows], self.rows.h[rows], self.mean[rows], t[own], h[own],
            self.shift[rows], beta, *v.part(rows), taken))


def _means(network: Network) -> tuple[Floats, Floats]:
    """Conductance [S] and segment [ohm] of each row, (m,): one for all where they nearly agree."""
    mean, r = network.g.mean(axis=1), network.row_z[:, 1]
    if mean.max() <= _ALIKE * mean.min():
        mean = np.full_like(mean, mean.mean())
    return mean, r


def _leak(network: Network) -> Floats:
    """What a node's share of both ends of its row conducts, (m,) [S]."""
    with np.errstate(divide="ignore"):
        return np.asarray((1 / network.row_z[:, [0, -1]]).sum(axis=1) / network.g.shape[1])
