"""The switching laws of an in-plane free layer; `switching` holds their public names.

The spins of the current lie along the easy axis, so that a torque of the right sign undamps the
layer until it turns over: the critical current is proportional to the damping.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import elementary_charge, hbar, mu_0

from device_models.checks import Floats, nonnegative_array, positive, real_array
from device_models.magnet.easy_axis import EasyAxisError
from device_models.magnet.free_layer import ATTEMPT_TIME, GYROMAGNETIC
from device_models.magnet.in_plane import Magnet
from device_models.magnet.magnetics import (
    anisotropy_field,
    saturation_magnetisation,
    stability_factor,
)
from device_models.switching.laws import SETTLING, Laws, Outcome, Pulse, balance, laws, settled

_MOST = 1e100  # of overdrives and hazards [1]: nothing changes beyond, but products overflow


def effective_magnetisation(ms: ArrayLike, k_s: ArrayLike, thickness: ArrayLike) -> Floats:
    """M_eff = M_s - 2 K_s/(mu0 M_s t) [A/m]; `ms` [A/m], `k_s` [J/m^2], `thickness` [m]."""
    m = np.asarray(ms, float)
    return np.asarray(m - 2.0 * np.asarray(k_s) / (mu_0 * m * np.asarray(thickness, float)))


def heated(magnet: Magnet, temperature: ArrayLike) -> tuple[Floats, Floats]:
    """M_s [A/m] at `temperature` [K], and mu0 (H_c + M_eff/2) [T].

    K_s falls as M_s^2 [T: Callen, Callen; A: the power], so that M_eff, like H_c, falls as M_s.
    """
    at_300 = magnet.saturation_magnetisation
    ms = saturation_magnetisation(at_300, temperature, magnet.curie_temperature,
                                  magnet.magnetisation_exponent)
    plane = effective_magnetisation(at_300, magnet.interface_anisotropy, magnet.thickness)
    if plane <= 0:
        raise EasyAxisError(
            f"M_eff is {plane:g} A/m at {magnet.thickness * 1e9:g} nm: the free layer stands out "
            "of the plane; these laws hold for M_eff > 0, a thicker layer or a smaller "
            "interface_anisotropy")
    return ms, ms / at_300 * (magnet.coercive_field + mu_0 * plane / 2.0)


def oersted_field(current: ArrayLike, channel_width: float) -> Floats:
    """mu0 I/(2 w) [T] on top of a wide channel; `current` [A], `channel_width` [m] [T: Ampere]."""
    per_ampere = mu_0 / (2.0 * positive("channel_width", channel_width, "m"))
    return np.asarray(per_ampere * real_array("current", current, "A"))


def helping_field(magnet: Magnet, field: Floats, polarity: Floats) -> Floats:
    """p (H - H_off) [T]: the applied easy-axis field drives towards its own sign."""
    return np.asarray(polarity * (field - magnet.offset_field))


def critical_current(
    magnet: Magnet, field: Floats, temperature: ArrayLike, polarity: Floats
) -> Floats:
    """I_c0 [A] of Sun's macrospin; `switching.critical_current` explains it."""
    ms, stiffness = heated(magnet, temperature)
    per_tesla = (2.0 * elementary_charge / hbar * magnet.damping * ms * magnet.thickness
                 / magnet.spin_hall_angle * magnet.channel_area)
    own = magnet.oersted * mu_0 / (2.0 * magnet.channel_width)
    left = stiffness - helping_field(magnet, field, polarity)
    needed, share = np.maximum(per_tesla * left, 0.0), 1.0 + per_tesla * own
    never = (share <= 0.0) & (needed > 0.0)  # its own field hinders more than its torque helps
    return np.asarray(np.where(never, np.inf, needed / np.where(share > 0.0, share, 1.0)))


def damping_time(magnet: Magnet, temperature: ArrayLike) -> Floats:
    """tau_D = 1/(alpha gamma mu0 (H_c + M_eff/2)) [s] [T: Kittel]."""
    return np.asarray(1.0 / (magnet.damping * GYROMAGNETIC * heated(magnet, temperature)[1]))


def easy_axis_field(magnet: Magnet, temperature: ArrayLike) -> Floats:
    """mu0 H_k [T] of the shape, between the axes of the ellipse."""
    return anisotropy_field(heated(magnet, temperature)[0], magnet.length, magnet.width,
                            magnet.thickness)


def stability(magnet: Magnet, temperature: ArrayLike) -> Floats:
    """Delta [1] of the shape's barrier."""
    return stability_factor(heated(magnet, temperature)[0], magnet.length, magnet.width,
                            magnet.thickness, temperature)


def pulse_field(polarity: float, assist: float) -> float:
    """The assist field [T] turns with the pulse: +V with +H, -V with -H [P §D]."""
    return polarity * assist


def applied_field(magnet: Magnet, field: Floats, current: Floats) -> Floats:
    """Flux density along x, y, z (..., 3) [T] of the applied `field` [T] and of `current` [A]."""
    y = field - magnet.offset_field + magnet.oersted * oersted_field(current, magnet.channel_width)
    return np.stack([np.zeros_like(y), y, np.zeros_like(y)], axis=-1)


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
    i = np.minimum(nonnegative_array("overdrive", overdrive, "1"), _MOST)
    delta = np.maximum(np.asarray(stability, float), 1e-12)
    tau = np.asarray(damping_time, float)
    t = np.minimum(nonnegative_array("pulse", pulse, "s"), _MOST)
    with np.errstate(divide="ignore", over="ignore"):
        y = np.minimum(2.0 * (i - 1.0) * (t / tau), _MOST)
        small = np.where(np.abs(y) < 1e-8, 1.0, y)
        swing = np.where(np.abs(y) < 1e-8, 0.0, np.where(
            y > 30.0, y - np.log(np.abs(small)),
            np.log(np.abs(np.expm1(np.minimum(small, 30.0)) / np.minimum(small, 30.0)))))
        log_c = -np.logaddexp(0.0, np.log(2.0 * i * (t / tau)) + swing)
        swung = _log_one_less_exp(np.log(delta) + log_c) - _log_one_less_exp(np.log(delta))
        barrier = delta * np.exp(log_c)
        escape = _neel_brown(barrier, delta, tau)
    return np.asarray(np.minimum(swung, 0.0) - np.minimum(escape * t, _MOST))


def _log_one_less_exp(z: Floats) -> Floats:
    """ln(1 - exp(-exp(z))), also where exp(z) is tiny or huge."""
    x = np.exp(np.clip(z, -30.0, 700.0))
    exact = np.where(x > 0.7, np.log1p(-np.exp(-x)), np.log(-np.expm1(-x)))
    return np.asarray(np.where(z < -30.0, z, exact))


class _Wells(NamedTuple):
    """The pulse's share of each cell: helping fields over H_k with the current and after it [1],
    overdrives out and back [1], Delta without field [1] and tau_D [s]."""

    help: Floats
    help_after: Floats
    out: Floats
    back: Floats
    delta: Floats
    tau: Floats


def _wells(magnet: Magnet, pulse: Pulse) -> _Wells:
    kelvin, polarity = pulse.temperature, pulse.polarity
    after = helping_field(magnet, pulse.field, polarity)
    during = after + magnet.oersted * oersted_field(pulse.current, magnet.channel_width)
    out, back = (np.minimum(pulse.current / np.maximum(pulse.spread * critical_current(
        magnet, pulse.field, kelvin, sign * polarity), 1e-30), _MOST) for sign in (1.0, -1.0))
    h_k = easy_axis_field(magnet, kelvin)
    return _Wells(during / h_k, after / h_k, out, back, stability(magnet, kelvin),
                  damping_time(magnet, kelvin))


def _wall(field: Floats) -> Floats:
    """Barrier over Delta [1] of a well that `field` over H_k [1] deepens; none below -1."""
    return np.asarray(np.maximum(1.0 + field, 0.0) ** 2)


def _neel_brown(wall: Floats, delta: Floats, tau: Floats) -> Floats:
    """1/(tau0 exp(wall) + delta tau) [1/s], of `log_survival`; the barrier `wall` [1]."""
    return np.asarray(1.0 / (ATTEMPT_TIME * np.exp(np.minimum(wall, 700.0)) + delta * tau))


def log_outcome(magnet: Magnet, pulse: Pulse) -> Outcome:
    """ln of the chances of `pulse`; see `Outcome`.

    Two states. Out of the first leads the hazard of `log_survival`, A = -ln S_total; back leads
    Neel and Brown's rate out times exp(wall out - wall back), in detailed balance. The wall back is
    Delta (1 + H/H_k)^2 (1 + i_b), i_b the current over the critical one of the way back: the
    torque that wrote a state cools it [A: as 1 - i heats the first]. The moved ones divide as A
    to B, which without current is Boltzmann's balance of the wells. For 5 ns after the pulse they
    relax towards the balance in the field that is left; where that leaves the written state no
    barrier (-H >= H_k), nothing stays in it.
    """
    w, t = _wells(magnet, pulse), np.minimum(pulse.duration, _MOST)
    wall_out, wall_back = w.delta * _wall(-w.help), w.delta * _wall(w.help) * (1.0 + w.back)
    hazard = np.minimum(-log_survival(w.out, wall_out, w.tau, t), _MOST)
    slowest = ATTEMPT_TIME + wall_out * w.tau * np.exp(-wall_out * np.maximum(1.0 - w.out, 0.0))
    returns = t * np.exp(-np.minimum(wall_back, 700.0)) / slowest
    rest = w.delta * _wall(-w.help_after), w.delta * _wall(w.help_after)
    relaxed = np.where(rest[1] > 0.0, SETTLING * sum(
        _neel_brown(wall, wall, w.tau) for wall in rest), np.inf)
    with np.errstate(divide="ignore"):
        out, back = np.log(hazard), np.log(returns)
    never = hazard + returns == 0.0
    right, wrong = (settled(
        np.where(never, 0.0, one - np.logaddexp(out, np.where(never, 0.0, back))),
        balance(sign * rest[0], sign * rest[1]), relaxed)
        for one, sign in ((out, 1), (back, -1)))
    return Outcome(-(hazard + returns), right, wrong)


LAWS = Laws(
    easy_axis=1, edge=0.0, helping_field=helping_field, critical_current=critical_current,
    damping_time=damping_time, easy_axis_field=easy_axis_field, stability=stability,
    pulse_field=pulse_field, applied_field=applied_field, log_outcome=log_outcome)


@laws.register
def _(magnet: Magnet) -> Laws:
    return LAWS
