"""Sharrock's law from coercive fields over decades of time."""

from collections.abc import Callable

import numpy as np
import pytest

from device_models.fits import Fit, FitError, fit_coercivity_sharrock
from tests.support.intervals import check_best, check_coverage, check_exact, drawn

TIME = np.logspace(-6, 3, 19)
EXACT = 11.15e-3 * (1 - np.sqrt(np.log(TIME / 1e-9) / 211))
TRUTH = {"anisotropy_field": 11.15e-3, "stability": 211.0}


def test_fields_without_noise_give_the_parameters_back() -> None:
    check_exact(fit_coercivity_sharrock(TIME, EXACT), TRUTH)


def test_intervals_hold_the_truth_at_the_stated_rate() -> None:
    found = drawn(lambda rng: fit_coercivity_sharrock(
        TIME, EXACT + 2e-5 * rng.standard_normal(TIME.shape)), 300)
    check_coverage(found, TRUTH)
    check_best(found, TRUTH)


@pytest.mark.parametrize(("call", "word"), [
    (lambda: fit_coercivity_sharrock([1e-10, 1, 2], [1, 1, 1]), "attempt time"),
    (lambda: fit_coercivity_sharrock([1, 2, 3], [1, 2, 3]), "fall"),
])
def test_points_that_determine_nothing_are_refused(call: Callable[[], Fit], word: str) -> None:
    with pytest.raises(FitError, match=word):
        call()
