"""What a solve returns: currents at once, node voltages, power and residual on demand."""

import warnings
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from circuits.solution.power import Branches
from circuits.solvers.nonlinear import NonlinearSolver, Solution
from circuits.solvers.response import matrix_pays
from circuits.threads import available_threads
from device_models.checks import Floats

if TYPE_CHECKING:
    from circuits.circuit import CrossbarCircuit

R = TypeVar("R")

_CHUNK = 2**18  # node voltages solved for at a time, per thread: they stay in cache
_LARGE = 2**22  # the same for arrays so large that a few inputs leave it anyway
_MOST_BYTES = 8e9  # node voltages handed out at a time


@dataclass(frozen=True, eq=False)
class OperatingPoint:
    """The state of a circuit under `voltages` (rows,) or (batch, rows) [V].

    Arrays have a leading batch axis where `voltages` has one. Nonlinear circuits are solved when
    the operating point is made.
    """

    circuit: "CrossbarCircuit"
    voltages: Floats
    tolerance: float

    def __post_init__(self) -> None:
        if not self.circuit.is_linear:
            _ = self._summary

    @cached_property
    def column_currents(self) -> Floats:
        """Currents out of the columns into ground, (..., columns) [A]."""
        circuit, batch = self.circuit, np.atleast_2d(self.voltages)
        if circuit.is_linear and (
            circuit.has_transconductance or matrix_pays(circuit.shape, len(batch))
        ):
            return np.asarray(self.voltages @ circuit.transconductance())
        return self._shaped(self._summary[0])

    @property
    def iterations(self) -> Floats:
        """Linear solutions per input, (...) [1]; 1 for linear devices."""
        if self.circuit.is_linear:
            return np.ones(self.voltages.shape[:-1], int)
        return self._shaped(self._summary[1])

    @property
    def row_voltages(self) -> Floats:
        """Row node voltages, (..., rows, columns) [V]."""
        return self._shaped(np.moveaxis(self._nodes.u, -1, 0))

    @property
    def column_voltages(self) -> Floats:
        """Column node voltages, (..., rows, columns) [V]."""
        return self._shaped(np.moveaxis(self._nodes.w, -1, 0))

    @property
    def device_currents(self) -> Floats:
        """Currents from row to column through each device, (..., rows, columns) [A]."""
        return self._shaped(np.moveaxis(self._nodes.currents, -1, 0))

    @cached_property
    def power(self) -> Mapping[str, Floats]:
        """Power [W] of `source`, `devices`, `rows`, `columns`, `drivers`, `sense`: arrays (...).

        `source` is what the drivers' voltage sources deliver; the others are what is dissipated,
        and add up to it. Access transistors count as devices.
        """
        parts = list(self._chunks(lambda branches, _: branches.power()))
        return {name: self._shaped(np.concatenate([p[name] for p in parts])) for name in parts[0]}

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
        return self._shaped(np.concatenate(list(self._chunks(self._imbalance))))

    def _imbalance(self, branches: Branches, _: Solution) -> Floats:
        law = self.circuit.devices.current(branches.u - branches.w)
        return Branches(branches.array, branches.v, branches.u, branches.w, law).imbalance()

    def _shaped(self, values: Floats) -> Floats:
        """An array with a batch axis in front, without it if `voltages` has none."""
        return values if self.voltages.ndim == 2 else values[0]

    @cached_property
    def _summary(self) -> tuple[Floats, Floats]:
        """Column currents (batch, columns) and iterations (batch,) of a nonlinear circuit."""
        parts = list(self._chunks(lambda _, s: (s.currents.sum(axis=0).T, s.iterations)))
        return np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts])

    @cached_property
    def _nodes(self) -> Solution:
        batch = np.atleast_2d(self.voltages)
        needed = 24.0 * len(batch) * np.prod(self.circuit.shape)
        if needed > _MOST_BYTES:
            raise MemoryError(
                f"the node voltages of {len(batch)} inputs need {needed / 1e9:.0f} GB; solve "
                "fewer inputs at a time, or ask for column_currents, power or kcl_residual only"
            )
        parts = list(self._chunks(lambda _, s: (
            s.u.copy(), s.w.copy(), s.currents.copy(), s.iterations)))
        return Solution(*(np.concatenate(arrays, axis=-1) for arrays in zip(*parts, strict=True)))

    @cached_property
    def _solve_chunk(self) -> Callable[[Floats, int], Solution]:
        """What solves (rows, batch) voltages, given the first one's number."""
        circuit = self.circuit
        if circuit.is_linear:
            response, g = circuit.response, circuit.network.g[:, :, None]

            def solve(voltages: Floats, _: int) -> Solution:
                u, w = response.solve(voltages)
                return Solution(u, w, g * (u - w), np.ones(voltages.shape[1], int))

            return solve
        typical = 0.7 * float(np.abs(self.voltages).max())
        return NonlinearSolver.of(circuit.network, circuit.devices, typical, self.tolerance).solve

    def _chunks(self, quantity: Callable[[Branches, Solution], R]) -> Iterator[R]:
        """`quantity` of a few inputs at a time, in order, on all processors."""
        batch = np.atleast_2d(self.voltages)
        cells = int(np.prod(self.circuit.shape))
        size = min(max(_CHUNK // cells, min(16, _LARGE // cells), 1), 64)
        solve = self._solve_chunk

        def work(start: int) -> R:
            v = np.ascontiguousarray(batch[start : start + size].T)
            solution = solve(v, start)
            self._warn_beyond(solution)
            return quantity(Branches(self.circuit.array, v, solution.u, solution.w,
                                     solution.currents), solution)

        starts = range(0, len(batch), size)
        with ThreadPoolExecutor(available_threads()) as pool:
            yield from pool.map(work, starts)

    def _warn_beyond(self, solution: Solution) -> None:
        low, high = self.circuit.law.limits
        if np.isinf(low) and np.isinf(high):
            return
        devices = self.circuit.devices
        v = devices.own_voltage(solution.u - solution.w)
        v = v[devices.conductance.any(axis=0)]
        if v.size and (v.min() < low or v.max() > high):
            warnings.warn(
                f"device voltages from {v.min():.3g} to {v.max():.3g} V leave the range of the "
                f"law, {low:.3g} to {high:.3g} V; it was continued by straight lines",
                stacklevel=2,
            )
