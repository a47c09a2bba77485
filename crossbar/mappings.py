"""How signed weights become conductances, and column currents become signed results."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from circuits import with_reference_column
from crossbar.scales import Levels
from device_models import Synapse
from device_models.checks import Floats


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


@dataclass(frozen=True)
class Differential:
    """A weight is the pair of states (k, 0) or (0, k) in neighbouring columns.

    2n + 1 levels for n cells, zero among them. Columns alternate plus and minus.
    """

    def outputs_per_tile(self, columns: int) -> int:
        return columns // 2

    def columns(self, outputs: int) -> int:
        return 2 * outputs

    def levels(self, synapse: Synapse, v: float) -> Levels:
        g = synapse.conductances(v)
        swing = g - g[0]
        return Levels(np.concatenate([-swing[:0:-1], swing]), synapse.continuous)

    def conductances(self, difference: Floats, synapse: Synapse, v: float) -> Floats:
        rest = synapse.conductances(v)[0]
        pairs = np.stack([np.maximum(difference, 0.0), np.maximum(-difference, 0.0)], axis=-1)
        return synapse.program(rest + pairs, v).reshape(len(difference), -1)

    def decoder(self, outputs: int) -> Floats:
        return np.asarray(np.kron(np.eye(outputs), [[1.0], [-1.0]]), np.float64)


@dataclass(frozen=True)
class ReferenceColumn:
    """A weight is one device, read against a column at the middle of the conductance range.

    n + 1 levels for n cells, spread over both signs. The reference stands in the middle of each
    tile, where wires treat it most like the others; its cross-points are fixed at the middle
    conductance (assumed to be trimmed resistors, as for odd n no state lies there). What wires
    take from the large common current does not cancel, so it needs far better wires than
    `Differential`.
    """

    def outputs_per_tile(self, columns: int) -> int:
        return columns - 1

    def columns(self, outputs: int) -> int:
        return outputs + 1

    def levels(self, synapse: Synapse, v: float) -> Levels:
        g = synapse.conductances(v)
        return Levels(g - (g[0] + g[-1]) / 2, synapse.continuous)

    def conductances(self, difference: Floats, synapse: Synapse, v: float) -> Floats:
        g = synapse.conductances(v)
        middle = (g[0] + g[-1]) / 2
        return with_reference_column(synapse.program(middle + difference, v), middle)[0]

    def decoder(self, outputs: int) -> Floats:
        return with_reference_column(np.ones((1, outputs)), 1.0)[1]
