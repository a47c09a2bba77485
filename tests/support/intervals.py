"""Whether the intervals of fits hold the truth as often as they say, over many seeded draws."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pytest

from device_models.fits import Fit

Draw = Callable[[np.random.Generator], Fit]


def repeated(few: int, many: int) -> pytest.MarkDecorator:
    """A test's argument `seeds`: how many draws; the `many` are for the slow run.

    The checks allow so many standard errors of the number of draws, and thus grow with it.
    """
    return pytest.mark.parametrize("seeds", [few, pytest.param(many, marks=pytest.mark.slow)])


def drawn(draw: Draw, seeds: int) -> list[Fit]:
    """Fits to `seeds` draws of measurements, each with a seed of its own."""
    return [draw(np.random.default_rng(seed)) for seed in range(seeds)]


def check_exact(found: Fit, truth: Mapping[str, float]) -> None:
    """A fit to points without noise gives back the parameters they were made of, by name."""
    assert set(found.values) == set(found.intervals) == set(truth)
    for name, value in truth.items():
        assert found[name] == pytest.approx(value, rel=1e-5), name


def check_coverage(
    found: Sequence[Fit], truth: Mapping[str, float], errors: float = 4.0
) -> None:
    """95 % of the intervals hold the truth, give or take `errors` standard errors."""
    for name, value in truth.items():
        held = np.mean([fit.intervals[name][0] <= value <= fit.intervals[name][1]
                        for fit in found])
        assert abs(held - 0.95) < errors * np.sqrt(0.95 * 0.05 / len(found)), name


def check_best(found: Sequence[Fit], truth: Mapping[str, float]) -> None:
    """Best values lie inside their intervals and scatter around the truth."""
    for name, value in truth.items():
        bounds = np.array([fit.intervals[name] for fit in found])
        best = np.array([fit[name] for fit in found])
        assert np.all((bounds[:, 0] < best) & (best < bounds[:, 1])), name
        width = np.median(np.ptp(bounds, axis=1))
        assert np.median(best) == pytest.approx(value, abs=0.3 * width), name
