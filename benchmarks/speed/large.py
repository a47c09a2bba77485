"""Arrays that take long, each solver in a process of its own."""

import time
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from benchmarks.speed import cholmod
from benchmarks.speed.process import best, grown, in_own_process, peak_memory
from benchmarks.speed.row import Row
from benchmarks.speed.scaling import SQUARE
from benchmarks.speed.settings import Settings, all_of_t, conductances, inputs, warm_up
from benchmarks.speed.superlu import SYMMETRIC, adjoint, factorise, nodal_matrix
from circuits import CrossbarCircuit, OperatingPoint, Wires

WIRES = (1.0, 10.0, 100.0)  # [ohm] of single inputs
INPUTS = 10
_REPEAT = 3  # of single inputs


def large(settings: Settings, side: int = 1024, huge: int = 2048) -> Iterator[Row]:
    """All of T, node voltages, single inputs; then T by sparse factorisations."""
    common = {"side": side, "wire": settings.wires[0], "seed": settings.seed}
    square: Row = {"rows": side, "columns": side, "wire_ohm": settings.wires[0]}
    ours = in_own_process(large_matrix, **common)
    sample = np.array(ours.pop("sample"))
    yield {**square, "solver": "T", **ours, "bytes": grown(ours)}
    most = in_own_process(large_matrix, **{**common, "side": huge})
    del most["sample"]
    yield {**square, "rows": huge, "columns": huge, "solver": "T", **most, "bytes": grown(most),
           "over": SQUARE[0], "fixed": SQUARE[1], "value": huge}
    nodes = in_own_process(large_nodes, **common)
    yield {**square, "solver": f"node voltages of {INPUTS} inputs", **nodes,
           "bytes": grown(nodes)}
    for wire in WIRES:
        one = in_own_process(large_input, **{**common, "wire": wire})
        yield {**square, "wire_ohm": wire, "solver": "one input", **one, "bytes": grown(one)}
    yield from _sparse(common, square, ours["seconds"], sample)


def _sparse(common: dict[str, float], square: Row, seconds: float,
            sample: NDArray[np.float64]) -> Iterator[Row]:
    """SuperLU and CHOLMOD; last, as they may want the memory."""
    for name, work in (("SuperLU", large_superlu), ("CHOLMOD", large_cholmod)):
        if name == "CHOLMOD" and (reason := cholmod.missing()):
            yield {"tool": name, "skipped": reason}
            continue
        theirs = in_own_process(work, **common)
        difference = np.abs(sample / np.array(theirs.pop("sample")) - 1).max()
        every = (theirs["superlu_factor_seconds"] + theirs["superlu_solve_seconds"] * common["side"]
                 if name == "SuperLU" else theirs["cholmod_factor_seconds"]
                 + theirs["cholmod_solve_seconds"] * common["side"])
        yield {**square, "solver": f"{name} factor + adjoint solves", **theirs, "seconds": every,
               "bytes": grown(theirs), "ratio": every / seconds,
               "largest_relative_difference": float(difference)}


def large_matrix(side: int, wire: float, seed: int) -> Row:
    """T of a square array; `sample` is its first columns."""
    warm_up()
    g = conductances((side, side), seed)
    start, began = peak_memory(), time.perf_counter()
    t = all_of_t(g, wire)
    return {"seconds": time.perf_counter() - began, "start_bytes": start,
            "sample": t[:, :16].tolist()}


def large_superlu(side: int, wire: float, seed: int) -> Row:
    """SuperLU's factorisation and some adjoint solutions; `sample` is T's first columns."""
    system = nodal_matrix(conductances((side, side), seed), wire)
    start = peak_memory()
    factor = factorise(system, 1, (SYMMETRIC,))
    solve, columns = adjoint(factor.lu.solve, (side, side), wire, 1)
    return {"superlu_factor_seconds": factor.seconds, "superlu_solve_seconds": solve,
            "superlu_solves_measured": columns.shape[1], "ordering": factor.ordering,
            "start_bytes": start, "sample": columns.tolist()}


def large_cholmod(side: int, wire: float, seed: int) -> Row:
    """The same of CHOLMOD."""
    system = nodal_matrix(conductances((side, side), seed), wire)
    start = peak_memory()
    seconds, solver = cholmod.factorise(system, 1)
    solve, columns = adjoint(solver, (side, side), wire, 1)
    return {"cholmod_factor_seconds": seconds, "cholmod_solve_seconds": solve,
            "start_bytes": start, "sample": columns.tolist()}


def large_nodes(side: int, wire: float, seed: int) -> Row:
    """All node voltages of a few inputs, from conductances on."""
    warm_up()
    g, v = conductances((side, side), seed), inputs(INPUTS, side, seed)
    start, began = peak_memory(), time.perf_counter()
    found = CrossbarCircuit(g, Wires(wire, wire)).solve(v)
    u, w = found.row_voltages, found.column_voltages
    return {"seconds": time.perf_counter() - began, "start_bytes": start,
            "peak_bytes": peak_memory(), "batch": INPUTS,
            "largest_relative_difference": _lost(v, u, w, wire)}


def large_input(side: int, wire: float, seed: int) -> Row:
    """Column currents of one input, from conductances on."""
    warm_up()
    g, v = conductances((side, side), seed), inputs(1, side, seed)
    start = peak_memory()

    def solve() -> OperatingPoint:
        found = CrossbarCircuit(g, Wires(wire, wire)).solve(v)
        _ = found.column_currents
        return found

    seconds, found = best(solve, _REPEAT)
    currents, peak = found.column_currents, peak_memory()
    u, w = found.row_voltages, found.column_voltages
    leaving = np.abs(currents / (w[:, -1] / wire) - 1).max()
    return {"seconds": seconds, "start_bytes": start, "peak_bytes": peak, "batch": 1,
            "largest_relative_difference": max(float(leaving), _lost(v, u, w, wire))}


def _lost(v: NDArray[np.float64], u: NDArray[np.float64], w: NDArray[np.float64],
          wire: float) -> float:
    """What comes in and does not go out, over what comes in; the worst of all inputs."""
    into, out = (v - u[:, :, 0]).sum(axis=1) / wire, w[:, -1].sum(axis=1) / wire
    return float(np.abs(out / into - 1).max())
