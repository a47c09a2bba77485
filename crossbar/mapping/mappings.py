"""How signed weights become conductances, and column currents become signed results."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.linalg import block_diag

from circuits import with_reference_column
from crossbar.mapping.scales import Levels
from device_models import Synapse
from device_models.checks import Floats, whole


class Mapping(Protocol):
    """A way to hold signed weights in devices whose conductance is positive."""

    def outputs_per_tile(self, columns: int) -> int:
        """How many outputs fit into a tile with `columns` physical columns; 0 if none does."""

    def columns(self, outputs: int) -> int:
        """How many physical columns `outputs` outputs of one tile take."""

    def levels(self, synapse: Synapse, v: float) -> Levels:
        """The signed differences a weight can take, at read voltage `v` [V]."""

    def conductances(self, difference: Floats, synapse: Synapse, v: float) -> Floats:
        """Programmed devices (rows, columns) [S] for differences (rows, outputs) [S]."""

    def decoder(self, outputs: int) -> Floats:
        """Matrix (columns, outputs) [1] from column currents to signed results."""


class Pair:
    """Columns that alternate plus and minus, two to an output."""

    def outputs_per_tile(self, columns: int) -> int:
        return columns // 2

    def columns(self, outputs: int) -> int:
        return 2 * outputs

    def decoder(self, outputs: int) -> Floats:
        return np.asarray(np.kron(np.eye(outputs), [[1.0], [-1.0]]), np.float64)


@dataclass(frozen=True)
class Differential(Pair):
    """A weight is the pair of states (k, 0) or (0, k) in neighbouring columns.

    2n + 1 levels for n cells, zero among them.
    """

    def levels(self, synapse: Synapse, v: float) -> Levels:
        g = synapse.conductances(v)
        swing = g - g[0]
        return Levels(np.concatenate([-swing[:0:-1], swing]), synapse.continuous)

    def conductances(self, difference: Floats, synapse: Synapse, v: float) -> Floats:
        rest = synapse.conductances(v)[0]
        pairs = np.stack([np.maximum(difference, 0.0), np.maximum(-difference, 0.0)], axis=-1)
        return synapse.program(rest + pairs, v).reshape(len(difference), -1)


@dataclass(frozen=True)
class SignedLevel(Pair):
    """A weight is +G_k or -G_k: one device, in the plus or the minus column, the other one open.

    2 (n + 1) levels for n cells. Zero is not among them, nor anything below the lowest
    conductance: with little TMR all weights have nearly the same size.
    """

    def levels(self, synapse: Synapse, v: float) -> Levels:
        g = synapse.conductances(v)
        return Levels(np.concatenate([-g[::-1], g]), synapse.continuous, float(g[0]))

    def conductances(self, difference: Floats, synapse: Synapse, v: float) -> Floats:
        g, plus = synapse.program(np.abs(difference), v), difference > 0
        pairs = np.stack([np.where(plus, g, 0.0), np.where(plus, 0.0, g)], axis=-1)
        return pairs.reshape(len(difference), -1)


@dataclass(frozen=True)
class ReferenceColumn:
    """A weight is one device, read against a column at the middle of the conductance range.

    n + 1 levels for n cells, spread over both signs. The cross-points of a reference are fixed at
    the middle conductance (assumed to be trimmed resistors, as for odd n no state lies there; they
    spread as devices do, but no write of them fails).
    What wires take from the large common current does not cancel unless weight and reference
    stand close to each other, so it needs far better wires than `Differential`.

    Parameters
    ----------
    every : int, optional
        Outputs that share a reference, which stands in their middle, where wires treat it most
        like the others. One reference for a whole tile if not given.
    """

    every: int | None = None

    def __post_init__(self) -> None:
        if self.every is not None:
            whole("every", self.every, 1)

    def outputs_per_tile(self, columns: int) -> int:
        if self.every is None:
            return columns - 1
        groups, rest = divmod(columns, self.every + 1)
        return groups * self.every + max(rest - 1, 0)

    def columns(self, outputs: int) -> int:
        return outputs + len(self._groups(outputs))

    def levels(self, synapse: Synapse, v: float) -> Levels:
        g = synapse.conductances(v)
        return Levels(g - (g[0] + g[-1]) / 2, synapse.continuous)

    def conductances(self, difference: Floats, synapse: Synapse, v: float) -> Floats:
        g = synapse.conductances(v)
        middle = (g[0] + g[-1]) / 2
        written = synapse.program(middle + difference, v)
        return np.hstack([with_reference_column(written[:, group], middle)[0]
                          for group in self._groups(difference.shape[1])])

    def decoder(self, outputs: int) -> Floats:
        return np.asarray(block_diag(*(
            with_reference_column(np.ones((1, len(range(outputs)[group]))), 1.0)[1]
            for group in self._groups(outputs))))

    def _groups(self, outputs: int) -> list[slice]:
        """Outputs that share a reference."""
        size = self.every or outputs
        return [slice(start, start + size) for start in range(0, outputs, size)]
