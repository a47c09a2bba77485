"""The trade-off over the free layer: what reads well is hard to write.

A cell is written with the voltage that breaks no more than a tolerated share of compounds, and what
has not switched by then stays antiparallel in the arrays.
"""

from dataclasses import replace

import numpy as np

from benchmarks.paper.circuit import circuit_hardware
from benchmarks.paper.plan import WAYS
from benchmarks.paper.readings import Reading
from benchmarks.paper.result import TradeOff
from benchmarks.paper.study import Study
from device_models import Stack
from device_models.stacks.errors import given
from device_models.switching import Write, field_free_probability, tolerated_write

BROKEN = 1e-4  # tolerated share of compounds that a write breaks [1], assumed as shorted barriers
_NEVER = 1e-12  # a probability of switching so small counts as this


def trade_off(study: Study, reading: Reading, cells: int) -> TradeOff:
    """Accuracies as read, written with and without field; and how each free layer is written."""
    plan = study.plan
    writes = [write(plan.stack, float(t), cells) for t in plan.thickness]

    def written(dataset: str, seed: int, each: Write, way: str) -> float:
        chance = 1.0 if way == "perfect" else float(getattr(each, way))
        hardware = circuit_hardware(plan.stack, reading, each.thickness, cells, seed)
        return 100 * study.point("circuit", dataset, seed, replace(
            hardware, write_probability=min(max(chance, _NEVER), 1.0)))

    return TradeOff(cells, BROKEN, writes, {
        dataset: {way: np.array([[written(dataset, seed, each, way) for each in writes]
                                 for seed in plan.search_seeds]) for way in WAYS}
        for dataset in plan.datasets})


def write(stack: Stack, thickness: float, cells: int, broken: float = BROKEN) -> Write:
    """Writing at the voltage that breaks a share `broken` [1] of compounds (Weibull's law).

    Without field, only the share of devices that switch field-free at all, if the file gives one,
    can be written.
    """
    drive = stack.switching
    able = 1.0 if drive.field_free_middle is None else float(field_free_probability(
        thickness, drive.field_free_middle, given(drive.field_free_width, "field_free_width")))
    return tolerated_write(
        stack.writing_magnet(thickness, cells), given(drive.pulse, "pulse"),
        given(drive.assist_field, "assist_field"),
        float(stack.breakdown.voltage(thickness, cells)), given(stack.breakdown.shape, "shape"),
        broken, able)
