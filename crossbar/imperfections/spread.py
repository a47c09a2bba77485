"""No two devices are alike."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from crossbar.imperfections.imperfection import OfConductance
from device_models.checks import Floats, fraction
from device_models.population.variability import log_normal


@dataclass(frozen=True)
class Spread(OfConductance):
    """Each device's conductance, whatever its state, is off by a log-normal factor of its own.

    `device_models.Variability` draws cell by cell, TMR and faults included.

    Parameters
    ----------
    sigma : float
        Standard deviation of the logarithm of conductance, below 1 [1].
    """

    sigma: float
    stream: ClassVar[int] = 0

    def __post_init__(self) -> None:
        fraction("spread", self.sigma, one=False)

    @property
    def active(self) -> bool:
        return self.sigma > 0

    def factor(self, shape: tuple[int, ...], rng: np.random.Generator) -> Floats:
        return log_normal(self.sigma, shape, rng)
