"""What a free layer needs to switch, and how fast and stable it is: the face of its laws.

Fields are flux densities mu0 H [T]; what `field` means is the free layer's own, see `probability`.
"""

from numpy.typing import ArrayLike

from device_models.checks import Floats, fitting, positive_array, real_array
from device_models.magnet.free_layer import FreeLayer
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
    return laws_of(magnet).critical_current(real_array("field", field, "T"), temperature,
                                            checked_polarity(polarity))


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
    return laws_of(magnet).damping_time(temperature)


def easy_axis_field(magnet: FreeLayer, temperature: ArrayLike = 300.0) -> Floats:
    """mu0 H_k [T] of the easy axis, over the lowest way to the other state."""
    return laws_of(magnet).easy_axis_field(positive_array("temperature", temperature, "K"))


def stability(magnet: FreeLayer, temperature: ArrayLike = 300.0) -> Floats:
    """Delta = E_b/(k_B T) [1], E_b = M_s mu0 H_k V/2, without field and current."""
    return laws_of(magnet).stability(positive_array("temperature", temperature, "K"))
