"""Linear arrays: all of T, and batches of inputs."""

from collections.abc import Iterable, Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from benchmarks.speed import cholmod
from benchmarks.speed.operations import multiply_adds
from benchmarks.speed.process import best, grown, in_own_process, peak_memory
from benchmarks.speed.row import Row
from benchmarks.speed.settings import Settings, all_of_t, conductances, currents, inputs, warm_up
from benchmarks.speed.superlu import (
    SOLVES,
    adjoint,
    column_currents,
    factorise,
    injected,
    nodal_matrix,
)
from circuits import CrossbarCircuit, Wires

RESOLVED = 10_000  # devices below which what a solver takes is lost in what Python takes
BATCHES = (1, 100, 10_000)


def matrix(settings: Settings) -> Iterator[Row]:
    """All of T against sparse factorisations, for every size and wire."""
    if reason := cholmod.missing():
        yield {"tool": "CHOLMOD", "skipped": reason}
    for shape in settings.sizes:
        for wire in settings.wires:
            row = measure(shape, wire, settings.repeat, settings.seed)
            memory = np.prod(shape) >= RESOLVED and wire == settings.wires[0]
            yield {**row, **(_memories(row, settings.seed) if memory else
                             {"bytes": None, "superlu_bytes": None})}


def measure(shape: tuple[int, int], wire: float, repeat: int, seed: int) -> Row:
    """Times of one array, and the largest relative difference of the two solutions."""
    g, (m, n) = conductances(shape, seed), shape
    system = nodal_matrix(g, wire)
    ours, t = best(partial(all_of_t, g, wire), repeat)
    factor = factorise(system, repeat)
    solve, columns = adjoint(factor.lu.solve, shape, wire, repeat)
    every = factor.seconds + n * solve
    row: Row = {
        "rows": m, "columns": n, "wire_ohm": wire, "seconds": ours, "ordering": factor.ordering,
        "superlu_factor_seconds": factor.seconds, "superlu_solve_seconds": solve,
        "ratio": factor.seconds / ours,
        "largest_relative_difference": float(np.abs(t[:, : columns.shape[1]] / columns - 1).max()),
        # what SuperLU needs for T: one adjoint solution per column, extrapolated from some
        "superlu_matrix_seconds": every, "ratio_matrix": every / ours,
        "gflops": 2e-9 * sum(multiply_adds(m, n)) / ours,
    }
    if cholmod.missing() is None:
        row |= _cholmod(system, t, wire, repeat, ours)
    return row


def _cholmod(
    system: sparse.csc_matrix, t: NDArray[np.float64], wire: float, repeat: int, ours: float
) -> Row:
    """CHOLMOD's times on the same equations; `largest_relative_difference` stays SuperLU's."""
    seconds, solver = cholmod.factorise(system, repeat)
    solve, columns = adjoint(solver, (t.shape[0], t.shape[1]), wire, repeat)
    if not np.allclose(t[:, : columns.shape[1]], columns, rtol=1e-8, atol=0.0):
        raise ArithmeticError("CHOLMOD finds another T; what it took says nothing")
    every = seconds + t.shape[1] * solve
    return {"cholmod_factor_seconds": seconds, "cholmod_solve_seconds": solve,
            "cholmod_matrix_seconds": every, "ratio_cholmod": every / ours}


def _memories(row: Row, seed: int) -> Row:
    """Memory [byte] of both solvers beyond the inputs, each in a process of its own."""
    ours, theirs = (
        in_own_process(hold, rows=row["rows"], columns=row["columns"], wire=row["wire_ohm"],
                       seed=seed, ordering=ordering)
        for ordering in (None, row["ordering"]))
    return {"bytes": grown(ours), "superlu_bytes": grown(theirs)}


def hold(rows: int, columns: int, wire: float, seed: int, ordering: str | None) -> Row:
    """Solve once: T, or SuperLU's factors if an ordering is named."""
    warm_up()
    g = conductances((rows, columns), seed)
    system = nodal_matrix(g, wire) if ordering else None
    start = peak_memory()
    if ordering:
        factorise(system, 1, (ordering,))
    else:
        all_of_t(g, wire)
    return {"start_bytes": start}


def batch(settings: Settings, batches: Iterable[int] = BATCHES) -> Iterator[Row]:
    """Currents of many inputs against one SuperLU solution for each, extrapolated."""
    for m, n in settings.sizes:
        wire, g = settings.wires[0], conductances((m, n), settings.seed)
        v = inputs(max(batches), m, settings.seed)
        inject = injected(inputs(SOLVES, m, settings.seed), n, wire)
        lu = factorise(nodal_matrix(g, wire), 1).lu
        one, _ = best(partial(lu.solve, inject[:, 0]), SOLVES)
        block, nodes = best(partial(lu.solve, inject), settings.repeat)
        solve = min(one, block / SOLVES)  # many at once keep the factors in cache
        circuit = CrossbarCircuit(g, Wires(wire, wire))
        circuit.transconductance()
        ours = currents(circuit, inputs(SOLVES, m, settings.seed))
        difference = np.abs(ours / column_currents(nodes, n, wire) - 1).max()
        for count in batches:
            whole, _ = best(partial(_afresh, g, wire, v[:count]), settings.repeat)
            held, _ = best(partial(currents, circuit, v[:count]), settings.repeat)
            yield {
                "rows": m, "columns": n, "wire_ohm": wire, "batch": count, "seconds": whole,
                "seconds_with_matrix": held, "superlu_seconds": count * solve,
                "superlu_solve_seconds": solve, "superlu_single_solve_seconds": one,
                "superlu_solves_measured": SOLVES,
                "ratio": count * solve / whole, "ratio_with_matrix": count * solve / held,
                "largest_relative_difference": float(difference),
            }


def _afresh(g: NDArray[np.float64], wire: float, v: NDArray[np.float64]) -> NDArray[np.float64]:
    return currents(CrossbarCircuit(g, Wires(wire, wire)), v)
