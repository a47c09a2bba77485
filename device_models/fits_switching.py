"""Parameters of switching and breakdown from measurements, with 95 % confidence intervals.

Critical voltages by least squares, as in `device_models.fits`; counts by maximum likelihood, with
the normal intervals of the information matrix [T: R. A. Fisher]; breakdown voltages as in
`device_models.fits_weibull`.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import elementary_charge, hbar, mu_0
from scipy.optimize import minimize
from scipy.stats import norm

from device_models.checks import Floats, fitting, positive, real_array
from device_models.fits import Fit, FitError, least_squares, points
from device_models.fits_weibull import fit_breakdown_weibull
from device_models.magnet import Magnet
from device_models.switching import ATTEMPT_TIME, equation_1_consistent

__all__ = ["fit_breakdown_weibull", "fit_critical_voltage_macrospin",
           "fit_switching_probability_activation"]
_NORMAL = float(norm.ppf(0.975))


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
        return np.asarray(current / share * magnet.channel_resistance)

    slope, at_zero = np.polyfit(t, y, 1)
    if slope <= 0:
        raise FitError("the critical voltage does not grow with thickness; expected sizes that do")
    plane = stiffness + ms / 2.0
    guess = (slope / (torque * ms * plane * area * magnet.channel_resistance),
             -at_zero / slope * plane * mu_0 * ms * 1e3)
    return least_squares(law, t, y, guess, {"damping": 1.0, "interface_anisotropy": 1e-3}, spread)


def fit_switching_probability_activation(
    voltage: ArrayLike, switched: ArrayLike, trials: ArrayLike, pulse: ArrayLike,
    attempt_time: float = ATTEMPT_TIME,
) -> Fit:
    """`stability` Delta [1] and `critical_voltage` V_c0 [V] from counts of switched cells.

    P = 1 - exp(-(t_p/tau0) exp(-Delta (1 - V/V_c0))) [T: Neel, Brown], Delta as field and
    temperature leave it. By maximum likelihood: ln(-ln(1 - P)) is linear in V, a generalised linear
    model with complementary log-log link. For pulses below V_c0; shorter ones near it precess.

    Parameters
    ----------
    voltage : (points,) array
        Size of the pulses [V].
    switched, trials : (points,) arrays
        How many switched, of how many; `trials` may be one number.
    pulse : float or (points,) array
        Their width [s].
    attempt_time : float
        tau0 [s].

    Returns
    -------
    Fit
        `residual` is the standard deviation of switched/trials around the law [1].
    """
    v, k = points(("voltage", voltage, "V"), ("switched", switched, "1"), 2)
    n, t = real_array("trials", trials, "1"), real_array("pulse", pulse, "s")
    if fitting(voltage=v, trials=n, pulse=t) != v.shape:
        raise FitError(f"trials have shape {n.shape} and pulse {t.shape}; expected one number, or "
                       f"one for each of the {len(v)} voltages")
    n = np.broadcast_to(n, v.shape)
    if np.any((k < 0) | (k > n) | (n < 1) | (t <= 0)):
        raise FitError("expected 0 <= switched <= trials, 1 trial or more, and pulses above zero")
    offset = np.log(t / positive("attempt_time", attempt_time, "s"))
    (a, b), covariance = _log_log_model(v, offset, k, n)
    stability, critical = -a, -a / b
    gradients = np.array([[-1.0, 0.0], [-1.0 / b, a / b**2]])
    values = {"stability": float(stability), "critical_voltage": float(critical)}
    shares = -np.expm1(-np.exp(offset + a + b * v))
    residual = np.sqrt(np.sum((k / n - shares) ** 2) / max(len(v) - 2, 1))
    half = _NORMAL * np.sqrt(np.einsum("ij,jk,ik->i", gradients, covariance, gradients))
    return Fit(values, {name: (value - float(h), value + float(h)) for (name, value), h in zip(
        values.items(), half, strict=True)}, float(residual))


def _log_log_model(
    v: Floats, offset: Floats, k: Floats, n: Floats
) -> tuple[tuple[float, float], Floats]:
    """a and b of ln(-ln(1 - P)) = offset + a + b v, and their covariance (2, 2)."""
    centre, width = v.mean(), max(float(np.ptp(v)), 1e-300)
    x = np.stack([np.ones(len(v)), (v - centre) / width], axis=1)

    def hazard(p: Floats) -> Floats:
        return np.asarray(np.exp(np.clip(offset + x @ p, -700.0, 30.0)))

    def loss(p: Floats) -> tuple[float, Floats]:
        h = hazard(p)
        died = h / np.expm1(np.minimum(h, 700.0))
        return (float(np.sum((n - k) * h - k * np.log(-np.expm1(-h)))),
                np.asarray((n - k) * h - k * died) @ x)

    start = np.log(-np.log1p(-(k + 0.5) / (n + 1.0))) - offset
    found = minimize(loss, np.linalg.lstsq(x, start, rcond=None)[0], jac=True, method="BFGS")
    h = hazard(found.x)
    weight = n * h**2 / np.expm1(np.minimum(h, 700.0))
    information = (x * weight[:, None]).T @ x
    if np.linalg.cond(information) > 1e12 or found.x[1] <= 0 or (
            found.x[1] ** 2 <= np.linalg.inv(information)[1, 1]):
        raise FitError("the counts do not say how steeply the probability grows; expected two or "
                       "more voltages that switch some of the trials, more of them at the higher "
                       "ones: add voltages in between, or trials")
    back = np.array([[1.0, -centre / width], [0.0, 1.0 / width]])
    a, b = back @ found.x
    return (float(a), float(b)), back @ np.linalg.inv(information) @ back.T
