"""The Weibull law from breakdown voltages: it comes back, intervals hold the truth at any size."""

from collections.abc import Callable

import numpy as np
import pytest

from device_models.fits import Fit, FitError, fit_breakdown_weibull
from device_models.reliability import breakdown_probability
from tests.support.intervals import Draw, check_best, check_coverage, drawn, repeated

TRUTH = {"scale_voltage": 1.85, "shape": 20.0}


def breakdowns(rng: np.random.Generator) -> Fit:
    return fit_breakdown_weibull(1.85 * rng.weibull(20.0, 60))


def breakdowns_of_three(rng: np.random.Generator) -> Fit:
    return fit_breakdown_weibull(1.85 * rng.weibull(20.0, (60, 3)).min(axis=1), cells=3)


def breakdowns_up_to(rng: np.random.Generator) -> Fit:
    v = 1.85 * rng.weibull(20.0, 100)
    return fit_breakdown_weibull(np.minimum(v, 1.85), v < 1.85)


@repeated(20, 200)
@pytest.mark.parametrize("draw", [breakdowns, breakdowns_of_three, breakdowns_up_to],
                         ids=["all", "of_three", "up_to"])
def test_intervals_hold_the_truth_at_the_stated_rate(draw: Draw, seeds: int) -> None:
    found = drawn(draw, seeds)
    check_coverage(found, TRUTH)
    check_best(found, TRUTH)


@repeated(30, 600)
@pytest.mark.parametrize("devices", [3, 5, 10, 20, 50])
def test_intervals_hold_the_truth_for_small_samples_too(devices: int, seeds: int) -> None:
    """The pivots have one distribution at each size: .95 of 600 draws, give or take .025."""
    found = drawn(lambda rng: fit_breakdown_weibull(1.85 * rng.weibull(20.0, devices)), seeds)
    check_coverage(found, TRUTH, errors=2.8)


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
    for name, truth in TRUTH.items():
        assert some[name] == pytest.approx(truth, rel=0.1)
        assert np.ptp(some.intervals[name]) > np.ptp(every.intervals[name])


def test_weibull_intervals_of_many_devices_are_the_normal_ones() -> None:
    """The limit of the information matrix: 0.780/sqrt(n) of the shape's logarithm."""
    found = fit_breakdown_weibull(1.85 * np.random.default_rng(0).weibull(20.0, 5000))
    low, high = found.intervals["shape"]
    assert np.log(high / low) == pytest.approx(2 * 1.96 * 0.7797 / np.sqrt(5000), rel=0.02)
    low, high = found.intervals["scale_voltage"]
    assert np.log(high / low) * found["shape"] == pytest.approx(
        2 * 1.96 * 1.0529 / np.sqrt(5000), rel=0.02)


@pytest.mark.parametrize(("call", "word"), [
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
