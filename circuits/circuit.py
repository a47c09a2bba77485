"""A crossbar of synapses on resistive wires: the object users hold."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from circuits.array.array import Array, check_kinds
from circuits.array.devices import Devices
from circuits.array.network import Network
from circuits.array.topology import ColumnSense, RowDrive
from circuits.array.wires import Wires
from circuits.copies import ReadOnly, read_only
from circuits.errors import SingularCircuitError
from circuits.laws import Law, LinearLaw
from circuits.laws.law import check_law
from circuits.solution.operating_point import OperatingPoint
from circuits.solution.sensitivity import wire_gradient
from circuits.solvers import merging
from circuits.solvers.gradient import device_gradient
from circuits.solvers.linear import LinearBatch, LinearSolver
from circuits.solvers.nonlinear import NonlinearBatch, NonlinearSolver
from circuits.threads import available_threads
from device_models.checks import Floats, nonnegative_array, positive, real_array, whole


@dataclass(frozen=True, eq=False)
class CrossbarCircuit(ReadOnly):
    """An array of m rows and n columns with a device at every cross-point.

    Row i is driven by a voltage source behind `wires.source`; column j ends in ground behind
    `wires.sense`, where its current is read.

    Parameters
    ----------
    conductance : (rows, columns) or (branches, rows, columns) array
        Device conductances [S]; zero is an open cell. With a law of several branches, one for
        each of them.
    wires : Wires
        Wire, source, sense and access resistances [ohm]; ideal by default.
    law : Law
        Current-voltage law of the devices; Ohm's by default.
    drive : RowDrive
        Driven ends of the rows; the left by default.
    sense : ColumnSense
        Sensed ends of the columns; the bottom by default.

    Raises
    ------
    ValueError, TypeError
        If `conductance` is empty, of the wrong shape, or has negative, non-finite or complex
        entries; if resistances do not fit it; if nothing determines the voltage of a node.

    Examples
    --------
    >>> circuit = CrossbarCircuit([[1e-4, 2e-4], [3e-4, 4e-4]], Wires(row=1.0, column=1.0))
    >>> circuit.solve([0.1, 0.2]).column_currents
    array([6.99...e-05, 9.98...e-05])
    """

    conductance: Floats
    wires: Wires = field(default_factory=Wires)
    law: Law = field(default_factory=LinearLaw)
    drive: RowDrive = RowDrive.LEFT
    sense: ColumnSense = ColumnSense.BOTTOM
    _kept = ("_linear",)

    def __post_init__(self) -> None:
        check_kinds(self.wires, self.drive, self.sense)
        check_law(self.law)
        g = nonnegative_array("conductance", self.conductance, "S")
        branches = (self.law.branches,) if self.law.branches > 1 or g.ndim == 3 else ()
        if g.ndim != 2 + len(branches) or g.size == 0 or g.shape[: len(branches)] != branches:
            shape = ", ".join([*map(str, branches), "rows", "columns"])
            raise ValueError(f"conductance has shape {g.shape}; expected ({shape}) with at least "
                             f"one row and one column, for {self.law!r}")
        object.__setattr__(self, "conductance", read_only(g))
        _ = self.network  # the shapes of all resistances must fit
        self._check_floating()

    def _check_floating(self) -> None:
        connected = self.devices.conductance.sum(axis=0).any(axis=1)
        floating = np.isinf(np.broadcast_to(self.wires.source, self.shape[:1])) & ~connected
        if floating.any():
            raise SingularCircuitError(
                f"row {int(np.argmax(floating))} has no path to ground: its source resistance is "
                "infinite and all its cells are open, so nothing determines its voltage; drive it "
                "or leave it out"
            )

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns."""
        return self.conductance.shape[-2], self.conductance.shape[-1]

    @property
    def is_linear(self) -> bool:
        """Whether currents are proportional to voltages."""
        return self.array.linear

    @cached_property
    def array(self) -> Array:
        """Devices, wires and ends, as solvers take them."""
        return Array.of(self.conductance, self.law, self.wires, self.drive, self.sense)

    @property
    def devices(self) -> Devices:
        """The devices with their access transistors."""
        return self.array.devices

    @property
    def network(self) -> Network:
        """The wires, with the slopes of the devices at zero bias."""
        return self.array.network

    @cached_property
    def _linear(self) -> LinearSolver:
        """What all linear solutions share."""
        return LinearSolver(self.network)

    def transconductance(self) -> Floats:
        """The matrix T (rows, columns) [S] with column currents = row voltages @ T.

        Exact and not iterative, at any wire resistance. Computed once per circuit; read-only.

        Raises
        ------
        TypeError
            If the devices are not linear, so that there is no such matrix.
        """
        if not self.is_linear:
            raise TypeError(f"a circuit with {self.law!r} has no transconductance matrix: its "
                            "currents are not proportional to voltages; use solve(voltages)")
        return self._linear.transconductance

    def admittance(self) -> Floats:
        """The matrix Y (rows, rows) [S] with currents out of the rows' sources = Y @ row voltages.

        Symmetric; the sources deliver the power v @ Y @ v. One solution for each row.

        Raises
        ------
        TypeError
            If the devices are not linear, so that there is no such matrix.
        """
        if not self.is_linear:
            raise TypeError(f"a circuit with {self.law!r} has no admittance: its currents are not "
                            "proportional to voltages; use solve(voltages).source_currents")
        y = self.solve(np.eye(self.shape[0])).source_currents
        return np.asarray((y + y.T) / 2)

    def transconductance_gradient(self, m: ArrayLike) -> Floats:
        """dL/dG [1/S] of a loss L whose dL/dT is `m` (rows, columns) [1/S], shaped like the
        conductances.

        Exact, by running the solution backwards; it costs a few transconductances, whatever the
        number of devices. Access transistors are accounted for.

        Raises
        ------
        TypeError, ValueError
            If the devices are not linear, or `m` does not fit.
        """
        loss = self._loss(m)
        devices = self.devices
        gradient = device_gradient(self._linear.factors, loss)
        own = devices.law.slope(np.zeros((*self.shape, 1)))[..., 0]  # (branches, rows, columns)
        divided = (1.0 + devices.access * devices.own_conductance) ** 2
        return np.asarray(own * gradient / divided).reshape(self.conductance.shape)

    def wire_gradient(self, m: ArrayLike) -> tuple[Floats, Floats]:
        """dL/dr [1/ohm] of every row segment (rows, columns + 1) and column segment
        (rows + 1, columns), for a loss L whose dL/dT is `m` (rows, columns) [1/S].

        The end segments include `source` and `sense`, so theirs are also the derivatives with
        respect to these; that with respect to a resistance that several segments share is the sum.
        It takes one solution for every row, and one more.

        Raises
        ------
        TypeError, ValueError
            If the devices are not linear, or `m` does not fit.
        """
        loss = self._loss(m)
        return wire_gradient(self.network, self._linear.response(self.shape[0]), loss)

    def _loss(self, m: ArrayLike) -> Floats:
        """dL/dT, checked."""
        if not self.is_linear:
            raise TypeError(f"a circuit with {self.law!r} has no transconductance matrix, and no "
                            "gradient of it: its currents are not proportional to voltages")
        loss = real_array("m, dL/dT", m, "1/S")
        if loss.shape != self.shape:
            raise ValueError(f"m, dL/dT, has shape {loss.shape}; expected {self.shape}, that of "
                             "the transconductance")
        return loss

    def solve(self, voltages: ArrayLike, tolerance: float = 1e-12) -> OperatingPoint:
        """Solve the circuit for row voltages (rows,) or (batch, rows) [V].

        `tolerance` is the KCL residual of a nonlinear solution relative to its largest device
        current [1]; linear solutions are exact. Node voltages and power are worked out when they
        are asked for.

        Raises
        ------
        ValueError, TypeError
            If `voltages` does not fit, or is not finite and real.
        ConvergenceError
            If a nonlinear input has no solution that can be found; names the input.
        """
        v = read_only(real_array("voltages", voltages, "V"))
        rows = self.shape[0]
        if v.ndim not in (1, 2) or v.shape[-1] != rows or v.size == 0:
            raise ValueError(
                f"voltages has shape {v.shape}; this circuit of {rows} rows expects "
                f"({rows},) or (batch, {rows})"
            )
        tolerance = positive("tolerance", tolerance, "1")
        batch = np.atleast_2d(v)
        if self.is_linear:
            return OperatingPoint(v, LinearBatch(self.array, batch, self._linear))
        solver = NonlinearSolver.of(self.array, float(np.abs(v).max()), tolerance)
        return OperatingPoint(v, NonlinearBatch(self.array, batch, solver))


def transconductances(circuits: Iterable[CrossbarCircuit], threads: int | None = None
                      ) -> Iterator[Floats]:
    """The transconductance of each circuit, in order, worked out together.

    Circuits of one shape are solved in one batch, on `threads` (1 or more; all processors this
    process may use if None); each keeps its matrix. Those that have one already are not solved
    again.

    Raises
    ------
    TypeError
        If a circuit is not linear.
    """
    given = list(circuits)
    workers = available_threads() if threads is None else whole("threads", threads, 1)
    open_ = {id(c): c for c in given if c.is_linear and not c._linear.has_transconductance}
    waiting = list(open_.values())
    solved = merging.transconductances([circuit.network for circuit in waiting], workers)
    for circuit in given:
        while id(circuit) in open_:
            number, matrix = next(solved)
            waiting[number]._linear.keep(matrix)
            del open_[id(waiting[number])]
        yield circuit.transconductance()
