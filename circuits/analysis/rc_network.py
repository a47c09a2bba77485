"""An array's nodes with capacitances: what its currents do in time.

Every cross-point's row and column node has a capacitance to ground; C dx/dt = -G x + B v in the
node voltages x, so currents approach their final values as sums of falling exponentials. Access
transistors count by their resistance. Nodal conductances are used as they are, so wires 1e12 times
less resistive than the devices cost all digits, which is noticed; zero ohm costs none.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.sparse import csgraph
from scipy.sparse.linalg import splu

from circuits.array.network import Network
from circuits.circuit import CrossbarCircuit
from circuits.errors import ConvergenceError
from device_models.checks import Floats, nonnegative_array

_LOST = 1e-5  # of a voltage or a current, relative: more is an error


@dataclass(frozen=True, eq=False)
class RCNetwork:
    """Nodal equations C dx/dt = -G x + B v with column currents D.T x + E.T v.

    Parameters
    ----------
    capacitance : (nodes,) array
        C, a diagonal [`unit`], none above 2.
    unit : float
        What capacitances are counted in [F], a power of two: keeps their squares in range.
    conductance : (nodes, nodes) sparse array
        G [S]; nodes joined by zero ohm are one, those joined to an end are none.
    drive, out : (nodes, rows), (nodes, columns) sparse arrays
        B from the sources and D into ground [S].
    direct : (rows, columns) sparse array
        E, devices between a source and ground [S].
    """

    capacitance: Floats
    unit: float
    conductance: sparse.csc_array
    drive: sparse.csr_array
    out: sparse.csr_array
    direct: sparse.csr_array

    @classmethod
    def of(cls, circuit: CrossbarCircuit, row: ArrayLike, column: ArrayLike) -> "RCNetwork":
        """The equations of a linear circuit with capacitances [F] at its nodes."""
        if not circuit.is_linear:
            raise TypeError(f"a circuit with {circuit.law!r} has no time constants: they change "
                            "with its voltages; make one of its chord conductances instead")
        m, n = circuit.shape
        stored = [node_capacitance(*each, m, n) for each in (("row", row), ("column", column))]
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
        stored_at = np.bincount(label, capacitance / count_in(capacitance))[free]
        return cls(stored_at, count_in(capacitance), laplacian[free][:, free].tocsc(),
                   links[free][:, sources], links[free][:, ends], links[sources][:, ends])

    @cached_property
    def solve(self) -> Callable[[Floats], Floats]:
        """The solution x of G x = b for b (nodes,) or (nodes, inputs) [A]."""
        if len(self.capacitance) == 0:
            return lambda b: b
        try:
            factors = splu(self.conductance, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0,
                           options={"SymmetricMode": True})
        except RuntimeError as error:  # what SciPy raises for a singular matrix
            raise self.lost(str(error)) from error
        one = factors.solve(self.drive.sum(axis=1) + self.out.sum(axis=1))
        if not np.all(np.abs(one - 1) <= _LOST):  # all sources and column ends at 1 V
            raise self.lost(f"nodes among ends at 1 V are at {one.min():.3g} to {one.max():.3g} V")
        return lambda b: np.asarray(factors.solve(b))

    def check(self, currents: Floats, expected: Floats) -> None:
        """Refuse currents into column ends [A] that are not those of the exact solution."""
        if not np.all(np.abs(currents - expected) <= _LOST * expected):
            raise self.lost("currents are not those of the same circuit without capacitances")

    def lost(self, evidence: str) -> ConvergenceError:
        """The error that conductances are too different for nodal equations."""
        sizes = np.abs(self.conductance.data[self.conductance.data != 0])
        return ConvergenceError(
            f"nodal conductances from {sizes.min():.2g} to {sizes.max():.2g} S are too different "
            f"for time constants in double precision: {evidence}; make wires of next to no "
            "resistance zero ohm, and cells that hardly conduct open")

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


def count_in(capacitance: Floats) -> float:
    """The power of two [F] below the largest capacitance; 1 F where there is none."""
    most = float(capacitance.max(initial=0.0))
    return 2.0 ** max(np.floor(np.log2(most)), -1022) if most > 0 else 1.0


def node_capacitance(name: str, value: ArrayLike, m: int, n: int) -> Floats:
    """Capacitances [F] of the nodes of all rows, or of all columns, one by one: (m n,)."""
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
