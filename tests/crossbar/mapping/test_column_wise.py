"""Laws of a scale to each output: every column as if it were alone, and no worse for it."""

import numpy as np
import pytest

from crossbar import (
    BitSliced,
    ColumnWise,
    ConductanceSwing,
    Differential,
    LeastSquares,
    Mapping,
    MaxWeight,
    MeanMagnitude,
    OffsetColumns,
    Percentile,
    Renormalised,
    Scale,
    SignedLevel,
)
from crossbar.mapping.levels import Levels
from device_models import CompoundMTJ, UnlimitedStates

V = 0.1
RULES = [LeastSquares(), MaxWeight(), Percentile(90), MeanMagnitude(0.7)]
MAPPINGS = [Differential(), SignedLevel(), OffsetColumns(), BitSliced(base=2)]
WEIGHTS = np.random.default_rng(0).normal(0, 0.3, (30, 6)) * np.geomspace(0.1, 10, 6)
every_rule = pytest.mark.parametrize("rule", RULES, ids=str)


def rms(scale: object, weights: np.ndarray, levels: Levels) -> np.ndarray:
    return np.linalg.norm(scale * levels.nearest(weights / scale) - weights, axis=0)


@every_rule
@pytest.mark.parametrize("mapping", MAPPINGS, ids=str)
def test_each_output_has_the_scale_it_would_have_alone(
    mapping: Mapping, rule: Scale, synapse: CompoundMTJ
) -> None:
    levels = mapping.levels(synapse, V)
    scales = ColumnWise(rule).fit(WEIGHTS, levels)
    assert scales.shape == (6,)
    for output in range(6):
        assert scales[output] == rule.fit(WEIGHTS[:, [output]], levels)


@every_rule
def test_outputs_may_be_scaled_and_reordered_one_by_one(rule: Scale, synapse: CompoundMTJ) -> None:
    levels = Differential().levels(synapse, V)
    factors, order = np.geomspace(1e-3, 1e3, 6), np.random.default_rng(1).permutation(6)
    scales = ColumnWise(rule).fit(WEIGHTS, levels)
    np.testing.assert_allclose(ColumnWise(rule).fit((WEIGHTS * factors)[:, order], levels),
                               (scales * factors)[order], rtol=1e-12)


@pytest.mark.parametrize("mapping", MAPPINGS, ids=str)
def test_least_squares_of_each_output_errs_nowhere_more_than_of_all(
    mapping: Mapping, synapse: CompoundMTJ
) -> None:
    levels = mapping.levels(synapse, V)
    each, whole = (rms(rule.fit(WEIGHTS, levels), WEIGHTS, levels)
                   for rule in (ColumnWise(), LeastSquares()))
    assert np.all(each <= whole * (1 + 1e-12))
    assert np.linalg.norm(each) < np.linalg.norm(whole)


@every_rule
def test_one_output_is_the_whole_layer(rule: Scale, synapse: CompoundMTJ) -> None:
    levels = Differential().levels(synapse, V)
    np.testing.assert_array_equal(ColumnWise(rule).fit(WEIGHTS[:, :1], levels),
                                  [rule.fit(WEIGHTS[:, :1], levels)])


@every_rule
def test_an_output_without_weights_has_the_scale_of_the_layer(
    rule: Scale, synapse: CompoundMTJ
) -> None:
    levels, weights = Differential().levels(synapse, V), WEIGHTS.copy()
    weights[:, [1, 4]] = 0.0
    scales = ColumnWise(rule).fit(weights, levels)
    np.testing.assert_array_equal(scales[[1, 4]], rule.fit(weights, levels))
    np.testing.assert_array_equal(scales[[0, 2, 3, 5]],
                                  ColumnWise(rule).fit(WEIGHTS, levels)[[0, 2, 3, 5]])
    np.testing.assert_allclose(ColumnWise(rule).fit(np.zeros((3, 2)), levels), 1 / levels.reach)


def test_continuous_levels_use_all_of_their_range_in_every_output(synapse: CompoundMTJ) -> None:
    levels = Differential().levels(UnlimitedStates(synapse), V)
    difference = WEIGHTS / ColumnWise().fit(WEIGHTS, levels)
    np.testing.assert_allclose(np.abs(difference).max(axis=0), levels.reach, rtol=1e-12)


def test_gains_are_one_to_an_output_or_one_for_all(synapse: CompoundMTJ) -> None:
    scales = ColumnWise().fit(WEIGHTS, Differential().levels(synapse, V))
    np.testing.assert_array_equal(Renormalised().weight_per_siemens(scales, synapse, V), scales)
    swing = ConductanceSwing(0.4)
    assert swing.weight_per_siemens(scales, synapse, V) == swing.weight_per_siemens(1, synapse, V)


@pytest.mark.parametrize("shape", [(), (3,), (2, 3, 4)])
def test_weights_that_are_no_matrix_are_refused(
    shape: tuple[int, ...], synapse: CompoundMTJ
) -> None:
    with pytest.raises(ValueError, match=r"weights have shape .*expected \(inputs, outputs\)"):
        ColumnWise().fit(np.ones(shape), Differential().levels(synapse, V))


@pytest.mark.parametrize("scale", ["max", MaxWeight, ColumnWise(), None])
def test_what_is_no_rule_for_one_output_is_refused(scale: object) -> None:
    with pytest.raises(TypeError, match="scale is"):
        ColumnWise(scale)  # type: ignore[arg-type]
