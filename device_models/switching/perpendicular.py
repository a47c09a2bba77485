"""The switching laws of a perpendicular free layer.

The spins of the current lie along the hard axis y. They tilt the layer in the x-z plane, against
its anisotropy, until the tilt loses its balance: a threshold without the damping. Spins along y
prefer neither z nor -z; a field H_x along the current does, by the sign of current times H_x.

Units of this file are those of `perpendicular_barrier`, whose energy it builds on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import Boltzmann, elementary_charge, hbar
from scipy.special import log_ndtr

from device_models.checks import Floats
from device_models.magnet.anisotropy import barrier_factor
from device_models.magnet.free_layer import ATTEMPT_TIME, GYROMAGNETIC
from device_models.magnet.perpendicular import PerpendicularMagnet
from device_models.magnet.perpendicular_barrier import lower_barrier, threshold_torque
from device_models.switching.outcome import (
    SETTLING,
    Outcome,
    balance,
    log_one_less_exp,
    settled,
)
from device_models.switching.pulse import Pulse

EDGE = 20.0  # damping times of rise and fall that leave no ringing; see `final_state`
_MOST = 1e100  # of i [1] and t [s]: nothing changes beyond, but products overflow


def final_state(h: ArrayLike, delta: ArrayLike, damping: float) -> Floats:
    """ln of the probability [1] that a strong pulse of slow edges ends in the state of its sign.

    Under a torque far above its threshold the layer lies along y. There H_x tilts it to m_z =
    H_x/b, heat spreads m_z by sqrt(alpha k_B T/(M_s V b)), and the state along y gives way where
    b falls to alpha H_k, or to H_k sqrt h if that is more. With b there, the sign of m_z is that
    of H_x with the probability Phi(x), x = h sqrt(2 Delta H_k/(alpha b)): 1/2 without field,
    certain from a few per cent of H_k. `h` (signed), `delta` [1] broadcast; `damping` alpha [1].

    The bound of this law is the ringing after it: the moment falls from the height of y and may
    swing past x into the wrong state, unless the current dies away over many damping times. With
    alpha = 0.027 the share of right states is about 0.75 for edges of 5 tau_D and 0.92 to 0.99 for
    20 (`llg`, h = 0.02 to 0.1, 1.2 to 2 V_c); an abrupt edge leaves it to chance and parity. One
    less this probability is so a lower bound of the error, for edges slow beyond 20 tau_D.
    """
    size = np.abs(np.asarray(h, float))
    gives_way = np.maximum(damping, np.sqrt(size))
    x = np.asarray(h, float) * np.sqrt(2.0 * np.asarray(delta) / (damping * gives_way))
    return np.asarray(log_ndtr(x))


class _Escape(NamedTuple):
    """Out of the first state and back into it: barriers Delta c [1], rates [1/s] and barriers
    without current; torque i, field h, Delta [1]."""

    barriers: tuple[Floats, Floats]
    rates: tuple[Floats, Floats]
    at_rest: tuple[Floats, Floats]
    torque: Floats
    field: Floats
    delta: Floats


@dataclass(frozen=True)
class PerpendicularLaws:
    """The `SwitchingLaws` of a perpendicular `magnet`.

    `barrier` (i, h, k) is `lower_barrier`, or a table of it for those who ask very often.
    """

    magnet: PerpendicularMagnet
    barrier: Callable[[ArrayLike, ArrayLike, ArrayLike], Floats] = lower_barrier
    easy_axis: ClassVar[int] = 2
    edge: ClassVar[float] = EDGE

    def helping_field(self, field: Floats, polarity: Floats) -> Floats:
        """H_x [T] itself: a positive one helps pulses of both signs, each to its own state."""
        return np.asarray(field + 0.0 * polarity)

    def pulse_field(self, polarity: float, assist: float) -> float:
        """The assist field [T] stays as it is: the sign of the current alone picks the state."""
        return assist

    def applied_field(self, field: Floats, current: Floats) -> Floats:
        """Flux density along x, y, z (..., 3) [T]: `field` along the current, the offset along z.

        The current's own field lies along y, where it prefers neither state: it is left out.
        """
        x, _ = np.broadcast_arrays(field, current)
        return np.stack(
            [x, np.zeros_like(x), np.full_like(x, -self.magnet.offset_field)], axis=-1)

    def critical_current(
        self, field: Floats, temperature: ArrayLike, polarity: Floats
    ) -> Floats:
        """I_c0 [A] of the balance of torques; `thresholds.critical_current` explains it."""
        ms, h_k = self._heated(temperature)
        offset = polarity * self.magnet.offset_field / h_k
        return np.asarray(threshold_torque(field / h_k, offset) * h_k / 2.0
                          / self._torque_per_ampere(ms))

    def damping_time(self, temperature: ArrayLike) -> Floats:
        """tau_D = 1/(alpha gamma mu0 H_k) [s] [T: Kittel]."""
        return np.asarray(
            1.0 / (self.magnet.damping * GYROMAGNETIC * self._heated(temperature)[1]))

    def easy_axis_field(self, temperature: ArrayLike) -> Floats:
        """mu0 H_k [T] over the long axis, the lower way to the other state."""
        ms, _ = self._heated(temperature)
        return np.asarray(
            ms / self.magnet.saturation_magnetisation * self.magnet.anisotropy_fields[1])

    def stability(self, temperature: ArrayLike) -> Floats:
        """Delta = M_s mu0 H_k V/(2 k_B T) [1] over the long axis."""
        ms, _ = self._heated(temperature)
        return barrier_factor(ms, self.easy_axis_field(temperature), self.magnet.volume,
                              temperature)

    def log_outcome(self, pulse: Pulse) -> Outcome:
        """ln of the chances of `pulse`; see `Outcome`."""
        ms, h_k = self._heated(pulse.temperature)
        return self.log_outcome_of(pulse, np.asarray(
            ms * h_k * self.magnet.volume / (2.0 * Boltzmann * pulse.temperature)))

    def log_outcome_of(self, pulse: Pulse, delta: Floats) -> Outcome:
        """ln of the chances of `pulse` over a barrier `delta` [1] towards x.

        Two states with rates out and back. The moved ones are in the balance of the two barriers
        at the pulse's torque, at most at the threshold, which they pass once more as the current
        falls: one half without current, for k = 0, whatever the field. Those that left the pulse's
        own state too while a torque holds them along y (`_held_along_y`) are decided by
        `final_state`. During the fall and 5 ns all relax towards the balance without current, at
        the rates without current: only where the field leaves a barrier of less than some 10 k_B T
        does this show.
        """
        damping = self.magnet.damping
        escape, t = self._escape(pulse, delta), np.minimum(pulse.duration, _MOST)
        (wall_out, wall_back), (out, back) = escape.barriers, escape.rates
        log_tossed = log_one_less_exp(back * t) + _held_along_y(escape, damping)
        log_kept = log_one_less_exp(-log_tossed)
        rest_out, rest_back = escape.at_rest
        time = EDGE * self.damping_time(pulse.temperature) + SETTLING
        relaxed = time / ATTEMPT_TIME * (np.exp(-rest_out) + np.exp(-rest_back))
        right, wrong = (settled(
            np.logaddexp(
                log_tossed + final_state(sign * escape.field, escape.delta, damping),
                log_kept + balance(sign * wall_out, sign * wall_back)),
            balance(sign * rest_out, sign * rest_back), relaxed) for sign in (1, -1))
        return Outcome(-(out + back) * t, right, wrong)

    def _heated(self, temperature: ArrayLike) -> tuple[Floats, Floats]:
        """M_s [A/m] and mu0 H_k against x [T] at `temperature` [K].

        K_s falls as M_s^2 [T: Callen, Callen; A: the power], so that H_k falls as M_s.
        """
        magnet, ms = self.magnet, self.magnet.magnetisation(temperature)
        return ms, np.asarray(ms / magnet.saturation_magnetisation * magnet.anisotropy_fields[0])

    def _torque_per_ampere(self, ms: Floats) -> Floats:
        """b/I = hbar theta_SH/(2 e M_s t w t_HM) [T/A]."""
        return np.asarray(hbar * self.magnet.spin_hall_angle / (
            2.0 * elementary_charge * ms * self.magnet.thickness * self.magnet.channel_area))

    def _escape(self, pulse: Pulse, delta: Floats) -> _Escape:
        """Below the threshold exp(-Delta c)/tau0 [T: Neel, Brown], above it also
        gamma sqrt(b^2 - b_c^2), the pace at which a torque beyond its balance turns the moment
        [A: continuous at b_c].

        c is of the lower of the two ways through x and -x. An ellipse has a lower one through y,
        for small currents only: `stability`, for retention, is of that.
        """
        ms, h_k = self._heated(pulse.temperature)
        i = np.minimum(2.0 / h_k * pulse.current / pulse.spread * self._torque_per_ampere(ms),
                       _MOST)
        h, k = pulse.field / h_k, pulse.polarity * self.magnet.offset_field / h_k
        out, back = threshold_torque(h, k), threshold_torque(-h, -k)
        low = np.minimum(i, out)
        barriers = delta * self.barrier(low, h, k), delta * self.barrier(low, -h, -k)
        there = barriers[0], delta * self.barrier(i, -h, -k)
        rates = tuple(
            np.exp(-np.minimum(wall, 700.0)) / ATTEMPT_TIME
            + GYROMAGNETIC * h_k / 2.0 * np.sqrt(np.maximum(i**2 - threshold**2, 0.0))
            for wall, threshold in zip(there, (out, back), strict=True))
        at_rest = delta * self.barrier(0.0, h, k), delta * self.barrier(0.0, h, -k)
        return _Escape(barriers, (rates[0], rates[1]), at_rest, i, h, delta)


def _held_along_y(escape: _Escape, damping: float) -> Floats:
    """ln of how far [1] the torque holds a moment along y that has left both wells.

    It does from the b of `final_state` on, i_y = 2 max(alpha, sqrt|h|), where heat spreads the
    tilt from y by sigma^2 = alpha k_B T/(M_s V (b - b_y)): 1 - exp(-1/(2 sigma^2)) = 1 -
    exp(-Delta (i - i_y)/(2 alpha)), and nothing below, where it falls into the wells at once
    [A: the form, W. H. Butler's of an escape, IEEE Trans. Magn. 48 (2012) 4684].
    """
    gives_way = 2.0 * np.maximum(damping, np.sqrt(np.abs(escape.field)))
    excess = np.maximum(escape.torque - gives_way, 0.0)
    return log_one_less_exp(escape.delta * excess / (2.0 * damping))
