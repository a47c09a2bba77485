"""How an in-plane layer leaves a well: by the swing of its precession and by thermal activation."""

import math

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import Floats, nonnegative_array, real_array
from device_models.magnet.free_layer import ATTEMPT_TIME

MOST = 1e100  # of overdrives and hazards [1]: nothing changes beyond, but products overflow


def switching_time(overdrive: ArrayLike, stability: ArrayLike, damping_time: ArrayLike) -> Floats:
    """t_sw = tau_D ln(pi/(2 theta0))/(I/I_c0 - 1) [s], theta0 = 1/sqrt(2 Delta); inf up to I_c0.

    `overdrive` I/I_c0 [1], `stability` Delta [1], `damping_time` [s] [T: Sun 2000].
    """
    excess = np.maximum(real_array("overdrive", overdrive, "1") - 1.0, 0.0)
    growth = np.log(math.pi / 2.0 * np.sqrt(2.0 * np.asarray(stability, float)))
    with np.errstate(divide="ignore"):
        return np.asarray(np.asarray(damping_time) * np.maximum(growth, 0.0) / excess)


def log_survival(
    overdrive: ArrayLike, stability: ArrayLike, damping_time: ArrayLike, pulse: ArrayLike,
    attempt_time: float = ATTEMPT_TIME,
) -> Floats:
    """ln of the probability [1] that a pulse does not switch; never above zero.

    `overdrive` i = I/I_c0 [1], `stability` Delta of the barrier that field and temperature leave
    [1], `damping_time` tau_D, `pulse` t and `attempt_time` tau0 [s]. Two ways to switch, joined as
    independent hazards that share one barrier, Delta c(i, t), c = (i - 1)/(i exp(2 (i - 1) t/tau_D)
    - 1):

    - the swing. A thermally tilted moment spirals as exp((i - 1) t/tau_D), and has switched once
      its energy passes the barrier. The linearised Fokker-Planck equation gives the spread for
      every i, through i = 1 without a seam: S = (1 - exp(-Delta c))/(1 - exp(-Delta)) [T: W. H.
      Butler et al., IEEE Trans. Magn. 48 (2012) 4684; here over its value at t = 0]. Its median
      is 0.6 tau_D/(i - 1) below `switching_time`, which waits for an angle of pi/2;
    - thermal activation, at the rate 1/(tau0 exp(Delta c) + Delta tau_D). In long pulses below
      I_c0 c is 1 - i, and this is Neel and Brown's law; near i = 1, where that would outrun the
      precession, it is no faster than diffusion over the barrier, Delta tau_D [A: the sum].

    ln S_total = ln S - rate t: continuous; it falls with i, t and 1/Delta. Against Neel and Brown
    the swing adds a part tau0/t to a small probability. `llg` puts the current of even odds within
    6 % of this law's, for 10 to 200 ns and fields of 0 and 6 mT.
    """
    i = np.minimum(nonnegative_array("overdrive", overdrive, "1"), MOST)
    delta = np.maximum(np.asarray(stability, float), 1e-12)
    tau = np.asarray(damping_time, float)
    t = np.minimum(nonnegative_array("pulse", pulse, "s"), MOST)
    with np.errstate(divide="ignore", over="ignore"):
        y = np.minimum(2.0 * (i - 1.0) * (t / tau), MOST)
        small = np.where(np.abs(y) < 1e-8, 1.0, y)
        swing = np.where(np.abs(y) < 1e-8, 0.0, np.where(
            y > 30.0, y - np.log(np.abs(small)),
            np.log(np.abs(np.expm1(np.minimum(small, 30.0)) / np.minimum(small, 30.0)))))
        log_c = -np.logaddexp(0.0, np.log(2.0 * i * (t / tau)) + swing)
        swung = _log_one_less_exp(np.log(delta) + log_c) - _log_one_less_exp(np.log(delta))
        barrier = delta * np.exp(log_c)
        escape = neel_brown(barrier, delta, tau, attempt_time)
    return np.asarray(np.minimum(swung, 0.0) - np.minimum(escape * t, MOST))


def neel_brown(
    wall: Floats, delta: Floats, tau: Floats, attempt_time: float = ATTEMPT_TIME
) -> Floats:
    """1/(tau0 exp(wall) + delta tau) [1/s], of `log_survival`; the barrier `wall` [1]."""
    return np.asarray(1.0 / (attempt_time * np.exp(np.minimum(wall, 700.0)) + delta * tau))


def _log_one_less_exp(z: Floats) -> Floats:
    """ln(1 - exp(-exp(z))), also where exp(z) is tiny or huge."""
    x = np.exp(np.clip(z, -30.0, 700.0))
    exact = np.where(x > 0.7, np.log1p(-np.exp(-x)), np.log(-np.expm1(-x)))
    return np.asarray(np.where(z < -30.0, z, exact))
