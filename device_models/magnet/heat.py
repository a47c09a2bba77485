"""How warm a write pulse makes the free layer above its channel: an estimate."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import erf

from device_models.checks import Floats, nonnegative_array, positive, real_array

OXIDE_CONDUCTIVITY, OXIDE_HEAT_CAPACITY = 1.4, 1.6e6
"""Of thermal SiO2 under the channel, [W/(m K)], [J/(m^3 K)] [S: handbook values]."""
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)


@dataclass(frozen=True, kw_only=True)
class ChannelHeat:
    """The Joule heat of a channel, which flows into what lies under it.

    A rectangle on a half-space, heated evenly from the moment that the current flows; the free
    layer is as warm as its middle. What flows into leads and upwards, and the heat of contacts, are
    left out [T: H. S. Carslaw and J. C. Jaeger, Conduction of Heat in Solids, 10.5; A: the oxide is
    as thick as the heat reaches, sqrt(4 D t), 0.8 um in 200 ns].

    Parameters
    ----------
    length, width : float
        Of the rectangle [m].
    resistance : float
        Between its ends [ohm].
    conductivity, heat_capacity : float
        Of the half-space [W/(m K)], [J/(m^3 K)].
    thermal_resistance : float, optional
        A measured one [K/W], which the layer is taken to reach at once, instead of the half-space.
    """

    length: float
    width: float
    resistance: float
    conductivity: float = OXIDE_CONDUCTIVITY
    heat_capacity: float = OXIDE_HEAT_CAPACITY
    thermal_resistance: float | None = None

    def __post_init__(self) -> None:
        units = {"length": "m", "width": "m", "resistance": "ohm", "conductivity": "W/(m K)",
                 "heat_capacity": "J/(m^3 K)", "thermal_resistance": "K/W"}
        for name, unit in units.items():
            if getattr(self, name) is not None:
                object.__setattr__(self, name, positive(name, getattr(self, name), unit))

    def rise(self, current: ArrayLike, duration: ArrayLike) -> Floats:
        """Rise [K] at the end of a `current` [A] of `duration` [s]; both broadcast."""
        power = self.resistance * real_array("current", current, "A") ** 2
        return np.asarray(power * self.per_watt(duration))

    def per_watt(self, duration: ArrayLike) -> Floats:
        """Rise over power [K/W] after `duration` [s]."""
        t = nonnegative_array("duration", duration, "s")
        if self.thermal_resistance is not None:
            return np.full(t.shape, self.thermal_resistance)
        depth = np.sqrt(4.0 * self.conductivity / self.heat_capacity * t)[..., None]
        size = math.sqrt(self.length * self.width)
        share = depth / (depth + size) * (_NODES + 1.0) / 2.0  # of how far heat reaches, in [0, 1)
        reach = size * share / (1.0 - share)
        filled = erf(self.length / 2.0 / reach) * erf(self.width / 2.0 / reach)
        weight = _WEIGHTS / 2.0 * depth / (depth + size) * size / (1.0 - share) ** 2
        return np.asarray(np.sum(weight * filled, axis=-1) / (
            math.sqrt(math.pi) * self.conductivity * self.length * self.width))
