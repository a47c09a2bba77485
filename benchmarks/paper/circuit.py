"""Beyond the paper: its networks through the circuit.

Wires of 45 nm copper, 1 um wide, at the compound's own pitch; 64 x 64 tiles; TMR at the read
voltage; spread from device to device; read energy.
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from benchmarks.paper.plan import CELLS
from benchmarks.paper.readings import Reading, reading_of
from benchmarks.paper.result import CircuitCurves
from benchmarks.paper.study import Study
from circuits import Wires
from crossbar import Hardware, ReferenceColumn
from device_models import CompoundMTJ, Stack
from device_models.checks import Floats

TECHNOLOGY = "45nm"
WIRE_WIDTH = 1e-6  # [m]
GAP = 1.1e-6  # between the channels of neighbouring compounds [m], assumed
PAIR = "differential,least-squares,renormalised,float"
"""The defaults of `crossbar.Hardware`."""


def circuit_readings(reading: Reading) -> dict[str, Reading]:
    """What is run through the circuit: the study's reading, and the defaults of `Hardware`.

    One reference column for a whole tile does not survive the wires: it becomes one for every four
    outputs, which are the same levels.
    """
    if reading.mapping == ReferenceColumn():
        reading = reading.with_mapping(ReferenceColumn(every=4))
    return {"this reading": reading, "least squares": reading_of(PAIR)}


def in_words(stack: Stack) -> str:
    """What the arrays are made of."""
    ohm = "/".join(f"{float(wires(stack, cells).row):.2f}" for cells in CELLS)
    return (f"{TECHNOLOGY} copper {WIRE_WIDTH * 1e6:g} um wide, {ohm} ohm per segment for 1/2/3 "
            f"cells,\ntiles 64 x 64, TMR at 0.1 V, spread {_sigma(stack):.1%}/sqrt(cells)")


def wires(stack: Stack, cells: int) -> Wires:
    """Of an array of compounds with `cells` junctions, at the pitch of its channels."""
    channel = stack.write_channel()
    pitch = channel.length + (cells - 1) * channel.pitch + GAP
    return Wires.from_technology(TECHNOLOGY, pitch=pitch, width=WIRE_WIDTH)


def circuit_hardware(stack: Stack, reading: Reading, thickness: float, cells: int, seed: int
                     ) -> Hardware:
    """An array as it would be built; `seed` of the device spread."""
    sigma = _sigma(stack) / np.sqrt(cells)  # of n cells with deviations of their own
    return replace(reading.hardware(CompoundMTJ(stack.mtj(thickness), cells)),
                   wires=wires(stack, cells), spread=float(sigma), seed=seed)


def _sigma(stack: Stack) -> float:
    """Spread of one cell's conductance [1]."""
    return stack.variability().sigma_r_p


def circuit_curves(study: Study, readings: Mapping[str, Reading]
                   ) -> dict[str, dict[str, CircuitCurves]]:
    """Of each reading and dataset."""
    return {name: {dataset: _curves(study, reading, dataset) for dataset in study.plan.datasets}
            for name, reading in readings.items()}


def _curves(study: Study, reading: Reading, dataset: str) -> CircuitCurves:
    plan = study.plan

    def block(quantity: str, seed: int) -> Floats:
        return np.array([[study.point(
            quantity, dataset, seed, circuit_hardware(plan.stack, reading, float(t), cells, seed))
            for t in plan.few] for cells in CELLS])

    return CircuitCurves(np.array([100 * block("circuit", seed) for seed in plan.search_seeds]),
                         block("energy", plan.seeds[0]))
