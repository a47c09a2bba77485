"""A crossbar of synapses on resistive wires: the object users hold."""

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from circuits import linear
from circuits.network import Network
from circuits.operating_point import OperatingPoint
from circuits.power import power_forms
from circuits.threads import available_threads
from circuits.wires import Wires
from device_models.checks import Floats, nonnegative_array, real_array

_WORTH_A_THREAD = 96  # shorter side from which a second thread pays, measured


@dataclass(frozen=True, eq=False)
class CrossbarCircuit:
    """An array of m rows and n columns with a linear device at every cross-point.

    Row i is driven on its left by a voltage source behind `wires.source`; column j ends at the
    bottom in ground behind `wires.sense`, where its current is read.

    Parameters
    ----------
    conductance : (rows, columns) array
        Device conductances [S]; zero is an open cell.
    wires : Wires
        Wire, source and sense resistances [ohm]; ideal by default.

    Raises
    ------
    ValueError, TypeError
        If `conductance` is empty, not a matrix, or has negative, non-finite or complex entries.

    Examples
    --------
    >>> circuit = CrossbarCircuit([[1e-4, 2e-4], [3e-4, 4e-4]], Wires(row=1.0, column=1.0))
    >>> circuit.solve([0.1, 0.2]).column_currents
    array([6.99...e-05, 9.98...e-05])
    """

    conductance: Floats
    wires: Wires = field(default_factory=Wires)

    def __post_init__(self) -> None:
        g = nonnegative_array("conductance", self.conductance, "S")
        if g.ndim != 2 or g.size == 0:
            raise ValueError(
                f"conductance has shape {g.shape}; expected a (rows, columns) matrix with at "
                "least one row and one column"
            )
        if not isinstance(self.wires, Wires):
            raise TypeError(
                f"wires is {self.wires!r}; expected circuits.Wires(row=..., column=...)"
            )
        g.flags.writeable = False
        object.__setattr__(self, "conductance", g)

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns."""
        return self.conductance.shape[0], self.conductance.shape[1]

    @cached_property
    def network(self) -> Network:
        """The arrays the kernels work on."""
        return Network.from_wires(self.conductance, self.wires)

    @cached_property
    def nodal_factors(self) -> linear.NodalFactors:
        """The eliminated nodal equations, shared by all solutions of this circuit."""
        return linear.NodalFactors.of(self.network)

    def transconductance(self) -> Floats:
        """The matrix T (rows, columns) [S] with column currents = row voltages @ T.

        Exact and not iterative, at any wire resistance. Computed once per circuit; read-only.
        """
        return self._transconductance

    @cached_property
    def _transconductance(self) -> Floats:
        threads = available_threads() if min(self.shape) >= _WORTH_A_THREAD else 1
        matrix = linear.transconductance(self.network, threads)
        matrix.flags.writeable = False
        return matrix

    def power_forms(self) -> dict[str, Floats]:
        """For `source` and each part the matrix Q (rows, rows) [S]: its power is v @ Q @ v [W]."""
        u, w = self.nodal_factors.solve(np.eye(self.shape[0]))
        return power_forms(self.conductance, u, w, self.wires)

    def solve(self, voltages: ArrayLike) -> OperatingPoint:
        """Solve the circuit for row voltages (rows,) or (batch, rows) [V].

        Returns at once with the column currents; node voltages and power are computed from the
        nodal equations when asked for.
        """
        v = real_array("voltages", voltages, "V")
        rows = self.shape[0]
        if v.ndim not in (1, 2) or v.shape[-1] != rows or v.size == 0:
            raise ValueError(
                f"voltages has shape {v.shape}; this circuit of {rows} rows expects "
                f"({rows},) or (batch, {rows})"
            )
        return OperatingPoint(self, v)
