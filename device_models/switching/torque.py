"""The spin torque that a channel's current exerts on the free layer above it."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import elementary_charge, hbar

from device_models.checks import Floats
from device_models.magnet.free_layer import FreeLayer


def torque_per_ampere(magnet: FreeLayer, ms: ArrayLike) -> Floats:
    """b/I = hbar |theta_SH|/(2 e M_s t w t_HM) [T/A], damping-like; `ms` M_s [A/m].

    It acts along the spins, along +y for a current of the sign of `spin_hall_angle`.
    `magnet.field_like` times it is the field along them of the field-like torque.
    """
    return np.asarray(hbar * abs(magnet.spin_hall_angle) / (
        2.0 * elementary_charge * np.asarray(ms, float) * magnet.thickness * magnet.channel_area))
