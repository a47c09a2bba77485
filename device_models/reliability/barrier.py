"""What one junction's barrier bears, and what pulses take of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import Floats, positive, real_array
from device_models.reliability.breakdown import mean_breakdown
from device_models.reliability.endurance import ACCELERATION

_POSITIVE = (("breakdown_voltage", "V"), ("shape", "1"), ("cycles", "1"), ("acceleration", "1"))


@dataclass(frozen=True, kw_only=True)
class Barrier:
    """The barrier of one cell; None is what is not known of it.

    Parameters
    ----------
    breakdown_voltage : float, optional
        Mean of single cells, for one pulse [V]; `shape` goes with it.
    shape : float, optional
        Of Weibull's law [1]; see `breakdown_probability`.
    cycles : float, optional
        Write pulses that a cell is stated to endure [1].
    acceleration : float
        a of the power law of time to breakdown [1]; see `endurance_failure`. Assumed.
    """

    breakdown_voltage: float | None = None
    shape: float | None = None
    cycles: float | None = None
    acceleration: float = ACCELERATION

    def __post_init__(self) -> None:
        for name, unit in _POSITIVE:
            if getattr(self, name) is not None:
                object.__setattr__(self, name, positive(name, getattr(self, name), unit))
        if (self.breakdown_voltage is None) != (self.shape is None):
            raise ValueError(f"breakdown_voltage is {self.breakdown_voltage} and shape is "
                             f"{self.shape}; expected both, or neither: a mean without a spread "
                             "says of no other voltage what it breaks")

    @property
    def scale_voltage(self) -> float | None:
        """V_0, which breaks 63 % of single cells [V]."""
        if self.breakdown_voltage is None or self.shape is None:
            return None
        return self.breakdown_voltage / float(mean_breakdown(1.0, self.shape))

    def ageing(self, voltage: ArrayLike) -> Floats | None:
        """By how many pulses of V_0 one pulse of `voltage` [V], any shape, ages: (|V|/V_0)^a [1].
        """
        scale = self.scale_voltage
        if scale is None:
            return None
        with np.errstate(over="ignore"):  # an endless ageing breaks all, as it should
            return np.asarray(
                (np.abs(real_array("voltage", voltage, "V")) / scale) ** self.acceleration)

    def hazard(self, aged: ArrayLike) -> Floats | None:
        """-ln of the chance [1] that a cell still holds, `aged` [1] by as many pulses of V_0, any
        shape.

        As `endurance_failure` has it, here of pulses that differ: each adds its own `ageing`.
        """
        if self.shape is None:
            return None
        return np.asarray(np.asarray(aged, np.float64) ** (self.shape / self.acceleration))
