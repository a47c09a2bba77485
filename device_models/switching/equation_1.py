"""Eq. (1) of Kumar et al. 2024, as printed and as it should mean."""

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import Floats
from device_models.switching.in_plane import effective_magnetisation


def equation_1(
    k: float, ms: ArrayLike, h_c: ArrayLike, thickness: ArrayLike, k_s: ArrayLike,
    channel_width: float, channel_thickness: float,
) -> Floats:
    """Eq. (1) of Kumar et al. 2024 as printed: k M_s (H_c t + M_s t - K_s) w t_HM.

    `ms`, `h_c` [A/m], `thickness` and channel sizes [m], `k_s` [J/m^2]. It subtracts J/m^2 from
    A, so that neither `k` nor the result has a unit: `critical_current` is what it should mean.
    """
    t = np.asarray(thickness, float)
    sum_printed = np.asarray(h_c) * t + np.asarray(ms) * t - np.asarray(k_s)
    return np.asarray(k * np.asarray(ms) * sum_printed * channel_width * channel_thickness)


def equation_1_consistent(
    k: float, ms: ArrayLike, h_c: ArrayLike, thickness: ArrayLike, k_s: ArrayLike,
    channel_width: float, channel_thickness: float,
) -> Floats:
    """Eq. (1) with K_s -> 2 K_s/(mu0 M_s) and the half of M_eff that the printed form drops.

    I_c = k M_s (H_c t + (M_s t - 2 K_s/(mu0 M_s))/2) w t_HM [A], k = 2 e alpha mu0/(hbar theta_SH)
    [1/A]; other arguments as above [T: J. Z. Sun, Phys. Rev. B 62 (2000) 570].
    """
    t, m = np.asarray(thickness, float), np.asarray(ms, float)
    inner = np.asarray(h_c) * t + effective_magnetisation(m, k_s, t) * t / 2.0
    return np.asarray(k * m * inner * channel_width * channel_thickness)
