"""Fits of switching and breakdown: the laws' own numbers come back, intervals hold the truth."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from device_models.fits.static import Fit, FitError
from device_models.fits.switching import (
    fit_breakdown_weibull,
    fit_critical_voltage_macrospin,
    fit_switching_probability_activation,
)
from device_models.reliability.reliability import breakdown_probability
from numpy.typing import NDArray

from device_models import load_stack
from device_models.switching import critical_voltage

Floats = NDArray[np.float64]
Random = np.random.Generator
SEEDS = 200

MAGNET = load_stack("kumar2024").magnet(1.6e-9)
T = np.linspace(1.6e-9, 2.6e-9, 11)
V_C = np.array([float(critical_voltage(MAGNET.with_changes(thickness=t))) for t in T])
V = np.linspace(0.58, 0.68, 9)
DELTA, V_C0, PULSE = 60.0, 0.7, 200e-9


def chance(v: Floats, pulse: float | Floats) -> Floats:
    return np.asarray(-np.expm1(-pulse / 1e-9 * np.exp(-DELTA * (1 - v / V_C0))))


def critical_voltages(rng: Random) -> Fit:
    return fit_critical_voltage_macrospin(T, V_C + 0.03 * rng.standard_normal(11), MAGNET)


def counts(rng: Random) -> Fit:
    return fit_switching_probability_activation(V, rng.binomial(100, chance(V, PULSE)), 100, PULSE)


def counts_over_pulse(rng: Random) -> Fit:
    v, t = (x.ravel() for x in np.meshgrid([0.58, 0.61, 0.64], np.logspace(-8, -5, 7)))
    return fit_switching_probability_activation(v, rng.binomial(50, chance(v, t)), 50, t)


def breakdowns(rng: Random) -> Fit:
    return fit_breakdown_weibull(1.85 * rng.weibull(20.0, 60))


def breakdowns_of_three(rng: Random) -> Fit:
    return fit_breakdown_weibull(1.85 * rng.weibull(20.0, (60, 3)).min(axis=1), cells=3)


def breakdowns_up_to(rng: Random) -> Fit:
    v = 1.85 * rng.weibull(20.0, 100)
    return fit_breakdown_weibull(np.minimum(v, 1.85), v < 1.85)


ACTIVATION = {"stability": DELTA, "critical_voltage": V_C0}
WEIBULL = {"scale_voltage": 1.85, "shape": 20.0}
CASES: dict[Callable[[Random], Fit], dict[str, float]] = {
    critical_voltages: {"damping": MAGNET.damping,
                        "interface_anisotropy": MAGNET.interface_anisotropy},
    counts: ACTIVATION, counts_over_pulse: ACTIVATION,
    breakdowns: WEIBULL, breakdowns_of_three: WEIBULL, breakdowns_up_to: WEIBULL,
}


@pytest.mark.parametrize("draw", CASES, ids=lambda draw: draw.__name__)
def test_intervals_hold_the_truth_at_the_stated_rate(draw: Callable[[Random], Fit]) -> None:
    found = [draw(np.random.default_rng(seed)) for seed in range(SEEDS)]
    for name, truth in CASES[draw].items():
        bounds = np.array([fit.intervals[name] for fit in found])
        held = np.mean((bounds[:, 0] <= truth) & (truth <= bounds[:, 1]))
        assert abs(held - 0.95) < 4 * np.sqrt(0.95 * 0.05 / SEEDS)
        best = np.array([fit[name] for fit in found])
        assert np.all((bounds[:, 0] < best) & (best < bounds[:, 1]))
        assert np.median(best) == pytest.approx(truth, abs=0.3 * np.median(np.ptp(bounds, axis=1)))


@pytest.mark.parametrize("field", [0.0, 5e-3])
@pytest.mark.parametrize("oersted", [0.0, 1.0, -1.0])
def test_critical_voltages_without_noise_give_damping_and_anisotropy_back(
    oersted: float, field: float
) -> None:
    magnet = replace(MAGNET, oersted=oersted, damping=0.03, interface_anisotropy=0.5e-3)
    v = [float(critical_voltage(magnet.with_changes(thickness=t), -field)) for t in T]
    found = fit_critical_voltage_macrospin(T, v, MAGNET.with_changes(oersted=oersted), field)
    assert found["damping"] == pytest.approx(0.03, rel=1e-6)
    assert found["interface_anisotropy"] == pytest.approx(0.5e-3, rel=1e-6)


def test_the_papers_two_voltages_and_their_middle_give_the_stacks_numbers() -> None:
    """alpha 0.019 and K_s 0.667 mJ/m^2 were found from 0.7 to 2.0 V over the wedge."""
    found = fit_critical_voltage_macrospin([1.6e-9, 2.1e-9, 2.6e-9], [0.7, 1.35, 2.0], MAGNET,
                                           spread=0.05)
    for name in ("damping", "interface_anisotropy"):
        assert found[name] == pytest.approx(getattr(MAGNET, name), rel=0.05)


def test_expected_counts_give_the_law_back() -> None:
    """With very many trials the maximum of the likelihood is the law itself."""
    k = np.rint(1e9 * chance(V, PULSE))
    found = fit_switching_probability_activation(V, k, 1e9, PULSE)
    for name, truth in ACTIVATION.items():
        assert found[name] == pytest.approx(truth, rel=1e-4)
    assert found.residual < 1e-5


def test_quantiles_of_the_law_give_its_parameters_back() -> None:
    v = 1.85 * (-np.log1p(-(np.arange(4000) + 0.5) / 4000)) ** (1 / 20)
    found = fit_breakdown_weibull(v)
    assert found["scale_voltage"] == pytest.approx(1.85, rel=1e-4)
    assert found["shape"] == pytest.approx(20.0, rel=2e-3)
    assert found.residual < 1e-2
    shares = breakdown_probability(v, found["scale_voltage"], found["shape"])
    np.testing.assert_allclose(shares, (np.arange(4000) + 0.5) / 4000, atol=1e-3)


@pytest.mark.parametrize("factor", [1e-3, 7.0])
def test_a_unit_of_voltage_scales_only_voltages(factor: float) -> None:
    v = 1.85 * np.random.default_rng(0).weibull(20.0, 30)
    one, other = fit_breakdown_weibull(v), fit_breakdown_weibull(factor * v)
    assert other["scale_voltage"] == pytest.approx(factor * one["scale_voltage"], rel=1e-9)
    assert other["shape"] == pytest.approx(one["shape"], rel=1e-9)
    assert other.residual == pytest.approx(factor * one.residual, rel=1e-6)


def test_survivors_widen_the_interval_and_leave_the_law() -> None:
    v = 1.85 * np.random.default_rng(1).weibull(20.0, 2000)
    every, some = fit_breakdown_weibull(v), fit_breakdown_weibull(np.minimum(v, 1.7), v < 1.7)
    for name, truth in WEIBULL.items():
        assert some[name] == pytest.approx(truth, rel=0.1)
        assert np.ptp(some.intervals[name]) > np.ptp(every.intervals[name])


@pytest.mark.parametrize("devices", [3, 5, 10, 20, 50])
def test_weibull_intervals_hold_the_truth_for_small_samples_too(devices: int) -> None:
    """The pivots have one distribution at each size: .95 of 600 draws, give or take .025."""
    found = [fit_breakdown_weibull(1.85 * np.random.default_rng(seed).weibull(20.0, devices))
             for seed in range(600)]
    for name, truth in WEIBULL.items():
        held = [fit.intervals[name][0] <= truth <= fit.intervals[name][1] for fit in found]
        assert np.mean(held) == pytest.approx(0.95, abs=0.025)


def test_weibull_intervals_of_many_devices_are_the_normal_ones() -> None:
    """The limit of the information matrix: 0.780/sqrt(n) of the shape's logarithm."""
    found = fit_breakdown_weibull(1.85 * np.random.default_rng(0).weibull(20.0, 5000))
    low, high = found.intervals["shape"]
    assert np.log(high / low) == pytest.approx(2 * 1.96 * 0.7797 / np.sqrt(5000), rel=0.02)
    low, high = found.intervals["scale_voltage"]
    assert np.log(high / low) * found["shape"] == pytest.approx(
        2 * 1.96 * 1.0529 / np.sqrt(5000), rel=0.02)


def test_activation_intervals_hold_the_truth_for_ten_trials_a_voltage() -> None:
    """The profile likelihood: .95 of 600 draws, give or take .025."""
    found = [fit_switching_probability_activation(
        V, np.random.default_rng(seed).binomial(10, chance(V, PULSE)), 10, PULSE)
        for seed in range(600)]
    for name, truth in ACTIVATION.items():
        held = [fit.intervals[name][0] <= truth <= fit.intervals[name][1] for fit in found]
        assert np.mean(held) == pytest.approx(0.95, abs=0.025)


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
    (lambda: fit_critical_voltage_macrospin(T, V_C[::-1], MAGNET), "grow with thickness"),
    (lambda: fit_critical_voltage_macrospin(T, V_C[:3], MAGNET), "one length"),
    (lambda: fit_critical_voltage_macrospin(T, V_C, MAGNET, [0.0, 1e-3]), "one number"),
    (lambda: fit_switching_probability_activation(V, V[:2], 100, PULSE), "one length"),
    (lambda: fit_switching_probability_activation(V, 0 * V, [100, 50], PULSE), "trials"),
    (lambda: fit_switching_probability_activation(V, 0 * V + 101, 100, PULSE), "switched"),
    (lambda: fit_switching_probability_activation(V, 0 * V, 100, PULSE), "in between"),
    (lambda: fit_switching_probability_activation(V, 100.0 * (V > 0.63), 100, PULSE), "in between"),
    (lambda: fit_switching_probability_activation(V, np.rint(800 - 1100 * V), 200, PULSE),
     "in between"),
    (lambda: fit_breakdown_weibull([1.8, 1.8]), "different voltages"),
    (lambda: fit_breakdown_weibull([1.8, 1.9], [True, False]), "1 devices broke"),
    (lambda: fit_breakdown_weibull([1.8, 1.9]), "3 or more"),
    (lambda: fit_breakdown_weibull([1.8, 1.8000000001]), "3 or more"),
    (lambda: fit_breakdown_weibull([1.8, 1.8, 1.8000000001]), "steps below the spread"),
    (lambda: fit_breakdown_weibull([1.8, 1.9], [True]), "one length"),
    (lambda: fit_breakdown_weibull([-1.8, 1.9]), "above zero"),
])
def test_measurements_that_determine_nothing_are_refused(
    call: Callable[[], Fit], word: str
) -> None:
    with pytest.raises(ValueError, match=word) as caught:
        call()
    assert isinstance(caught.value, FitError) or word == "trials"


def test_a_stack_in_place_of_a_magnet_is_refused() -> None:
    with pytest.raises(TypeError, match="in-plane Magnet"):
        fit_critical_voltage_macrospin(T, V_C, load_stack("kumar2024"))  # type: ignore[arg-type]
