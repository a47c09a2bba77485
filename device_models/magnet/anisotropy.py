"""Shape anisotropy of an in-plane free layer and the energy barrier that it makes.

Fields are flux densities mu0 H [T].
"""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import Boltzmann, mu_0

from device_models.checks import Floats, nonnegative_array
from device_models.magnet.demagnetisation import demagnetising_factors


def anisotropy_field(
    ms: ArrayLike, length: ArrayLike, width: ArrayLike, thickness: ArrayLike
) -> Floats:
    """Shape anisotropy mu0 H_k = mu0 M_s (N_short - N_long) [T] of an elliptic cylinder.

    `ms` [A/m]; `length`, `width`, `thickness` [m]; all broadcast [T: Stoner, Wohlfarth, Phil.
    Trans. R. Soc. A 240 (1948) 599, with the factors of the true shape].
    """
    n_long, n_short, _ = demagnetising_factors(length, width, thickness)
    return np.asarray(mu_0 * nonnegative_array("ms", ms, "A/m") * (n_short - n_long))


def energy_barrier(
    ms: ArrayLike, length: ArrayLike, width: ArrayLike, thickness: ArrayLike
) -> Floats:
    """E_b = M_s mu0 H_k V/2 [J] between the two easy directions; arguments as above."""
    volume = math.pi / 4 * np.asarray(length, float) * np.asarray(width) * np.asarray(thickness)
    field = anisotropy_field(ms, length, width, thickness)
    return np.asarray(np.asarray(ms, float) * field * volume / 2.0)


def stability_factor(
    ms: ArrayLike, length: ArrayLike, width: ArrayLike, thickness: ArrayLike,
    temperature: ArrayLike = 300.0,
) -> Floats:
    """Delta = E_b/(k_B T) [1]; `ms` [A/m] is the value at `temperature` [K], sizes [m]."""
    t = nonnegative_array("temperature", temperature, "K")
    barrier = energy_barrier(ms, length, width, thickness)
    with np.errstate(divide="ignore"):
        return np.asarray(barrier / (Boltzmann * t))
