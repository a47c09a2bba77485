"""The switching laws of an in-plane free layer.

The spins of the current lie along the easy axis, so that a torque of the right sign undamps the
layer until it turns over: the critical current is proportional to the damping.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import mu_0

from device_models.checks import Floats, positive, real_array
from device_models.magnet.anisotropy import wall
from device_models.magnet.free_layer import ATTEMPT_TIME, GYROMAGNETIC
from device_models.magnet.in_plane import Magnet
from device_models.magnet.orbits import MOST_RATIO, Thresholds, of_bottom, of_mean, of_rim
from device_models.switching.activation import MOST, log_survival, neel_brown
from device_models.switching.outcome import SETTLING, Outcome, balance, settled
from device_models.switching.pulse import Pulse
from device_models.switching.torque import torque_per_ampere


def effective_magnetisation(ms: ArrayLike, k_s: ArrayLike, thickness: ArrayLike) -> Floats:
    """M_eff = M_s - 2 K_s/(mu0 M_s t) [A/m]; `ms` [A/m], `k_s` [J/m^2], `thickness` [m]."""
    m = np.asarray(ms, float)
    return np.asarray(m - 2.0 * np.asarray(k_s) / (mu_0 * m * np.asarray(thickness, float)))


def oersted_field(current: ArrayLike, channel_width: float) -> Floats:
    """mu0 I/(2 w) [T] on top of a wide channel; `current` [A], `channel_width` [m] [T: Ampere]."""
    per_ampere = mu_0 / (2.0 * positive("channel_width", channel_width, "m"))
    return np.asarray(per_ampere * real_array("current", current, "A"))

_NEWTON = 8  # steps to a critical current with fields of its own


class _Wells(NamedTuple):
    """The pulse's share of each cell: helping fields over H_k with the current and after it [1],
    overdrives out and back [1], Delta without field [1] and tau_D [s]; a flat pulse's width [s]."""

    help: Floats
    help_after: Floats
    out: Floats
    back: Floats
    delta: Floats
    tau: Floats
    time: Floats


@dataclass(frozen=True)
class InPlaneLaws:
    """The `SwitchingLaws` of an in-plane `magnet`."""

    magnet: Magnet
    easy_axis: ClassVar[int] = 1
    edge: ClassVar[float] = 0.0

    def helping_field(self, field: Floats, polarity: Floats) -> Floats:
        """p (H - H_off) [T]: the applied easy-axis field drives towards its own sign."""
        return np.asarray(polarity * (field - self.magnet.offset_field))

    def pulse_field(self, polarity: float, assist: float) -> float:
        """The assist field [T] turns with the pulse: +V with +H, -V with -H [P §D]."""
        return polarity * assist

    def applied_field(self, field: Floats, current: Floats) -> Floats:
        """Flux density along x, y, z (..., 3) [T] of the applied `field` and of `current`."""
        own = self.magnet.oersted * oersted_field(current, self.magnet.channel_width)
        y = field - self.magnet.offset_field + own
        return np.stack([np.zeros_like(y), y, np.zeros_like(y)], axis=-1)

    def critical_current(
        self, field: Floats, temperature: ArrayLike, polarity: Floats
    ) -> Floats:
        """I_c0 [A] of the mean orbit; `thresholds.critical_current` explains it."""
        return self._current(of_mean, self.helping_field(field, polarity), temperature)

    def critical_currents(
        self, field: Floats, temperature: ArrayLike, polarity: Floats
    ) -> Thresholds:
        """I_c0 [A] of the bottom of the well, the mean and the rim of its orbits."""
        helping = self.helping_field(field, polarity)
        return Thresholds(*(self._current(balance, helping, temperature)
                            for balance in (of_bottom, of_mean, of_rim)))

    def _current(
        self, balance: Callable[[Floats, float], Floats], helping: Floats, temperature: ArrayLike
    ) -> Floats:
        """Where torque and damping balance [A], the fields of the current itself included.

        b I = alpha B(h + own I) by Newton's rule: B is almost straight over h.
        """
        (ms, h_k, ratio), magnet = self._heated(temperature), self.magnet
        push, own = torque_per_ampere(magnet, ms), self._own_field(ms)
        step = 1e-3

        def needed(h: Floats) -> Floats:
            return np.asarray(magnet.damping * h_k * balance(h, ratio))

        current = needed(helping / h_k) / push
        if not np.any(own):
            return np.maximum(current, 0.0)
        for _ in range(_NEWTON):
            h = (helping + own * current) / h_k
            here = needed(h)
            slope = push - (needed(h + step) - here) / step * own / h_k
            current = current - (push * current - here) / np.where(slope > 0.0, slope, np.inf)
        never = (slope <= 0.0) & (needed(helping / h_k) > 0.0)  # its field hinders more
        return np.asarray(np.where(never, np.inf, np.maximum(current, 0.0)))

    def damping_time(self, temperature: ArrayLike) -> Floats:
        """tau_D = 1/(alpha gamma B) [s], B the mean of the two fields that hold the layer
        [T: Kittel]."""
        _, h_k, ratio = self._heated(temperature)
        return np.asarray(
            2.0 / (self.magnet.damping * GYROMAGNETIC * h_k * (1.0 + ratio)))

    def easy_axis_field(self, temperature: ArrayLike) -> Floats:
        """mu0 H_k [T], the lower of the two fields that hold the layer: of its shape, if thin."""
        return self._heated(temperature)[1]

    def stability(self, temperature: ArrayLike) -> Floats:
        """Delta = m H_k/(2 k_B T) [1] of the moment m at `temperature` [K]."""
        return self.magnet.barrier(self.easy_axis_field(temperature), temperature)

    def log_outcome(self, pulse: Pulse) -> Outcome:
        """ln of the chances of `pulse`; see `Outcome`.

        Two states. Out of the first leads the hazard of `log_survival`, A = -ln S_total; back
        leads Neel and Brown's rate out times exp(wall out - wall back), in detailed balance. The
        wall back is Delta (1 + H/H_k)^2 (1 + i_b), i_b the current over the critical one of the
        way back: the torque that wrote a state cools it [A: as 1 - i heats the first]. The moved
        ones divide as A to B, which without current is Boltzmann's balance of the wells. For 5 ns
        after the pulse they relax towards the balance in the field that is left; where that leaves
        the written state no barrier (-H >= H_k), nothing stays in it.
        """
        w = self._wells(pulse)
        t = np.minimum(w.time, MOST)
        wall_out, wall_back = w.delta * wall(-w.help), w.delta * wall(w.help) * (1.0 + w.back)
        hazard = np.minimum(-log_survival(w.out, wall_out, w.tau, t), MOST)
        slowest = ATTEMPT_TIME + wall_out * w.tau * np.exp(
            -wall_out * np.maximum(1.0 - w.out, 0.0))
        returns = t * np.exp(-np.minimum(wall_back, 700.0)) / slowest
        rest = w.delta * wall(-w.help_after), w.delta * wall(w.help_after)
        relaxed = np.where(rest[1] > 0.0, SETTLING * sum(
            neel_brown(depth, depth, w.tau) for depth in rest), np.inf)
        with np.errstate(divide="ignore"):
            out, back = np.log(hazard), np.log(returns)
        never = hazard + returns == 0.0
        right, wrong = (settled(
            np.where(never, 0.0, one - np.logaddexp(out, np.where(never, 0.0, back))),
            balance(sign * rest[0], sign * rest[1]), relaxed)
            for one, sign in ((out, 1), (back, -1)))
        return Outcome(-(hazard + returns), right, wrong)

    def _heated(self, temperature: ArrayLike) -> tuple[Floats, Floats, float]:
        """M_s [A/m] and mu0 H_k [T] at `temperature` [K], and how much more the other hard axis
        takes [1].

        K_s falls as M_s^2 [T: Callen, Callen; A: the power], so that both fall as M_s.
        """
        magnet, ms = self.magnet, self.magnet.magnetisation(temperature)
        low, high = sorted(magnet.hard_fields)
        low = max(low, high / MOST_RATIO)
        return ms, np.asarray(low * ms / magnet.saturation_magnetisation), high / low

    def _own_field(self, ms: Floats) -> Floats:
        """Field of the current that helps [T/A]: Oersted's and that of the field-like torque."""
        magnet = self.magnet
        oersted = magnet.oersted * magnet.spin_sign * oersted_field(1.0, magnet.channel_width)
        return np.asarray(oersted + magnet.field_like * torque_per_ampere(magnet, ms))

    def _wells(self, pulse: Pulse) -> _Wells:
        kelvin, polarity = pulse.temperature, pulse.polarity
        after = self.helping_field(pulse.field, polarity)
        out, back = (np.minimum(pulse.current / np.maximum(pulse.spread * self.critical_current(
            pulse.field, kelvin, sign * polarity), 1e-30), MOST) for sign in (1.0, -1.0))
        h_k = self.easy_axis_field(kelvin)
        own = self._own_field(self.magnet.magnetisation(kelvin)) * pulse.current
        return _Wells((after + own) / h_k, after / h_k, out, back, self.stability(kelvin),
                      self.damping_time(kelvin), _flat(pulse))


def _flat(pulse: Pulse) -> Floats:
    """Width [s] of a flat pulse that does what one with edges does: that at half height.

    The torque also feeds the precession where it does not yet outrun the damping. Refused for edges
    longer than the flat part: up to there `llg` has even odds within 6 % (10 to 40 ns).
    """
    if pulse.edge is None:
        return pulse.duration
    if np.any(pulse.edge > pulse.duration):
        raise ValueError(f"edge is up to {pulse.edge.max():.3g} s, pulse down to "
                         f"{pulse.duration.min():.3g} s; the in-plane law holds for edges up to "
                         "the pulse's width: take llg.switching_probability_llg for longer ones")
    return np.asarray(pulse.duration + pulse.edge)
