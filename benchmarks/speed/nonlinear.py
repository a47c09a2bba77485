"""Nonlinear devices: single arrays at several wires, and digit images through a tiled layer."""

import os
import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from benchmarks.inputs.datasets import load_test
from benchmarks.speed.process import best, in_own_process, peak_memory
from benchmarks.speed.row import Row
from benchmarks.speed.settings import (
    CUBIC,
    READ_VOLTAGE,
    TOLERANCE,
    Settings,
    conductances,
    inputs,
    warm_up,
)
from circuits import CrossbarCircuit, CubicLaw, Law, MTJLaw, Wires
from device_models import CompoundMTJ, load_stack

WIRES = (0.1, 1.0, 10.0, 100.0)  # [ohm]
SHAPES = ((64, 64), (128, 128))
BATCH = 64
CORE_WIRES = (1.0, 3.0, 10.0, 30.0)  # [ohm]
CORE_BATCH = 256
TOLERANCES = (1e-12, 1e-7)
TILE_WIRES = (1.0, 10.0)  # [ohm]
TILE_TOLERANCE = 1e-7
LAYER = (784, 256)
TILE = 64
LAWS = ("CubicLaw", "MTJLaw")
_CELLS, _THICKNESS = 3, 1.9e-9  # junctions per synapse; free-layer thickness [m], kumar2024
_CHECKED = 4  # inputs that are solved once more, to a tighter tolerance


def devices(law: str, shape: tuple[int, int], seed: int) -> tuple[Law, NDArray[np.float64]]:
    """A law of `LAWS` and branch conductances (branches, rows, columns) [S] to go with it."""
    if law == "CubicLaw":
        return CUBIC, conductances(shape, seed)[None]
    mtj = load_stack("kumar2024").mtj(thickness=_THICKNESS)
    states = np.random.default_rng(seed).integers(0, _CELLS + 1, shape)
    return MTJLaw.of(mtj), MTJLaw.conductance(CompoundMTJ(mtj, cells=_CELLS), states)


def circuit_of(law: Law, g: NDArray[np.float64], wire: float) -> CrossbarCircuit:
    """A circuit of branch conductances (branches, rows, columns) [S]."""
    return CrossbarCircuit(g[0] if isinstance(law, CubicLaw) else g, Wires(wire, wire), law)


def nonlinear(
    settings: Settings, shapes: tuple[tuple[int, int], ...] = SHAPES, batch: int = BATCH
) -> Iterator[Row]:
    """Arrays of both laws at several wires, one on one core, then the tiled layer."""
    for name in LAWS:
        for shape in shapes:
            law, g = devices(name, shape, settings.seed)
            v = inputs(batch, shape[0], settings.seed)
            for wire in WIRES:
                yield {"law": name, "kind": "array", "rows": shape[0], "columns": shape[1],
                       "wire_ohm": wire, "batch": batch,
                       **_array(circuit_of(law, g, wire), v, settings.repeat, TOLERANCE)}
    for name in LAWS:
        for tolerance in TOLERANCES:
            for wire in CORE_WIRES:
                yield {"law": name, "kind": "one core", "rows": shapes[0][0],
                       "columns": shapes[0][1], "wire_ohm": wire, "batch": CORE_BATCH,
                       **in_own_process(one_core, law=name, rows=shapes[0][0],
                                        columns=shapes[0][1], wire=wire, tolerance=tolerance,
                                        repeat=settings.repeat, seed=settings.seed)}
    for name in LAWS:
        for wire in TILE_WIRES:
            yield {"law": name, "kind": "tiles", "rows": LAYER[0], "columns": LAYER[1],
                   "wire_ohm": wire, "batch": settings.images,
                   **in_own_process(tiles, law=name, images=settings.images, wire=wire,
                                    tolerance=TILE_TOLERANCE, seed=settings.seed)}


def one_core(law: str, rows: int, columns: int, wire: float, tolerance: float, repeat: int,
             seed: int) -> Row:
    """Time of a batch of inputs of one array, on one core where a process may choose it."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    device, g = devices(law, (rows, columns), seed)
    circuit, v = circuit_of(device, g, wire), inputs(CORE_BATCH, rows, seed)
    replace(circuit).solve(v[:1], tolerance=tolerance)  # compiled
    return _array(circuit, v, repeat, tolerance)


def _array(
    circuit: CrossbarCircuit, v: NDArray[np.float64], repeat: int, tolerance: float
) -> Row:
    """Time of a batch, its iterations, and the error of its currents."""
    seconds, found = best(
        lambda: replace(circuit).solve(v, tolerance=tolerance), repeat)  # nothing worked out yet
    exact = circuit.solve(v[:_CHECKED], tolerance=1e-13).column_currents
    difference = np.abs(found.column_currents[:_CHECKED] / exact - 1).max()
    return {"seconds": seconds, "tolerance": tolerance, "seconds_per_input": seconds / len(v),
            "iterations": float(found.iterations.mean()),
            "most_iterations": int(found.iterations.max()),
            "largest_relative_difference": float(difference)}


def tiles(law: str, images: int, wire: float, tolerance: float, seed: int) -> Row:
    """Digit images through a layer cut into square tiles, and its column currents checked."""
    warm_up()
    x = load_test("mnist").x
    v = READ_VOLTAGE * x[:images].astype(np.float64)
    device, g = devices(law, LAYER, seed)
    start, began = peak_memory(), time.perf_counter()
    total, steps = _through(device, g, wire, v, tolerance, "tile")
    seconds = time.perf_counter() - began
    exact, _ = _through(device, g, wire, v[:_CHECKED], 1e-13, None)
    scale = np.abs(exact).max(axis=1, keepdims=True)
    return {"seconds": seconds, "tolerance": tolerance,
            "seconds_per_input": seconds / images, "start_bytes": start,
            "iterations": float(np.mean(steps)), "most_iterations": int(np.max(steps)),
            "largest_relative_difference": float(
                (np.abs(total[:_CHECKED] - exact) / scale).max())}


def _through(
    law: Law, g: NDArray[np.float64], wire: float, v: NDArray[np.float64], tolerance: float,
    unit: str | None,
) -> tuple[NDArray[np.float64], list[float]]:
    """Summed currents (images, columns) [A] of all tiles, and iterations; bar if named `unit`."""
    total, steps = np.zeros((len(v), LAYER[1])), []
    corners = [(i, j) for i in range(0, LAYER[0], TILE) for j in range(0, LAYER[1], TILE)]
    for i, j in tqdm(corners, disable=None if unit else True, leave=False, unit=unit or "it"):
        circuit = circuit_of(law, g[:, i : i + TILE, j : j + TILE], wire)
        found = circuit.solve(v[:, i : i + TILE], tolerance=tolerance)
        total[:, j : j + TILE] += found.column_currents
        steps.append(float(found.iterations.mean()))
    return total, steps
