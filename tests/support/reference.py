"""Independent solutions of the crossbar of the design, to hold `circuits` against.

`nodal` is plain sparse nodal analysis: one list of branches, zero-ohm branches merge their ends,
voltage sources are known potentials. Its error grows with the condition number, which it reports.

`mesh` eliminates the nodes one by one, star to mesh, until only the branches between sources and
column ends remain: their conductances are the transconductance. In fractions it is exact; in
floats it only adds, multiplies and divides positive numbers, so that nothing cancels. Neither
shares code or idea with the recursion in `circuits`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components
from scipy.sparse.linalg import splu

from circuits import Wires

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
EPS = float(np.finfo(float).eps)


@dataclass(frozen=True)
class Points:
    """Numbers of the electrical points of an array, before any are merged."""

    row: Integers  # (m, n) row side of the cross-points
    column: Integers  # (m, n) column side of the cross-points
    driver: Integers  # (m,) between driver resistance and first row segment
    end: Integers  # (n,) between last column segment and sense resistance
    source: Integers  # (m,) ideal voltage sources
    ground: Integers  # (n,) one ground point for every column

    @classmethod
    def of(cls, m: int, n: int) -> Points:
        sizes = [m * n, m * n, m, n, m, n]
        parts = np.split(np.arange(sum(sizes)), np.cumsum(sizes)[:-1])
        return cls(parts[0].reshape(m, n), parts[1].reshape(m, n), *parts[2:])

    @property
    def count(self) -> int:
        return int(self.ground[-1]) + 1

    def wires(self, wires: Wires) -> list[tuple[Integers, Integers, float]]:
        """Wire branches: from, to, resistance [ohm]."""
        return [
            (self.source, self.driver, wires.source),
            (self.driver, self.row[:, 0], wires.row),
            (self.row[:, :-1].ravel(), self.row[:, 1:].ravel(), wires.row),
            (self.column[:-1].ravel(), self.column[1:].ravel(), wires.column),
            (self.column[-1], self.end, wires.column),
            (self.end, self.ground, wires.sense),
        ]


@dataclass(frozen=True)
class Nodal:
    """Solution for a batch of inputs."""

    currents: Floats  # (batch, n) [A]
    row_voltages: Floats  # (batch, m, n) [V]
    column_voltages: Floats  # (batch, m, n) [V]
    condition: float  # of the scaled nodal matrix


def nodal(g: Floats, wires: Wires, voltages: Floats) -> Nodal:
    """Sparse nodal analysis for inputs (batch, m) [V]."""
    m, n = g.shape
    points = Points.of(m, n)
    node = _merged(points, wires)
    branches = [(a, b, np.full(a.shape, 1 / r)) for a, b, r in points.wires(wires) if r > 0]
    branches.append((points.row.ravel(), points.column.ravel(), g.ravel()))
    a, b, y = (np.concatenate(part) for part in zip(*branches, strict=True))
    laplacian = _laplacian(node[a], node[b], y, int(node.max()) + 1)

    potential = np.zeros((laplacian.shape[0], len(voltages)))
    potential[node[points.source]] = voltages.T
    known = np.zeros(laplacian.shape[0], bool)
    known[node[np.concatenate([points.source, points.ground])]] = True
    condition = 1.0
    if not known.all():
        equations = laplacian[~known]
        injected = -equations[:, known] @ potential[known]
        potential[~known], condition = _solve(equations[:, ~known], injected)
    u, w = (potential[node[p]].transpose(2, 0, 1) for p in (points.row, points.column))
    if wires.sense:
        currents = potential[node[points.end]].T / wires.sense
    elif wires.column:
        currents = w[:, -1] / wires.column
    else:
        currents = (g * (u - w)).sum(axis=1)
    return Nodal(currents, u, w, condition)


def _merged(points: Points, wires: Wires) -> Integers:
    """Node number of every point; points joined by zero ohm share one."""
    joined = [(a, b) for a, b, r in points.wires(wires) if r == 0]
    joined.append((points.ground[:-1], points.ground[1:]))
    a, b = (np.concatenate(part) for part in zip(*joined, strict=True))
    graph = coo_array((np.ones(len(a)), (a, b)), shape=(points.count, points.count))
    return connected_components(graph, directed=False)[1].astype(np.int64)


def _laplacian(a: Integers, b: Integers, y: Floats, size: int) -> csr_array:
    """Nodal conductance matrix of branches a-b of conductance y."""
    values = np.concatenate([y, y, -y, -y])
    index = np.concatenate([a, b, a, b]), np.concatenate([a, b, b, a])
    return coo_array((values, index), shape=(size, size)).tocsr()


def _solve(matrix: csr_array, right: Floats) -> tuple[Floats, float]:
    """Solution, and the condition number of the matrix scaled to a unit diagonal.

    The inverse of a nodal matrix has no negative entry, so its norm is the norm of one solution.
    """
    scale = 1 / np.sqrt(matrix.diagonal())
    scaled = (matrix * scale).T * scale
    factors = splu(scaled.tocsc(), permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0,
                   options={"SymmetricMode": True})
    condition = abs(scaled).sum(axis=1).max() * factors.solve(np.ones(len(scale))).max()
    solution = factors.solve(right * scale[:, None])
    return solution * scale[:, None], float(condition)


def mesh(g: Floats, wires: Wires, number: Callable[[float], Any] = Fraction) -> NDArray[Any]:
    """The transconductance (m, n) [S] in the arithmetic of `number`, exact by default."""
    points = Points.of(*g.shape)
    node = _separate(points, wires)
    net: list[dict[int, Any]] = [{} for _ in range(points.count)]
    devices = zip(points.row.ravel(), points.column.ravel(), g.ravel(), strict=True)
    for a, b, y in devices:
        connect(net, node[a], node[b], number(float(y)))
    for starts, stops, r in points.wires(wires):
        for a, b in zip(starts, stops, strict=True) if r > 0 else ():
            connect(net, node[a], node[b], 1 / number(r))
    ends = {node[p] for p in (*points.source, *points.ground)}
    inside = {p for p, star in enumerate(net) if star} - ends
    while inside:
        centre = min(inside, key=lambda p: len(net[p]))
        inside.remove(centre)
        eliminate(net, centre)
    return np.array([[net[node[i]].get(node[j], number(0.0)) for j in points.ground]
                     for i in points.source])


def _separate(points: Points, wires: Wires) -> list[int]:
    """Node number of every point by union-find; each column keeps its own ground."""
    parent = list(range(points.count))

    def root(p: int) -> int:
        while parent[p] != p:
            p = parent[p]
        return p

    for starts, stops, r in points.wires(wires):
        for a, b in zip(starts, stops, strict=True) if r == 0 else ():
            parent[root(a)] = root(b)
    return [root(p) for p in range(points.count)]


def connect(net: list[dict[int, Any]], a: int, b: int, y: Any) -> None:
    """Add the branch a-b of conductance y in parallel to what is there."""
    if a != b and y > 0:
        net[a][b] = net[b][a] = net[a].get(b, 0) + y


def eliminate(net: list[dict[int, Any]], centre: int) -> None:
    """Replace the star around a node by the mesh between its neighbours."""
    star = net[centre]
    total = sum(star.values())
    for p in star:
        del net[p][centre]
    branches = list(star.items())
    for k, (a, y) in enumerate(branches):
        for b, z in branches[:k]:
            connect(net, a, b, y * z / total)
    net[centre] = {}


def lost_digits(g: Floats, wires: Wires) -> float:
    """By how much the recursion in `circuits` may amplify rounding in T.

    Rows are joined through I + R K, with R the resistance across the direction of elimination and K
    at most the conductance of two devices of one line in series with the wire between them. Of
    entries near |R K|, those of order one are lost. It matters for shorted devices only.
    """
    device = 1 / g.max() if g.any() else np.inf
    down = (wires.column + wires.sense) / (device + wires.row)
    along = (wires.row + wires.source) / (device + wires.column)
    return float(max(g.shape) * (1 + max(down, along)))


def largest_relative_error(found: NDArray[Any], true: NDArray[Any]) -> float:
    """Over all entries; where the truth is zero so must the other be."""
    worst = 0.0
    for a, b in zip(found.ravel(), true.ravel(), strict=True):
        worst = max(worst, float(abs(type(b)(float(a)) - b) / b) if b else (np.inf if a else 0.0))
    return worst


def random_conductance(shape: tuple[int, int], seed: int, low: float = 1e-6, high: float = 1e-4,
                       open_cells: float = 0.0, shorted: float = 0.0) -> Floats:
    """Log-uniform devices [S]; fractions of them open, or shorted with 1e3 S."""
    rng = np.random.default_rng(seed)
    g = 10 ** rng.uniform(np.log10(low), np.log10(high), shape)
    g[rng.random(shape) < open_cells] = 0.0
    g[rng.random(shape) < shorted] = 1e3
    return g
