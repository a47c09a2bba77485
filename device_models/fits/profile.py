"""Maximum likelihood of counts under any law of Delta and V_c, with profile intervals.

An interval is where the likelihood, the other parameter chosen anew at each value, stays within
the chi-square of one degree of freedom [T: S. S. Wilks (1938)]: it needs no straight law near the
best value, and ends at the law's own bounds: 0, infinity.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import chdtri

from device_models.checks import Floats
from device_models.fits.counts import Counts
from device_models.fits.least_squares import Fit, FitError
from device_models.switching.outcome import log_one_less_exp

Law = Callable[[Floats, Floats], Floats]
"""ln of the chance not to switch (..., points) of Delta (..., 1) [1] and V_c (..., 1) [V]."""

_WITHIN = float(chdtri(1, 0.05))  # of twice the loss of log-likelihood
_STABILITIES = np.log([1e-2, 1e4])
_CRITICAL = np.log([1e-3, 1e4])  # over the largest voltage
_SCAN = 257  # points of a first look, closer than a dip among losses that are level elsewhere
_ROUNDS, _ZOOM = 8, 17  # then each round leaves an eighth of the range

_NAMES = ("stability", "critical_voltage")


@dataclass(frozen=True)
class Likelihood:
    """Of `counts` under a `law`; the two parameters are logarithms here."""

    counts: Counts
    law: Law

    def fit(self) -> Fit:
        """`stability` [1] and `critical_voltage` [V]; FitError where the counts leave none."""
        ranges = _STABILITIES, _CRITICAL + np.log(self.counts.v.max())
        best, loss = _least(lambda x: self._other(0, x, ranges)[1], ranges[0][0],
                            ranges[0][1], scan=49)
        at = float(best), float(self._other(0, best, ranges)[0])
        self._check(at, float(loss), ranges)
        intervals = {}
        for which, name in enumerate(_NAMES):

            def excess(x: float, which: int = which) -> float:
                return 2 * float(self._other(which, np.asarray(x), ranges)[1] - loss) - _WITHIN

            low, high = ranges[which]
            intervals[name] = (
                _edge(excess, low, at[which]) if excess(low) > 0 else 0.0,
                _edge(excess, at[which], high) if excess(high) > 0 else np.inf)
        if intervals["stability"][0] == 0:  # no barrier fits, whose V_c is as near 0 as one likes
            intervals["critical_voltage"] = 0.0, intervals["critical_voltage"][1]
        values = dict(zip(_NAMES, map(float, np.exp(at)), strict=True))
        return Fit(values, intervals, self._residual(at))

    def _loss(self, stability: Floats, critical: Floats) -> Floats:
        """Minus the log-likelihood at the logarithms of the parameters, which broadcast."""
        c = self.counts
        logs = self.law(np.exp(stability)[..., None], np.exp(critical)[..., None])
        hazard = np.clip(-logs, 1e-300, 1e100)
        return np.asarray(np.sum((c.n - c.k) * hazard - c.k * log_one_less_exp(hazard), axis=-1))

    def _other(
        self, which: int, x: Floats, ranges: tuple[Floats, Floats]
    ) -> tuple[Floats, Floats]:
        """The best of the other parameter where that of index `which` is `x`, and its loss."""
        fixed = np.asarray(x)[..., None]
        low, high = (np.broadcast_to(end, np.shape(x)) for end in ranges[1 - which])
        return _least(lambda y: self._loss(fixed, y) if which == 0 else self._loss(y, fixed),
                      low, high)

    def _check(self, at: tuple[float, float], loss: float, ranges: tuple[Floats, Floats]) -> None:
        flat = float(self._other(1, ranges[1][1], ranges)[1])  # V_c without bound: no slope
        if 2 * (flat - loss) <= 1.0:
            raise FitError("the counts do not grow with the voltage; expected more of the trials "
                           "to switch at higher ones: add voltages in between and around, or "
                           "trials")
        if at[0] < np.log(0.02):
            raise FitError("the counts mean a stability of zero or below zero; expected cells "
                           "that keep their state at 0 V: check pulse [s], attempt_time [s] and "
                           "the unit of the voltages, or add trials")

    def _residual(self, at: tuple[float, float]) -> float:
        """Standard deviation of the shares around the law [1]."""
        c, (delta, critical) = self.counts, np.exp(at)
        shares = -np.expm1(self.law(delta[None], critical[None]))
        return float(np.sqrt(np.sum((c.k / c.n - shares) ** 2) / max(len(c.v) - 2, 1)))


def _edge(excess: Callable[[float], float], low: float, high: float) -> float:
    """The parameter, not its logarithm, at which the excess is zero."""
    return float(np.exp(brentq(excess, low, high, xtol=1e-7)))


def _least(
    f: Callable[[Floats], Floats], low: Floats, high: Floats, scan: int = _SCAN
) -> tuple[Floats, Floats]:
    """Where `f` (..., candidates) is least between `low` and `high` (...), and how much it is."""
    low, high = np.asarray(low, float), np.asarray(high, float)
    for count in (scan, *(_ZOOM,) * _ROUNDS):
        x = low[..., None] + (high - low)[..., None] * np.linspace(0.0, 1.0, count)
        y = f(x)
        at = np.argmin(y, axis=-1)[..., None]
        low, high = (np.take_along_axis(x, np.clip(at + step, 0, count - 1), -1)[..., 0]
                     for step in (-1, 1))
    return (np.asarray(np.take_along_axis(x, at, -1)[..., 0]),
            np.asarray(np.take_along_axis(y, at, -1)[..., 0]))
