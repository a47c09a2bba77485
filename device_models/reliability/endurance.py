"""How many pulses a barrier bears."""

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import Floats, fitting, nonnegative_array, positive, share_array
from device_models.reliability.breakdown import breakdown_hazard

ACCELERATION = 40.0
"""a [1] of the power law of time to breakdown, V^-a: assumed, no stack's papers give lifetimes."""


def endurance_failure(
    pulses: ArrayLike, voltage: ArrayLike, scale_voltage: ArrayLike, shape: float,
    cells: int = 1, acceleration: float = ACCELERATION,
) -> Floats:
    """Share [1] of compounds broken after `pulses` [1] of `voltage` [V].

    1 - exp(-n (N (|V|/V_0)^a)^(shape/a)): every pulse of V ages a barrier as (V/V_0)^a of one at
    V_0 does (power law of time to breakdown, E. Y. Wu et al., IEEE Trans. Electron Devices 49
    (2002) 2244 [T]), which leaves `breakdown_probability` at N = 1. `acceleration` is a [1].
    """
    a = positive("acceleration", acceleration, "1")
    fitting(pulses=pulses, voltage=voltage, scale_voltage=scale_voltage)
    aged = nonnegative_array("pulses", pulses, "1") ** (positive("shape", shape, "1") / a)
    return np.asarray(-np.expm1(-aged * breakdown_hazard(voltage, scale_voltage, shape, cells)))


def endurance(
    voltage: ArrayLike, scale_voltage: ArrayLike, failure: ArrayLike, shape: float,
    cells: int = 1, acceleration: float = ACCELERATION,
) -> Floats:
    """Pulses [1] of `voltage` [V] until a share `failure` [1] is broken; inf at 0 V.

    The inverse of `endurance_failure`, whose other arguments it has.
    """
    a = positive("acceleration", acceleration, "1")
    fitting(voltage=voltage, scale_voltage=scale_voltage, failure=failure)
    one = breakdown_hazard(voltage, scale_voltage, shape, cells)
    with np.errstate(divide="ignore"):
        aged = -np.log1p(-share_array("failure", failure)) / one
    return np.asarray(aged ** (a / shape))
