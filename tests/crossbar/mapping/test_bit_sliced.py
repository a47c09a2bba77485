"""Laws of weights in slices: digits add up, levels leave no gap, of equal sums the least conducts.
"""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crossbar import (
    BitSliced,
    Differential,
    Hardware,
    Mapping,
    OffsetColumns,
    Placement,
    ReferenceColumn,
    SignedLevel,
    Subtraction,
    quantise_weights,
)
from device_models import CompoundMTJ, UnlimitedStates, load_stack

V = 0.1
MTJ = load_stack("kumar2024").mtj(1.9e-9)
INNER = [Differential(), SignedLevel(), ReferenceColumn(), OffsetColumns(2)]
every_inner = pytest.mark.parametrize("inner", INNER, ids=str)


@every_inner
@pytest.mark.parametrize("cells", [1, 2, 3])
@pytest.mark.parametrize("slices", [1, 2, 3])
@pytest.mark.parametrize("base", [None, 2, 3])
def test_levels_are_all_sums_of_digits(
    inner: Mapping, cells: int, slices: int, base: int | None
) -> None:
    device = CompoundMTJ(MTJ, cells)
    digits = inner.levels(device, V).values
    counts = (base or len(digits)) ** np.arange(slices)
    sums = np.array([counts @ each for each in product(digits, repeat=slices)])
    levels = BitSliced(inner, slices, base).levels(device, V)
    apart = 1e-8 * levels.reach
    assert np.all(np.diff(levels.values) > apart / 10)
    assert np.abs(sums[:, None] - levels.values).min(axis=1).max() < apart
    assert np.abs(sums[:, None] - levels.values).min(axis=0).max() < apart


@pytest.mark.parametrize("inner", [Differential(), ReferenceColumn(), OffsetColumns()], ids=str)
@pytest.mark.parametrize("cells", [1, 2, 3, 6])
@pytest.mark.parametrize("slices", [1, 2, 3])
def test_without_a_base_equal_cells_make_levels_at_equal_distances(
    inner: Mapping, cells: int, slices: int
) -> None:
    device = CompoundMTJ(MTJ, cells)
    g = device.conductances(V)
    steps = np.diff(BitSliced(inner, slices).levels(device, V).values)
    assert len(steps) + 1 == len(inner.levels(device, V).values) ** slices
    np.testing.assert_allclose(steps, g[1] - g[0], rtol=1e-8)


@every_inner
def test_one_slice_is_no_slice(inner: Mapping, synapse: CompoundMTJ) -> None:
    sliced = BitSliced(inner, slices=1).fitted(synapse, V)
    np.testing.assert_array_equal(sliced.levels(synapse, V).values,
                                  inner.levels(synapse, V).values)
    difference = np.random.default_rng(0).normal(0, 4e-5, (8, 5))
    np.testing.assert_array_equal(sliced.conductances(difference, synapse, V),
                                  inner.conductances(difference, synapse, V))
    np.testing.assert_array_equal(sliced.results(5), inner.results(5))


@every_inner
@pytest.mark.parametrize("subtraction", Subtraction)
@pytest.mark.parametrize("base", [None, 2, 4])
def test_sliced_products_are_unsliced_ones_where_both_hold_the_weights(
    inner: Mapping, subtraction: Subtraction, base: int | None, synapse: CompoundMTJ
) -> None:
    """All weights of the base at their sum of three equal digits, each a level of both."""
    inner = replace(inner, subtraction=subtraction)
    sliced = BitSliced(inner, 3, base).fitted(synapse, V)
    levels = inner.levels(synapse, V).values
    count = len(levels) if base is None else base
    weights = np.random.default_rng(1).choice(levels, (20, 7))
    factor = 1 + count + count**2
    v = np.random.default_rng(2).uniform(-V, V, (4, 20))
    products = [v @ mapping.conductances(each, synapse, V) @ mapping.results(7)
                for mapping, each in ((sliced, factor * weights), (inner, weights))]
    np.testing.assert_allclose(products[0] / factor, products[1],
                               atol=1e-12 * np.abs(products[1]).max())


@settings(max_examples=60)
@given(
    inner=st.sampled_from([Differential(), SignedLevel(), ReferenceColumn(1), OffsetColumns(1)]),
    cells=st.integers(1, 4), slices=st.integers(1, 3), base=st.integers(2, 7),
    seed=st.integers(0, 2**32),
)
def test_of_equal_sums_that_of_least_conductance_is_written(
    inner: Mapping, cells: int, slices: int, base: int, seed: int
) -> None:
    """Against all combinations, by what a row of their devices conducts."""
    device, sliced = CompoundMTJ(MTJ, cells), BitSliced(inner, slices, base)
    digits = inner.levels(device, V).values
    conducts = inner.conductances(digits[:, None], device, V).sum(axis=1)
    every = list(product(range(len(digits)), repeat=slices))
    sums = np.array([base ** np.arange(slices) @ digits[list(each)] for each in every])
    total = np.array([conducts[list(each)].sum() for each in every])
    levels = sliced.levels(device, V)
    level = np.random.default_rng(seed).choice(levels.values)
    least = total[np.abs(sums - level) < 1e-8 * levels.reach].min()
    written = sliced.conductances(np.array([[level]]), device, V)
    assert written.sum() == pytest.approx(least, rel=1e-12)


def test_of_one_cell_at_base_two_digits_are_the_fewest_that_are_not_zero() -> None:
    """1 is (1, 0) and not (-1, 1): a cell in parallel, not two."""
    device = CompoundMTJ(MTJ, 1)
    low, high = device.conductances(V)
    g = BitSliced(base=2).conductances(np.array([[high - low], [3 * (high - low)]]), device, V)
    np.testing.assert_array_equal(g, [[high, low, low, low], [high, low, high, low]])


@every_inner
@pytest.mark.parametrize("outputs", [1, 3])
def test_the_slices_of_an_output_are_neighbours_lowest_first(inner: Mapping, outputs: int) -> None:
    sliced = BitSliced(inner, slices=3, base=5)
    weight = np.kron(np.eye(outputs), [[1.0], [5.0], [25.0]])
    np.testing.assert_array_equal(sliced.results(outputs), inner.results(3 * outputs) @ weight)
    assert sliced.converters(outputs) == inner.converters(3 * outputs)


def test_slices_stand_side_by_side_in_each_of_two_arrays() -> None:
    sliced = BitSliced(Differential(placement=Placement.ARRAYS), slices=2, base=3)
    assert sliced.outputs_per_tile(7) == 3
    assert sliced.arrays(3) == [slice(0, 6), slice(6, 12)]
    np.testing.assert_array_equal(sliced.results(2), [
        [1, 0], [3, 0], [0, 1], [0, 3], [-1, 0], [-3, 0], [0, -1], [0, -3]])


@pytest.mark.parametrize("cells", [1, 3])
@pytest.mark.parametrize(("inner", "base"), [
    (Differential(), None), (SignedLevel(), 2), (ReferenceColumn(), None)], ids=str)
def test_each_slice_more_takes_a_third_of_the_error_away(
    inner: Mapping, base: int | None, cells: int
) -> None:
    w = np.random.default_rng(4).normal(0, 0.3, (40, 12))
    errors = []
    for slices in (1, 2, 3):
        hardware = Hardware(CompoundMTJ(MTJ, cells), mapping=BitSliced(inner, slices, base))
        errors.append(np.linalg.norm(quantise_weights(w, hardware).weights - w))
    assert errors[1] < errors[0] / 1.5
    assert errors[2] < errors[1] / 1.5


def test_a_mapping_is_fitted_again_to_another_synapse(synapse: CompoundMTJ) -> None:
    few, many = CompoundMTJ(MTJ, 1), CompoundMTJ(MTJ, 6)
    fitted = BitSliced().fitted(few, V)
    assert fitted.decoder(1).max() == 3
    assert fitted.fitted(many, V).decoder(1).max() == 13
    assert BitSliced(base=4).fitted(many, V).decoder(1).max() == 4


def test_without_a_synapse_there_is_no_base() -> None:
    with pytest.raises(ValueError, match=r"no base yet.*fitted\(synapse, v\)"):
        BitSliced().decoder(2)


def test_a_synapse_without_states_is_refused(synapse: CompoundMTJ) -> None:
    for ask in (BitSliced().levels, BitSliced().fitted):
        with pytest.raises(ValueError, match="no levels to make digits of"):
            ask(UnlimitedStates(synapse), V)


def test_too_many_combinations_are_refused_with_their_number() -> None:
    with pytest.raises(ValueError, match=r"5 slices of 21 levels each make 4.08e\+06.*1048576"):
        BitSliced(slices=5).levels(CompoundMTJ(MTJ, 10), V)


@pytest.mark.parametrize(("settings", "error", "message"), [
    ({"mapping": "differential"}, TypeError, "mapping is 'differential'"),
    ({"mapping": Differential}, TypeError, "mapping is"), ({"slices": 0}, ValueError, "slices is"),
    ({"slices": 2.0}, ValueError, "slices is"), ({"base": 1}, ValueError, "base is 1"),
    ({"base": 2.5}, ValueError, "base is 2.5")])
def test_settings_without_meaning_are_refused(
    settings: dict[str, object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        BitSliced(**settings)
