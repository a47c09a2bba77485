"""The saturation magnetisation of a free layer over temperature."""

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import Floats, first, nonnegative_array, positive, real_array


def saturation_magnetisation(
    ms300: ArrayLike, temperature: ArrayLike, curie_temperature: float, exponent: float
) -> Floats:
    """M_s [A/m] at `temperature` [K]: M_s(300 K) ((1 - T/T_C)/(1 - 300/T_C))^exponent.

    `ms300` [A/m], `curie_temperature` T_C [K], `exponent` [1]. Temperatures from T_C upwards are
    refused: nothing is left to switch.
    """
    t = nonnegative_array("temperature", temperature, "K")
    curie = positive("curie_temperature", curie_temperature, "K")
    if curie <= 300.0:
        raise ValueError(f"curie_temperature is {curie:g} K; expected above 300 K, where "
                         "M_s is given")
    if np.any(t >= curie):
        where, found = first(t, t >= curie)
        raise ValueError(f"temperature is {found:g} K{where}; expected below the Curie "
                         f"temperature, {curie:g} K")
    fall = (1.0 - t / curie) / (1.0 - 300.0 / curie)
    power = positive("exponent", exponent, "1")
    return np.asarray(real_array("ms300", ms300, "A/m") * fall**power)
