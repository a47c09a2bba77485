"""Parameters of perpendicular switching from drawn measurements: the cell's own come back."""

from collections.abc import Callable

import numpy as np
import pytest

from device_models import critical_voltage, switching_probability
from device_models.fits import (
    Fit,
    FitError,
    fit_critical_voltage_perpendicular,
    fit_switching_probability_perpendicular,
)
from device_models.switching import stability
from tests.support.intervals import Draw, check_best, check_coverage, check_exact, drawn, repeated
from tests.support.magnets import STANDING, THIN

FIELD = 20e-3
T = np.linspace(1.1e-9, 1.35e-9, 11)


def over_thickness(field: float = 0.0) -> np.ndarray:
    return np.array([float(critical_voltage(STANDING.with_changes(thickness=t), field)) for t in T])


V_C = over_thickness()
OF_THICKNESS = {"spin_hall_angle": STANDING.spin_hall_angle,
                "interface_anisotropy": STANDING.interface_anisotropy}


def of_counts(field: float) -> dict[str, float]:
    return {"stability": float(stability(STANDING)),
            "critical_voltage": float(critical_voltage(STANDING, field))}


def voltages(field: float, pulse: float, points: int = 9) -> np.ndarray:
    """From a few to most of those that the law lets switch at all."""
    v = np.linspace(0.3, 1.2, 2001) * float(critical_voltage(STANDING, field))
    p = switching_probability(STANDING, v, pulse, field)
    low, high = np.interp([0.03 * p.max(), 0.97 * p.max()], p, v)
    return np.linspace(low, high, points)


def counts(rng: np.random.Generator, field: float = FIELD, pulse: float = 20e-9) -> Fit:
    v = voltages(field, pulse)
    k = rng.binomial(100, switching_probability(STANDING, -v, pulse, field))
    return fit_switching_probability_perpendicular(-v, k, 100, pulse, STANDING, field)


def without_field(rng: np.random.Generator) -> Fit:
    return counts(rng, 0.0)


@repeated(4, 60)
@pytest.mark.parametrize(("draw", "field"), [(counts, FIELD), (without_field, 0.0)])
def test_intervals_of_counts_hold_the_truth_at_the_stated_rate(
    draw: Draw, field: float, seeds: int
) -> None:
    found = drawn(draw, seeds)
    check_coverage(found, of_counts(field), errors=3.5)
    if seeds > 100:
        check_best(found, of_counts(field))


@pytest.mark.parametrize(("field", "pulse"), [(0.0, 10e-9), (FIELD, 1e-6), (-2e-3, 10e-9)])
def test_expected_counts_give_the_law_back(field: float, pulse: float) -> None:
    """Also where no more than a half switches, and fewer against the field."""
    v = voltages(field, pulse)
    k = np.rint(1e8 * switching_probability(STANDING, v, pulse, field))
    found = fit_switching_probability_perpendicular(v, k, 1e8, pulse, STANDING, field)
    for name, truth in of_counts(field).items():
        assert found[name] == pytest.approx(truth, rel=1e-4)


def test_the_template_gives_no_more_than_it_says() -> None:
    """Another spin Hall angle, channel, area or starting K_s leaves the result."""
    v = voltages(FIELD, 20e-9)
    k = np.rint(1000 * switching_probability(STANDING, v, 20e-9, FIELD))
    other = STANDING.with_changes(spin_hall_angle=0.1, channel_width=300e-9,
                                  channel_resistance=500.0)
    one, two = (fit_switching_probability_perpendicular(v, k, 1000, 20e-9, cell, FIELD)
                for cell in (STANDING, other))
    for name in one.values:
        assert one[name] == pytest.approx(two[name], rel=1e-5)


@pytest.mark.parametrize("field", [0.0, FIELD, -10e-3])
def test_critical_voltages_without_noise_give_angle_and_anisotropy_back(field: float) -> None:
    bent = STANDING.with_changes(spin_hall_angle=0.2, interface_anisotropy=1.5e-3, damping=0.02)
    check_exact(fit_critical_voltage_perpendicular(T, over_thickness(field), bent, field),
                OF_THICKNESS)


@repeated(20, 60)
def test_intervals_of_critical_voltages_hold_the_truth_at_the_stated_rate(seeds: int) -> None:
    found = drawn(lambda rng: fit_critical_voltage_perpendicular(
        T, V_C + 0.03 * rng.standard_normal(11), STANDING), seeds)
    check_coverage(found, OF_THICKNESS)
    check_best(found, OF_THICKNESS)


@pytest.mark.parametrize(("call", "word"), [
    (lambda: fit_critical_voltage_perpendicular(T, V_C[::-1], STANDING), "fall with thickness"),
    (lambda: fit_critical_voltage_perpendicular(T, V_C, STANDING, [0.0, 1e-3]), "one number"),
    (lambda: fit_switching_probability_perpendicular(
        [0.7, 0.8, 0.9], [1, 2, 3], 4, 0.75e-9, STANDING), "attempt_time"),
    (lambda: fit_switching_probability_perpendicular(
        [0.7, 0.8, 0.9], [1, 2, 3], 4, 1e-8, STANDING, 0.5), "no threshold"),
    (lambda: fit_switching_probability_perpendicular(
        [0.7, 0.8, 0.9], [3, 2, 1], 4, 1e-8, STANDING), "do not grow"),
])
def test_measurements_that_determine_nothing_are_refused(
    call: Callable[[], Fit], word: str
) -> None:
    with pytest.raises(FitError, match=word):
        call()


def test_an_in_plane_magnet_is_refused() -> None:
    for call in (lambda: fit_critical_voltage_perpendicular(T, V_C, THIN),  # type: ignore[arg-type]  # bad on purpose
                 lambda: fit_switching_probability_perpendicular(
                     [0.7, 0.8], [1, 2], 4, 1e-8, THIN)):  # type: ignore[arg-type]  # bad on purpose
        with pytest.raises(TypeError, match="expected a PerpendicularMagnet"):
            call()
