"""Noise of a junction's current: shot, thermal and 1/f, its one-sided densities and its draws."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.constants import Boltzmann, elementary_charge

from device_models.checks import (
    Floats,
    fitting,
    nonnegative,
    nonnegative_array,
    positive,
    real_array,
    whole,
)

_LOW_BIAS = 1e-6  # eV/2kT below which I/V is the low-bias conductance: x coth x is 1 to 3e-13
_HIGH_BIAS = 300.0  # eV/2kT above which coth is 1, and sinh would soon overflow


def current_noise_density(
    current: ArrayLike, voltage: ArrayLike, temperature: float = 300.0,
    conductance: ArrayLike | None = None,
) -> Floats:
    """Power spectral density of a tunnel junction's current noise [A^2/Hz]; arrays broadcast.

    S = 2 e I coth(eV/2kT): 4 k T G at low bias, 2 e I at high (Rogovin and Scalapino, Ann. Phys.
    86, 1 (1974)). One-sided.

    Parameters
    ----------
    current, voltage : array
        Through and over the junction [A], [V].
    temperature : float
        [K].
    conductance : array, optional
        At zero bias [S]; needed where `voltage` is zero, which leaves it undetermined.

    Raises
    ------
    ValueError, TypeError
        If an array does not fit, or a current flows against its voltage, or a voltage is zero and
        no conductance given.
    """
    given = {} if conductance is None else {"conductance": conductance}
    fitting(current=current, voltage=voltage, **given)
    i, v = np.broadcast_arrays(real_array("current", current, "A"),
                               real_array("voltage", voltage, "V"))
    kt = Boltzmann * positive("temperature", temperature, "K")
    x = np.abs(v) * (elementary_charge / (2 * kt))
    low = x < _LOW_BIAS
    if conductance is None and np.any(v == 0):
        raise ValueError("voltage [V] is 0, where current and voltage do not determine the noise; "
                         "pass conductance=..., the junction's at zero bias")
    if np.any(~low & (np.sign(i) * np.sign(v) < 0)):
        raise ValueError("a current flows against its voltage; a junction's noise needs both in "
                         "one direction")
    safe = np.where(low & (v == 0), 1.0, v)
    g = i / safe
    if conductance is not None:
        g = np.where(low, nonnegative_array("conductance", conductance, "S"), g)
    bounded = np.clip(x, _LOW_BIAS, _HIGH_BIAS)
    growth = np.where(low, 1.0, x / np.tanh(bounded))
    return np.asarray(4 * kt * g * growth)


def flicker_density(
    current: ArrayLike, frequency: ArrayLike, area: ArrayLike, alpha: float = 1e-21
) -> Floats:
    """1/f noise of a junction's current [A^2/Hz]: S = alpha I^2/(area f); arrays broadcast.

    Parameters
    ----------
    current : array
        [A].
    frequency : array
        [Hz], above zero.
    area : array
        Of the junction [m^2].
    alpha : float
        Hooge-like parameter [m^2]; 1e-21, within 1e-22 to 1e-20, is assumed.
    """
    f = real_array("frequency", frequency, "Hz")
    if np.any(f <= 0):
        raise ValueError(f"frequency [Hz] is {f.min():g}; expected more than zero, where 1/f ends")
    size = real_array("area", area, "m^2")
    if np.any(size <= 0):
        raise ValueError(f"area [m^2] is {size.min():g}; expected more than zero")
    fitting(current=current, frequency=f, area=size)
    scale = nonnegative("alpha", alpha, "m^2") / size
    return np.asarray(scale * real_array("current", current, "A") ** 2 / f)


def read_noise(
    current: ArrayLike, voltage: ArrayLike, area: ArrayLike, bandwidth: float,
    lowest_frequency: float = 1.0, temperature: float = 300.0, alpha: float = 1e-21,
    conductance: ArrayLike | None = None,
) -> Floats:
    """Root mean square of a junction's current noise in a read [A]; arrays broadcast.

    sqrt(S_shot,thermal B + integral of S_1/f from `lowest_frequency` to B): with 3.8 uA at 0.1 V,
    3.6 nA in 10 MHz, against a step between states of about 1 uA.

    Parameters
    ----------
    current, voltage : array
        Through and over the junction [A], [V].
    area : array
        [m^2].
    bandwidth, lowest_frequency : float
        Of the amplifier, and one over the time since it was last zeroed [Hz].
    temperature : float
        [K].
    alpha : float
        As in `flicker_density` [m^2].
    conductance : array, optional
        At zero bias [S]; needed where `voltage` is zero.
    """
    high = positive("bandwidth", bandwidth, "Hz")
    low = positive("lowest_frequency", lowest_frequency, "Hz")
    if low >= high:
        raise ValueError(f"lowest_frequency [Hz] is {low:g}; expected less than the bandwidth of "
                         f"{high:g}")
    fitting(current=current, voltage=voltage, area=area)
    white = current_noise_density(current, voltage, temperature, conductance) * high
    flicker = flicker_density(current, 1.0, area, alpha) * np.log(high / low)
    return np.asarray(np.sqrt(white + flicker))


def sample_read(
    current: ArrayLike, voltage: ArrayLike, area: ArrayLike, bandwidth: float,
    rng: np.random.Generator | int, reads: int | None = None, **settings: Any,
) -> Floats:
    """Currents as read, with one draw of shot, thermal and 1/f noise each [A].

    Normal, with the deviation of `read_noise`, whose other arguments are the `settings`. Reads are
    independent: the amplifier is zeroed before each, 1/`lowest_frequency` ago. Where they are
    closer, 1/f noise is common to several: `sample_trace` draws them in time.

    Parameters
    ----------
    current, voltage, area : array
        As in `read_noise` [A], [V], [m^2]; they broadcast.
    bandwidth : float
        [Hz].
    rng : Generator or int
        Where the randomness comes from, or a seed.
    reads : int, optional
        Reads of each; the result is (reads, ...), without it (...).
    **settings
        `lowest_frequency` [Hz], `temperature` [K], `alpha` [m^2], `conductance` [S].
    """
    rms = read_noise(current, voltage, area, bandwidth, **settings)
    shape = rms.shape if reads is None else (whole("reads", reads, 1), *rms.shape)
    noise = np.random.default_rng(rng).standard_normal(shape)
    noise *= rms
    noise += real_array("current", current, "A")
    return noise


def sample_trace(
    current: float, voltage: float, area: float, samples: int, interval: float,
    rng: np.random.Generator | int, temperature: float = 300.0, alpha: float = 1e-21,
    traces: int = 1,
) -> Floats:
    """A junction's current over time [A]: (traces, samples), its noise with the exact spectrum.

    Drawn in frequency and transformed: shot and thermal noise up to 1/(2 interval), and 1/f noise
    down to 1/(samples interval), below which a trace has no frequencies.

    Parameters
    ----------
    current, voltage, area : float
        Its mean [A], over the junction [V], [m^2]; the voltage not zero.
    samples, interval
        Number, 2 or more, and distance in time [s].
    rng : Generator or int
        Where the randomness comes from, or a seed.
    temperature, alpha : float
        As in `read_noise` [K], [m^2].
    traces : int
        Number of independent traces.
    """
    n, step = whole("samples", samples, 2), positive("interval", interval, "s")
    if fitting(current=current, voltage=voltage, area=area) != ():
        raise ValueError("current, voltage and area are arrays; expected one number each: ask for "
                         "a trace of each junction")
    frequency = np.fft.rfftfreq(n, step)[1:]
    density = flicker_density(current, frequency, area, alpha) + current_noise_density(
        current, voltage, temperature)
    normal = np.random.default_rng(rng).standard_normal((2, whole("traces", traces, 1), n // 2))
    waves = np.zeros((traces, n // 2 + 1), complex)
    waves[:, 1:] = (normal[0] + 1j * normal[1]) * np.sqrt(density * n / (4.0 * step))
    if n % 2 == 0:
        waves[:, -1] = normal[0][:, -1] * np.sqrt(density[-1] * n / (2.0 * step))
    return np.asarray(current + np.fft.irfft(waves, n))
