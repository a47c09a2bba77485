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
from scipy.special import log_ndtr

from device_models.checks import Floats
from device_models.magnet.free_layer import ATTEMPT_TIME, GYROMAGNETIC
from device_models.magnet.orbits import Thresholds
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
from device_models.switching.torque import torque_per_ampere

EDGE = 20.0  # damping times of rise and fall that leave no ringing; see `final_state`
FIELD_LIKE = (0.0, 0.5)  # field-like over damping-like torques [1] that these laws know
_TURN, _TURN_OF_FIELD = 12.0, 2.5  # rad [1], and over sqrt|h|, of a fall that leaves no ringing
_MOST = 1e100  # of i [1] and t [s]: nothing changes beyond, but products overflow


def gives_way(h: ArrayLike, damping: float, field_like: float = 0.0) -> Floats:
    """Torque b over H_k [1] at which a state along y gives way as the current falls.

    alpha, where damping pushes it from y; or sqrt|h|, where the field tilts it past x; or, with a
    field-like torque, beta/(1 + beta^2), where the field beta b along y holds it no longer
    [T: equilibria lie at b = beta s/(s^2 + beta^2), s = m_y, the last one at s = 1]. The largest of
    them, rounded where they meet [A: the fourth root of the sum of fourth powers].
    """
    pitch = field_like / (1.0 + field_like**2)
    return np.asarray((damping**4 + np.asarray(h, float) ** 2 + pitch**4) ** 0.25)


def final_state(
    h: ArrayLike, delta: ArrayLike, damping: float, field_like: float = 0.0,
    pace: ArrayLike = np.inf,
) -> Floats:
    """ln of the probability [1] that a strong pulse of slow edges ends in the state of its sign.

    Under a torque far above its threshold the layer lies along y. There H_x tilts it to m_z =
    H_x/b, heat spreads m_z by sqrt(alpha k_B T/(M_s V b)), until the state along y gives way. With
    b there (`gives_way`), the sign of m_z is that of H_x with the probability Phi(x), x = h
    sqrt(2 Delta H_k/(alpha b)): 1/2 without field, certain from a few per cent of H_k. A field-like
    torque beta > 0 lets go of y along one direction, without turning; the pull back along it,
    b - sqrt(beta b (H_k - beta b)), vanishes there, and in place of b stands what is left of it
    when the torque falls by `pace` [1] of H_k in a radian of gamma mu0 H_k t:
    H_k sqrt((1 + beta^2) pace/(2 pi)) [T: linear, swept through zero; A: how the two are joined].
    `h` (signed), `delta`, `pace` [1] broadcast; `damping` alpha, `field_like` beta [1].

    The bound of this law is the ringing after it: the moment falls from the height of y and may
    swing past x into the wrong state, unless the current dies away slowly. With beta = 0 and alpha
    = 0.027 the share of right states is about 0.75 for edges of 5 tau_D and 0.92 to 0.99 for 20
    (`llg`, h = 0.02 to 0.1, 1.2 to 2 V_c); an abrupt edge leaves it to chance and parity. One less
    this probability is so a lower bound of the error, for edges slow beyond 20 tau_D. With beta >
    0 it is enough that the torque takes 12 rad, and 2.5/sqrt|h|, from where y gives way to nought
    (`llg`: within 0.05, alpha 0.01 and 0.027, h from 0.01): 0.8 ns at beta = 0.3, h = 0.05 and 1.2
    V_c. With beta < 0 the moment spirals away from y, and chance decides at every pace.
    """
    way = gives_way(h, damping, field_like)
    pitch = field_like / (1.0 + field_like**2)
    swept = np.maximum(np.sqrt((1.0 + field_like**2) * np.asarray(pace) / (2.0 * np.pi)), 1e-9)
    pull = 1.0 / (1.0 / way + pitch**2 / (damping**2 + pitch**2) / swept)
    x = np.asarray(h, float) * np.sqrt(2.0 * np.asarray(delta) / (damping * pull))
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
                          / torque_per_ampere(self.magnet, ms))

    def critical_currents(
        self, field: Floats, temperature: ArrayLike, polarity: Floats
    ) -> Thresholds:
        """Three times `critical_current`: a state that loses its balance turns over."""
        current = self.critical_current(field, temperature, polarity)
        return Thresholds(current, current, current)

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
        """Delta = m mu0 H_k/(2 k_B T) [1] over the long axis, m the moment at `temperature`."""
        return self.magnet.barrier(self.easy_axis_field(temperature), temperature)

    def log_outcome(self, pulse: Pulse) -> Outcome:
        """ln of the chances of `pulse`; see `Outcome`."""
        _, h_k = self._heated(pulse.temperature)
        return self.log_outcome_of(pulse, self.magnet.barrier(h_k, pulse.temperature))

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
        damping, beta = self.magnet.damping, self.magnet.field_like
        escape, t = self._escape(pulse, delta), np.minimum(pulse.duration, _MOST)
        edge, radian = self._edge(pulse, escape)
        pace = escape.torque / 2.0 * radian / edge
        (wall_out, wall_back), (out, back) = escape.barriers, escape.rates
        log_tossed = log_one_less_exp(back * t) + _held_along_y(escape, damping, beta)
        log_kept = log_one_less_exp(-log_tossed)
        rest_out, rest_back = escape.at_rest
        relaxed = (edge + SETTLING) / ATTEMPT_TIME * (np.exp(-rest_out) + np.exp(-rest_back))
        right, wrong = (settled(
            np.logaddexp(
                log_tossed + final_state(sign * escape.field, escape.delta, damping, beta, pace),
                log_kept + balance(sign * wall_out, sign * wall_back)),
            balance(sign * rest_out, sign * rest_back), relaxed) for sign in (1, -1))
        return Outcome(-(out + back) * t, right, wrong)

    def _edge(self, pulse: Pulse, escape: _Escape) -> tuple[Floats, Floats]:
        """Rise and fall of `pulse`, and 1/(gamma mu0 H_k), both [s].

        Refused where the laws do not hold; see `final_state`.
        """
        beta, assumed = self.magnet.field_like, EDGE * self.damping_time(pulse.temperature)
        if not FIELD_LIKE[0] <= beta <= FIELD_LIKE[1]:
            raise ValueError(f"field_like is {beta:g}; the perpendicular law holds for "
                             f"{FIELD_LIKE[0]:g} to {FIELD_LIKE[1]:g}, below which a pulse ends by "
                             "chance: take llg.switching_probability_llg")
        radian = self.magnet.damping * assumed / EDGE
        if pulse.edge is None:
            return assumed, radian
        least = assumed
        if beta > 0:
            size = np.abs(escape.field)
            turn = np.where(size > 0, np.maximum(
                _TURN, _TURN_OF_FIELD / np.sqrt(np.maximum(size, 1e-12))), _TURN)
            pitch = beta / (1.0 + beta**2)
            least = np.minimum(assumed, turn * radian * escape.torque / 2.0 / pitch)
        if np.any((pulse.edge < least * (1.0 - 1e-9)) & (escape.torque > 0)):
            raise ValueError(
                f"edge is down to {pulse.edge.min():.3g} s; expected {least.max():.3g} s or more, "
                "from which on no ringing decides the state that a perpendicular layer is left "
                "in: take llg.switching_probability_llg for faster edges, or None for slow ones")
        return np.maximum(pulse.edge, 1e-15), radian

    def _heated(self, temperature: ArrayLike) -> tuple[Floats, Floats]:
        """M_s [A/m] and mu0 H_k against x [T] at `temperature` [K].

        K_s falls as M_s^2 [T: Callen, Callen; A: the power], so that H_k falls as M_s.
        """
        magnet, ms = self.magnet, self.magnet.magnetisation(temperature)
        return ms, np.asarray(ms / magnet.saturation_magnetisation * magnet.anisotropy_fields[0])

    def _escape(self, pulse: Pulse, delta: Floats) -> _Escape:
        """Below the threshold exp(-Delta c)/tau0 [T: Neel, Brown], above it also
        gamma sqrt(b^2 - b_c^2), the pace at which a torque beyond its balance turns the moment
        [A: continuous at b_c].

        c is of the lower of the two ways through x and -x. An ellipse has a lower one through y,
        for small currents only: `stability`, for retention, is of that.
        """
        ms, h_k = self._heated(pulse.temperature)
        i = np.minimum(2.0 / h_k * pulse.current / pulse.spread
                       * torque_per_ampere(self.magnet, ms), _MOST)
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


def _held_along_y(escape: _Escape, damping: float, field_like: float) -> Floats:
    """ln of how far [1] the torque holds a moment along y that has left both wells.

    It does from i_y = 2 b_y on, b_y of `gives_way`, where heat spreads the tilt from y by sigma^2 =
    alpha k_B T/(M_s V (b - b_y)): 1 - exp(-1/(2 sigma^2)) = 1 - exp(-Delta (i - i_y)/(2 alpha)),
    and nothing below, where it falls into the wells at once [A: the form, W. H. Butler's of an
    escape, IEEE Trans. Magn. 48 (2012) 4684].
    """
    excess = np.maximum(
        escape.torque - 2.0 * gives_way(escape.field, damping, field_like), 0.0)
    return log_one_less_exp(escape.delta * excess / (2.0 * damping))
