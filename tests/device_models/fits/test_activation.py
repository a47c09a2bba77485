"""Delta and V_c0 from counts of switched cells: the law comes back, intervals hold the truth."""

from collections.abc import Callable

import numpy as np
import pytest

from device_models.checks import Floats
from device_models.fits import Fit, FitError, fit_switching_probability_activation
from tests.support.intervals import Draw, check_best, check_coverage, drawn, repeated

V = np.linspace(0.58, 0.68, 9)
DELTA, V_C0, PULSE = 60.0, 0.7, 200e-9
TRUTH = {"stability": DELTA, "critical_voltage": V_C0}


def chance(v: Floats, pulse: float | Floats) -> Floats:
    return np.asarray(-np.expm1(-pulse / 1e-9 * np.exp(-DELTA * (1 - v / V_C0))))


def counts(rng: np.random.Generator) -> Fit:
    return fit_switching_probability_activation(V, rng.binomial(100, chance(V, PULSE)), 100, PULSE)


def counts_over_pulse(rng: np.random.Generator) -> Fit:
    v, t = (x.ravel() for x in np.meshgrid([0.58, 0.61, 0.64], np.logspace(-8, -5, 7)))
    return fit_switching_probability_activation(v, rng.binomial(50, chance(v, t)), 50, t)


@repeated(20, 200)
@pytest.mark.parametrize("draw", [counts, counts_over_pulse], ids=["counts", "over_pulse"])
def test_intervals_hold_the_truth_at_the_stated_rate(draw: Draw, seeds: int) -> None:
    found = drawn(draw, seeds)
    check_coverage(found, TRUTH)
    check_best(found, TRUTH)


@repeated(30, 600)
def test_intervals_hold_the_truth_for_ten_trials_a_voltage(seeds: int) -> None:
    """The profile likelihood: .95 of 600 draws, give or take .025."""
    found = drawn(lambda rng: fit_switching_probability_activation(
        V, rng.binomial(10, chance(V, PULSE)), 10, PULSE), seeds)
    check_coverage(found, TRUTH, errors=2.8)


def test_expected_counts_give_the_law_back() -> None:
    """With very many trials the maximum of the likelihood is the law itself."""
    k = np.rint(1e9 * chance(V, PULSE))
    found = fit_switching_probability_activation(V, k, 1e9, PULSE)
    for name, truth in TRUTH.items():
        assert found[name] == pytest.approx(truth, rel=1e-4)
    assert found.residual < 1e-5


def test_antiparallel_pulses_are_fitted_by_their_size() -> None:
    k = [0, 2, 5, 9, 10]
    one = fit_switching_probability_activation(V[::2], k, 10, PULSE)
    assert fit_switching_probability_activation(-V[::2], k, 10, PULSE) == one


def test_intervals_of_few_counts_end_at_the_bounds_of_the_law() -> None:
    """Delta is not negative, and V_c0 may be anywhere above where the growth is in doubt."""
    found = fit_switching_probability_activation([0.5, 0.6, 0.7], [1, 2, 3], 4, 1e-9)
    assert found.intervals["stability"][0] == 0
    assert found.intervals["critical_voltage"] == (0.0, np.inf)


@pytest.mark.parametrize(("call", "word"), [
    (lambda: fit_switching_probability_activation(
        [0.5, 0.6, 0.7], [0.1, 0.5, 0.9], 1, 1e-7), "rint"),
    (lambda: fit_switching_probability_activation(
        [-0.5, 0.6, 0.7], [1, 2, 3], 4, 1e-7), "one sign"),
    (lambda: fit_switching_probability_activation([-0.5, 0.5], [1, 2], 4, 1e-7), "one sign"),
    (lambda: fit_switching_probability_activation(
        [0.5, 0.6, 0.7], [1, 2, 3], 4, 1e-12), "below zero"),
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
