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
from circuits.solvers import layout
from circuits.threads import available_threads
from device_models.checks import Floats

_WORTH_A_THREAD = 2**16  # nodes
_ALIKE = 1.3  # means of rows, largest over smallest, that count as one
_TINY = 1e-300
# Measured at 300 x 300 to 1024 x 1024 with 0.03 to 1000 ohm, conductances over a half to three
# decades, at random, by rows, columns or halves of the array, or half of the cells open.
_MEAN_COST = 1.5  # a step of `MeanArray` in steps of `Lines`
_PRIME_COST = 5.0  # the same where the number of columns has large prime factors
_MEAN_SETUP = 3  # what getting it ready costs, in its own steps


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
    """A fast transform that diagonalises a uniform line whose ends are half a segment, or open.

    Parameters
    ----------
    to, back : callables
        The orthogonal transform of the last axis, and its inverse.
    first : float
        Frequency of the lowest mode in units of pi / n; the others follow in steps of one.
    """

    to: Callable[[Floats], Floats]
    back: Callable[[Floats], Floats]
    first: float

    @classmethod
    def of(cls, driven: tuple[bool, bool]) -> "Basis":
        """For lines that are `driven` at one of their ends, or both."""
        kind = fft.dst if driven[0] else fft.dct
        to, back, first = (2, 3, 1.0) if all(driven) else (4, 4, 0.5)
        return cls(partial(kind, type=to, norm="ortho"), partial(kind, type=back, norm="ortho"),
                   first)

    def admittances(self, n: int) -> Floats:
        """Those of the modes (n,), in units of a segment's [1]."""
        return np.asarray(4 * np.sin((np.arange(n) + self.first) * np.pi / (2 * n)) ** 2)


@dataclass(frozen=True, eq=False)
class MeanArray:
    """B = K of rows with their mean conductance throughout and half a segment to the source.

    The real ends are others; that costs steps, not accuracy.
    """

    g: Floats
    rows: Ladders
    basis: Basis
    mean: Floats
    mean_rows: Ladders
    columns: Ladders

    @classmethod
    def of(cls, halves: Halves, network: Network, rows: Ladders) -> "MeanArray":
        """For a network that is `uniform`."""
        g, (m, n) = network.g, network.g.shape
        mean, r = _means(network)
        driven = layout.ends(network.row_z)
        basis, seen = Basis.of(driven), np.empty((m, n))
        y = basis.admittances(n)
        halves.run(lambda at, _: gradients.modes(mean[at], r[at], y, seen[at]))
        alike = slice(0, 1 if (mean == mean[0]).all() and (r == r[0]).all() else m)
        z = np.repeat(r[alike, None], n + 1, axis=1)
        z[:, [0, -1]] *= np.where(driven, 0.5, np.inf)
        return cls(g, rows, basis, mean,
                   Ladders.of_rows(Halves(len(z)), np.repeat(mean[alike, None], n, axis=1), z),
                   Ladders.of_columns(halves, seen, network.column_z))

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
            beta, *v.part(rows), taken))


def _means(network: Network) -> tuple[Floats, Floats]:
    """Conductance [S] and segment [ohm] of each row, (m,): one for all where they nearly agree."""
    mean, r = network.g.mean(axis=1), network.row_z[:, 1]
    if mean.max() <= _ALIKE * mean.min():
        mean = np.full_like(mean, mean.mean())
    return mean, r


def uniform(network: Network) -> bool:
    """Whether rows have segments that do not vary along them, some of them above zero ohm, devices
    that are not all open, and columns that are all alike."""
    inner = network.row_z[:, 1:-1]
    return bool(inner.size and (inner == inner[:, :1]).all() and inner.all() and network.g.any()
                and (network.column_z == network.column_z[:, :1]).all())


def preconditioner_of(halves: Halves, network: Network, lines: Lines) -> Preconditioner:
    """The one that is predicted to be faster; steps depend on how far B is from K."""
    if not uniform(network):
        return lines
    n = network.g.shape[1]
    cost = _MEAN_COST if fft.next_fast_len(n, real=True) == n else _PRIME_COST
    if line_steps(network) <= cost * (mean_steps(network) + _MEAN_SETUP):
        return lines
    return MeanArray.of(halves, network, lines.rows)


def line_steps(network: Network) -> float:
    """Steps that `Lines` are predicted to need for a network that is `uniform`."""
    return 5 + 4.7 * float(np.sqrt(_line_condition(network)))


def _line_condition(network: Network) -> float:
    """Of the mean array's slowest mode, rows and columns admit x and y times what its devices do;
    it is 1 - 1 / ((1 + x) (1 + y)) of what `Lines` take it for."""
    rows, column, mean = network.row_z, network.column_z[:, :1], float(network.g.mean())
    x = 1 / (mean * _slowest(rows[:, 1], rows[:, [0, -1]], rows.shape[1] - 1))
    y = 1 / (mean * _slowest(column[1:-1], column[[0, -1]].T, len(column) - 1))
    return 1 / (1 - 1 / ((1 + x) * (1 + y)))


def _slowest(segments: Floats, ends: Floats, n: int) -> float:
    """Largest impedance [ohm] to a smooth current into `n` nodes in line, `ends` (lines, 2)."""
    r = float(np.median(segments)) if n > 1 else 0.0
    length = 2 * n if np.isinf(ends).any() else n
    end = float(np.median(1 / (1 / np.maximum(ends, _TINY)).sum(axis=1)))
    return max(r * (length / np.pi) ** 2 + n * max(end - r, 0.0), _TINY)


def mean_steps(network: Network) -> float:
    """Steps that `MeanArray` is predicted to need for a network that is `uniform`.

    Source resistances are compared with the rows they drive.
    """
    mean, r = _means(network)
    typical, n = float(mean.mean()), network.g.shape[1]
    c = float(np.median(network.column_z[1:-1, 0])) if len(mean) > 1 else 0.0
    rough = 14 * np.sqrt(_roughness(network.g, mean, c * typical)) - 4
    row = np.sqrt(typical / r) * np.tanh(n * np.sqrt(typical * r))
    end = np.maximum(network.row_z[:, [0, -1]].min(axis=1) - r / 2, 0.0)
    ends = min(float(np.median(1 + end * row)), _line_condition(network))
    return float(rough * (1 + 0.5 * np.log(ends)))


def _roughness(g: Floats, mean: Floats, x: float) -> float:
    """How far conductances `g` (m, n) are from the `mean` (m,) of their rows: largest condition.

    They are compared over stretches of columns, from those over which voltages level out up to
    whole columns: what levels out faster is averaged, and what is slower is held by the wires as
    well. A column's segment has `x` times the resistance of a mean device.
    """
    if x == 0.0:
        return 1.0
    m, n = g.shape
    length = min(m, max(1, round(1 / np.sqrt(x))))
    count = m // length
    weight = 1 / np.maximum(mean[: count * length], _TINY).reshape(count, 1, length) / length
    part: Floats = (weight @ g[: count * length].reshape(count, length, n))[:, 0]
    worst = 1.0
    while True:
        wires = 1 / (x * length**2)
        worst = max(worst, float((wires + part.max()) / (wires + part.min())))
        if len(part) < 2:
            return worst
        part = (part[: len(part) // 2 * 2 : 2] + part[1::2]) / 2
        length *= 2
