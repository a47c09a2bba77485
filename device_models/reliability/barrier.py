"""What one junction's barrier bears, and what pulses take of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import Floats, fitting, positive, positive_array, real_array
from device_models.reliability.breakdown import mean_breakdown
from device_models.reliability.endurance import ACCELERATION

_POSITIVE = (("breakdown_voltage", "V"), ("shape", "1"), ("cycles", "1"), ("acceleration", "1"),
             ("pulse", "s"))


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
    pulse : float, optional
        Width of the pulses of `breakdown_voltage` [s]; without it that of others is no matter.
    """

    breakdown_voltage: float | None = None
    shape: float | None = None
    cycles: float | None = None
    acceleration: float = ACCELERATION
    pulse: float | None = None

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

    def width(self, pulse: float | None) -> float:
        """That of a `pulse` [s] over that of the pulses of V_0 [1]; 1 where either is not known."""
        if pulse is None or self.pulse is None:
            return 1.0
        return positive("pulse", pulse, "s") / self.pulse

    def ageing(self, voltage: ArrayLike, pulse: float | None = None) -> Floats | None:
        """By how many pulses of V_0 one of `voltage` [V], any shape, ages: w (|V|/V_0)^a [1].

        w is its `width`, with `pulse` [s].
        """
        scale = self.scale_voltage
        if scale is None:
            return None
        with np.errstate(over="ignore"):  # an endless ageing breaks all, as it should
            return np.asarray(self.width(pulse) * (
                np.abs(real_array("voltage", voltage, "V")) / scale) ** self.acceleration)

    def hazard(self, aged: ArrayLike, area: ArrayLike = 1.0) -> Floats | None:
        """-ln of the chance [1] that a cell still holds, `aged` [1] by as many pulses of V_0.

        As `endurance_failure` has it, here of pulses that differ: each adds its own `ageing`. With
        `area` [1] of the cell over that of V_0's; they broadcast.
        """
        if self.shape is None:
            return None
        fitting(aged=aged, area=area)
        return np.asarray(positive_array("area", area, "1") * np.asarray(aged, np.float64) ** (
            self.shape / self.acceleration))
