"""What else the exact solver gives of small arrays: many at once, and gradients."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from benchmarks.speed.process import best
from benchmarks.speed.row import Row
from benchmarks.speed.settings import Settings, conductances
from circuits import CrossbarCircuit, Wires, transconductances

COUNT = 52  # arrays of 64 x 64 that 784 x 256 is cut into
SHAPE = (64, 64)


def exact(settings: Settings, count: int = COUNT, shape: tuple[int, int] = SHAPE) -> Iterator[Row]:
    """T of many arrays in one call, and the gradient of one, both from conductances on."""
    wire = settings.wires[0]
    common: Row = {"rows": shape[0], "columns": shape[1], "wire_ohm": wire}
    each = [conductances(shape, settings.seed + k) for k in range(count)]

    def circuit(number: int) -> CrossbarCircuit:
        return CrossbarCircuit(each[number], Wires(wire, wire))

    seconds, found = best(
        lambda: list(transconductances(map(circuit, range(count)))), settings.repeat)
    alone = circuit(count - 1).transconductance()
    yield {**common, "kind": "T, many at once", "count": count, "seconds": seconds,
           "largest_relative_difference": float(np.abs(found[-1] / alone - 1).max())}
    yield _gradient(common, each[0], settings)


def _gradient(common: Row, g: NDArray[np.float64], settings: Settings) -> Row:
    """dL/dG of L = sum of m T, checked by a central difference along one direction."""
    wires = Wires(common["wire_ohm"], common["wire_ohm"])
    m = np.random.default_rng(settings.seed + 1).standard_normal(g.shape)
    seconds, found = best(
        lambda: CrossbarCircuit(g, wires).transconductance_gradient(m), settings.repeat)
    step = 1e-5 * g.mean() * np.random.default_rng(settings.seed + 2).standard_normal(g.shape)
    ahead, behind = (CrossbarCircuit(g + sign * step, wires).transconductance()
                     for sign in (1.0, -1.0))
    expected = float(((ahead - behind) / 2 * m).sum())
    return {**common, "kind": "gradient of T", "count": 1, "seconds": seconds,
            "largest_relative_difference": abs(float((found * step).sum()) / expected - 1)}
