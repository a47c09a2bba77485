"""Every way to drive rows and sense columns; circuits drawn from them, and a second solution."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from circuits import ColumnSense, CrossbarCircuit, RowDrive, SingularCircuitError, Wires
from tests.support.kirchhoff import segments
from tests.support.reference import Floats, Integers, connect, eliminate, random_conductance

TOPOLOGIES = list(product(RowDrive, ColumnSense))
NAMES = [f"{drive.name}-{sense.name}".lower() for drive, sense in TOPOLOGIES]
TURNED = {RowDrive.LEFT: RowDrive.RIGHT, RowDrive.RIGHT: RowDrive.LEFT,
          RowDrive.BOTH: RowDrive.BOTH}
OVER = {ColumnSense.TOP: ColumnSense.BOTTOM, ColumnSense.BOTTOM: ColumnSense.TOP,
        ColumnSense.BOTH: ColumnSense.BOTH}
every_topology = pytest.mark.parametrize(("drive", "sense"), TOPOLOGIES, ids=NAMES)


def some(rng: np.random.Generator, shape: tuple[int, ...]) -> Any:
    """Nothing, one number, or a number for each: 1e-3 to 1e6 ohm, a third of them zero."""
    kind = rng.integers(3)
    if kind == 0:
        return 0.0
    z = 10 ** rng.uniform(-3, 6, shape if kind == 2 else ())
    return np.where(rng.random(shape) < 1 / 3, 0.0, z) if kind == 2 else float(z)


def random_wires(rng: np.random.Generator, m: int, n: int, floating: bool = False) -> Wires:
    """Wires per array, per line or per segment."""
    row = some(rng, (m, n + 1) if rng.random() < 0.5 else (m,))
    column = some(rng, (m + 1, n) if rng.random() < 0.5 else (n,))
    source = some(rng, (m,))
    if floating:
        source = np.where(rng.random(m) < 0.4, np.inf, source)
    return Wires(row, column, source, some(rng, (n,)))


def random_circuit(seed: int, floating: bool = False) -> CrossbarCircuit:
    rng = np.random.default_rng(seed)
    m, n = (int(k) for k in rng.integers(1, 6, 2))
    g = random_conductance((m, n), seed, open_cells=0.15)
    drive, sense = TOPOLOGIES[rng.integers(len(TOPOLOGIES))]
    wires = random_wires(rng, m, n, floating)
    try:
        return CrossbarCircuit(g, wires, drive=drive, sense=sense)
    except SingularCircuitError:
        return CrossbarCircuit(g + 1e-6, wires, drive=drive, sense=sense)


@dataclass(frozen=True)
class Assembly:
    """The nodes of an array, those joined by zero ohm merged, and its wires between them."""

    wires: list[tuple[int, int, float]]  # from, to, resistance [ohm]
    row: Integers  # (m, n)
    column: Integers  # (m, n)
    source: Integers  # (m,)
    ground: Integers  # (n,) one for each column

    @classmethod
    def of(cls, circuit: CrossbarCircuit) -> "Assembly":
        m, n = circuit.shape
        row, column, source, ground = (np.arange(size) + offset for size, offset in (
            (m * n, 0), (m * n, m * n), (m, 2 * m * n), (n, 2 * m * n + m)))
        r, c = row.reshape(m, n), column.reshape(m, n)
        across = np.column_stack([source, r, source])
        down = np.vstack([ground, c, ground])
        rows, columns = segments(circuit)
        a = np.concatenate([across[:, :-1].ravel(), down[:-1].ravel()])
        b = np.concatenate([across[:, 1:].ravel(), down[1:].ravel()])
        ohm = np.concatenate([rows.ravel(), columns.ravel()])
        zero, size = ohm == 0, 2 * m * n + m + n
        joined = coo_array((np.ones(zero.sum()), (a[zero], b[zero])), (size, size))
        node = connected_components(joined, directed=False)[1]
        kept = ~zero & np.isfinite(ohm)
        wires = list(zip(node[a[kept]], node[b[kept]], ohm[kept], strict=True))
        return cls(wires, node[r], node[c], node[source], node[ground])

    @property
    def count(self) -> int:
        return 1 + max(int(part.max()) for part in (self.row, self.column, self.source,
                                                    self.ground))

    @property
    def fixed(self) -> Integers:
        """Nodes at a known voltage."""
        return np.unique(np.concatenate([self.source, self.ground]))

    @property
    def free(self) -> Integers:
        return np.setdiff1d(np.concatenate([self.row.ravel(), self.column.ravel()]), self.fixed)

    def admittance(self, g: Floats) -> Floats:
        """Nodal matrix [S] of the wires with linear devices `g` (m, n)."""
        matrix = np.zeros((self.count, self.count))
        devices = zip(self.row.ravel(), self.column.ravel(), g.ravel(), strict=True)
        for a, b, y in [*((a, b, 1 / z) for a, b, z in self.wires), *devices]:
            matrix[[a, b, a, b], [a, b, b, a]] += [y, y, -y, -y]
        return matrix


def transconductance(circuit: CrossbarCircuit, number: Callable[[float], Any] = float
                     ) -> NDArray[Any]:
    """By star-mesh reduction: nothing cancels, so every entry is good to some roundings per node.

    Of floats to some EPS, of `decimal.Decimal` to some 1e-28; of `fractions.Fraction` exactly.
    """
    at = Assembly.of(circuit)
    net: list[dict[int, Any]] = [{} for _ in range(at.count)]
    for a, b, z in at.wires:
        connect(net, a, b, 1 / number(z))
    for a, b, y in zip(at.row.ravel(), at.column.ravel(), circuit.conductance.ravel(), strict=True):
        connect(net, a, b, number(y))
    free = set(at.free.tolist())
    while free:
        centre = min(free, key=lambda p: len(net[p]))
        free.remove(centre)
        eliminate(net, centre)
    return np.array([[net[i].get(j, number(0.0)) for j in at.ground] for i in at.source])
