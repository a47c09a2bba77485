"""What is measured at a point, in whichever process does it."""

import logging
from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from benchmarks.output.source import code_of

if TYPE_CHECKING:
    from benchmarks.sweep.tasks import Task

OBSERVED: Mapping[str, tuple[str, float]] = {
    "software": ("software accuracy [%]", 100.0),
    "ideal": ("accuracy of the states alone [%]", 100.0),
    "analog": ("accuracy [%]", 100.0),
    "calibrated": ("accuracy, calibrated [%]", 100.0),
    "array_energy": ("energy of the arrays [pJ]", 1e12),
    "energy": ("energy in all [nJ]", 1e9),
    "latency": ("latency [us]", 1e6),
    "area": ("area [mm2]", 1e6),
    "write_energy": ("energy of writing [uJ]", 1e6),
    "write_pulses": ("write pulses", 1.0),
    "written": ("devices in their states [%]", 100.0),
}
"""By name: what it is with the unit that it is shown in, and how many of those the SI unit has."""


def measured(task: "Task") -> dict[str, float]:
    """The observables of a task, in SI; TensorFlow starts at the first."""
    from benchmarks.inputs.quiet import load_keras

    load_keras()
    # every point is a network of its own, of which TensorFlow thinks that it is one traced again
    logging.getLogger("tensorflow").setLevel(logging.ERROR)
    from benchmarks.sweep.point import observed

    return observed(task)


@lru_cache(maxsize=1)
def code() -> str:
    """Digest of what the points are computed with, libraries included."""
    return code_of("benchmarks.sweep.point")
