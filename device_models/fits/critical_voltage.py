"""Sun's macrospin from critical voltages over the thickness of an in-plane free layer."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import elementary_charge, hbar, mu_0

from device_models.checks import Floats, real_array
from device_models.fits.least_squares import Fit, FitError, least_squares, points
from device_models.magnet.in_plane import Magnet
from device_models.switching.equation_1 import equation_1_consistent


def fit_critical_voltage_macrospin(
    thickness: ArrayLike, voltage: ArrayLike, magnet: Magnet, field: float = 0.0,
    spread: ArrayLike | None = None,
) -> Fit:
    """`damping` [1] and `interface_anisotropy` [J/m^2] from critical voltages over thickness.

    The law of `switching.critical_voltage`: V_c = R I_c0, straight in t, with a slope in
    proportion to the damping, and zero where M_eff/2 + H_c - H is [T: J. Z. Sun, Phys. Rev. B 62
    (2000) 570].

    Parameters
    ----------
    thickness, voltage : (points,) arrays
        Free layer [m] and size of its critical voltage [V]; 3 points or more.
    magnet : Magnet
        Gives M_s, H_c, spin Hall angle and channel; its damping, interface anisotropy and
        thickness are not used.
    field : float
        The part of the applied field that helps, offset included [T].
    spread : (points,) array, optional
        Standard deviation of each voltage [V].
    """
    if not isinstance(magnet, Magnet):
        raise TypeError(f"magnet is {type(magnet).__name__}; expected an in-plane Magnet, whose "
                        "law this is")
    t, y = points(("thickness", thickness, "m"), ("voltage", voltage, "V"), 3)
    helping = real_array("field", field, "T")
    if helping.ndim:
        raise FitError(f"field [T] has shape {helping.shape}; expected one number, fit each field")
    stiffness = (magnet.coercive_field - float(helping)) / mu_0
    ms, area = magnet.saturation_magnetisation, magnet.channel_area
    torque = 2.0 * elementary_charge / hbar * mu_0 / magnet.spin_hall_angle  # over damping [1/A]
    own = magnet.oersted / (2.0 * magnet.channel_width)

    def law(x: Floats, damping: float, anisotropy: float) -> Floats:
        current = equation_1_consistent(torque * damping, ms, stiffness, x, anisotropy * 1e-3,
                                        magnet.channel_width, magnet.channel_thickness)
        share = 1.0 + torque * damping * ms * x * area * own  # the current's own field helps
        share = share + damping * magnet.field_like  # and that of the field-like torque
        return np.asarray(current / share * magnet.channel_resistance)

    slope, at_zero = np.polyfit(t, y, 1)
    if slope <= 0:
        raise FitError("the critical voltage does not grow with thickness; expected sizes that do")
    plane = stiffness + ms / 2.0
    guess = (slope / (torque * ms * plane * area * magnet.channel_resistance),
             -at_zero / slope * plane * mu_0 * ms * 1e3)
    return least_squares(law, t, y, guess, {"damping": 1.0, "interface_anisotropy": 1e-3}, spread)
