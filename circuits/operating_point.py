"""What a solve returns: currents at once, node voltages, power and residual on demand."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from circuits.power import Branches, dissipated
from device_models.checks import Floats

if TYPE_CHECKING:
    from circuits.circuit import CrossbarCircuit

R = TypeVar("R")

_CHUNK_BYTES = 64e6  # node voltages held at a time while power and residual are summed
_MOST_BYTES = 8e9  # node voltages handed out at a time


@dataclass(frozen=True, eq=False)
class OperatingPoint:
    """The state of a circuit under `voltages` (rows,) or (batch, rows) [V].

    Arrays have a leading batch axis where `voltages` has one.
    """

    circuit: "CrossbarCircuit"
    voltages: Floats

    @cached_property
    def column_currents(self) -> Floats:
        """Currents out of the columns into ground, (..., columns) [A]."""
        return np.asarray(self.voltages @ self.circuit.transconductance())

    @property
    def row_voltages(self) -> Floats:
        """Row node voltages, (..., rows, columns) [V]."""
        return self._nodes[0]

    @property
    def column_voltages(self) -> Floats:
        """Column node voltages, (..., rows, columns) [V]."""
        return self._nodes[1]

    @property
    def device_currents(self) -> Floats:
        """Currents from row to column through each device, (..., rows, columns) [A]."""
        return self.circuit.conductance * (self.row_voltages - self.column_voltages)

    @cached_property
    def power(self) -> Mapping[str, Floats]:
        """Power [W] of `source`, `devices`, `rows`, `columns`, `drivers`, `sense`: arrays (...).

        `source` is what the drivers' voltage sources deliver; the others are what is dissipated,
        and add up to it.
        """
        parts = self._in_chunks(lambda branches: dissipated(branches, self.circuit.wires))
        return {name: np.concatenate([p[name] for p in parts]).reshape(self.voltages.shape[:-1])
                for name in parts[0]}

    @cached_property
    def kcl_residual(self) -> Floats:
        """Largest current imbalance [A] of any node, one number per input: array (...).

        Where wires have no resistance a whole wire is one node.
        """
        parts = self._in_chunks(lambda branches: branches.imbalance(self.circuit.wires))
        return np.concatenate(parts).reshape(self.voltages.shape[:-1])

    @cached_property
    def _nodes(self) -> tuple[Floats, Floats]:
        batch = np.atleast_2d(self.voltages)
        needed = 16.0 * len(batch) * self.circuit.conductance.size
        if needed > _MOST_BYTES:
            raise MemoryError(
                f"the node voltages of {len(batch)} inputs need {needed / 1e9:.0f} GB; solve "
                "fewer inputs at a time, or ask for column_currents, power or kcl_residual only"
            )
        u, w = self.circuit.nodal_factors.solve(batch)
        shape = self.voltages.shape[:-1] + self.circuit.shape
        return u.reshape(shape), w.reshape(shape)

    def _in_chunks(self, quantity: Callable[[Branches], R]) -> list[R]:
        """`quantity` of the branches of a few inputs at a time."""
        batch = np.atleast_2d(self.voltages)
        size = max(1, int(_CHUNK_BYTES / (16 * self.circuit.conductance.size)))
        results = []
        for start in range(0, len(batch), size):
            v = batch[start : start + size]
            u, w = self.circuit.nodal_factors.solve(v)
            results.append(quantity(Branches(self.circuit.conductance, v, u, w)))
        return results
