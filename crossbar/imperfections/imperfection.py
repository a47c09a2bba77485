"""What every effect between a wanted and a real conductance is."""

from abc import ABC, abstractmethod
from typing import ClassVar

import numpy as np

from device_models import Synapse
from device_models.checks import Floats


class Imperfection(ABC):
    """One effect; a frozen dataclass of its parameters.

    Attributes
    ----------
    stream : tuple of int
        Of the random numbers it draws: a number of its own, so that no effect changes another's.
    of_writing : bool
        Whether it befalls what is written only, or everything that stands in an array, the
        trimmed resistors of a reference as well.
    """

    stream: ClassVar[tuple[int, ...]]
    of_writing: ClassVar[bool] = False

    @property
    @abstractmethod
    def active(self) -> bool:
        """Whether it does anything at all."""

    @abstractmethod
    def real(self, wanted: Floats, synapse: Synapse, v: float, rng: np.random.Generator) -> Floats:
        """Conductances that come of those `wanted`, any shape [S], read at `v` [V]."""

    def check(self, synapse: Synapse) -> None:
        """Refuse, with ValueError, a synapse that it cannot befall."""
        return None
