"""Delta and V_c0 from counts of switched cells, with 95 % intervals of the profile likelihood.

Counts by maximum likelihood. An interval is where the likelihood, the other parameter chosen anew
at each value, stays within the chi-square of one degree of freedom [T: S. S. Wilks (1938)]: it
needs no straight law near the best value, and ends at the law's own bounds: 0, infinity.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq, minimize
from scipy.special import chdtri

from device_models.checks import Floats, fitting, positive, real_array
from device_models.fits.least_squares import Fit, FitError, points
from device_models.magnet.free_layer import ATTEMPT_TIME

_WITHIN = float(chdtri(1, 0.05))  # of twice the loss of log-likelihood
_FARTHEST = 2.0**40


def fit_switching_probability_activation(
    voltage: ArrayLike, switched: ArrayLike, trials: ArrayLike, pulse: ArrayLike,
    attempt_time: float = ATTEMPT_TIME,
) -> Fit:
    """`stability` Delta [1] and `critical_voltage` V_c0 [V] from counts of switched cells.

    P = 1 - exp(-(t_p/tau0) exp(-Delta (1 - V/V_c0))) [T: Neel, Brown], Delta as field and
    temperature leave it. By maximum likelihood: ln(-ln(1 - P)) is linear in V, a generalised linear
    model with complementary log-log link. For pulses below V_c0; shorter ones near it precess.

    Parameters
    ----------
    voltage : (points,) array
        Pulses of one sign, of which the size is used [V].
    switched, trials : (points,) arrays
        How many switched, of how many, in whole numbers; `trials` may be one number.
    pulse : float or (points,) array
        Their width [s].
    attempt_time : float
        tau0 [s].

    Returns
    -------
    Fit
        `residual` is the standard deviation of switched/trials around the law [1]. Where the
        counts leave an end open, the interval has 0 or infinity there.
    """
    counts = _counts(voltage, switched, trials, pulse, attempt_time)
    a, b = counts.best()
    stability = counts.stability_interval(a, b)
    critical = counts.critical_interval(a, b)
    if stability[0] == 0:  # no barrier at all fits, whose V_c0 is as near to 0 as one likes
        critical = 0.0, critical[1]
    intervals = {"stability": stability, "critical_voltage": critical}
    shares = -np.expm1(-np.exp(counts.offset + a + b * counts.v))
    residual = np.sqrt(np.sum((counts.k / counts.n - shares) ** 2) / max(len(shares) - 2, 1))
    return Fit({"stability": -a, "critical_voltage": -a / b}, intervals, float(residual))


@dataclass(frozen=True)
class _Counts:
    """`k` of `n` switched at sizes `v` [V]; `offset` ln(pulse/tau0) [1]; all (points,)."""

    v: Floats
    k: Floats
    n: Floats
    offset: Floats

    def loss(self, logs: Floats) -> float:
        """Minus the log-likelihood at logarithms of the hazard (points,)."""
        h = _hazard(logs)
        return float(np.sum((self.n - self.k) * h - self.k * np.log(-np.expm1(-h))))

    def slope(self, logs: Floats) -> Floats:
        """Derivative of the loss by each logarithm."""
        h = _hazard(logs)
        return np.asarray((self.n - self.k) * h - self.k * h / np.expm1(h))

    def best(self) -> tuple[float, float]:
        """a and b of ln(-ln(1 - P)) = offset + a + b v."""
        centre, width = self.v.mean(), float(np.ptp(self.v))
        x = np.stack([np.ones(len(self.v)), (self.v - centre) / width], axis=1)
        start = np.log(-np.log1p(-(self.k + 0.5) / (self.n + 1.0))) - self.offset
        found = minimize(
            lambda p: (self.loss(self.offset + x @ p), self.slope(self.offset + x @ p) @ x),
            np.linalg.lstsq(x, start, rcond=None)[0], jac=True, method="BFGS")
        b = float(found.x[1] / width)
        a = float(found.x[0] - b * centre)
        flat = self.least(self.offset, np.ones(len(self.v)), -np.inf)
        if b <= 0 or 2 * (flat - found.fun) <= 1.0:
            raise FitError("the counts do not grow with the voltage; expected more of the trials "
                           "to switch at higher ones: add voltages in between and around, or "
                           "trials")
        if a >= 0:
            raise FitError(f"the counts mean a stability of {-a:g}, below zero; expected cells "
                           "that keep their state at 0 V: check pulse [s], attempt_time [s] and "
                           "the unit of the voltages, or add trials")
        return a, b

    def least(self, fixed: Floats, x: Floats, low: float = 0.0) -> float:
        """Least loss over s at or above `low`, with logarithms `fixed` + s `x`."""

        def score(s: float) -> float:
            return float(self.slope(fixed + s * x) @ x)

        if low == 0.0 and score(0.0) >= 0:
            return self.loss(fixed)
        reach = 1.0
        while score(reach) < 0 and reach < _FARTHEST:
            reach *= 2.0
        back = low if low == 0.0 else -1.0
        while score(back) > 0 and back > -_FARTHEST:
            back *= 2.0
        return self.loss(fixed + float(brentq(score, back, reach)) * x)

    def stability_interval(self, a: float, b: float) -> tuple[float, float]:
        """Of Delta [1]."""
        best = self.loss(self.offset + a + b * self.v)
        unit = self.v / self.v.max()

        def excess(stability: float) -> float:
            return 2 * (self.least(self.offset - stability, unit) - best) - _WITHIN

        return _crossing_below(excess, -a), _crossing_above(excess, -a)

    def critical_interval(self, a: float, b: float) -> tuple[float, float]:
        """Of V_c0 [V], by its reciprocal."""
        best = self.loss(self.offset + a + b * self.v)

        def excess(reciprocal: float) -> float:
            return 2 * (self.least(self.offset, reciprocal * self.v - 1.0) - best) - _WITHIN

        low, high = _crossing_below(excess, -b / a), _crossing_above(excess, -b / a)
        return 1.0 / high, 1.0 / low if low > 0 else np.inf


def _hazard(logs: Floats) -> Floats:
    return np.asarray(np.exp(np.clip(logs, -700.0, 6.5)))  # exp(-exp(6.5)) is zero


def _crossing_below(excess: Callable[[float], float], best: float) -> float:
    """Where the excess is zero between 0 and `best`; 0 if nowhere."""
    return float(brentq(excess, 0.0, best, rtol=1e-9)) if excess(0.0) > 0 else 0.0


def _crossing_above(excess: Callable[[float], float], best: float) -> float:
    """Where the excess is zero above `best`; infinity if nowhere."""
    reach = 2.0 * best
    while excess(reach) <= 0:
        reach *= 2.0
        if reach > best * _FARTHEST:
            return np.inf
    return float(brentq(excess, best, reach, rtol=1e-9))


def _counts(
    voltage: ArrayLike, switched: ArrayLike, trials: ArrayLike, pulse: ArrayLike,
    attempt_time: float,
) -> _Counts:
    """Checked counts that say how steeply the probability grows."""
    v, k = points(("voltage", voltage, "V"), ("switched", switched, "1"), 2)
    n, t = real_array("trials", trials, "1"), real_array("pulse", pulse, "s")
    if fitting(voltage=v, trials=n, pulse=t) != v.shape:
        raise FitError(f"trials have shape {n.shape} and pulse {t.shape}; expected one number, or "
                       f"one for each of the {len(v)} voltages")
    if np.any(v < 0) and np.any(v > 0):
        raise FitError(f"voltage [V] goes from {v.min():g} to {v.max():g}; expected pulses of one "
                       "sign, which switch one way: fit the two ways apart")
    v, n = np.abs(v), np.broadcast_to(n, v.shape)
    if np.any((k < 0) | (k > n) | (n < 1) | (t <= 0)):
        raise FitError("expected 0 <= switched <= trials, 1 trial or more, and pulses above zero")
    if np.any(k != np.rint(k)) or np.any(n != np.rint(n)):
        raise FitError("switched and trials are not whole; expected counts: of shares, pass "
                       "np.rint(share * trials) and how many trials they are of")
    if not np.ptp(v):
        raise FitError(f"all voltages are {v[0]:g} V in size; expected two or more")
    low, high = v[k > 0].min(initial=np.inf), v[k < n].max(initial=-np.inf)
    if low >= high:
        raise FitError(
            "the counts do not say how steeply the probability grows: from none to all of the "
            f"trials within one step (least that switched any {low:g} V, largest that failed any "
            f"{high:g} V); expected two or more voltages that switch some of the trials: add "
            "voltages in between, or trials")
    return _Counts(v, k, n, np.log(np.broadcast_to(t, v.shape) / positive(
        "attempt_time", attempt_time, "s")))
