"""Arrays that take minutes, each solver in a process of its own."""

import time
from collections.abc import Iterator
from functools import partial

import numpy as np

from benchmarks.speed.process import best, grown, in_own_process, peak_memory
from benchmarks.speed.row import Row
from benchmarks.speed.settings import Settings, all_of_t, conductances, inputs, warm_up
from benchmarks.speed.superlu import SYMMETRIC, factorise, nodal_matrix
from circuits import CrossbarCircuit, Wires
from circuits.solvers.conjugate_gradients import LineGradients


def large(settings: Settings, side: int = 1024, huge: int = 2048) -> Iterator[Row]:
    """All of T of a large array, and one input of one that no direct solver holds."""
    common = {"wire": settings.wires[0], "seed": settings.seed}
    square: Row = {"rows": side, "columns": side, "wire_ohm": settings.wires[0]}
    ours = in_own_process(large_matrix, side=side, **common)
    sample = np.array(ours.pop("sample"))
    yield {**square, "solver": "T", **ours, "bytes": grown(ours)}
    one = in_own_process(large_gradients, side=huge, **common)
    yield {**square, "rows": huge, "columns": huge, "solver": "conjugate gradients, one input",
           **one, "bytes": grown(one)}
    theirs = in_own_process(large_superlu, side=side, **common)  # last: it may want the memory
    difference = np.abs(sample / theirs.pop("sample") - 1).max()
    every = theirs["superlu_factor_seconds"] + side * theirs["superlu_solve_seconds"]
    yield {**square, "solver": "SuperLU factor + adjoint solves", **theirs, "seconds": every,
           "bytes": grown(theirs), "ratio": every / ours["seconds"],
           "largest_relative_difference": float(difference)}


def large_matrix(side: int, wire: float, seed: int) -> Row:
    """T of a square array; `sample` is its first column."""
    warm_up()
    g = conductances((side, side), seed)
    start, began = peak_memory(), time.perf_counter()
    t = all_of_t(g, wire)
    return {"seconds": time.perf_counter() - began, "start_bytes": start,
            "sample": t[:, 0].tolist()}


def large_superlu(side: int, wire: float, seed: int, solves: int = 8) -> Row:
    """SuperLU's factorisation and a few adjoint solutions; `sample` is T's first column."""
    system = nodal_matrix(conductances((side, side), seed), wire)
    start = peak_memory()
    factor = factorise(system, 1, (SYMMETRIC,))
    times: list[float] = []
    sample: list[float] = []
    for column in range(min(solves, side)):
        unit = np.zeros(2 * side * side)
        unit[2 * side * side - side + column] = 1.0 / wire
        seconds, nodes = best(partial(factor.lu.solve, unit, "T"), 1)
        times.append(seconds)
        sample = sample or (nodes[: side * side : side] / wire).tolist()
    return {"superlu_factor_seconds": factor.seconds, "superlu_solve_seconds": min(times),
            "superlu_solves_measured": len(times), "ordering": factor.ordering,
            "start_bytes": start, "sample": sample}


def large_gradients(side: int, wire: float, seed: int) -> Row:
    """Column currents of one input by conjugate gradients."""
    warm_up()
    circuit = CrossbarCircuit(conductances((side, side), seed), Wires(wire, wire))
    v = np.ascontiguousarray(inputs(1, side, seed).T)
    LineGradients(CrossbarCircuit(np.ones((2, 2)), Wires(1.0, 1.0)).network).solve(np.ones((2, 1)))
    start, began = peak_memory(), time.perf_counter()
    u, w = LineGradients(circuit.network).solve(v)
    seconds = time.perf_counter() - began
    into, out = (v - u[:, 0]).sum() / wire, w[-1].sum() / wire
    return {"seconds": seconds, "start_bytes": start,
            "largest_relative_difference": float(abs(into / out - 1))}
