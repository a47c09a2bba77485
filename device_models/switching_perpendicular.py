"""The switching laws of a perpendicular free layer; `switching` holds their public names.

The spins of the current lie along the hard axis y. They tilt the layer in the x-z plane, against
its anisotropy, until the tilt loses its balance: a threshold without the damping. Spins along y
prefer neither z nor -z; a field H_x along the current does, by the sign of current times H_x.

Units of this file: i = b/(H_k/2), h = H_x/H_k, k = H_z/H_k (towards the first state), energies
over E_b = M_s H_k V/2, with b the torque field hbar theta_SH J/(2 e M_s t), H_k against x [T].
At the tilt theta from the first state towards the side to which the current pulls,

    U = sin^2 theta - 2 h sin theta - 2 k cos theta - i theta.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import Boltzmann, elementary_charge, hbar
from scipy.special import log_ndtr

from device_models.checks import Floats
from device_models.free_layer import ATTEMPT_TIME, GYROMAGNETIC
from device_models.magnetics import saturation_magnetisation
from device_models.perpendicular_magnet import PerpendicularMagnet
from device_models.switching_laws import Laws, Pulse, laws

EDGE = 20.0  # damping times of rise and fall that leave no ringing; see `final_state`
_BISECTIONS = 26  # U is level at its extremes: 1e-7 rad of tilt are 1e-14 of energy


def threshold_torque(h: ArrayLike, k: ArrayLike = 0.0) -> Floats:
    """i_c [1], the largest restoring torque: max over theta of sin 2 theta - 2 h cos theta
    + 2 k sin theta; zero where the field alone suffices.

    For k = 0 the maximum lies at sin theta = (h + sqrt(8 + h^2))/4, which is the closed form of
    K.-S. Lee et al., Appl. Phys. Lett. 102 (2013) 112410; for small fields
    b = H_k/2 - H_x/sqrt 2. `h`, `k` [1], either sign, broadcast.
    """
    x, z = np.asarray(h, float), np.asarray(k, float)
    top = _steepest(x, z)
    return np.asarray(np.maximum(_restoring(top, x, z), 0.0))


def effective_barrier(i: ArrayLike, h: ArrayLike, k: ArrayLike = 0.0) -> Floats:
    """c [1], the barrier of U over E_b that torque `i` and fields `h`, `k` [1] leave; 0 from i_c.

    Without fields sqrt(1 - i^2) - i arccos i; without current (1 - h)^2 (k = 0) [T: K.-S. Lee et
    al., Appl. Phys. Lett. 104 (2014) 072413]. U is exact along the x-z plane, on which the
    extremes lie; off it the torque has no potential, which moves even odds by a few per cent of i.
    """
    i, h, k = np.broadcast_arrays(*(np.asarray(value, float) for value in (i, h, k)))
    top = _steepest(h, k)
    low, high = _root(np.full_like(i, -math.pi / 2), top, i, h, k), _root(
        np.full_like(i, math.pi / 2), top, i, h, k)
    depth = _energy(high, i, h, k) - _energy(low, i, h, k)
    return np.asarray(np.where(_restoring(top, h, k) > i, np.maximum(depth, 0.0), 0.0))


def _restoring(theta: Floats, h: Floats, k: Floats) -> Floats:
    return np.asarray(np.sin(2 * theta) - 2 * h * np.cos(theta) + 2 * k * np.sin(theta))


def _energy(theta: Floats, i: Floats, h: Floats, k: Floats) -> Floats:
    return np.asarray(np.sin(theta) ** 2 - 2 * h * np.sin(theta) - 2 * k * np.cos(theta)
                      - i * theta)


def _steepest(h: Floats, k: Floats) -> Floats:
    """Tilt of the largest restoring torque [rad]: closed form without k, then Newton's rule."""
    s = np.clip((h + np.sqrt(8.0 + h**2)) / 4.0, -1.0, 1.0)
    theta = np.broadcast_to(np.arcsin(s), np.broadcast_shapes(h.shape, k.shape))
    if not np.any(k):
        return theta
    for _ in range(6):
        slope = 2 * np.cos(2 * theta) + 2 * h * np.sin(theta) + 2 * k * np.cos(theta)
        bend = -4 * np.sin(2 * theta) + 2 * h * np.cos(theta) - 2 * k * np.sin(theta)
        step = slope / np.where(np.abs(bend) > 1e-6, bend, -1.0)
        theta = np.clip(theta - np.clip(step, -0.3, 0.3), -math.pi / 2, math.pi / 2)
    return theta


def _root(outer: Floats, top: Floats, i: Floats, h: Floats, k: Floats) -> Floats:
    """Where the restoring torque equals `i` between `outer`, where it is less, and `top` [rad]."""
    inner = np.array(np.broadcast_to(top, outer.shape))
    for _ in range(_BISECTIONS):
        middle = (outer + inner) / 2
        above = _restoring(middle, h, k) > i
        outer, inner = np.where(above, outer, middle), np.where(above, middle, inner)
    return inner


def heated(magnet: PerpendicularMagnet, temperature: ArrayLike) -> tuple[Floats, Floats]:
    """M_s [A/m] and mu0 H_k against x [T] at `temperature` [K].

    K_s falls as M_s^2 [T: Callen, Callen; A: the power], so that H_k falls as M_s.
    """
    at_300 = magnet.saturation_magnetisation
    ms = saturation_magnetisation(at_300, temperature, magnet.curie_temperature,
                                  magnet.magnetisation_exponent)
    return ms, np.asarray(ms / at_300 * magnet.anisotropy_fields[0])


def helping_field(magnet: PerpendicularMagnet, field: Floats, polarity: Floats) -> Floats:
    """H_x [T] itself: a positive one helps pulses of both signs, each to its own state."""
    return np.asarray(field + 0.0 * polarity)


def critical_current(
    magnet: PerpendicularMagnet, field: Floats, temperature: ArrayLike, polarity: Floats
) -> Floats:
    """I_c0 [A] of the balance of torques; `switching.critical_current` explains it."""
    ms, h_k = heated(magnet, temperature)
    torque = threshold_torque(field / h_k, polarity * magnet.offset_field / h_k) * h_k / 2.0
    return np.asarray(torque / _torque_per_ampere(magnet, ms))


def _torque_per_ampere(magnet: PerpendicularMagnet, ms: Floats) -> Floats:
    """b/I = hbar theta_SH/(2 e M_s t w t_HM) [T/A]."""
    return np.asarray(hbar * magnet.spin_hall_angle / (
        2.0 * elementary_charge * ms * magnet.thickness * magnet.channel_area))


def damping_time(magnet: PerpendicularMagnet, temperature: ArrayLike) -> Floats:
    """tau_D = 1/(alpha gamma mu0 H_k) [s] [T: Kittel]."""
    return np.asarray(1.0 / (magnet.damping * GYROMAGNETIC * heated(magnet, temperature)[1]))


def easy_axis_field(magnet: PerpendicularMagnet, temperature: ArrayLike) -> Floats:
    """mu0 H_k [T] over the long axis, the lower way to the other state."""
    ms, _ = heated(magnet, temperature)
    return np.asarray(ms / magnet.saturation_magnetisation * magnet.anisotropy_fields[1])


def stability(magnet: PerpendicularMagnet, temperature: ArrayLike) -> Floats:
    """Delta = M_s mu0 H_k V/(2 k_B T) [1] over the long axis."""
    ms, _ = heated(magnet, temperature)
    barrier = ms * easy_axis_field(magnet, temperature) * magnet.volume / 2.0
    return np.asarray(barrier / (Boltzmann * np.asarray(temperature, float)))


def pulse_field(polarity: float, assist: float) -> float:
    """The assist field [T] stays as it is: the sign of the current alone picks the state."""
    return assist


def applied_field(magnet: PerpendicularMagnet, field: Floats, current: Floats) -> Floats:
    """Flux density along x, y, z (..., 3) [T]: `field` along the current, the offset along z.

    The current's own field lies along y, where it prefers neither state: it is left out.
    """
    x, _ = np.broadcast_arrays(field, current)
    return np.stack([x, np.zeros_like(x), np.full_like(x, -magnet.offset_field)], axis=-1)


def final_state(h: ArrayLike, delta: ArrayLike, damping: float) -> Floats:
    """ln of the probability [1] that a strong pulse of slow edges ends in the state of its sign.

    Under a torque far above its threshold the layer lies along y. There H_x tilts it to m_z =
    H_x/b, heat spreads m_z by sqrt(alpha k_B T/(M_s V b)), and the state along y gives way where
    b falls to alpha H_k, or to H_k sqrt h if that is more. With b there, the sign of m_z is that
    of H_x with the probability Phi(x), x = h sqrt(2 Delta H_k/(alpha b)): 1/2 without field,
    certain from a few per cent of H_k. `h` (signed), `delta` [1] broadcast; `damping` alpha [1].

    The bound of this law is the ringing after it: the moment falls from the height of y and may
    swing past x into the wrong state, unless the current dies away over many damping times. With
    alpha = 0.027 the share of right states is about 0.75 for edges of 5 tau_D, 0.98 for 20 and
    above 0.99 for 40 (`llg`, h = 0.02 to 0.1); an abrupt edge leaves it to chance and parity.
    """
    size = np.abs(np.asarray(h, float))
    gives_way = np.maximum(damping, np.sqrt(size))
    x = np.asarray(h, float) * np.sqrt(2.0 * np.asarray(delta) / (damping * gives_way))
    return np.asarray(log_ndtr(x))


class _Escape(NamedTuple):
    """Out of the first state and back into it: barriers Delta c [1] and rates [1/s]; h, Delta."""

    barriers: tuple[Floats, Floats]
    rates: tuple[Floats, Floats]
    field: Floats
    delta: Floats


def _escape(magnet: PerpendicularMagnet, pulse: Pulse) -> _Escape:
    """Below the threshold exp(-Delta c)/tau0 [T: Neel, Brown], above it also gamma sqrt(b^2 -
    b_c^2), the pace at which a torque beyond its balance turns the moment [A: continuous at b_c].

    c is of the way through x, which the current takes. An ellipse has a lower one through y, for
    small currents only: `stability`, for retention, is of that.
    """
    ms, h_k = heated(magnet, pulse.temperature)
    i = 2.0 / h_k * pulse.current / pulse.spread * _torque_per_ampere(magnet, ms)
    h, k = pulse.field / h_k, pulse.polarity * magnet.offset_field / h_k
    delta = ms * h_k * magnet.volume / (2.0 * Boltzmann * pulse.temperature)
    out, back = threshold_torque(h, k), threshold_torque(-h, -k)
    barriers = (delta * effective_barrier(np.minimum(i, out), h, k),
                delta * effective_barrier(np.minimum(i, out), -h, -k))
    there = (barriers[0], delta * effective_barrier(i, -h, -k))
    rates = tuple(
        np.exp(-np.minimum(wall, 700.0)) / ATTEMPT_TIME
        + GYROMAGNETIC * h_k / 2.0 * np.sqrt(np.maximum(i**2 - threshold**2, 0.0))
        for wall, threshold in zip(there, (out, back), strict=True))
    return _Escape(barriers, (rates[0], rates[1]), h, delta)


def _log_outcome(magnet: PerpendicularMagnet, pulse: Pulse) -> tuple[Floats, Floats, Floats]:
    """ln of the chances [1] to sit still (0), and of having moved to end in the pulse's state (1)
    or in the first (2).

    Two states with rates out and back. As long as the pulse's own state holds, the moved ones are
    in Boltzmann's balance over the two barriers, at most at the threshold, which they pass once
    more as the current falls; once it gives way too, `final_state` decides.
    """
    escape, t = _escape(magnet, pulse), pulse.duration
    (wall_out, wall_back), (out, back) = escape.barriers, escape.rates
    still = -(out + back) * t
    with np.errstate(divide="ignore"):
        log_tossed = np.log(-np.expm1(-back * t))
    right, wrong = (np.logaddexp(
        log_tossed + final_state(sign * escape.field, escape.delta, magnet.damping),
        -back * t - np.logaddexp(0.0, -sign * (wall_back - wall_out))) for sign in (1, -1))
    return still, right, wrong


def log_error(magnet: PerpendicularMagnet, pulse: Pulse) -> Floats:
    """ln of the probability [1] that `pulse` leaves the cell in the first state."""
    still, _, wrong = _log_outcome(magnet, pulse)
    with np.errstate(divide="ignore"):
        moved = np.log(-np.expm1(still))
    return np.asarray(np.minimum(np.logaddexp(still, moved + wrong), 0.0))


def probabilities(magnet: PerpendicularMagnet, pulse: Pulse) -> tuple[Floats, Floats]:
    """To leave the first state for that of the pulse's sign, and to leave that one for it [1]."""
    still, right, wrong = _log_outcome(magnet, pulse)
    moved = -np.expm1(still)
    return moved * np.exp(np.minimum(right, 0.0)), moved * np.exp(np.minimum(wrong, 0.0))


LAWS = Laws(
    easy_axis=2, edge=EDGE, helping_field=helping_field, critical_current=critical_current,
    damping_time=damping_time, easy_axis_field=easy_axis_field, stability=stability,
    pulse_field=pulse_field, applied_field=applied_field, log_error=log_error,
    probabilities=probabilities)


@laws.register
def _(magnet: PerpendicularMagnet) -> Laws:
    return LAWS
