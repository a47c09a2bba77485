"""What a solve returns: currents at once, node voltages, power and residual on demand."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from circuits.array.array import Array
from circuits.copies import ReadOnly, read_only
from circuits.solution.power import Branches
from circuits.solution.residual import imbalance
from circuits.solvers.batch import Batch
from circuits.solvers.nodes import Indices
from device_models.checks import Floats

T = TypeVar("T", bound=np.generic)


@dataclass(frozen=True, eq=False)
class OperatingPoint(ReadOnly):
    """The state of a circuit under `voltages` (rows,) or (batch, rows) [V].

    Arrays have a leading batch axis where `voltages` has one.

    Parameters
    ----------
    voltages : (..., rows) array
        Source voltages [V].
    solved : Batch
        The same as a batch, with its solution.
    """

    voltages: Floats
    solved: Batch
    _kept = ("power", "kcl_residual", "source_currents")

    @property
    def array(self) -> Array:
        """The devices and wires that were solved."""
        return self.solved.array

    @property
    def column_currents(self) -> Floats:
        """Currents out of the columns into ground, (..., columns) [A]."""
        return self._shaped(self.solved.column_currents)

    @property
    def iterations(self) -> Indices:
        """Linear solutions per input, (...) [1]; 1 for linear devices."""
        return self._shaped(self.solved.iterations)

    @property
    def row_voltages(self) -> Floats:
        """Row node voltages, (..., rows, columns) [V]."""
        return self._shaped(np.moveaxis(self.solved.nodes.u, -1, 0))

    @property
    def column_voltages(self) -> Floats:
        """Column node voltages, (..., rows, columns) [V]."""
        return self._shaped(np.moveaxis(self.solved.nodes.w, -1, 0))

    @property
    def device_currents(self) -> Floats:
        """Currents from row to column through each device, (..., rows, columns) [A]."""
        return self._shaped(np.moveaxis(self.solved.nodes.currents, -1, 0))

    @cached_property
    def source_currents(self) -> Floats:
        """Currents out of the rows' sources, through all driven ends, (..., rows) [A]."""
        parts = list(self.solved.each(lambda v, nodes: Branches(
            self.array, v, nodes).source_currents.T.copy()))
        return read_only(self._shaped(np.concatenate(parts)))

    @cached_property
    def power(self) -> Mapping[str, Floats]:
        """Power [W] of `source`, `devices`, `rows`, `columns`, `drivers`, `sense`: arrays (...).

        `source` is what the drivers' voltage sources deliver; the others are what is dissipated,
        and add up to it. Access transistors count as devices.
        """
        parts = list(self.solved.each(lambda v, nodes: Branches(self.array, v, nodes).power()))
        return read_only({name: self._shaped(np.concatenate([p[name] for p in parts]))
                          for name in parts[0]})

    @property
    def power_balance(self) -> Floats:
        """What the sources deliver beyond what is dissipated, relative to the former: (...) [1]."""
        power = self.power
        spent = sum(part for name, part in power.items() if name != "source")
        difference = np.asarray(power["source"] - spent)
        return np.divide(difference, power["source"], out=np.zeros_like(difference),
                         where=power["source"] != 0)

    @cached_property
    def kcl_residual(self) -> Floats:
        """Largest current imbalance [A] of any node, one number per input: array (...).

        From node voltages and the devices' law. Where wires have no resistance, nodes are one.
        """
        parts = list(self.solved.each(lambda v, nodes: imbalance(self.array, v, nodes)))
        return read_only(self._shaped(np.concatenate(parts)))

    def _shaped(self, values: NDArray[T]) -> NDArray[T]:
        """An array with a batch axis in front, without it if `voltages` has none."""
        return values if self.voltages.ndim == 2 else values[0]
