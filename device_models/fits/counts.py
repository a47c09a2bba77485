"""Counts of switched cells, checked: what the fits of switching probabilities begin with."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import Floats, fitting, positive, real_array
from device_models.fits.least_squares import FitError, points


@dataclass(frozen=True)
class Counts:
    """`k` of `n` cells switched by pulses of `t` [s] and `v` [V], of one `sign`; all (points,)."""

    v: Floats
    k: Floats
    n: Floats
    t: Floats
    sign: float


def checked_counts(
    voltage: ArrayLike, switched: ArrayLike, trials: ArrayLike, pulse: ArrayLike,
    attempt_time: float,
) -> Counts:
    """Counts that say how steeply the probability grows, none of pulses below `attempt_time` [s].

    Arguments as in `fit_switching_probability_activation`.
    """
    v, k = points(("voltage", voltage, "V"), ("switched", switched, "1"), 2)
    n, t = real_array("trials", trials, "1"), real_array("pulse", pulse, "s")
    if fitting(voltage=v, trials=n, pulse=t) != v.shape:
        raise FitError(f"trials have shape {n.shape} and pulse {t.shape}; expected one number, or "
                       f"one for each of the {len(v)} voltages")
    n, t = np.broadcast_to(n, v.shape), np.broadcast_to(t, v.shape)
    _check_numbers(v, k, n, t)
    if np.any(t < positive("attempt_time", attempt_time, "s")):
        raise FitError(f"pulse [s] goes down to {t.min():.3g}; expected attempt_time, "
                       f"{attempt_time:.3g}, or more: in shorter ones a cell has no time to try, "
                       "and the law does not hold. Are they in seconds? Else leave them out")
    size = np.abs(v)
    low, high = size[k > 0].min(initial=np.inf), size[k < n].max(initial=-np.inf)
    if low >= high:
        raise FitError(
            "the counts do not say how steeply the probability grows: from none to all of the "
            f"trials within one step (least that switched any {low:g} V, largest that failed any "
            f"{high:g} V); expected two or more voltages that switch some of the trials: add "
            "voltages in between, or trials")
    return Counts(size, k, n, t, -1.0 if np.any(v < 0) else 1.0)


def _check_numbers(v: Floats, k: Floats, n: Floats, t: Floats) -> None:
    if np.any(v < 0) and np.any(v > 0):
        raise FitError(f"voltage [V] goes from {v.min():g} to {v.max():g}; expected pulses of one "
                       "sign, which switch one way: fit the two ways apart")
    if np.any((k < 0) | (k > n) | (n < 1) | (t <= 0)):
        raise FitError("expected 0 <= switched <= trials, 1 trial or more, and pulses above zero")
    if np.any(k != np.rint(k)) or np.any(n != np.rint(n)):
        raise FitError("switched and trials are not whole; expected counts: of shares, pass "
                       "np.rint(share * trials) and how many trials they are of")
    if not np.ptp(np.abs(v)):
        raise FitError(f"all voltages are {abs(v[0]):g} V in size; expected two or more")
