"""What a free layer needs to switch, and how fast and stable it is: the face of its laws.

Fields are flux densities mu0 H [T]; what `field` means is the free layer's own, see `probability`.
"""

from numpy.typing import ArrayLike

from device_models.checks import Floats, fitting, positive_array, real_array
from device_models.magnet.free_layer import FreeLayer
from device_models.magnet.orbits import Thresholds
from device_models.switching.kinds import laws_of
from device_models.switching.pulse import checked_polarity


def helping_field(magnet: FreeLayer, field: ArrayLike, polarity: ArrayLike) -> Floats:
    """The part of the applied `field` [T] that helps the switching of `polarity` (+-1) [T].

    In-plane p (H - H_off); perpendicular H_x, whatever the polarity.
    """
    fitting(field=field, polarity=polarity)
    return laws_of(magnet).helping_field(real_array("field", field, "T"),
                                         checked_polarity(polarity))


def pulse_field(magnet: FreeLayer, polarity: float, assist: float) -> float:
    """The field [T] to apply so that `assist` [T] helps a pulse of `polarity` (+-1)."""
    return laws_of(magnet).pulse_field(float(checked_polarity(polarity)), assist)


def critical_current(
    magnet: FreeLayer, field: ArrayLike = 0.0, temperature: ArrayLike = 300.0,
    polarity: ArrayLike = 1,
) -> Floats:
    """Channel current I_c0 [A] that does away with the first state's barrier, Delta (1 - I/I_c0).

    It is the intercept, at ln(t_p/tau0) = 0, of critical currents over the pulse width, at 0 K: the
    I_c0 of measurements. In-plane:

        J_c0 = (2 e/hbar) (alpha M_s t/theta_SH) B,    I_c0 = J_c0 w t_HM

    with B the mean over the orbits from the bottom of the well to its rim of what torque and
    damping balance at, exact demagnetising factors included (`magnet.orbits`). Without field it is
    within 2 % of 1.09 (H_k + M_eff/2) in thin films, and of Sun's formula with H_c = 10 mT and
    N_z = 1 for the reference stack [T: J. Z. Sun, Phys. Rev. B 62 (2000) 570; D. M. Apalkov and
    P. B. Visscher, Phys. Rev. B 72 (2005) 180405(R)]. The state loses its stability 4 to 8 % lower,
    and turns over without heat 2 to 15 % higher: `critical_currents`. `field` [T] and the current's
    own (Oersted's and that of a field-like torque, which the result solves for) act as they help.

    What an assist field does at a temperature, in a pulse, is more than it does to I_c0: it also
    lowers the barrier, by (1 - H/H_k)^2. Ask `shares.voltage_of_share(conditions, 0.5, 0)`.

    Perpendicular, for currents that rise slowly against 1/(gamma mu0 H_k):

        J_c0 = (2 e/hbar) (M_s t/theta_SH) mu0 max over theta of (H_k sin 2 theta/2 - H_x cos theta)

    without the damping [T: K.-S. Lee et al., Appl. Phys. Lett. 102 (2013) 112410]. An abrupt
    current overshoots, and needs less the smaller the damping: without damping and field 0.805 of
    it (see tests).

    `temperature` [K] lowers M_s; `polarity` +1, the default, is P to AP, as a positive voltage
    writes (over a positive spin Hall angle), -1 AP to P, nothing else is accepted. A magnitude;
    zero where the field alone suffices.
    """
    fitting(field=field, temperature=temperature, polarity=polarity)
    return laws_of(magnet).critical_current(real_array("field", field, "T"), temperature,
                                            checked_polarity(polarity))


def critical_currents(
    magnet: FreeLayer, field: ArrayLike = 0.0, temperature: ArrayLike = 300.0,
    polarity: ArrayLike = 1,
) -> Thresholds:
    """The three currents [A] that are called critical; arguments as in `critical_current`.

    `bottom`, at which the state loses its linear stability at 0 K, and precesses; `mean`, that of
    `critical_current`; `rim`, at which it turns over at 0 K. Out of the plane all three are one.
    """
    fitting(field=field, temperature=temperature, polarity=polarity)
    return laws_of(magnet).critical_currents(real_array("field", field, "T"), temperature,
                                             checked_polarity(polarity))


def critical_voltage(
    magnet: FreeLayer, field: ArrayLike = 0.0, temperature: ArrayLike = 300.0,
    polarity: ArrayLike = 1,
) -> Floats:
    """V_c = I_c0 R_channel [V], a magnitude; arguments as in `critical_current`."""
    return critical_current(magnet, field, temperature, polarity) * magnet.channel_resistance


def damping_time(magnet: FreeLayer, temperature: ArrayLike = 300.0) -> Floats:
    """tau_D [s] of small precessions: 1/(alpha gamma mu0 (H_k + M_eff/2)) in the plane, with exact
    factors, 1/(alpha gamma mu0 H_k) out of it [T: Kittel].
    """
    return laws_of(magnet).damping_time(temperature)


def easy_axis_field(magnet: FreeLayer, temperature: ArrayLike = 300.0) -> Floats:
    """mu0 H_k [T] of the easy axis, over the lowest way to the other state."""
    return laws_of(magnet).easy_axis_field(positive_array("temperature", temperature, "K"))


def stability(magnet: FreeLayer, temperature: ArrayLike = 300.0) -> Floats:
    """Delta = E_b/(k_B T) [1], E_b as measured or M_s mu0 H_k V/2, without field and current."""
    return laws_of(magnet).stability(positive_array("temperature", temperature, "K"))
