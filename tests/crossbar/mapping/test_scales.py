"""Laws of weight scales: least squares is the global optimum, max weight clips nothing."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from crossbar import (
    Differential,
    LeastSquares,
    Mapping,
    MaxWeight,
    MeanMagnitude,
    Percentile,
    ReferenceColumn,
    Scale,
    SignedLevel,
    StandardDeviation,
)
from crossbar.mapping.levels import Levels
from device_models import MTJ, CompoundMTJ, UnlimitedStates, load_stack

Floats = NDArray[np.float64]
SYNAPSES = {n: CompoundMTJ(load_stack("kumar2024").mtj(1.9e-9), n) for n in (1, 2, 3, 6)}
MAPPINGS = [Differential(), ReferenceColumn(), SignedLevel()]
RULES = [LeastSquares(), MaxWeight(), Percentile(90), MeanMagnitude(0.7), StandardDeviation(1.5)]
WEIGHTS = {
    "mixed": np.random.default_rng(0).normal(0, 0.3, 60),
    "all positive": np.random.default_rng(1).uniform(0.1, 2, 40),
    "all negative": -np.random.default_rng(2).uniform(0.1, 2, 40),
    "one": np.array([0.37]),
    "one negative": np.array([-5.0]),
    "with zeros": np.array([0.0, 0.0, 0.4, -0.1, 0.0]),
    "equal": np.full(7, 0.2),
    "an outlier": np.append(np.random.default_rng(3).normal(0, 0.1, 50), 8.0),
    "tiny": 1e-30 * np.random.default_rng(4).normal(0, 1, 20),
}
cases = [pytest.param(mapping, n, w, id=f"{type(mapping).__name__}-{n}-{name}")
         for mapping in MAPPINGS for n in SYNAPSES for name, w in WEIGHTS.items()]


def squared_error(scale: float, w: Floats, levels: Levels) -> float:
    """By distance to every level, without the code under test; relative to sum w^2."""
    distance = np.abs(w[:, None] / scale - levels.values).min(axis=1)
    return float(np.sum((scale * distance) ** 2) / np.sum(w**2))


def best_by_search(w: Floats, levels: Levels) -> float:
    """The least error on a fine grid, refined by SciPy about the best points."""
    least = np.abs(w[w != 0]).min() / levels.values[-1]
    most = 4 * np.abs(w).max() / np.diff(levels.values).min()
    grid = np.geomspace(least / 4, most, 1500)
    errors = np.array([squared_error(s, w, levels) for s in grid])
    found = errors.min()
    for i in np.argsort(errors)[:4]:
        low, high = grid[max(i - 1, 0)], grid[min(i + 1, len(grid) - 1)]
        refined = minimize_scalar(lambda s: squared_error(s, w, levels), bounds=(low, high),
                                  method="bounded", options={"xatol": 1e-10 * low})
        found = min(found, float(refined.fun))
    return found


@pytest.mark.parametrize(("mapping", "cells", "w"), [
    pytest.param(*case.values, id=case.id) for case in cases])
def test_least_squares_is_the_global_optimum(mapping: Mapping, cells: int, w: Floats) -> None:
    levels = mapping.levels(SYNAPSES[cells], 0.1)
    scale = LeastSquares().fit(w, levels)
    assert scale > 0
    assert squared_error(scale, w, levels) <= best_by_search(w, levels) + 1e-12


@pytest.mark.parametrize("mapping", MAPPINGS, ids=str)
@settings(max_examples=40)
@given(
    w=st.lists(st.floats(-3, 3, width=16), min_size=1, max_size=9),
    cells=st.sampled_from(sorted(SYNAPSES)),
)
def test_least_squares_is_the_global_optimum_of_any_few_weights(
    mapping: Mapping, w: list[float], cells: int
) -> None:
    weights = np.array(w)
    levels = mapping.levels(SYNAPSES[cells], 0.1)
    scale = LeastSquares().fit(weights, levels)
    assert np.isfinite(scale)
    assert scale > 0
    if np.any(weights):
        found = squared_error(scale, weights, levels)
        assert found <= best_by_search(weights, levels) + 1e-12


@pytest.mark.parametrize("cells", [1, 2, 3, 5])
@pytest.mark.parametrize("mapping", MAPPINGS, ids=str)
def test_least_squares_is_no_worse_than_a_grid_at_any_thickness(
    mapping: Mapping, cells: int
) -> None:
    """Rounding of the levels, which differs from thickness to thickness, must not matter."""
    w = WEIGHTS["mixed"]
    for t in np.linspace(1.6e-9, 2.6e-9, 21):
        levels = mapping.levels(CompoundMTJ(load_stack("kumar2024").mtj(t), cells), 0.1)
        grid = np.geomspace(0.05, 3, 200) * np.abs(w).max() / levels.values[-1]
        found = squared_error(LeastSquares().fit(w, levels), w, levels)
        assert found <= min(squared_error(s, w, levels) for s in grid) * (1 + 1e-9)


@pytest.mark.parametrize("mapping", MAPPINGS)
def test_optimal_scale_is_where_the_derivative_vanishes(mapping: Mapping) -> None:
    w = WEIGHTS["mixed"]
    levels = mapping.levels(SYNAPSES[3], 0.1)
    scale = LeastSquares().fit(w, levels)
    q = levels.nearest(w / scale)
    assert (w - scale * q) @ q == pytest.approx(0, abs=1e-12 * (w @ q))


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("mapping", MAPPINGS)
def test_scale_is_homogeneous(rule: Scale, mapping: Mapping) -> None:
    """Twice the weights, twice the scale; half the conductances, twice the scale."""
    w, levels = WEIGHTS["mixed"], mapping.levels(SYNAPSES[3], 0.1)
    scale = rule.fit(w, levels)
    assert rule.fit(2 * w, levels) == pytest.approx(2 * scale, rel=1e-12)
    assert rule.fit(w, Levels(levels.values / 2, False)) == pytest.approx(2 * scale, rel=1e-12)
    assert rule.fit(w.reshape(6, 10).T, levels) == pytest.approx(scale, rel=1e-12)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("mapping", MAPPINGS)
@pytest.mark.parametrize("cells", SYNAPSES)
def test_weights_of_zero_have_a_scale(rule: Scale, mapping: Mapping, cells: int) -> None:
    scale = rule.fit(np.zeros((3, 2)), mapping.levels(SYNAPSES[cells], 0.1))
    assert np.isfinite(scale)
    assert scale > 0


@pytest.mark.parametrize(("mapping", "cells", "w"), cases)
def test_max_weight_clips_nothing_and_reaches_the_end(
    mapping: Mapping, cells: int, w: Floats
) -> None:
    levels = mapping.levels(SYNAPSES[cells], 0.1)
    difference = w / MaxWeight().fit(w, levels)
    assert np.abs(difference).max() == pytest.approx(levels.values[-1], rel=1e-12)


@pytest.mark.parametrize("rule", [LeastSquares(), MaxWeight(), Percentile(100)])
@pytest.mark.parametrize("mapping", MAPPINGS[:2])
def test_continuous_levels_lose_nothing(rule: Scale, mapping: Mapping) -> None:
    w = WEIGHTS["an outlier"]
    levels = mapping.levels(UnlimitedStates(SYNAPSES[3]), 0.1)
    scale = rule.fit(w, levels)
    np.testing.assert_allclose(scale * levels.nearest(w / scale), w, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("rule", RULES)
def test_states_that_are_all_equal_are_refused(rule: Scale) -> None:
    mtj = MTJ(1e4, 1e-300, 0.9, 0.5, 1e-13)
    levels = Differential().levels(CompoundMTJ(mtj, 1), 0.1)
    with pytest.raises(ValueError, match="TMR"):
        rule.fit(WEIGHTS["mixed"], levels)


@pytest.mark.parametrize(("rule", "limit"), [
    (Percentile(90), np.percentile(np.abs(WEIGHTS["mixed"]), 90)),
    (MeanMagnitude(0.7), 0.7 * np.abs(WEIGHTS["mixed"]).mean()),
    (StandardDeviation(1.5), 1.5 * WEIGHTS["mixed"].std())])
@pytest.mark.parametrize("mapping", MAPPINGS, ids=str)
def test_outermost_level_stands_for_the_statistic(
    rule: Scale, limit: float, mapping: Mapping
) -> None:
    levels = mapping.levels(SYNAPSES[3], 0.1)
    assert rule.fit(WEIGHTS["mixed"], levels) * levels.values[-1] == pytest.approx(limit, rel=1e-12)


@pytest.mark.parametrize("w", WEIGHTS.values(), ids=WEIGHTS)
@pytest.mark.parametrize("mapping", [Differential(), SignedLevel()], ids=str)
def test_the_hundredth_percentile_is_the_largest_weight(mapping: Mapping, w: Floats) -> None:
    levels = mapping.levels(SYNAPSES[2], 0.1)
    assert Percentile(100).fit(w, levels) == pytest.approx(MaxWeight().fit(w, levels), rel=1e-12)


@pytest.mark.parametrize("name", ["mixed", "an outlier", "one"])
def test_mean_magnitude_is_least_squares_of_two_levels(name: str) -> None:
    """The closed form of binary networks (XNOR-Net), against the general search."""
    levels = ReferenceColumn().levels(SYNAPSES[1], 0.1)
    w = WEIGHTS[name]
    assert MeanMagnitude().fit(w, levels) == pytest.approx(LeastSquares().fit(w, levels), rel=1e-9)


@pytest.mark.parametrize(("make", "message"), [
    (lambda: Percentile(0), "percent"), (lambda: Percentile(101), "up to 100"),
    (lambda: Percentile(0.99), r"as a fraction\? pass 99"),
    (lambda: MeanMagnitude(-1), "factor"), (lambda: StandardDeviation(float("nan")), "factor")])
def test_a_rule_refuses_parameters_without_meaning(make: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()  # type: ignore[operator]
