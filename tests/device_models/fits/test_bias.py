"""Fits over bias recover known parameters; points that are flat or fall are refused in words."""

from collections.abc import Callable

import numpy as np
import pytest

from device_models.checks import Floats
from device_models.fits import Fit, FitError, fit_bias_quadratic, fit_tmr_bias_lorentzian
from device_models.junction import laws
from tests.support.intervals import check_best, check_coverage, check_exact, drawn

V = np.linspace(-0.5, 0.5, 21)
LAWS = pytest.mark.parametrize(("fit", "exact", "noise", "truth"), [
    (lambda y: fit_bias_quadratic(V, y), laws.parallel_conductance(V, 4e-5, 0.9), 4e-7,
     {"g_p": 4e-5, "v_p": 0.9}),
    (lambda y: fit_tmr_bias_lorentzian(V, y), laws.biased_tmr(V, 0.78, 0.5), 0.01,
     {"tmr": 0.78, "v_h": 0.5}),
], ids=["conductance", "tmr"])


@LAWS
def test_points_without_noise_give_the_parameters_back(
    fit: Callable[[Floats], Fit], exact: Floats, noise: float, truth: dict[str, float]
) -> None:
    check_exact(fit(exact), truth)


@LAWS
def test_intervals_hold_the_truth_at_the_stated_rate(
    fit: Callable[[Floats], Fit], exact: Floats, noise: float, truth: dict[str, float]
) -> None:
    found = drawn(lambda rng: fit(exact + noise * rng.standard_normal(exact.shape)), 300)
    check_coverage(found, truth)
    check_best(found, truth)


def test_given_spreads_weigh_the_points_and_set_the_intervals() -> None:
    y = laws.parallel_conductance(V, 4e-5, 0.9)
    y[3] *= 1.5  # one bad point, known to be bad
    spread = np.full(V.shape, 1e-7)
    spread[3] = 1.0
    found = fit_bias_quadratic(V, y, spread)
    assert found["v_p"] == pytest.approx(0.9, rel=1e-6)
    low, high = found.intervals["g_p"]
    twice = fit_bias_quadratic(V, y, 2 * spread).intervals["g_p"]
    assert twice[1] - twice[0] == pytest.approx(2 * (high - low), rel=1e-6)


@pytest.mark.parametrize(("call", "word"), [
    (lambda: fit_bias_quadratic(V, 4e-5 * (1 - V**2)), "conductance falls with bias"),
    (lambda: fit_bias_quadratic(V, 0 * V + 4e-5), "conductance is flat over bias"),
    (lambda: fit_tmr_bias_lorentzian(V, 0.5 * (1 + V**2)), "1/TMR falls with bias"),
    (lambda: fit_tmr_bias_lorentzian(V, 0 * V + 0.5), "1/TMR is flat over bias"),
])
def test_points_of_another_law_are_refused_by_how_they_look(
    call: Callable[[], Fit], word: str
) -> None:
    with pytest.raises(FitError, match=word):
        call()


def test_a_flat_conductance_with_noise_is_refused_or_has_an_interval_above_zero() -> None:
    refused = 0
    for seed in range(50):
        noise = 4e-7 * np.random.default_rng(seed).standard_normal(V.shape)
        try:
            low, high = fit_bias_quadratic(V, 4e-5 + noise).intervals["v_p"]
            assert 0 < low < high
        except FitError:
            refused += 1
    assert refused > 25


@pytest.mark.parametrize(("call", "word"), [
    (lambda: fit_bias_quadratic([0.1, 0.1, 0.1], [1, 1, 1]), "different voltage"),
    (lambda: fit_bias_quadratic(V, V * 0 + 1, V), "spread"),
    (lambda: fit_bias_quadratic(V, V * 0 + 1, V[:3]), r"spread has shape \(3,\)"),
])
def test_points_that_determine_nothing_are_refused(call: Callable[[], Fit], word: str) -> None:
    with pytest.raises(FitError, match=word):
        call()
