"""What every effect between a wanted and a real conductance is."""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from crossbar.imperfections.cells import Cells
from device_models import Synapse
from device_models.checks import Floats


class Imperfection(ABC):
    """One effect; a frozen dataclass of its parameters.

    Attributes
    ----------
    stream : int
        Of the random numbers it draws: a number of its own, so that no effect changes another's.
    """

    stream: ClassVar[int]

    @property
    @abstractmethod
    def active(self) -> bool:
        """Whether it does anything at all."""

    def check(self, synapse: Synapse) -> None:
        """Refuse, with ValueError, a synapse that it cannot befall."""
        return None


class OfCells(Imperfection):
    """An effect on which cells of the devices are parallel."""

    @abstractmethod
    def after(self, cells: Cells, rng: np.random.Generator) -> Cells:
        """What it leaves of `cells`."""


class OfConductance(Imperfection):
    """An effect on whatever stands in an array, the trimmed resistors of a reference as well."""

    @abstractmethod
    def factor(self, shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
        """What conductances of `shape` are multiplied by [1]."""
