"""When a write pulse switches a cell: critical current, probability, write error, breakdown.

Fields are flux densities mu0 H [T]. A positive voltage writes AP, a negative one P [P §B, §D]. What
`field` means is the free layer's own:

- of a `Magnet` (in-plane) it lies along the easy axis and drives to its own sign: positive to AP,
  negative to P. It turns with the pulse;
- of a `PerpendicularMagnet` it lies in the plane, along the current, and drives nowhere by itself:
  positive, it lets pulses of either sign write as above; negative, it reverses both; at zero the
  outcome of a strong pulse is a coin toss. It stays while the pulse changes sign.

The laws are in `switching_in_plane` and `switching_perpendicular`; the type of the magnet chooses.
"""

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from device_models.checks import (
    Floats,
    first,
    fitting,
    nonnegative_array,
    positive,
    real_array,
    whole,
)
from device_models.magnet.free_layer import ATTEMPT_TIME, GYROMAGNETIC, FreeLayer
from device_models.switching.in_plane import (
    effective_magnetisation,
    log_survival,
    oersted_field,
    switching_time,
)
from device_models.switching.laws import Pulse, laws
from device_models.switching.perpendicular import threshold_torque

__all__ = ["ATTEMPT_TIME", "GYROMAGNETIC", "breakdown_voltage", "critical_current",
           "critical_voltage", "damping_time", "easy_axis_field", "effective_magnetisation",
           "equation_1", "equation_1_consistent", "field_free_probability", "helping_field",
           "log_survival", "oersted_field", "pulse_field", "pulse_probabilities",
           "return_probability", "stability", "switching_probability", "switching_time",
           "threshold_torque", "write_energy", "write_error_rate"]


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


def _polarity(polarity: ArrayLike) -> Floats:
    """Only +1 and -1 [1]: anything between would scale a field silently."""
    p = real_array("polarity", polarity, "1")
    if np.any(np.abs(p) != 1.0):
        where, found = first(p, np.abs(p) != 1.0)
        raise ValueError(f"polarity is {found:g}{where}; expected 1 (P to AP) or -1 (AP to P)")
    return p


def _kelvin(temperature: ArrayLike) -> Floats:
    """Temperatures [K], all above zero."""
    return _above_zero("temperature", temperature, "K")


def _above_zero(name: str, value: ArrayLike, unit: str) -> Floats:
    array = real_array(name, value, unit)
    if np.any(array <= 0):
        where, found = first(array, array <= 0)
        raise ValueError(f"{name} is {found:g} {unit}{where}; expected more than zero")
    return array


def helping_field(magnet: FreeLayer, field: ArrayLike, polarity: ArrayLike) -> Floats:
    """The part of the applied `field` [T] that helps the switching of `polarity` (+-1) [T].

    In-plane p (H - H_off); perpendicular H_x, whatever the polarity.
    """
    fitting(field=field, polarity=polarity)
    return laws(magnet).helping_field(magnet, real_array("field", field, "T"),
                                      _polarity(polarity))


def pulse_field(magnet: FreeLayer, polarity: float, assist: float) -> float:
    """The field [T] to apply so that `assist` [T] helps a pulse of `polarity` (+-1)."""
    return laws(magnet).pulse_field(float(_polarity(polarity)), assist)


def critical_current(
    magnet: FreeLayer, field: ArrayLike = 0.0, temperature: ArrayLike = 300.0,
    polarity: ArrayLike = -1,
) -> Floats:
    """Channel current I_c0 [A] at which the first state loses its stability at 0 K.

    In-plane:

        J_c0 = (2 e/hbar) (alpha M_s t/theta_SH) mu0 (H_c + M_eff/2 - H),  I_c0 = J_c0 w t_HM

    with H the helping part of the applied `field` [T] and of the current's own,
    oersted mu0 I/(2 w), which the result solves for [T: J. Z. Sun, Phys. Rev. B 62 (2000) 570;
    J. A. Katine et al., Phys. Rev. Lett. 84 (2000) 3149].

    Perpendicular, for currents that rise slowly against 1/(gamma mu0 H_k):

        J_c0 = (2 e/hbar) (M_s t/theta_SH) mu0 max over theta of (H_k sin 2 theta/2 - H_x cos theta)

    without the damping [T: K.-S. Lee et al., Appl. Phys. Lett. 102 (2013) 112410]. An abrupt
    current overshoots, and needs less the smaller the damping: without damping and field 0.805 of
    it (see tests).

    `temperature` [K] lowers M_s; `polarity` -1 is AP to P, +1 P to AP, nothing else is accepted.
    Zero where the field alone suffices.
    """
    fitting(field=field, temperature=temperature, polarity=polarity)
    return laws(magnet).critical_current(magnet, real_array("field", field, "T"), temperature,
                                         _polarity(polarity))


def critical_voltage(
    magnet: FreeLayer, field: ArrayLike = 0.0, temperature: ArrayLike = 300.0,
    polarity: ArrayLike = -1,
) -> Floats:
    """V_c = I_c0 R_channel [V], a magnitude; arguments as in `critical_current`."""
    return critical_current(magnet, field, temperature, polarity) * magnet.channel_resistance


def damping_time(magnet: FreeLayer, temperature: ArrayLike = 300.0) -> Floats:
    """tau_D [s] of small precessions: 1/(alpha gamma mu0 (H_c + M_eff/2)) in the plane,
    1/(alpha gamma mu0 H_k) out of it [T: Kittel].
    """
    return laws(magnet).damping_time(magnet, temperature)


def easy_axis_field(magnet: FreeLayer, temperature: ArrayLike = 300.0) -> Floats:
    """mu0 H_k [T] of the easy axis, over the lowest way to the other state."""
    return laws(magnet).easy_axis_field(magnet, _kelvin(temperature))


def stability(magnet: FreeLayer, temperature: ArrayLike = 300.0) -> Floats:
    """Delta = E_b/(k_B T) [1], E_b = M_s mu0 H_k V/2, without field and current."""
    return laws(magnet).stability(magnet, _kelvin(temperature))


def _pulse(
    magnet: FreeLayer, voltage: ArrayLike, pulse: ArrayLike, field: ArrayLike,
    temperature: ArrayLike, spread: ArrayLike,
) -> Pulse:
    """The checked pulse; arguments as in `switching_probability`."""
    v = real_array("voltage", voltage, "V")
    fitting(voltage=v, pulse=pulse, field=field, temperature=temperature, spread=spread)
    return Pulse(np.where(v < 0, -1.0, 1.0), np.abs(v) / magnet.channel_resistance,
                 nonnegative_array("pulse", pulse, "s"), real_array("field", field, "T"),
                 _kelvin(temperature), _above_zero("spread", spread, "1"))


def switching_probability(
    magnet: FreeLayer, voltage: ArrayLike, pulse: ArrayLike, field: ArrayLike = 0.0,
    temperature: ArrayLike = 300.0, spread: ArrayLike = 1.0,
) -> Floats:
    """Probability [1] that a pulse switches the cell, which starts in the other state.

    `voltage` across the channel [V]: positive (and zero) P to AP, negative AP to P; `pulse` [s];
    applied `field` [T], signed; `temperature` [K]; `spread` [1] multiplies this cell's critical
    current. All broadcast.

    In-plane: with H the helping field, offset and Oersted's included, the barrier is
    Delta (1 - H/H_k)^2 and i = I/(spread I_c0(H)); then 1 - exp(`log_survival`). Perpendicular:
    Neel and Brown's rates over `switching_perpendicular.effective_barrier`, out of the first state
    and back into it, and `switching_perpendicular.final_state` where a torque holds it along y.
    Both: without current the wells are in Boltzmann's balance, and after the pulse the state has
    to last 5 ns (and a fall of 20 tau_D, perpendicular) in the field that stays.

    Bounds: in-plane the law holds for 10 to 200 ns; at 1 ns the voltage of even odds is some 18 %
    too low against `llg` (at 6 mT, 2/3 V: 0.19 and 0.80, `llg` 0.03 and 0.53). Perpendicular it
    leaves out the ringing after the pulse: see `write_error_rate`.
    """
    return pulse_probabilities(magnet, voltage, pulse, field, temperature, spread)[0]


def write_error_rate(
    magnet: FreeLayer, voltage: ArrayLike, pulse: ArrayLike, field: ArrayLike = 0.0,
    temperature: ArrayLike = 300.0, spread: ArrayLike = 1.0,
) -> Floats:
    """Probability [1] that a pulse does not switch, its law's digits kept when tiny.

    Of a perpendicular layer it is a lower bound: after the pulse the moment rings, and may end in
    the wrong state, which the law leaves out. With alpha = 0.027 and edges of 20 tau_D `llg` finds
    errors of 0.038-0.080, 0.018-0.055 and 0.008-0.033 at h = 0.023, 0.046, 0.092 and 1.2 to 2 V_c,
    where the law has 1e-12 and less; only slower edges come near it. Arguments as in
    `switching_probability`.
    """
    return np.asarray(np.exp(laws(magnet).log_outcome(
        magnet, _pulse(magnet, voltage, pulse, field, temperature, spread)).log_error()))


def return_probability(
    magnet: FreeLayer, voltage: ArrayLike, pulse: ArrayLike, field: ArrayLike = 0.0,
    temperature: ArrayLike = 300.0, spread: ArrayLike = 1.0,
) -> Floats:
    """Probability [1] that a pulse turns a cell away that is already in the state it writes.

    None in the plane; out of it one half for a strong pulse without field. Arguments as in
    `switching_probability`.
    """
    return pulse_probabilities(magnet, voltage, pulse, field, temperature, spread)[1]


def pulse_probabilities(
    magnet: FreeLayer, voltage: ArrayLike, pulse: ArrayLike, field: ArrayLike = 0.0,
    temperature: ArrayLike = 300.0, spread: ArrayLike = 1.0,
) -> tuple[Floats, Floats]:
    """`switching_probability` and `return_probability` at the price of one."""
    return laws(magnet).log_outcome(
        magnet, _pulse(magnet, voltage, pulse, field, temperature, spread)).probabilities()


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
