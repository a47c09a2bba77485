"""How many pulses a barrier bears."""

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import (
    Floats,
    fitting,
    nonnegative_array,
    positive,
    positive_array,
    real_array,
    share_array,
)
from device_models.reliability.breakdown import breakdown_hazard

ACCELERATION = 40.0
"""a [1] of the power law of time to breakdown, V^-a: assumed, no stack's papers give lifetimes."""


def endurance_failure(
    pulses: ArrayLike, voltage: ArrayLike, scale_voltage: ArrayLike, shape: float,
    cells: int = 1, acceleration: float = ACCELERATION, width: ArrayLike = 1.0,
    area: ArrayLike = 1.0,
) -> Floats:
    """Share [1] of compounds broken after `pulses` [1] of `voltage` [V].

    1 - exp(-n (N w (|V|/V_0)^a)^(shape/a)): what ages a barrier is the time under voltage, a time
    at V as (V/V_0)^a of it at V_0 (power law of time to breakdown, E. Y. Wu et al., IEEE Trans.
    Electron Devices 49 (2002) 2244 [T]), which leaves `breakdown_probability` at N w = 1. `width` w
    is that of a pulse over that of the pulses whose V_0 is `scale_voltage` [1]: no recovery in
    between [A]. `acceleration` is a [1], `area` [1] as in `breakdown_probability`.
    """
    a = positive("acceleration", acceleration, "1")
    fitting(pulses=pulses, voltage=voltage, scale_voltage=scale_voltage, width=width)
    time = nonnegative_array("pulses", pulses, "1") * nonnegative_array("width", width, "1")
    aged = time ** (positive("shape", shape, "1") / a)
    one = breakdown_hazard(voltage, scale_voltage, shape, cells, area)
    return np.asarray(-np.expm1(-aged * one))


def endurance(
    voltage: ArrayLike, scale_voltage: ArrayLike, failure: ArrayLike, shape: float,
    cells: int = 1, acceleration: float = ACCELERATION, width: ArrayLike = 1.0,
    area: ArrayLike = 1.0,
) -> Floats:
    """Pulses [1] of `voltage` [V] until a share `failure` [1] is broken; inf at 0 V.

    The inverse of `endurance_failure`, whose other arguments it has.
    """
    a = positive("acceleration", acceleration, "1")
    fitting(voltage=voltage, scale_voltage=scale_voltage, failure=failure, width=width)
    one = breakdown_hazard(voltage, scale_voltage, shape, cells, area)
    with np.errstate(divide="ignore"):
        aged = -np.log1p(-share_array("failure", failure)) / one
    return np.asarray(aged ** (a / shape) / positive_array("width", width, "1"))


def breakdown_of_width(
    voltage: ArrayLike, width: ArrayLike, acceleration: float = ACCELERATION
) -> Floats:
    """Breakdown voltage [V] of single pulses of another width: V w^(-1/a).

    `voltage` [V] is that of the reference pulse, any quantile or mean; `width` w and
    `acceleration` a [1] as in `endurance_failure`. A twentieth of the width is borne at 7.8 % more.
    """
    fitting(voltage=voltage, width=width)
    share = positive_array("width", width, "1") ** (-1.0 / positive(
        "acceleration", acceleration, "1"))
    return np.asarray(real_array("voltage", voltage, "V") * share)
