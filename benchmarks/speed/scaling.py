"""How time grows with rows, columns and inputs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypedDict

import numpy as np

from benchmarks.speed.process import best
from benchmarks.speed.row import Row
from benchmarks.speed.settings import CUBIC, Settings, all_of_t, conductances, currents, inputs
from circuits import CrossbarCircuit, Law, LinearLaw, Wires

Exponent = TypedDict("Exponent", {"over": str, "fixed": str, "exponent": float, "from": int,
                                  "to": int, "points": int})
"""Of a curve: time grows as size^exponent between two sizes."""


SQUARE = ("n", "T, square")  # the name of a curve that `large` goes on with


@dataclass(frozen=True)
class Points:
    """Where the growth of time is measured; the fixed sizes are in the names of the rows."""

    square: tuple[int, ...] = (256, 512, 1024)
    rows: tuple[int, ...] = (256, 512, 1024, 2048)
    rows_at: int = 128  # columns
    columns: tuple[int, ...] = (128, 256, 512, 1024)
    columns_at: int = 1024  # rows
    batch: tuple[int, ...] = (4000, 8000, 16_000, 32_000, 64_000)
    cubic_batch: tuple[int, ...] = (256, 512, 1024, 2048)
    batch_at: tuple[int, int] = (128, 128)
    cubic_at: tuple[int, int] = (64, 64)


def scaling(settings: Settings, points: Points | None = None) -> Iterator[Row]:
    """Time over both sides, over rows, over columns and over inputs, the rest being fixed."""
    p = points or Points()
    for name, at, shapes in (
        (*SQUARE, [(n, n) for n in p.square]),
        ("rows", f"T, {p.rows_at} columns", [(m, p.rows_at) for m in p.rows]),
        ("columns", f"T, {p.columns_at} rows", [(p.columns_at, n) for n in p.columns]),
    ):
        for shape in shapes:
            g = conductances(shape, settings.seed)
            seconds, _ = best(partial(all_of_t, g, settings.wires[0]), settings.repeat)
            yield {"over": name, "fixed": at, "value": shape[name == "columns"],
                   "seconds": seconds}
    yield from _over_batch(settings, p.batch, p.batch_at, LinearLaw(), "T at hand")
    yield from _over_batch(settings, p.cubic_batch, p.cubic_at, CUBIC, "CubicLaw")


def _over_batch(
    settings: Settings, counts: tuple[int, ...], shape: tuple[int, int],
    law: Law, name: str,
) -> Iterator[Row]:
    wire = settings.wires[0]
    circuit = CrossbarCircuit(conductances(shape, settings.seed), Wires(wire, wire), law)
    if circuit.is_linear:
        circuit.transconductance()
    v = inputs(max(counts), shape[0], settings.seed)
    currents(circuit, v[: min(counts)])  # wakes NumPy's BLAS
    for count in counts:
        seconds, _ = best(partial(currents, circuit, v[:count]), settings.repeat)
        yield {"over": "batch", "fixed": f"{name}, {shape[0]}x{shape[1]}", "value": count,
               "seconds": seconds}


def exponents(rows: Iterable[Row]) -> list[Exponent]:
    """Slopes of log time over log size, one for each curve of `scaling`; a point is none."""
    curves: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        curves.setdefault((row["over"], row["fixed"]), []).append(row)
    found: list[Exponent] = []
    for (over, fixed), points in curves.items():
        if len(points) < 2:
            continue
        x = np.log([point["value"] for point in points])
        y = np.log([point["seconds"] for point in points])
        found.append({"over": over, "fixed": fixed, "exponent": float(np.polyfit(x, y, 1)[0]),
                      "from": points[0]["value"], "to": points[-1]["value"],
                      "points": len(points)})
    return found
