"""Shape anisotropy of an in-plane free layer and the energy barrier that it makes.

Fields are flux densities mu0 H [T].
"""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import Boltzmann, mu_0

from device_models.checks import Floats, fitting, nonnegative_array, positive_array, real_array
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


def barrier_factor(
    ms: ArrayLike, field: ArrayLike, volume: ArrayLike, temperature: ArrayLike
) -> Floats:
    """Delta = M_s mu0 H_k V/(2 k_B T) [1] of any easy axis, in the plane or out of it.

    `ms` [A/m] and the anisotropy `field` mu0 H_k [T] are the values at `temperature` [K]; `volume`
    [m^3]; all broadcast.
    """
    barrier = np.asarray(ms, float) * np.asarray(field) * np.asarray(volume) / 2.0
    return np.asarray(barrier / (Boltzmann * np.asarray(temperature, float)))


def wall(field: ArrayLike) -> Floats:
    """Barrier over Delta [1] of a well that `field` over H_k [1] deepens; none below -1.

    (1 + H/H_k)^2 of fields along the easy axis [T: Stoner, Wohlfarth].
    """
    return np.asarray(np.maximum(1.0 + np.asarray(field, float), 0.0) ** 2)


def state_stability(
    stability: ArrayLike, offset: ArrayLike, field: ArrayLike
) -> tuple[Floats, Floats]:
    """Delta [1] of the parallel and of the antiparallel state in no applied field.

    Delta (1 + H_off/H_k)^2 and Delta (1 - H_off/H_k)^2: a field turns the layer antiparallel once
    it exceeds `offset` mu0 H_off [T] by its threshold, and parallel once it falls as far below, so
    that a positive offset holds the parallel state. From H_k on that is the only well: the other
    has no barrier, and its own is their difference in energy, 4 Delta |H_off|/H_k. `field` mu0 H_k
    [T] above zero; `stability` Delta [1]; all broadcast.
    """
    fitting(stability=stability, offset=offset, field=field)
    share = real_array("offset", offset, "T") / positive_array("field", field, "T")
    delta = nonnegative_array("stability", stability, "1")
    parallel, antiparallel = (
        np.asarray(delta * np.where(h > 1.0, 4.0 * h, wall(h))) for h in (share, -share))
    return parallel, antiparallel


def stability_factor(
    ms: ArrayLike, length: ArrayLike, width: ArrayLike, thickness: ArrayLike,
    temperature: ArrayLike = 300.0,
) -> Floats:
    """Delta = E_b/(k_B T) [1]; `ms` [A/m] is the value at `temperature` [K], sizes [m]."""
    t = nonnegative_array("temperature", temperature, "K")
    barrier = energy_barrier(ms, length, width, thickness)
    with np.errstate(divide="ignore"):
        return np.asarray(barrier / (Boltzmann * t))
