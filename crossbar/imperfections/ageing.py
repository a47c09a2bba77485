"""What time takes from a state, and reading."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from crossbar.imperfections.cells import Cells, check_compound
from crossbar.imperfections.imperfection import OfCells
from device_models import Synapse
from device_models.checks import nonnegative


@dataclass(frozen=True)
class Age(OfCells):
    """Cells have fallen since they were written, each with the retention of its own state.

    Parameters
    ----------
    seconds : float
        Since writing [s].
    """

    seconds: float
    stream: ClassVar[int] = 4

    def __post_init__(self) -> None:
        nonnegative("age", self.seconds, "s")

    @property
    def active(self) -> bool:
        return self.seconds > 0

    def check(self, synapse: Synapse) -> None:
        barriers_of(synapse, "age")

    def after(self, cells: Cells, rng: np.random.Generator) -> Cells:
        stability, _ = barriers_of(cells.synapse, "age")
        return cells.turned(cells.sample.aged(cells.parallel, self.seconds, stability, rng))


@dataclass(frozen=True)
class ReadDisturb(OfCells):
    """Cells have fallen because they were read, each at full read voltage.

    Parameters
    ----------
    reads : float
        Since writing [1].
    duration : float
        Of each [s].
    voltage : float
        Of each [V].
    """

    reads: float
    duration: float
    voltage: float
    stream: ClassVar[int] = 5

    def __post_init__(self) -> None:
        nonnegative("reads", self.reads, "1")

    @property
    def active(self) -> bool:
        return self.reads > 0

    def check(self, synapse: Synapse) -> None:
        barriers_of(synapse, "reads")

    def after(self, cells: Cells, rng: np.random.Generator) -> Cells:
        stability, disturb_current = barriers_of(cells.synapse, "reads")
        return cells.turned(cells.sample.disturbed(
            cells.parallel, self.reads, self.duration, self.voltage, stability, disturb_current,
            rng, exponent=cells.synapse.mtj.disturb_exponent))


def barriers_of(synapse: Synapse, name: str) -> tuple[tuple[float, float], float]:
    """Stability [1] and disturb current [A] of the junction, which the field `name` needs.

    Raises ValueError if the synapse has no cells, or they are not known.
    """
    mtj = check_compound(synapse, f"losses of states ({name})").mtj
    if mtj.stability is None or mtj.disturb_current is None:
        raise ValueError(f"{name} needs the barriers of the junction, and this one has no "
                         "stability or no disturb_current; take it from a stack with "
                         "[magnetics], as stack.mtj(...), or give them: "
                         "MTJ(..., stability=(60, 60), disturb_current=1e-3)")
    return mtj.stability, mtj.disturb_current
