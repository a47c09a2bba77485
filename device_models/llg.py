"""The macrospin equation of Landau, Lifshitz and Gilbert, integrated: the analytic laws' check.

x is along the current (short axis), y the easy axis (long), z out of the plane; fields [T].
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import Boltzmann, elementary_charge, hbar, mu_0

from device_models.checks import Floats, nonnegative, positive, real_array, whole
from device_models.demagnetisation import demagnetising_factors
from device_models.kernels import Words, advance
from device_models.magnet import Magnet
from device_models.magnetics import saturation_magnetisation
from device_models.processors import available_threads
from device_models.switching import GYROMAGNETIC, oersted_field

TIME_STEP = 1e-12  # [s]; halving it moves no switching probability by more than its own error
_MOST_TURN = 0.5  # rad in a step; beyond, Heun's rule is off and soon unstable
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
    """

    anisotropy: tuple[float, float, float]
    moment: float
    damping: float
    temperature: float

    def __post_init__(self) -> None:
        k = real_array("anisotropy", self.anisotropy, "T")
        if k.shape != (3,):
            raise ValueError(f"anisotropy [T] has shape {k.shape}; expected (3,)")
        object.__setattr__(self, "anisotropy", tuple(float(value) for value in k))
        for name, unit in (("moment", "A m^2"), ("damping", "1")):
            object.__setattr__(self, name, positive(name, getattr(self, name), unit))
        object.__setattr__(self, "temperature", nonnegative("temperature", self.temperature, "K"))

    def thermal_field(self, dt: float) -> float:
        """Standard deviation of a component in a step `dt` [s]: sqrt(2 alpha k_B T/(gamma M_s V
        dt)) [T] [T: W. F. Brown, Phys. Rev. 130 (1963) 1677].
        """
        power = 2.0 * self.damping * Boltzmann * self.temperature
        return float(np.sqrt(power / (GYROMAGNETIC * self.moment * dt)))


def macrospin(magnet: Magnet, temperature: float = 300.0) -> Macrospin:
    """The free layer of `magnet` at `temperature` [K], its demagnetising factors exact.

    At 0 K M_s is that at 300 K: the limit without thermal field, not the cold magnet.
    """
    kelvin = nonnegative("temperature", temperature, "K")
    at_300 = magnet.saturation_magnetisation
    ms = float(saturation_magnetisation(at_300, kelvin or 300.0, magnet.curie_temperature,
                                        magnet.magnetisation_exponent))
    n_long, n_short, n_thick = demagnetising_factors(magnet.length, magnet.width, magnet.thickness)
    surface = 2.0 * magnet.interface_anisotropy * ms / (at_300**2 * magnet.thickness)
    k = (mu_0 * ms * float(n_short), mu_0 * ms * float(n_long),
         mu_0 * ms * float(n_thick) - surface)
    return Macrospin(k, ms * magnet.volume, magnet.damping, kelvin)


def spin_torque_field(magnet: Magnet, current: ArrayLike, temperature: float = 300.0) -> Floats:
    """Damping-like torque hbar theta_SH J/(2 e M_s t) [T] of a channel `current` [A].

    Positive drives m towards +y, the antiparallel state, as a positive voltage does [P §D].
    """
    ms = saturation_magnetisation(magnet.saturation_magnetisation, temperature or 300.0,
                                  magnet.curie_temperature, magnet.magnetisation_exponent)
    density = real_array("current", current, "A") / magnet.channel_area
    return np.asarray(hbar * magnet.spin_hall_angle * density
                      / (2.0 * elementary_charge * ms * magnet.thickness))


def thermal_start(spin: Macrospin, up: ArrayLike, rng: np.random.Generator) -> Floats:
    """Directions (n, 3) in equilibrium about +y where `up` (n,) bool, else about -y.

    Gaussian in the two hard directions, variance k_B T/(M_s V (k - k_y)): for barriers of some
    5 kT or more. A softer magnet has to be started from its own history.
    """
    kx, ky, kz = spin.anisotropy
    if min(kx, kz) <= ky:
        raise ValueError(f"anisotropy is {spin.anisotropy} T; expected y to be the easy axis, "
                         "with the smallest of the three")
    thermal = Boltzmann * spin.temperature / spin.moment
    sign = np.where(np.asarray(up, bool), 1.0, -1.0)
    hard = np.stack([rng.normal(0.0, np.sqrt(thermal / (k - ky)), sign.shape) for k in (kx, kz)])
    m = np.stack([hard[0], sign, hard[1]], axis=-1)
    return np.asarray(m / np.linalg.norm(m, axis=-1, keepdims=True))


def trajectories(
    spin: Macrospin,
    start: ArrayLike,
    duration: float,
    *,
    field: ArrayLike = 0.0,
    torque: ArrayLike = 0.0,
    rng: np.random.Generator | int = 0,
    dt: float = TIME_STEP,
    records: int = 1,
    threads: int | None = None,
) -> Floats:
    """Directions m (n, records, 3) [1] of n spins, at `records` equal intervals, the end included.

        dm/dt = -gamma m x (B + B_th) + alpha m x dm/dt - gamma b m x (m x y)

    by Heun's rule, which converges to Stratonovich's reading of the thermal field B_th [T: Garcia-
    Palacios, Lazaro, Phys. Rev. B 58 (1998) 14937]. `start` (n, 3) directions; `duration`, `dt`
    [s]; external `field` [T], (3,) or (n, 3), along x, y, z; `torque` b [T], scalar or (n,).
    Each trajectory has its own random numbers, drawn from `rng`: `threads` changes no bit.
    """
    m = real_array("start", start, "1")
    if m.ndim != 2 or m.shape[1] != 3 or np.any(np.abs(np.linalg.norm(m, axis=1) - 1) > 1e-6):
        raise ValueError(f"start has shape {m.shape}; expected (n, 3) unit vectors")
    n, steps = len(m), _steps(duration, dt, whole("records", records, 1))
    b = np.ascontiguousarray(np.broadcast_to(real_array("field", field, "T"), (n, 3)))
    push = np.ascontiguousarray(np.broadcast_to(real_array("torque", torque, "T"), n))
    words: Words = np.random.default_rng(rng).integers(
        0, 2**64 - 1, (n, 4), dtype=np.uint64, endpoint=True)
    out, k = np.empty((n, records, 3)), np.array(spin.anisotropy)
    step = duration / steps
    _check_step(step, float(sum(np.abs(a).max(initial=0.0) for a in (k, b, push))))
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


def _steps(duration: float, dt: float, records: int) -> int:
    """Number of steps: `duration` in steps of at most `dt`, a multiple of `records`."""
    ratio = positive("duration", duration, "s") / positive("dt", dt, "s")
    return records * max(1, int(np.ceil(ratio / records - 1e-9)))


def _check_step(step: float, field: float) -> None:
    """Refuse a step [s] in which fields of the size `field` [T] turn the spin too far."""
    if GYROMAGNETIC * step * field > _MOST_TURN:
        raise ValueError(f"dt is {step:.2g} s, in which fields of {field:.2g} T turn the spin by "
                         f"{GYROMAGNETIC * step * field:.2g} rad; expected dt of at most "
                         f"{_MOST_TURN / (GYROMAGNETIC * field):.2g} s")


def switching_probability_llg(
    magnet: Magnet,
    voltage: ArrayLike,
    pulse: float,
    field: ArrayLike = 0.0,
    temperature: float = 300.0,
    *,
    count: int = 1000,
    rng: np.random.Generator | int = 0,
    relax: float = 5e-9,
    dt: float = TIME_STEP,
    threads: int | None = None,
) -> Floats:
    """Share [1] of `count` simulated pulses that leave the cell switched.

    `voltage` [V] and applied easy-axis `field` [T] broadcast, signed as in
    `switching.switching_probability`; `pulse`, then `relax` without current but with the field
    [s]; `temperature` [K]. The standard error of a result p is sqrt(p (1 - p)/count).
    """
    rng = np.random.default_rng(rng)
    spin, each = macrospin(magnet, temperature), whole("count", count, 1)
    v, applied = np.broadcast_arrays(real_array("voltage", voltage, "V"),
                                     real_array("field", field, "T") - magnet.offset_field)
    current = np.repeat(v.ravel(), each) / magnet.channel_resistance
    b = np.zeros((current.size, 3))
    b[:, 1] = np.repeat(applied.ravel(), each)
    up = current < 0
    m = thermal_start(spin, up, rng)
    torque = spin_torque_field(magnet, current, temperature)
    pulsed = b.copy()
    pulsed[:, 1] += magnet.oersted * oersted_field(current, magnet.channel_width)
    m = trajectories(spin, m, pulse, field=pulsed, torque=torque, rng=rng, dt=dt,
                     threads=threads)[:, -1]
    if nonnegative("relax", relax, "s"):
        m = trajectories(spin, m, relax, field=b, rng=rng, dt=dt, threads=threads)[:, -1]
    return np.asarray(((m[:, 1] > 0) != up).reshape(*v.shape, each).mean(axis=-1))
