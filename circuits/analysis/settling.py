"""How long an array takes to settle: its wires' capacitances with everything's resistances.

Every cross-point's row and column node has a capacitance to ground; C dx/dt = -G x + B v in the
node voltages x, so currents approach their final values as sums of falling exponentials. Access
transistors count by their resistance. Nodal conductances are used as they are, so wires 1e12 times
less resistive than the devices cost all digits; zero ohm costs none.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import linalg, sparse
from scipy.optimize import brentq
from scipy.sparse import csgraph
from scipy.sparse.linalg import LinearOperator, eigsh, splu

from circuits.array.network import Network
from circuits.circuit import CrossbarCircuit
from circuits.errors import ConvergenceError
from circuits.threads import keep_blas_on_one_thread
from device_models.checks import Floats, nonnegative_array, positive

_DENSE = 60  # nodes up to which all eigenvalues are as fast as the largest, measured
_SOURCES = 32  # rows whose node voltages are held at a time
_STEPS = (10, 20, 40, 80, 160, 320)  # of the Lanczos method, until two settling times agree
_AGREEMENT = 1e-6  # of settling times, relative


def elmore_delay(
    circuit: CrossbarCircuit, row_capacitance: ArrayLike, column_capacitance: ArrayLike
) -> Floats:
    """Elmore time constants (rows, columns) [s] from each row's source to each column's end.

    The mean time of the impulse response (Elmore, J. Appl. Phys. 19, 55 (1948)): the integral of
    what a step's current still lacks of its final value, over that value. Impulse responses are
    not negative, so by Markov's inequality at most a share p of the final current is lacking after
    delay/p, for any p; in RC trees at most half after the delay itself (Gupta, Tutuianu, Pileggi,
    IEEE Trans. CAD 16, 95 (1997)).

    Parameters
    ----------
    circuit : CrossbarCircuit
        A linear one.
    row_capacitance, column_capacitance : float or (rows, columns) array
        Capacitances to ground [F] of the row and the column node of every cross-point.

    Returns
    -------
    (rows, columns) array
        NaN where no current flows, as into a column of open cells.
    """
    keep_blas_on_one_thread()
    system = _System.of(circuit, row_capacitance, column_capacitance)
    sensed = system.sensed
    weighted = system.capacitance[:, None] * sensed
    first, current = np.empty(circuit.shape), np.empty(circuit.shape)
    for start in range(0, circuit.shape[0], _SOURCES):
        rows = slice(start, start + _SOURCES)
        response = system.solve(system.drive[:, rows].toarray())
        first[rows] = response.T @ weighted
        current[rows] = (system.out.T @ response).T
    current += system.direct.toarray()
    delay = np.full(circuit.shape, np.nan)
    np.divide(first, current, out=delay, where=current > 0)
    return delay


def slowest_time_constant(
    circuit: CrossbarCircuit, row_capacitance: ArrayLike, column_capacitance: ArrayLike
) -> float:
    """Time constant [s] of the slowest mode: the largest tau of C x = tau G x.

    Arguments as for `elmore_delay`. Zero if nothing stores charge.
    """
    keep_blas_on_one_thread()
    system = _System.of(circuit, row_capacitance, column_capacitance)
    size = len(system.capacitance)
    if not system.capacitance.any():
        return 0.0
    if size <= _DENSE:
        capacitances, conductances = np.diag(system.capacitance), system.conductance.toarray()
        return float(linalg.eigh(capacitances, conductances, eigvals_only=True)[-1])
    operator = LinearOperator((size, size), matvec=system.relax, dtype=float)
    largest = eigsh(operator, k=1, which="LA", v0=system.root, return_eigenvectors=False)
    return float(largest[0])


def settling_time(
    circuit: CrossbarCircuit, row_capacitance: ArrayLike, column_capacitance: ArrayLike,
    accuracy: float = 1e-3, voltages: ArrayLike | None = None,
) -> float:
    """Time [s] after which every column current is within `accuracy` of its final value.

    After a step of all sources from zero to `voltages` (rows,) [V], none of them negative, all
    equal by default; `accuracy` is relative to each column's final current. Columns without
    current do not count. The other arguments are as for `elmore_delay`.

    Raises
    ------
    ConvergenceError
        If the modes that matter are too many for the Lanczos method.
    """
    level = positive("accuracy", accuracy, "1")
    if level >= 1:
        raise ValueError(f"accuracy is {level:g}; expected a relative error below 1")
    keep_blas_on_one_thread()
    system = _System.of(circuit, row_capacitance, column_capacitance)
    v = _inputs(voltages, circuit.shape[0])
    found = np.inf
    for decay in _decays(system, v):
        previous, found = found, decay.crossing(level)
        if abs(found - previous) <= _AGREEMENT * found:
            break
    return found


def _inputs(voltages: ArrayLike | None, rows: int) -> Floats:
    if voltages is None:
        return np.ones(rows)
    v = nonnegative_array("voltages", voltages, "V")
    if v.shape != (rows,) or not v.any():
        raise ValueError(f"voltages has shape {v.shape} and {np.count_nonzero(v)} entries above "
                         f"zero; expected ({rows},) and one at least")
    return v


@dataclass(frozen=True, eq=False)
class _Decay:
    """What column currents lack of their final values: weights (modes, columns) [1] that fall
    with the modes' `times` [s]."""

    times: Floats
    weights: Floats

    def lacking(self, t: float) -> float:
        """The most any column lacks at `t` [s], relative to its final current."""
        return float(np.max(np.exp(-t / self.times) @ self.weights, initial=0.0))

    def crossing(self, level: float) -> float:
        """The time [s] at which `level` is left to go."""
        if self.lacking(0.0) <= level:
            return 0.0
        late = float(self.times.max())
        while self.lacking(late) > level:
            late *= 2
        return float(brentq(lambda t: self.lacking(t) - level, 0.0, late, xtol=1e-12 * late))


def _decays(system: "_System", v: Floats) -> Iterator[_Decay]:
    """How currents approach their final values after a step to `v`, ever better.

    From the Lanczos approximation of the modes that the step excites, the slow ones first; the
    last one is exact if these modes are few.
    """
    final = system.solve(system.drive @ v)
    currents = system.out.T @ final + system.direct.T @ v
    flowing = currents > 0
    outputs = system.root[:, None] * system.sensed[:, flowing] / currents[flowing]
    lanczos = _Lanczos(system.relax, system.root * final)
    for steps in _STEPS:
        lanczos.extend(steps)
        times, vectors, amplitudes = lanczos.modes()
        yield _Decay(times, (vectors.T @ outputs) * (amplitudes / times)[:, None])
        if lanczos.ended:
            return
    raise ConvergenceError(f"the settling time did not converge in {_STEPS[-1]} Lanczos steps: "
                           "the time constants differ too much; ask for slowest_time_constant")


class _Lanczos:
    """The Lanczos method with full reorthogonalisation on a symmetric `apply`."""

    def __init__(self, apply: Callable[[Floats], Floats], start: Floats) -> None:
        self._apply = apply
        self._nodes, self._norm = len(start), float(np.linalg.norm(start))
        self._basis = [start / self._norm] if self._norm > 0 else []
        self._diagonal: list[float] = []
        self._beside: list[float] = []
        self.ended = not self._basis

    def extend(self, steps: int) -> None:
        """Go on to a basis of `steps`, or of the invariant subspace if that is smaller."""
        while len(self._diagonal) < steps and not self.ended:
            last = self._apply(self._basis[-1])
            self._diagonal.append(float(self._basis[-1] @ last))
            basis = np.array(self._basis)
            for _ in range(2):
                last = last - basis.T @ (basis @ last)
            norm = float(np.linalg.norm(last))
            self.ended = norm <= 1e-14 * max(self._diagonal) or len(basis) == len(last)
            if not self.ended:
                self._beside.append(norm)
                self._basis.append(last / norm)

    def modes(self) -> tuple[Floats, Floats, Floats]:
        """Eigenvalues (k,), vectors (nodes, k) and the start's components (k,) along them."""
        size = len(self._diagonal)
        if size == 0:
            return np.empty(0), np.empty((self._nodes, 0)), np.empty(0)
        values, vectors = linalg.eigh_tridiagonal(self._diagonal, self._beside[: size - 1])
        positive = values > 0  # rounding leaves others where nothing stores charge
        values, vectors = values[positive], vectors[:, positive]
        return values, np.array(self._basis[:size]).T @ vectors, self._norm * vectors[0]


@dataclass(frozen=True, eq=False)
class _System:
    """Nodal equations C dx/dt = -G x + B v with column currents D.T x + E.T v.

    Parameters
    ----------
    capacitance : (nodes,) array
        C, a diagonal [F].
    conductance : (nodes, nodes) sparse array
        G [S]; nodes joined by zero ohm are one, those joined to an end are none.
    drive, out : (nodes, rows), (nodes, columns) sparse arrays
        B from the sources and D into ground [S].
    direct : (rows, columns) sparse array
        E, devices between a source and ground [S].
    """

    capacitance: Floats
    conductance: Any
    drive: Any
    out: Any
    direct: Any

    @classmethod
    def of(cls, circuit: CrossbarCircuit, row: ArrayLike, column: ArrayLike) -> "_System":
        """The equations of a linear circuit with capacitances [F] at its nodes."""
        if not circuit.is_linear:
            raise TypeError(f"a circuit with {circuit.law!r} has no time constants: they change "
                            "with its voltages; make one of its chord conductances instead")
        m, n = circuit.shape
        stored = [_capacitance("row", row, m, n), _capacitance("column", column, m, n)]
        capacitance = np.concatenate([*stored, np.zeros(m + n)])
        node, other, conductance, joined = _branches(circuit.network)
        ones = sparse.coo_array((np.ones(joined.sum()), (node[joined], other[joined])),
                                shape=2 * capacitance.shape)
        count, label = csgraph.connected_components(ones, directed=False)
        links = sparse.coo_array((conductance, (label[node], label[other])), shape=(count, count))
        links = (links + links.T).tocsr()
        laplacian = (sparse.diags_array(links.sum(axis=1)) - links).tocsr()
        sources, ends = label[2 * m * n : 2 * m * n + m], label[2 * m * n + m :]
        free = np.setdiff1d(np.arange(count), np.concatenate([sources, ends]))
        return cls(np.bincount(label, capacitance)[free], laplacian[free][:, free].tocsc(),
                   links[free][:, sources], links[free][:, ends], links[sources][:, ends])

    @cached_property
    def solve(self) -> Callable[[Floats], Floats]:
        """The solution x of G x = b for b (nodes,) or (nodes, inputs) [A]."""
        if len(self.capacitance) == 0:
            return lambda b: b
        factors = splu(self.conductance, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0,
                       options={"SymmetricMode": True})
        return lambda b: np.asarray(factors.solve(b))

    @cached_property
    def root(self) -> Floats:
        """C^(1/2) (nodes,) [F^0.5]."""
        return np.asarray(np.sqrt(self.capacitance))

    @cached_property
    def sensed(self) -> Floats:
        """Currents into the column ends per current into each node, (nodes, columns) [1]."""
        return self.solve(self.out.toarray())

    def relax(self, x: Floats) -> Floats:
        """C^(1/2) G^-1 C^(1/2) x; its eigenvalues are the time constants [s]."""
        return self.root * self.solve(self.root * x.ravel())


def _capacitance(name: str, value: ArrayLike, m: int, n: int) -> Floats:
    array = nonnegative_array(f"{name}_capacitance", value, "F")
    if array.ndim and array.shape != (m, n):
        raise ValueError(f"{name}_capacitance has shape {array.shape}; expected one number or "
                         f"({m}, {n})")
    return np.broadcast_to(array, (m, n)).ravel()


def _branches(network: Network) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats,
                                         NDArray[np.bool_]]:
    """Every branch's two nodes, its conductance [S], and whether it joins them with zero ohm.

    Nodes are numbered row nodes first, then column nodes, sources and column ends.
    """
    m, n = network.g.shape
    u = np.arange(m * n).reshape(m, n)
    w = u + m * n
    source = 2 * m * n + np.arange(m)[:, None]
    end = 2 * m * n + m + np.arange(n)[None]
    row, column = np.hstack([source, u, source]), np.vstack([end, w, end])
    pairs = ((u, w), (row[:, :-1], row[:, 1:]), (column[:-1], column[1:]))
    node, other = (np.concatenate([p[k].ravel() for p in pairs]) for k in (0, 1))
    wires = np.concatenate([network.row_z.ravel(), network.column_z.ravel()])
    joined = np.concatenate([np.zeros(m * n, bool), wires == 0])
    conductance = np.concatenate([network.g.ravel(), 1 / np.where(wires == 0, np.inf, wires)])
    return node, other, conductance, joined
