"""When a write pulse switches a cell: critical current, probability, write error, breakdown.

Fields are flux densities mu0 H [T]. A positive voltage turns the free layer from P to AP, a
negative one from AP to P; so does a positive or negative field [P §B, §D].
"""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import elementary_charge, hbar, mu_0, physical_constants
from scipy.special import ndtr

from device_models.checks import Floats, first, nonnegative_array, positive, real_array, whole
from device_models.magnet import Magnet
from device_models.magnetics import (
    anisotropy_field,
    saturation_magnetisation,
    stability_factor,
)

GYROMAGNETIC = physical_constants["electron gyromag. ratio"][0]  # [rad/(s T)]
ATTEMPT_TIME = 1e-9  # tau0 [s] of Neel and Brown's law [T]


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


def effective_magnetisation(ms: ArrayLike, k_s: ArrayLike, thickness: ArrayLike) -> Floats:
    """M_eff = M_s - 2 K_s/(mu0 M_s t) [A/m]; `ms` [A/m], `k_s` [J/m^2], `thickness` [m]."""
    m = np.asarray(ms, float)
    return np.asarray(m - 2.0 * np.asarray(k_s) / (mu_0 * m * np.asarray(thickness, float)))


def _heated(magnet: Magnet, temperature: ArrayLike) -> tuple[Floats, Floats]:
    """M_s [A/m] at `temperature` [K], and mu0 (H_c + M_eff/2) [T].

    K_s falls as M_s^2 [T: Callen, Callen; A: the power], so that M_eff, like H_c, falls as M_s.
    """
    at_300 = magnet.saturation_magnetisation
    ms = saturation_magnetisation(at_300, temperature, magnet.curie_temperature,
                                  magnet.magnetisation_exponent)
    plane = effective_magnetisation(at_300, magnet.interface_anisotropy, magnet.thickness)
    if plane <= 0:
        raise ValueError(f"M_eff is {plane:g} A/m at {magnet.thickness * 1e9:g} nm: the free layer "
                         "stands out of the plane; these laws hold for M_eff > 0, a thicker "
                         "layer or a smaller interface_anisotropy")
    return ms, ms / at_300 * (magnet.coercive_field + mu_0 * plane / 2.0)


def helping_field(magnet: Magnet, field: ArrayLike, polarity: ArrayLike) -> Floats:
    """The part of `field` [T] that helps the switching of `polarity` (+-1): p (H - H_off) [T]."""
    return np.asarray(polarity) * (real_array("field", field, "T") - magnet.offset_field)


def oersted_field(current: ArrayLike, channel_width: float) -> Floats:
    """mu0 I/(2 w) [T] on top of a wide channel; `current` [A], `channel_width` [m] [T: Ampere]."""
    per_ampere = mu_0 / (2.0 * positive("channel_width", channel_width, "m"))
    return np.asarray(per_ampere * real_array("current", current, "A"))


def critical_current(
    magnet: Magnet, field: ArrayLike = 0.0, temperature: ArrayLike = 300.0,
    polarity: ArrayLike = -1,
) -> Floats:
    """Channel current I_c0 [A] at which the easy direction loses its stability at 0 K.

        J_c0 = (2 e/hbar) (alpha M_s t/theta_SH) mu0 (H_c + M_eff/2 - H),  I_c0 = J_c0 w t_HM

    with H the helping part of the applied `field` [T] and of the current's own,
    oersted mu0 I/(2 w), which the result solves for. `temperature` [K] lowers M_s; `polarity` -1
    is AP to P, +1 P to AP. Zero where the field alone suffices. [T: J. Z. Sun, Phys. Rev. B 62
    (2000) 570; J. A. Katine et al., Phys. Rev. Lett. 84 (2000) 3149]
    """
    ms, stiffness = _heated(magnet, temperature)
    per_tesla = (2.0 * elementary_charge / hbar * magnet.damping * ms * magnet.thickness
                 / magnet.spin_hall_angle * magnet.channel_area)
    own = magnet.oersted * mu_0 / (2.0 * magnet.channel_width)
    left = stiffness - helping_field(magnet, field, polarity)
    needed, share = np.maximum(per_tesla * left, 0.0), 1.0 + per_tesla * own
    never = (share <= 0.0) & (needed > 0.0)  # its own field hinders more than its torque helps
    return np.asarray(np.where(never, np.inf, needed / np.where(share > 0.0, share, 1.0)))


def critical_voltage(
    magnet: Magnet, field: ArrayLike = 0.0, temperature: ArrayLike = 300.0,
    polarity: ArrayLike = -1,
) -> Floats:
    """V_c = I_c0 R_channel [V], a magnitude; arguments as in `critical_current`."""
    return critical_current(magnet, field, temperature, polarity) * magnet.channel_resistance


def damping_time(magnet: Magnet, temperature: ArrayLike = 300.0) -> Floats:
    """tau_D = 1/(alpha gamma mu0 (H_c + M_eff/2)) [s], of small precessions [T: Kittel]."""
    return np.asarray(1.0 / (magnet.damping * GYROMAGNETIC * _heated(magnet, temperature)[1]))


def switching_time(overdrive: ArrayLike, stability: ArrayLike, damping_time: ArrayLike) -> Floats:
    """t_sw = tau_D ln(pi/(2 theta0))/(I/I_c0 - 1) [s], theta0 = 1/sqrt(2 Delta); inf up to I_c0.

    `overdrive` I/I_c0 [1], `stability` Delta [1], `damping_time` [s] [T: Sun 2000].
    """
    excess = np.maximum(real_array("overdrive", overdrive, "1") - 1.0, 0.0)
    growth = np.log(math.pi / 2.0 * np.sqrt(2.0 * np.asarray(stability, float)))
    with np.errstate(divide="ignore"):
        return np.asarray(np.asarray(damping_time) * np.maximum(growth, 0.0) / excess)


def log_survival(
    overdrive: ArrayLike, stability: ArrayLike, damping_time: ArrayLike, pulse: ArrayLike
) -> Floats:
    """ln of the probability [1] that a pulse does not switch; never above zero.

    `overdrive` i = I/I_c0 [1], `stability` Delta of the barrier that field and temperature leave
    [1], `damping_time` tau_D and `pulse` t [s]. Two ways to switch, joined as independent hazards
    that share one barrier, Delta c(i, t), c = (i - 1)/(i exp(2 (i - 1) t/tau_D) - 1):

    - the swing. A thermally tilted moment spirals as exp((i - 1) t/tau_D), and has switched once
      its energy passes the barrier. The linearised Fokker-Planck equation gives the spread for
      every i, through i = 1 without a seam: S = (1 - exp(-Delta c))/(1 - exp(-Delta)) [T: W. H.
      Butler et al., IEEE Trans. Magn. 48 (2012) 4684; here over its value at t = 0]. Its median
      is 0.6 tau_D/(i - 1) below `switching_time`, which waits for an angle of pi/2;
    - thermal activation, at the rate 1/(tau0 exp(Delta c) + Delta tau_D). In long pulses below
      I_c0 c is 1 - i, and this is Neel and Brown's law; near i = 1, where that would outrun the
      precession, it is no faster than diffusion over the barrier, Delta tau_D [A: the sum].

    ln S_total = ln S - rate t: continuous; it falls with i, t and 1/Delta. Against Neel and Brown
    the swing adds a part tau0/t to a small probability. `llg` puts the current of even odds within
    6 % of this law's, for 10 to 200 ns and fields of 0 and 6 mT.
    """
    i = nonnegative_array("overdrive", overdrive, "1")
    delta = np.maximum(np.asarray(stability, float), 1e-12)
    tau = np.asarray(damping_time, float)
    t = nonnegative_array("pulse", pulse, "s")
    y = 2.0 * (i - 1.0) * t / tau
    with np.errstate(divide="ignore", over="ignore"):
        small = np.where(np.abs(y) < 1e-8, 1.0, y)
        swing = np.where(np.abs(y) < 1e-8, 0.0, np.where(
            y > 30.0, y - np.log(np.abs(small)),
            np.log(np.abs(np.expm1(np.minimum(small, 30.0)) / np.minimum(small, 30.0)))))
        log_c = -np.logaddexp(0.0, np.log(2.0 * i * t / tau) + swing)
        swung = _log_one_less_exp(np.log(delta) + log_c) - _log_one_less_exp(np.log(delta))
        barrier = np.minimum(delta * np.exp(log_c), 700.0)
        escape = 1.0 / (ATTEMPT_TIME * np.exp(barrier) + delta * tau)
    return np.asarray(np.minimum(swung, 0.0) - escape * t)


def _log_one_less_exp(z: Floats) -> Floats:
    """ln(1 - exp(-exp(z))), also where exp(z) is tiny or huge."""
    x = np.exp(np.clip(z, -30.0, 700.0))
    exact = np.where(x > 0.7, np.log1p(-np.exp(-x)), np.log(-np.expm1(-x)))
    return np.asarray(np.where(z < -30.0, z, exact))


def _log_fail(
    magnet: Magnet, voltage: ArrayLike, pulse: ArrayLike, field: ArrayLike,
    temperature: ArrayLike, spread: ArrayLike,
) -> Floats:
    """ln of the write-error rate; arguments as in `switching_probability`."""
    v = real_array("voltage", voltage, "V")
    polarity = np.where(v < 0, -1.0, 1.0)
    kelvin = real_array("temperature", temperature, "K")
    scale = real_array("spread", spread, "1")
    for name, value, unit in (("temperature", kelvin, "K"), ("spread", scale, "1")):
        if np.any(value <= 0):
            where, found = first(value, value <= 0)
            raise ValueError(f"{name} is {found:g} {unit}{where}; expected more than zero")
    size = (magnet.length, magnet.width, magnet.thickness)
    ms, _ = _heated(magnet, kelvin)
    current = np.abs(v) / magnet.channel_resistance
    help_ = helping_field(magnet, field, polarity) + magnet.oersted * oersted_field(
        current, magnet.channel_width)
    barrier = np.maximum(1.0 - help_ / anisotropy_field(ms, *size), 0.0) ** 2
    threshold = np.maximum(scale * critical_current(magnet, field, kelvin, polarity), 1e-30)
    return log_survival(current / threshold, barrier * stability_factor(ms, *size, kelvin),
                        damping_time(magnet, kelvin), pulse)


def switching_probability(
    magnet: Magnet, voltage: ArrayLike, pulse: ArrayLike, field: ArrayLike = 0.0,
    temperature: ArrayLike = 300.0, spread: ArrayLike = 1.0,
) -> Floats:
    """Probability [1] that a pulse switches the cell, which starts in the other state.

    `voltage` across the channel [V]: positive (and zero) P to AP, negative AP to P; `pulse` [s];
    applied `field` [T], signed; `temperature` [K]; `spread` [1] multiplies this cell's critical
    current. All broadcast. With H the helping field, offset and Oersted's included, the barrier
    is Delta (1 - H/H_k)^2 and i = I/(spread I_c0(H)); then 1 - exp(`log_survival`).
    """
    return np.asarray(-np.expm1(_log_fail(magnet, voltage, pulse, field, temperature, spread)))


def write_error_rate(
    magnet: Magnet, voltage: ArrayLike, pulse: ArrayLike, field: ArrayLike = 0.0,
    temperature: ArrayLike = 300.0, spread: ArrayLike = 1.0,
) -> Floats:
    """Probability [1] that a pulse does not switch, with full relative accuracy when tiny."""
    return np.asarray(np.exp(_log_fail(magnet, voltage, pulse, field, temperature, spread)))


def field_free_probability(
    thickness: ArrayLike, centre: float = 2.1e-9, width: float = 0.17e-9
) -> Floats:
    """Share [1] of devices that switch without assist field: Phi((centre - t)/width).

    `thickness`, `centre`, `width` [m]. It falls to zero at 2.6 nm [P §D]; the law and its two
    numbers are assumed [A]: in the macrospin picture the assist field moves V_c by 2-3 % only.
    """
    t = real_array("thickness", thickness, "m")
    return np.asarray(ndtr((centre - t) / positive("width", width, "m")))


def breakdown_voltage(
    thickness: ArrayLike, cells: int = 1, *, base: float = 1.8, slope: float = 0.2e9,
    origin: float = 1.6e-9, shape: float = 20.0,
) -> Floats:
    """Mean breakdown voltage [V]: (base + slope (t - origin)) n^(-1/shape).

    `thickness`, `origin` [m], `base` [V], `slope` [V/m], weakest of n `cells` with Weibull
    `shape` [1]: 1.8 to 2.0 V (1 cell), 1.7 to 1.9 V (3 cells) from 1.6 to 2.6 nm [P §D;
    linearity A; shape calc].
    """
    one = base + slope * (real_array("thickness", thickness, "m") - origin)
    return np.asarray(one * whole("cells", cells, 1) ** (-1.0 / positive("shape", shape, "1")))


def write_energy(voltage: ArrayLike, pulse: ArrayLike, resistance: ArrayLike) -> Floats:
    """V^2 t_p/R [J] of one pulse; `voltage` [V], `pulse` [s], channel `resistance` [ohm]."""
    r = nonnegative_array("resistance", resistance, "ohm")
    if np.any(r == 0):
        raise ValueError("resistance is 0 ohm; expected more than zero")
    v, t = real_array("voltage", voltage, "V"), nonnegative_array("pulse", pulse, "s")
    return np.asarray(v**2 * t / r)
