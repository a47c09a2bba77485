"""How far a write stays from breaking what it writes."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from device_models.checks import (
    Floats,
    fitting,
    fraction,
    nonnegative_array,
    positive,
    real_array,
    whole,
)
from device_models.reliability.breakdown import breakdown_probability

_TAIL = 38.5  # standard deviations, beyond which the normal density is zero in floating point
_STEEPEST = 1000.0  # of a step that is resolved; a steeper one errs by less than 1e-3 of the result


def write_margin(critical_voltage: ArrayLike, breakdown_voltage: ArrayLike) -> Floats:
    """V_b/V_c - 1 [1]: how much a write may exceed what it needs before the barrier breaks.

    `critical_voltage` V_c and `breakdown_voltage` V_b, both across the channel [V], any signs and
    shapes that broadcast. Below zero the cell breaks first. 1 cell of Kumar et al.: 1.8/0.7 - 1 =
    157 % at 1.6 nm, 0 at 2.6 nm, where both are 2.0 V [calc from P §D].
    """
    fitting(critical_voltage=critical_voltage, breakdown_voltage=breakdown_voltage)
    needed = np.abs(real_array("critical_voltage", critical_voltage, "V"))
    if np.any(needed == 0):
        raise ValueError("critical_voltage has an entry of 0 V, of which there is no share; "
                         "expected more than zero in size")
    return np.asarray(np.abs(real_array("breakdown_voltage", breakdown_voltage, "V")) / needed - 1)


def breakdown_before_switching(
    critical_voltage: ArrayLike, scale_voltage: ArrayLike, spread: float, shape: float,
    cells: int = 1,
) -> Floats:
    """Share [1] of compounds that break before a growing pulse has switched all their cells.

    The mean of `breakdown_probability` at the largest critical voltage of n cells, each log-normal
    and independent of its barrier [A]; accurate however small.

    Parameters
    ----------
    critical_voltage : array
        Median over cells [V], any sign.
    scale_voltage : array
        V_0 of single cells [V], as in `breakdown_probability`; they broadcast.
    spread : float
        Standard deviation of the critical voltage's logarithm [1].
    shape, cells
        As in `breakdown_probability`.
    """
    n, sigma = whole("cells", cells, 1), fraction("spread", spread, one=False)
    median = np.abs(real_array("critical_voltage", critical_voltage, "V"))
    fitting(critical_voltage=median, scale_voltage=scale_voltage)
    beta = positive("shape", shape, "1")
    # the hazard, (V/V_0)^shape, weighs the normal's tail so far out
    reach = min(12.0 + sigma * beta, _TAIL)
    steepness = min(sigma * beta, _STEEPEST)
    z, step = np.linspace(-reach, reach, int(40 * reach * (1.0 + steepness)), retstep=True)
    density = n * np.exp(-(z**2) / 2) / np.sqrt(2 * np.pi) * ndtr(z) ** (n - 1) * step
    broken = breakdown_probability(
        median[..., None] * np.exp(np.clip(sigma * z, -600.0, 600.0)),
        nonnegative_array("scale_voltage", scale_voltage, "V")[..., None], beta, n)
    return np.asarray(broken @ density)
