"""How long an array takes to settle: its wires' capacitances with everything's resistances."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import linalg
from scipy.optimize import brentq
from scipy.sparse.linalg import ArpackError, LinearOperator, eigsh

from circuits.analysis.lanczos import Lanczos
from circuits.analysis.rc_network import RCNetwork
from circuits.circuit import CrossbarCircuit
from circuits.errors import ConvergenceError
from circuits.threads import keep_blas_on_one_thread
from device_models.checks import Floats, fraction, nonnegative_array, positive

_DENSE = 60  # nodes up to which all eigenvalues are as fast as the largest, measured
_SOURCES = 32  # rows whose node voltages are held at a time
_STEPS = (8, 12, 20, 40, 80, 160, 320)
"""Of the Lanczos method, until two settling times agree."""
_AGREEMENT = 1e-6  # of settling times, relative


def elmore_delay(
    circuit: CrossbarCircuit, row_capacitance: ArrayLike, column_capacitance: ArrayLike
) -> Floats:
    """Elmore time constants (rows, columns) [s] from each row's source to each column's end.

    The mean time of the impulse response (Elmore, J. Appl. Phys. 19, 55 (1948)): the integral of
    what a step's current still lacks of its final value, over that value. Impulse responses are
    not negative, so by Markov's inequality at most a share p of the final current is lacking after
    delay/p, for any p; in RC trees at most half after the delay itself (Gupta, Tutuianu, Pileggi,
    IEEE Trans. CAD 16, 95 (1997)).

    Parameters
    ----------
    circuit : CrossbarCircuit
        A linear one.
    row_capacitance, column_capacitance : float or (rows, columns) array
        Capacitances to ground [F] of the row and the column node of every cross-point.

    Returns
    -------
    (rows, columns) array
        NaN where no current flows, as into a column of open cells.
    """
    keep_blas_on_one_thread()
    system = RCNetwork.of(circuit, row_capacitance, column_capacitance)
    sensed = system.sensed
    weighted = system.capacitance[:, None] * sensed
    first, current = np.empty(circuit.shape), np.empty(circuit.shape)
    for start in range(0, circuit.shape[0], _SOURCES):
        rows = slice(start, start + _SOURCES)
        response = system.solve(system.drive[:, rows].toarray())
        first[rows] = response.T @ weighted
        current[rows] = (system.out.T @ response).T
    current += system.direct.toarray()
    system.check(current, circuit.transconductance())
    delay = np.full(circuit.shape, np.nan)
    np.divide(first, current, out=delay, where=current > 0)
    return _times(delay, system)


def slowest_time_constant(
    circuit: CrossbarCircuit, row_capacitance: ArrayLike, column_capacitance: ArrayLike
) -> float:
    """Time constant [s] of the slowest mode: the largest tau of C x = tau G x.

    Arguments as for `elmore_delay`. Zero if nothing stores charge.
    """
    keep_blas_on_one_thread()
    system = RCNetwork.of(circuit, row_capacitance, column_capacitance)
    size = len(system.capacitance)
    if not system.capacitance.any():
        return 0.0
    if size <= _DENSE:
        capacitances, conductances = np.diag(system.capacitance), system.conductance.toarray()
        _ = system.solve  # notices conductances that are too different
        try:
            largest = linalg.eigh(capacitances, conductances, eigvals_only=True)[-1:]
        except linalg.LinAlgError as error:
            raise system.lost(str(error)) from error
    else:
        operator = LinearOperator((size, size), matvec=system.relax, dtype=float)
        try:
            largest = eigsh(operator, k=1, which="LA", v0=system.root, return_eigenvectors=False)
        except ArpackError as error:
            raise system.lost(str(error)) from error
    return float(_times(largest, system)[0])


def settling_time(
    circuit: CrossbarCircuit, row_capacitance: ArrayLike, column_capacitance: ArrayLike,
    accuracy: float = 1e-3, voltages: ArrayLike | None = None,
) -> float:
    """Time [s] after which every column current is within `accuracy` of its final value.

    After a step of all sources from zero to `voltages` (rows,) [V], none of them negative, all
    equal by default; `accuracy` is relative to each column's final current. Columns without
    current do not count. The other arguments are as for `elmore_delay`.

    Raises
    ------
    ConvergenceError
        If the modes that matter are too many for the Lanczos method.
    """
    level = fraction("accuracy", positive("accuracy", accuracy, "1"), one=False)
    keep_blas_on_one_thread()
    system = RCNetwork.of(circuit, row_capacitance, column_capacitance)
    v = _inputs(voltages, circuit.shape[0])
    found = np.inf
    for decay in _decays(system, v, circuit.transconductance()):
        previous, found = found, decay.crossing(level)
        if abs(found - previous) <= _AGREEMENT * found:
            break
    return float(_times(np.array([found]), system)[0])


def _times(times: Floats, system: RCNetwork) -> Floats:
    """`times` [`system.unit` ohm] in seconds; refuses what is too long or below zero."""
    with np.errstate(over="ignore"):
        seconds = times * system.unit
    if np.any(times < 0):
        raise system.lost(f"a time of {seconds.min():.2g} s")
    if np.any(np.isinf(seconds)):
        raise ConvergenceError(
            f"capacitances of {system.unit:.2g} F and more make times beyond 1e308 s; expected "
            "those of wires, some 1e-16 F a segment")
    return seconds


def _inputs(voltages: ArrayLike | None, rows: int) -> Floats:
    if voltages is None:
        return np.ones(rows)
    v = nonnegative_array("voltages", voltages, "V")
    if v.shape != (rows,) or not v.any():
        raise ValueError(f"voltages has shape {v.shape} and {np.count_nonzero(v)} entries above "
                         f"zero; expected ({rows},) and one at least")
    return v


@dataclass(frozen=True, eq=False)
class Decay:
    """What column currents lack of their final values: weights (modes, columns) [1] that fall
    with the modes' `times` [s]."""

    times: Floats
    weights: Floats

    def lacking(self, t: float) -> float:
        """The most any column lacks at `t` [s], relative to its final current."""
        return float(np.max(np.exp(-t / self.times) @ self.weights, initial=0.0))

    def crossing(self, level: float) -> float:
        """The time [s] at which `level` is left to go."""
        if self.lacking(0.0) <= level:
            return 0.0
        late = float(self.times.max())
        while self.lacking(late) > level:
            late *= 2
        return float(brentq(lambda t: self.lacking(t) - level, 0.0, late, xtol=1e-12 * late))


def _decays(system: RCNetwork, v: Floats, transconductance: Floats) -> Iterator[Decay]:
    """How currents approach their final values after a step to `v`, ever better.

    From the Lanczos approximation of the modes that the step excites, the slow ones first; the
    last one is exact if these modes are few.
    """
    final = system.solve(system.drive @ v)
    currents = system.out.T @ final + system.direct.T @ v
    system.check(currents, v @ transconductance)
    flowing = currents > 0
    read: list[Floats] = []  # of each vector of the basis, by the solution that relaxes it anyway

    def relax(x: Floats) -> Floats:
        nodes = system.solve(system.root * x)
        read.append((system.out.T @ nodes)[flowing] / currents[flowing])
        return np.asarray(system.root * nodes)

    lanczos = Lanczos(relax, system.root * final)
    for steps in _STEPS:
        lanczos.extend(steps)
        times, vectors, amplitudes = lanczos.modes()
        outputs = np.reshape(read, (len(read), np.count_nonzero(flowing)))
        yield Decay(times, (vectors.T @ outputs) * (amplitudes / times)[:, None])
        if lanczos.ended:
            return
    raise ConvergenceError(f"the settling time did not converge in {_STEPS[-1]} Lanczos steps: "
                           "the time constants differ too much; ask for slowest_time_constant")
