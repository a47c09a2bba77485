"""Damping and anisotropy from critical voltages over the thickness of an in-plane free layer."""

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import mu_0

from device_models.checks import Floats, real_array
from device_models.fits.least_squares import Fit, FitError, least_squares, points
from device_models.magnet.easy_axis import EasyAxisError
from device_models.magnet.free_layer import FreeLayer
from device_models.magnet.in_plane import Magnet
from device_models.switching.thresholds import critical_voltage


def fit_critical_voltage_macrospin(
    thickness: ArrayLike, voltage: ArrayLike, magnet: Magnet, field: float = 0.0,
    spread: ArrayLike | None = None,
) -> Fit:
    """`damping` [1] and `interface_anisotropy` [J/m^2] from critical voltages over thickness.

    The law of `switching.critical_voltage`: V_c = R I_c0, almost straight in t, with a slope in
    proportion to the damping, and zero near 2 K_s/(mu0 M_s^2).

    Parameters
    ----------
    thickness, voltage : (points,) arrays
        Free layer [m] and size of its critical voltage [V]; 3 points or more.
    magnet : Magnet
        Gives M_s, shape, spin Hall angle and channel; its damping, interface anisotropy, offset
        and thickness are not used.
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
    helps, plain = float(helping), magnet.with_changes(offset_field=0.0)

    def law(x: Floats, damping: float, anisotropy: float) -> Floats:
        return np.array([threshold_or_zero(
            plain, helps, 1, thickness=float(each), damping=abs(damping),
            interface_anisotropy=abs(anisotropy) * 1e-3) for each in x])

    slope, at_zero = np.polyfit(t, y, 1)
    if slope <= 0:
        raise FitError("the critical voltage does not grow with thickness; expected sizes that do")
    plane = mu_0 * magnet.saturation_magnetisation**2 / 2.0
    k_s = plane * min(max(-at_zero / slope, 0.0), 0.98 * float(t.min()))  # so that all lie
    whole = threshold_or_zero(plain, helps, 1, thickness=float(t.mean()), interface_anisotropy=k_s)
    guess = magnet.damping * float(np.mean(y)) / whole, k_s * 1e3
    return least_squares(law, t, y, guess, {"damping": 1.0, "interface_anisotropy": 1e-3}, spread)


def threshold_or_zero(
    magnet: FreeLayer, field: float, polarity: int, **changes: float
) -> float:
    """Critical voltage [V] of a `magnet` with `changes`; zero where it lies the other way."""
    try:
        return float(critical_voltage(magnet.with_changes(**changes), field, polarity=polarity))
    except EasyAxisError:
        return 0.0
