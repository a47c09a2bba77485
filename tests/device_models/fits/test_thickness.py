"""Fits over thickness recover known parameters; points of another law are refused in words."""

from collections.abc import Callable
from contextlib import suppress

import numpy as np
import pytest

from device_models.checks import Floats
from device_models.fits import Fit, FitError, fit_resistance_quadratic, fit_tmr_exponential
from device_models.junction import laws
from tests.support.intervals import check_best, check_coverage, check_exact, drawn

T = np.linspace(1.6e-9, 2.6e-9, 11)
NODES = (1.6e-9, 2.1e-9, 2.6e-9)
LAWS = pytest.mark.parametrize(("fit", "exact", "noise", "truth"), [
    (lambda y: fit_tmr_exponential(T, y), laws.exponential(T, 0.33, 0.1136, 1.6e-9, 0.625e-9),
     0.01, {"base": 0.33, "amplitude": 0.1136, "scale": 0.625e-9}),
    (lambda y: fit_resistance_quadratic(T, y), laws.quadratic(T, NODES, (25.2e3, 36.7e3, 22.4e3)),
     1e3, {"low": 25.2e3, "middle": 36.7e3, "high": 22.4e3}),
], ids=["tmr", "resistance"])


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


def test_residual_is_the_scatter_of_the_points() -> None:
    y = laws.quadratic(T, NODES, (25.2e3, 36.7e3, 22.4e3))
    rng = np.random.default_rng(0)
    found = [fit_resistance_quadratic(T, y + 500 * rng.standard_normal(11)).residual ** 2
             for _ in range(200)]
    assert np.sqrt(np.mean(found)) == pytest.approx(500, rel=0.05)


@pytest.mark.parametrize(("call", "word"), [
    (lambda: fit_tmr_exponential(T, 0.3 + 1e8 * (T - 1.6e-9)), "TMR is straight"),
    (lambda: fit_tmr_exponential(T, 0 * T + 0.3), "does not change with thickness"),
    (lambda: fit_tmr_exponential(
        T, laws.exponential(T, 0.33, 0.1136, 1.6e-9, 0.625e-9)[::-1]), "falls ever more slowly"),
])
def test_points_of_another_law_are_refused_by_how_they_look(
    call: Callable[[], Fit], word: str
) -> None:
    with pytest.raises(FitError, match=word):
        call()


def test_a_straight_tmr_with_noise_is_refused_or_found_within_a_decade() -> None:
    for seed in range(50):
        noise = 2e-3 * np.random.default_rng(seed).standard_normal(T.shape)
        with suppress(FitError):
            found = fit_tmr_exponential(T, 0.3 + 1e8 * (T - 1.6e-9) + noise)
            assert np.ptp(found.intervals["scale"]) <= 20 * found["scale"] < 20 * 100 * np.ptp(T)


@pytest.mark.parametrize(("call", "word"), [
    (lambda: fit_tmr_exponential(T[:3], T[:3]), "4 or more"),
    (lambda: fit_tmr_exponential(T, T[:3]), "one length"),
    (lambda: fit_resistance_quadratic(T, T, [1e-9, 2e-9]), "nodes"),
    (lambda: fit_resistance_quadratic(T, T, [1e-9, 2e-9, 2e-9]), "three different"),
])
def test_points_that_determine_nothing_are_refused(call: Callable[[], Fit], word: str) -> None:
    with pytest.raises(FitError, match=word):
        call()
