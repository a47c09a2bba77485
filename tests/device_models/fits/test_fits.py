"""Fits recover known parameters, and their 95 % intervals hold them 95 % of the time."""

from collections.abc import Callable
from contextlib import suppress

import numpy as np
import pytest
from device_models.fits.static import Fit, FitError
from numpy.typing import NDArray

from device_models.compound.channel import fit_channel_two_lengths
from device_models.fits import static as fits
from device_models.junction import laws

Floats = NDArray[np.float64]
SEEDS = 300

T = np.linspace(1.6e-9, 2.6e-9, 11)
V = np.linspace(-0.5, 0.5, 21)
TIME = np.logspace(-6, 3, 19)
LENGTH = np.array([0.9, 2.075, 3.25, 4.425, 5.6]) * 1e-6
NODES = (1.6e-9, 2.1e-9, 2.6e-9)

CASES: dict[str, tuple[Callable[[Floats], Fit], Floats, float, dict[str, float]]] = {
    "fit_tmr_exponential": (
        lambda y: fits.fit_tmr_exponential(T, y),
        laws.exponential(T, 0.33, 0.1136, 1.6e-9, 0.625e-9), 0.01,
        {"base": 0.33, "amplitude": 0.1136, "scale": 0.625e-9}),
    "fit_resistance_quadratic": (
        lambda y: fits.fit_resistance_quadratic(T, y),
        laws.quadratic(T, NODES, (25.2e3, 36.7e3, 22.4e3)), 1e3,
        {"low": 25.2e3, "middle": 36.7e3, "high": 22.4e3}),
    "fit_bias_quadratic": (
        lambda y: fits.fit_bias_quadratic(V, y),
        laws.parallel_conductance(V, 4e-5, 0.9), 4e-7, {"g_p": 4e-5, "v_p": 0.9}),
    "fit_tmr_bias_lorentzian": (
        lambda y: fits.fit_tmr_bias_lorentzian(V, y),
        laws.biased_tmr(V, 0.78, 0.5), 0.01, {"tmr": 0.78, "v_h": 0.5}),
    "fit_channel_least_squares": (
        lambda y: fits.fit_channel_least_squares(y, LENGTH, 0.9e-6),
        185.0 + 115.0 * LENGTH / 0.9e-6, 10.0, {"sheet_resistance": 115.0, "fixed": 185.0}),
    "fit_coercivity_sharrock": (
        lambda y: fits.fit_coercivity_sharrock(TIME, y),
        11.15e-3 * (1 - np.sqrt(np.log(TIME / 1e-9) / 211)), 2e-5,
        {"anisotropy_field": 11.15e-3, "stability": 211.0}),
}


@pytest.mark.parametrize("name", CASES)
def test_points_without_noise_give_the_parameters_back(name: str) -> None:
    fit, exact, _, truth = CASES[name]
    found = fit(exact)
    assert set(found.values) == set(found.intervals) == set(truth)
    for key, value in truth.items():
        assert found[key] == pytest.approx(value, rel=1e-5)


@pytest.mark.parametrize("name", CASES)
def test_intervals_hold_the_truth_at_the_stated_rate(name: str) -> None:
    fit, exact, noise, truth = CASES[name]
    held = dict.fromkeys(truth, 0)
    for seed in range(SEEDS):
        found = fit(exact + noise * np.random.default_rng(seed).standard_normal(exact.shape))
        for key, value in truth.items():
            low, high = found.intervals[key]
            held[key] += low <= value <= high
            assert low < found[key] < high
    for count in held.values():
        assert abs(count / SEEDS - 0.95) < 4 * np.sqrt(0.95 * 0.05 / SEEDS)


def test_given_spreads_weigh_the_points_and_set_the_intervals() -> None:
    y = laws.parallel_conductance(V, 4e-5, 0.9)
    y[3] *= 1.5  # one bad point, known to be bad
    spread = np.full(V.shape, 1e-7)
    spread[3] = 1.0
    found = fits.fit_bias_quadratic(V, y, spread)
    assert found["v_p"] == pytest.approx(0.9, rel=1e-6)
    low, high = found.intervals["g_p"]
    twice = fits.fit_bias_quadratic(V, y, 2 * spread).intervals["g_p"]
    assert twice[1] - twice[0] == pytest.approx(2 * (high - low), rel=1e-6)


def test_several_lengths_on_a_line_are_the_solution_of_two() -> None:
    ohms = 185.0 + 115.0 * LENGTH / 0.9e-6
    found = fits.fit_channel_least_squares(ohms, LENGTH, 0.9e-6)
    assert fit_channel_two_lengths(ohms[[0, 2]], LENGTH[[0, 2]], 0.9e-6) == (
        pytest.approx(found["sheet_resistance"]), pytest.approx(found["fixed"]))


def test_residual_is_the_scatter_of_the_points() -> None:
    y = laws.quadratic(T, NODES, (25.2e3, 36.7e3, 22.4e3))
    rng = np.random.default_rng(0)
    found = [fits.fit_resistance_quadratic(T, y + 500 * rng.standard_normal(11)).residual ** 2
             for _ in range(200)]
    assert np.sqrt(np.mean(found)) == pytest.approx(500, rel=0.05)


@pytest.mark.parametrize(("call", "word"), [
    (lambda: fits.fit_bias_quadratic(V, 4e-5 * (1 - V**2)), "conductance falls with bias"),
    (lambda: fits.fit_bias_quadratic(V, 0 * V + 4e-5), "conductance is flat over bias"),
    (lambda: fits.fit_tmr_bias_lorentzian(V, 0.5 * (1 + V**2)), "1/TMR falls with bias"),
    (lambda: fits.fit_tmr_bias_lorentzian(V, 0 * V + 0.5), "1/TMR is flat over bias"),
    (lambda: fits.fit_tmr_exponential(T, 0.3 + 1e8 * (T - 1.6e-9)), "TMR is straight"),
    (lambda: fits.fit_tmr_exponential(T, 0 * T + 0.3), "does not change with thickness"),
    (lambda: fits.fit_tmr_exponential(
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
            found = fits.fit_tmr_exponential(T, 0.3 + 1e8 * (T - 1.6e-9) + noise)
            assert np.ptp(found.intervals["scale"]) <= 20 * found["scale"] < 20 * 100 * np.ptp(T)


def test_a_flat_conductance_with_noise_is_refused_or_has_an_interval_above_zero() -> None:
    refused = 0
    for seed in range(50):
        noise = 4e-7 * np.random.default_rng(seed).standard_normal(V.shape)
        try:
            low, high = fits.fit_bias_quadratic(V, 4e-5 + noise).intervals["v_p"]
            assert 0 < low < high
        except FitError:
            refused += 1
    assert refused > 25


@pytest.mark.parametrize(("call", "word"), [
    (lambda: fits.fit_tmr_exponential(T[:3], T[:3]), "4 or more"),
    (lambda: fits.fit_tmr_exponential(T, T[:3]), "one length"),
    (lambda: fits.fit_bias_quadratic([0.1, 0.1, 0.1], [1, 1, 1]), "different voltage"),
    (lambda: fits.fit_coercivity_sharrock([1e-10, 1, 2], [1, 1, 1]), "attempt time"),
    (lambda: fits.fit_coercivity_sharrock([1, 2, 3], [1, 2, 3]), "fall"),
    (lambda: fits.fit_bias_quadratic(V, V * 0 + 1, V), "spread"),
    (lambda: fits.fit_bias_quadratic(V, V * 0 + 1, V[:3]), r"spread has shape \(3,\)"),
    (lambda: fits.fit_resistance_quadratic(T, T, [1e-9, 2e-9]), "nodes"),
    (lambda: fits.fit_resistance_quadratic(T, T, [1e-9, 2e-9, 2e-9]), "three different"),
    (lambda: fits.fit_channel_least_squares([1, 2], [1, 2], 1), "3 or more"),
    (lambda: fits.fit_channel_least_squares([3, 2, 1], [1, 2, 3], 1), "falls with the length"),
])
def test_points_that_determine_nothing_are_refused(call: Callable[[], Fit], word: str) -> None:
    with pytest.raises(FitError, match=word):
        call()
