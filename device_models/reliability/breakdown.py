"""When a barrier breaks: Weibull's law of the voltage, the weakest of a compound's cells first."""

import math

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
    whole,
)

_LEAST_SHAPE = 0.01  # Gamma(101) is 1e158


def breakdown_probability(
    voltage: ArrayLike, scale_voltage: ArrayLike, shape: float, cells: int = 1,
    area: ArrayLike = 1.0,
) -> Floats:
    """Share [1] of compounds broken by `voltage` [V]: 1 - exp(-n A (|V|/V_0)^shape).

    Weibull, weakest of `cells`; `scale_voltage` V_0 [V] breaks 63 % of single cells; the larger
    `shape` [1] the steeper. About 20 follows from 1.8 against 1.7 V for 1 and 3 cells [calc from
    Kumar et al. 2024 §D]. `area` A [1] is that of a cell over that of which V_0 is, the mean of
    unequal ones: weak spots lie anywhere in a barrier, one of twice the area is two side by side.
    """
    return np.asarray(-np.expm1(-breakdown_hazard(voltage, scale_voltage, shape, cells, area)))


def breakdown_quantile(
    share: ArrayLike, scale_voltage: ArrayLike, shape: float, cells: int = 1,
    area: ArrayLike = 1.0,
) -> Floats:
    """Voltage [V] that breaks a `share` [1] of compounds; the inverse of `breakdown_probability`,
    whose other arguments it has."""
    fitting(share=share, scale_voltage=scale_voltage, area=area)
    scale = nonnegative_array("scale_voltage", scale_voltage, "V")
    hazard = -np.log1p(-share_array("share", share)) / _links(cells, area)
    return np.asarray(scale * hazard ** (1.0 / positive("shape", shape, "1")))


def mean_breakdown(
    scale_voltage: ArrayLike, shape: float, cells: int = 1, area: ArrayLike = 1.0
) -> Floats:
    """Mean of the Weibull law [V]: V_0 (n A)^(-1/shape) Gamma(1 + 1/shape); arguments as above."""
    beta = positive("shape", shape, "1")
    if beta < _LEAST_SHAPE:
        raise ValueError(f"shape [1] is {beta:g}, whose mean is beyond all numbers; expected "
                         f"{_LEAST_SHAPE:g} or more: barriers have 5 to 50")
    weakest = _links(cells, area) ** (-1.0 / beta)
    scale = nonnegative_array("scale_voltage", scale_voltage, "V")
    return np.asarray(scale * weakest * math.gamma(1.0 + 1.0 / beta))


def breakdown_voltage(
    thickness: ArrayLike, cells: int = 1, *, base: float, slope: float, origin: float,
    shape: float, area: ArrayLike = 1.0,
) -> Floats:
    """Mean breakdown voltage [V] over thickness: (base + slope (t - origin)) (n A)^(-1/shape).

    `thickness`, `origin` [m], `base` [V], `slope` [V/m], weakest of n `cells` of relative `area` A
    [1] with Weibull `shape` [1] [A: the straight line].
    """
    one = base + slope * (real_array("thickness", thickness, "m") - origin)
    fitting(thickness=one, area=area)
    return np.asarray(one * _links(cells, area) ** (-1.0 / positive("shape", shape, "1")))


def tolerated_voltage(share: ArrayLike, mean: ArrayLike, shape: float) -> Floats:
    """Voltage [V] that breaks a `share` [1] of compounds whose `mean` breakdown voltage [V] is
    known; `shape` [1] as in `breakdown_probability`."""
    return breakdown_quantile(share, np.asarray(mean) / mean_breakdown(1.0, shape), shape)


def breakdown_hazard(
    voltage: ArrayLike, scale_voltage: ArrayLike, shape: float, cells: int,
    area: ArrayLike = 1.0,
) -> Floats:
    """n A (|V|/V_0)^shape [1], the exponent of the law; arguments as in `breakdown_probability`."""
    fitting(voltage=voltage, scale_voltage=scale_voltage, area=area)
    scale = positive_array("scale_voltage", scale_voltage, "V")
    ratio = np.abs(real_array("voltage", voltage, "V")) / scale
    with np.errstate(over="ignore"):  # an infinite hazard breaks all, as it should
        return np.asarray(_links(cells, area) * ratio ** positive("shape", shape, "1"))


def _links(cells: int, area: ArrayLike) -> Floats:
    """Area of all cells over that of one of which V_0 is [1]."""
    return np.asarray(whole("cells", cells, 1) * positive_array("area", area, "1"))
