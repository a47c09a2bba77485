"""Delta and V_c0 of an in-plane free layer from counts of switched cells."""

import warnings

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import Floats, positive
from device_models.fits.counts import Counts, checked_counts
from device_models.fits.least_squares import Fit, FitError
from device_models.fits.profile import Likelihood
from device_models.magnet.free_layer import ATTEMPT_TIME
from device_models.switching.activation import MOST, log_survival

_LONG = 100.0  # pulses over Delta tau0 from which Neel and Brown's Delta is within 1 % of the law's
_SHORT = 5.0  # damping times below which the law itself is off


def fit_switching_probability_activation(
    voltage: ArrayLike, switched: ArrayLike, trials: ArrayLike, pulse: ArrayLike,
    attempt_time: float = ATTEMPT_TIME, damping_time: float | None = None,
) -> Fit:
    """`stability` Delta [1] and `critical_voltage` V_c0 [V] from counts of switched cells.

    The law is that of `switching_probability` in the plane, P = 1 - exp(`log_survival`) at
    i = V/V_c0, Delta as field and temperature leave it: activation below V_c0, precession near and
    above it. Without a `damping_time` it is Neel and Brown's, P = 1 - exp(-(t_p/tau0)
    exp(-Delta (1 - V/V_c0))), refused unless all pulses are longer than 100 Delta tau0: shorter
    ones switch so near V_c0 that its attempts outrun the precession (at Delta 82, tau_D 1 ns and
    200 ns it would find 41, at 10 ns 15). By maximum likelihood, with profile intervals.

    Parameters
    ----------
    voltage : (points,) array
        Pulses of one sign, of which the size is used [V].
    switched, trials : (points,) arrays
        How many switched, of how many, in whole numbers; `trials` may be one number. One cell's,
        or those of cells alike: a spread of V_c0 among them would look like a lower Delta.
    pulse : float or (points,) array
        Their width [s], `attempt_time` or more. A warning tells of those below 5 damping times,
        for which the law puts the voltage of even odds too low, at 1 ns by 18 %.
    attempt_time : float
        tau0 [s].
    damping_time : float, optional
        tau_D [s], as of `switching.damping_time(magnet)`.

    Returns
    -------
    Fit
        `residual` is the standard deviation of switched/trials around the law [1]. Where the
        counts leave an end open, the interval has 0 or infinity there.
    """
    counts = checked_counts(voltage, switched, trials, pulse, attempt_time)
    if damping_time is None:
        return _neel_brown(counts, attempt_time)
    tau = positive("damping_time", damping_time, "s")
    if np.any(counts.t < _SHORT * tau):
        warnings.warn(
            f"pulse [s] goes down to {counts.t.min():.3g}; expected {_SHORT:g} damping times, "
            f"{_SHORT * tau:.3g}, or more: in shorter ones the law puts the voltage of even odds "
            "too low, so that V_c0 comes out too high", UserWarning, stacklevel=2)

    def law(stability: Floats, critical: Floats) -> Floats:
        return log_survival(counts.v / critical, stability, tau, counts.t, attempt_time)

    return Likelihood(counts, law).fit()


def _neel_brown(counts: Counts, attempt_time: float) -> Fit:
    logs = np.log(counts.t / attempt_time)

    def law(stability: Floats, critical: Floats) -> Floats:
        exponent = logs - stability * (1.0 - counts.v / critical)
        return np.asarray(-np.exp(np.clip(exponent, -690.0, np.log(MOST))))

    found = Likelihood(counts, law).fit()
    least = _LONG * found["stability"] * attempt_time
    if counts.t.min() < least:
        raise FitError(
            f"pulse [s] goes down to {counts.t.min():.3g}; expected {least:.3g}, 100 Delta tau0, "
            f"or more, with the Delta of {found['stability']:.3g} that Neel and Brown's law alone "
            "would give: give damping_time (of switching.damping_time(magnet), about 1e-9 s) to "
            "fit the law that holds nearer to V_c0")
    return found
