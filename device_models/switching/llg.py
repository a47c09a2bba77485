"""The macrospin equation of Landau, Lifshitz and Gilbert, integrated: the analytic laws' check.

x is along the current (short axis), y across it (long axis), z out of the plane; fields [T]. The
easy axis is y of a `Magnet`, z of a `PerpendicularMagnet`; antiparallel is up along it.
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import Boltzmann, mu_0

from device_models.checks import Floats, fitting, nonnegative, positive, real_array, whole
from device_models.magnet.demagnetisation import demagnetising_factors
from device_models.magnet.free_layer import GYROMAGNETIC, FreeLayer
from device_models.processors import available_threads
from device_models.switching.kernels import Words, advance
from device_models.switching.kinds import laws_of
from device_models.switching.laws import SwitchingLaws
from device_models.switching.outcome import SETTLING
from device_models.switching.pulse import written_by
from device_models.switching.time_step import steps_of
from device_models.switching.torque import torque_per_ampere

_STAIRS = 40  # steps of torque in a rising or falling edge
_CHUNK = 64  # trajectories a thread takes at a time


@dataclass(frozen=True)
class Macrospin:
    """A free layer as one spin at one temperature.

    Parameters
    ----------
    anisotropy : (float, float, float)
        k of the field -k m along x, y, z [T]: mu0 M_s N, less 2 K_s/(M_s t) along z.
    moment : float
        M_s V [A m^2].
    damping : float
        alpha [1].
    temperature : float
        Of the thermal field [K]; zero switches it off.
    easy_axis : int
        Which of x, y, z (0, 1, 2).
    """

    anisotropy: tuple[float, float, float]
    moment: float
    damping: float
    temperature: float
    easy_axis: int = 1

    def __post_init__(self) -> None:
        k = real_array("anisotropy", self.anisotropy, "T")
        if k.shape != (3,):
            raise ValueError(f"anisotropy [T] has shape {k.shape}; expected (3,)")
        object.__setattr__(self, "anisotropy", tuple(float(value) for value in k))
        for name, unit in (("moment", "A m^2"), ("damping", "1")):
            object.__setattr__(self, name, positive(name, getattr(self, name), unit))
        object.__setattr__(self, "temperature", nonnegative("temperature", self.temperature, "K"))
        if self.easy_axis not in (0, 1, 2):
            raise ValueError(f"easy_axis is {self.easy_axis!r}; expected 0 (x), 1 (y) or 2 (z)")

    def thermal_field(self, dt: float) -> float:
        """Standard deviation of a component in a step `dt` [s]: sqrt(2 alpha k_B T/(gamma M_s V
        dt)) [T] [T: W. F. Brown, Phys. Rev. 130 (1963) 1677].
        """
        power = 2.0 * self.damping * Boltzmann * self.temperature
        return float(np.sqrt(power / (GYROMAGNETIC * self.moment * dt)))


def macrospin(magnet: FreeLayer, temperature: float = 300.0) -> Macrospin:
    """The free layer of `magnet` at `temperature` [K], its demagnetising factors exact.

    At 0 K M_s is that at 300 K: the limit without thermal field, not the cold magnet.
    """
    kelvin = nonnegative("temperature", temperature, "K")
    at_300 = magnet.saturation_magnetisation
    ms = float(magnet.magnetisation(kelvin or 300.0))
    n_long, n_short, n_thick = demagnetising_factors(magnet.length, magnet.width, magnet.thickness)
    surface = 2.0 * magnet.interface_anisotropy * ms / (at_300**2 * magnet.thickness)
    k = np.array([mu_0 * ms * float(n_short), mu_0 * ms * float(n_long),
                  mu_0 * ms * float(n_thick) - surface])
    easy = laws_of(magnet).easy_axis
    k[np.arange(3) != easy] = k[easy] + ms / at_300 * np.array(magnet.hard_fields)
    return Macrospin((k[0], k[1], k[2]), magnet.moment * ms / at_300, magnet.damping, kelvin, easy)


def spin_torque_field(magnet: FreeLayer, current: ArrayLike, temperature: float = 300.0) -> Floats:
    """Damping-like torque hbar theta_SH J/(2 e M_s t) [T] of a channel `current` [A].

    Positive drives m towards +y: in the plane the antiparallel state, as a positive voltage does
    over a positive spin Hall angle [P §D]; out of it the layer is tilted that way from both states.
    """
    ms = magnet.magnetisation(temperature or 300.0)
    return np.asarray(magnet.spin_sign * torque_per_ampere(magnet, ms)
                      * real_array("current", current, "A"))


def thermal_start(
    spin: Macrospin, up: ArrayLike, rng: np.random.Generator, field: ArrayLike = 0.0
) -> Floats:
    """Directions (n, 3) in equilibrium about the easy axis, along it where `up` (n,) bool.

    Gaussian in the two hard directions, variance k_B T/(M_s V (k - k_easy)), mean that of the
    `field` [T] (n, 3) there, B/(k - k_easy): for barriers of some 5 kT or more. A softer magnet
    has to be started from its own history.
    """
    easy, k = spin.easy_axis, np.array(spin.anisotropy)
    stiff = k - k[easy]
    hard = np.arange(3) != easy
    if np.any(stiff[hard] <= 0):
        raise ValueError(f"anisotropy is {spin.anisotropy} T; expected {'xyz'[easy]} to be the "
                         "easy axis, with the smallest of the three")
    sign = np.where(np.asarray(up, bool), 1.0, -1.0)
    tilt = np.broadcast_to(real_array("field", field, "T"), (*sign.shape, 3))
    m = np.empty((*sign.shape, 3))
    m[..., easy] = sign
    for axis in np.flatnonzero(hard):
        spread = np.sqrt(Boltzmann * spin.temperature / spin.moment / stiff[axis])
        m[..., axis] = rng.normal(0.0, spread, sign.shape) + np.clip(
            tilt[..., axis] / stiff[axis], -1.0, 1.0)
    return np.asarray(m / np.linalg.norm(m, axis=-1, keepdims=True))


def trajectories(
    spin: Macrospin,
    start: ArrayLike,
    duration: float,
    *,
    field: ArrayLike = 0.0,
    torque: ArrayLike = 0.0,
    rng: np.random.Generator | int = 0,
    dt: float | None = None,
    records: int = 1,
    threads: int | None = None,
) -> Floats:
    """Directions m (n, records, 3) [1] of n spins, at `records` equal intervals, the end included.

        dm/dt = -gamma m x (B + B_th) + alpha m x dm/dt - gamma b m x (m x y)

    by Heun's rule, which converges to Stratonovich's reading of the thermal field B_th [T: Garcia-
    Palacios, Lazaro, Phys. Rev. B 58 (1998) 14937]. `start` (n, 3) directions; `duration`, `dt`
    [s]; external `field` [T], (3,) or (n, 3), along x, y, z; `torque` b [T], scalar or (n,).
    Each trajectory has its own random numbers, drawn from `rng`: `threads` changes no bit.
    `dt` None is 1 ps, or less where the rule would undo more than a twentieth of the damping; a
    given `dt` that does is refused (`time_step`).
    """
    m = real_array("start", start, "1")
    if m.ndim != 2 or m.shape[1] != 3 or np.any(np.abs(np.linalg.norm(m, axis=1) - 1) > 1e-6):
        raise ValueError(f"start has shape {m.shape}; expected (n, 3) unit vectors")
    n = len(m)
    b = np.ascontiguousarray(np.broadcast_to(real_array("field", field, "T"), (n, 3)))
    push = np.ascontiguousarray(np.broadcast_to(real_array("torque", torque, "T"), n))
    words: Words = np.random.default_rng(rng).integers(
        0, 2**64 - 1, (n, 4), dtype=np.uint64, endpoint=True)
    out, k = np.empty((n, records, 3)), np.array(spin.anisotropy)
    rate = GYROMAGNETIC * float(
        np.ptp(k) + np.max(np.linalg.norm(b, axis=1) + np.abs(push), initial=0.0))
    steps = steps_of(duration, dt, whole("records", records, 1), rate=rate, damping=spin.damping)
    step = duration / steps
    phase = GYROMAGNETIC * step / (1.0 + spin.damping**2)
    noise = spin.thermal_field(step)

    def work(low: int) -> None:
        part = slice(low, low + _CHUNK)
        advance(m[part], words[part], b[part], push[part], k, noise, spin.damping, phase, steps,
                steps // records, out[part])

    workers = available_threads() if threads is None else whole("threads", threads, 1)
    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(work, range(0, n, _CHUNK)))
    return out


def switching_probability_llg(
    magnet: FreeLayer,
    voltage: ArrayLike,
    pulse: float,
    field: ArrayLike = 0.0,
    temperature: float = 300.0,
    *,
    count: int = 1000,
    rng: np.random.Generator | int = 0,
    relax: float = SETTLING,
    edge: float | None = None,
    dt: float | None = None,
    threads: int | None = None,
) -> Floats:
    """Share [1] of `count` simulated pulses that leave the cell switched.

    `voltage` [V] and applied `field` [T] broadcast, with the signs and the meaning they have in
    `switching.switching_probability`; `pulse`, with linear rise and fall of `edge` before and
    after it, then `relax` without current but with the field [s]; `temperature` [K]. The magnet's
    `field_like` torque and its current's own field rise and fall with the current. The standard
    error of a result p is sqrt(p (1 - p)/count).

    `edge` None takes what the laws assume: none in the plane, 20 damping times out of it. There
    a shorter rise switches below the critical current, and a shorter fall leaves a ringing moment
    that may end in the wrong state.
    """
    if magnet.heat is not None:
        raise ValueError("the magnet has a heat; expected one without, magnet.with_changes(heat="
                         "None), and the temperature that the pulse reaches: one for all of them")
    rng = np.random.default_rng(rng)
    spin, each, laws = macrospin(magnet, temperature), whole("count", count, 1), laws_of(magnet)
    positive("pulse", pulse, "s")
    fitting(voltage=voltage, field=field)
    v, applied = np.broadcast_arrays(real_array("voltage", voltage, "V"),
                                     real_array("field", field, "T"))
    current = np.repeat(v.ravel(), each) / magnet.channel_resistance
    constant = np.repeat(applied.ravel(), each)
    torque, up = spin_torque_field(magnet, current, temperature), written_by(magnet, current) < 0
    rest = laws.applied_field(constant, np.zeros_like(current))
    m = thermal_start(spin, up, rng, rest)
    for share, duration in _stairs(pulse, _edge(laws, temperature, edge), relax):
        b = laws.applied_field(constant, share * current)
        b[:, 1] += magnet.field_like * share * torque  # along the spins
        m = trajectories(spin, m, duration, field=b, torque=share * torque, rng=rng, dt=dt,
                         threads=threads)[:, -1]
    return np.asarray(((m[:, spin.easy_axis] > 0) != up).reshape(*v.shape, each).mean(axis=-1))


def _edge(laws: SwitchingLaws, temperature: float, edge: float | None) -> float:
    """Rise and fall of a pulse [s]; by default what the `laws` assume."""
    if edge is not None:
        return nonnegative("edge", edge, "s")
    return laws.edge * float(laws.damping_time(temperature or 300.0))


def _stairs(pulse: float, edge: float, relax: float) -> Iterator[tuple[float, float]]:
    """Shares of the full current [1] and how long each lasts [s]."""
    shares = (np.arange(_STAIRS) + 0.5) / _STAIRS if edge else np.zeros(0)
    yield from ((float(share), edge / _STAIRS) for share in shares)
    yield 1.0, pulse
    yield from ((float(share), edge / _STAIRS) for share in shares[::-1])
    if nonnegative("relax", relax, "s"):
        yield 0.0, relax
