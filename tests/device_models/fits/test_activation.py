"""Delta and V_c0 from counts of switched cells: the law comes back, intervals hold the truth."""

from collections.abc import Callable

import numpy as np
import pytest

from device_models import critical_voltage, switching_probability
from device_models.checks import Floats
from device_models.fits import Fit, FitError, fit_switching_probability_activation
from device_models.switching import damping_time, stability
from device_models.switching.activation import log_survival
from tests.support.intervals import Draw, check_best, check_coverage, drawn, repeated
from tests.support.magnets import THIN

DELTA, V_C0, TAU = 60.0, 0.7, 1e-9
V, PULSE = np.linspace(0.6, 0.7, 9), 200e-9
TRUTH = {"stability": DELTA, "critical_voltage": V_C0}
LONG_V, LONG = np.linspace(0.54, 0.61, 9), 10e-6  # where Neel and Brown's law is left alone


def chance(v: Floats, pulse: float | Floats) -> Floats:
    return np.asarray(-np.expm1(log_survival(v / V_C0, DELTA, TAU, pulse)))


def neel_brown(v: Floats, pulse: float | Floats) -> Floats:
    return np.asarray(-np.expm1(-pulse / 1e-9 * np.exp(-DELTA * (1 - v / V_C0))))


def fit(v: Floats, k: Floats, n: float, pulse: float | Floats = PULSE) -> Fit:
    return fit_switching_probability_activation(v, k, n, pulse, damping_time=TAU)


def counts(rng: np.random.Generator) -> Fit:
    return fit(V, rng.binomial(100, chance(V, PULSE)), 100)


def ten_trials(rng: np.random.Generator) -> Fit:
    return fit(V, rng.binomial(10, chance(V, PULSE)), 10)


def ten_ns(rng: np.random.Generator) -> Fit:
    v = np.linspace(0.66, 0.9, 9)
    return fit(v, rng.binomial(100, chance(v, 10e-9)), 100, 10e-9)


def counts_over_pulse(rng: np.random.Generator) -> Fit:
    v, t = (x.ravel() for x in np.meshgrid([0.58, 0.62, 0.68], np.logspace(-8, -5, 7)))
    return fit(v, rng.binomial(50, chance(v, t)), 50, t)


def long_pulses(rng: np.random.Generator) -> Fit:
    k = rng.binomial(100, neel_brown(LONG_V, LONG))
    return fit_switching_probability_activation(LONG_V, k, 100, LONG)


@repeated(10, 60)
@pytest.mark.parametrize("draw", [counts, ten_trials, ten_ns, counts_over_pulse, long_pulses])
def test_intervals_hold_the_truth_at_the_stated_rate(draw: Draw, seeds: int) -> None:
    found = drawn(draw, seeds)
    check_coverage(found, TRUTH, errors=3.5)
    check_best(found, TRUTH)


@pytest.mark.parametrize("pulse", [10e-9, 50e-9, 200e-9, 1e-6])
def test_counts_of_the_law_that_writes_give_its_own_delta_and_threshold_back(pulse: float) -> None:
    """Of `switching_probability`: Neel and Brown's line has 15 for 82 at 10 ns, 41 at 200 ns."""
    cell = THIN.with_changes(length=300e-9, width=220e-9)
    critical = float(critical_voltage(cell))
    v = np.linspace(0.8, 2.0, 4001) * critical
    v = np.interp([0.03, 0.2, 0.4, 0.6, 0.8, 0.97], switching_probability(cell, -v, pulse), v)
    share = switching_probability(cell, -v, pulse)
    found = fit_switching_probability_activation(
        -v, np.rint(1e8 * share), 1e8, pulse, damping_time=float(damping_time(cell)))
    assert found["stability"] == pytest.approx(float(stability(cell)), rel=0.01)
    assert found["critical_voltage"] == pytest.approx(critical, rel=1e-3)


def test_expected_counts_give_the_law_back() -> None:
    """With very many trials the maximum of the likelihood is the law itself."""
    both = (fit(V, np.rint(1e9 * chance(V, PULSE)), 1e9),
            fit_switching_probability_activation(
                LONG_V, np.rint(1e9 * neel_brown(LONG_V, LONG)), 1e9, LONG))
    for found in both:
        for name, truth in TRUTH.items():
            assert found[name] == pytest.approx(truth, rel=1e-4)
        assert found.residual < 1e-5


def test_neel_and_browns_law_alone_is_refused_where_pulses_are_too_short_for_it() -> None:
    k = np.rint(100 * chance(V, PULSE))
    with pytest.raises(FitError, match=r"100 Delta tau0.*give damping_time"):
        fit_switching_probability_activation(V, k, 100, PULSE)
    k = np.rint(1e9 * chance(LONG_V, LONG))
    found = fit_switching_probability_activation(LONG_V, k, 1e9, LONG)
    assert found["stability"] == pytest.approx(DELTA, rel=0.01)


def test_pulses_below_the_attempt_time_are_refused_and_short_ones_are_flagged() -> None:
    k = [0, 2, 5, 9, 10]
    with pytest.raises(FitError, match=r"down to 7\.5e-10; expected attempt_time, 1e-09"):
        fit(V[::2], k, 10, 0.75e-9)
    with pytest.warns(UserWarning, match=r"5 damping times, 5e-09, or more"):
        fit(V[::2], k, 10, 2e-9)


def test_antiparallel_pulses_are_fitted_by_their_size() -> None:
    k = [0, 2, 5, 9, 10]
    assert fit(-V[::2], k, 10) == fit(V[::2], k, 10)


def test_intervals_of_few_counts_end_at_the_bounds_of_the_law() -> None:
    """Delta is not negative, and V_c0 may be anywhere above where the growth is in doubt."""
    found = fit_switching_probability_activation([0.5, 0.6, 0.7], [1, 2, 3], 4, 1e-9,
                                                 damping_time=TAU / 5)
    assert found.intervals["stability"][0] == 0
    assert found.intervals["critical_voltage"] == (0.0, np.inf)


@pytest.mark.parametrize(("call", "word"), [
    (lambda: fit_switching_probability_activation(
        [0.5, 0.6, 0.7], [0.1, 0.5, 0.9], 1, 1e-7), "rint"),
    (lambda: fit_switching_probability_activation(
        [-0.5, 0.6, 0.7], [1, 2, 3], 4, 1e-7), "one sign"),
    (lambda: fit_switching_probability_activation([-0.5, 0.5], [1, 2], 4, 1e-7), "one sign"),
    (lambda: fit_switching_probability_activation(
        [0.5, 0.6, 0.7], [1, 2, 3], 4, 1e-12), "attempt_time"),
    (lambda: fit_switching_probability_activation(V, V[:2], 100, PULSE), "one length"),
    (lambda: fit_switching_probability_activation(V, 0 * V, [100, 50], PULSE), "trials"),
    (lambda: fit_switching_probability_activation(V, 0 * V + 101, 100, PULSE), "switched"),
    (lambda: fit_switching_probability_activation(V, 0 * V, 100, PULSE), "in between"),
    (lambda: fit_switching_probability_activation(V, 100.0 * (V > 0.63), 100, PULSE), "in between"),
    (lambda: fit_switching_probability_activation(V, np.rint(800 - 1100 * V), 200, PULSE),
     "in between"),
])
def test_measurements_that_determine_nothing_are_refused(
    call: Callable[[], Fit], word: str
) -> None:
    with pytest.raises(ValueError, match=word) as caught:
        call()
    assert isinstance(caught.value, FitError) or word == "trials"
