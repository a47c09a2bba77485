"""How long device models take: a million compounds, ten thousand trajectories."""

from collections.abc import Iterator

import numpy as np

from benchmarks.speed.process import best
from benchmarks.speed.row import Row
from benchmarks.speed.settings import Settings
from device_models import CompoundMTJ, load_stack, sample
from device_models.switching.llg import macrospin, trajectories

COMPOUNDS = 1_000_000
TRAJECTORIES = 10_000
DURATION = 20e-9  # s of each trajectory


def devices(
    settings: Settings, compounds: int = COMPOUNDS, count: int = TRAJECTORIES,
    duration: float = DURATION,
) -> Iterator[Row]:
    """Drawing and evaluating compounds; stochastic trajectories of one free layer."""
    stack = load_stack("kumar2024")
    synapse = CompoundMTJ(stack.mtj(1.9e-9), 3)

    def draw() -> object:
        found = sample(synapse, compounds, settings.seed)
        return found.conductances(found.patterns(2), 0.1)

    seconds, _ = best(draw, settings.repeat)
    yield {"kind": "compounds", "count": compounds, "seconds": seconds}
    spin = macrospin(stack.magnet(1.9e-9), 300.0)
    start = np.tile([np.sin(0.1), np.cos(0.1), 0.0], (count, 1))
    trajectories(spin, start[:2], 1e-11, rng=settings.seed)  # compiled
    seconds, _ = best(lambda: trajectories(spin, start, duration, rng=settings.seed), 1)
    yield {"kind": f"trajectories of {duration * 1e9:g} ns", "count": count, "seconds": seconds}
