"""Sheet resistance and fixed part from channels of several lengths."""

from collections.abc import Callable

import numpy as np
import pytest

from device_models.compound.channel import fit_channel_two_lengths
from device_models.fits import Fit, FitError, fit_channel_least_squares
from tests.support.intervals import check_best, check_coverage, check_exact, drawn

LENGTH = np.array([0.9, 2.075, 3.25, 4.425, 5.6]) * 1e-6
EXACT = 185.0 + 115.0 * LENGTH / 0.9e-6
TRUTH = {"sheet_resistance": 115.0, "fixed": 185.0}


def test_lengths_without_noise_give_the_parameters_back() -> None:
    check_exact(fit_channel_least_squares(EXACT, LENGTH, 0.9e-6), TRUTH)


def test_intervals_hold_the_truth_at_the_stated_rate() -> None:
    found = drawn(lambda rng: fit_channel_least_squares(
        EXACT + 10.0 * rng.standard_normal(LENGTH.shape), LENGTH, 0.9e-6), 300)
    check_coverage(found, TRUTH)
    check_best(found, TRUTH)


def test_several_lengths_on_a_line_are_the_solution_of_two() -> None:
    ohms = 185.0 + 115.0 * LENGTH / 0.9e-6
    found = fit_channel_least_squares(ohms, LENGTH, 0.9e-6)
    assert fit_channel_two_lengths(ohms[[0, 2]], LENGTH[[0, 2]], 0.9e-6) == (
        pytest.approx(found["sheet_resistance"]), pytest.approx(found["fixed"]))


@pytest.mark.parametrize(("call", "word"), [
    (lambda: fit_channel_least_squares([1, 2], [1, 2], 1), "3 or more"),
    (lambda: fit_channel_least_squares([3, 2, 1], [1, 2, 3], 1), "falls with the length"),
])
def test_points_that_determine_nothing_are_refused(call: Callable[[], Fit], word: str) -> None:
    with pytest.raises(FitError, match=word):
        call()
