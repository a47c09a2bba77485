"""Laws of an ideal uniform converter."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from circuits import quantise
from tests.support.reference import Floats
from tests.support.strategies import few

values = hnp.arrays(float, hnp.array_shapes(max_dims=3, max_side=5), elements=st.floats(-10, 10))
bits = st.integers(1, 16)
ranges = st.tuples(st.floats(-5, 4), st.floats(1e-3, 5)).map(lambda r: (r[0], r[0] + r[1]))


def step(bits: int, low: float, high: float) -> float:
    return (high - low) / (2**bits - 1)


@few
@given(values, bits, ranges)
def test_idempotent(x: Floats, bits: int, limits: tuple[float, float]) -> None:
    once = quantise(x, bits, *limits)
    np.testing.assert_array_equal(quantise(once, bits, *limits), once)


@few
@given(values, bits, ranges)
def test_outputs_are_levels_of_the_range(x: Floats, bits: int,
                                         limits: tuple[float, float]) -> None:
    levels = np.linspace(*limits, 2**bits)
    distance = np.abs(quantise(x, bits, *limits)[..., None] - levels).min(axis=-1)
    assert np.all(distance <= 1e-14 * 10)


@few
@given(values, bits, ranges)
def test_error_is_at_most_half_a_step_inside_and_clips_outside(
    x: Floats, bits: int, limits: tuple[float, float]
) -> None:
    converted = quantise(x, bits, *limits)
    error = np.abs(converted - np.clip(x, *limits))
    assert np.all(error <= 0.5 * step(bits, *limits) + 1e-14 * 10)
    np.testing.assert_allclose(converted[x >= limits[1]], limits[1], rtol=1e-14, atol=1e-14)
    np.testing.assert_array_equal(converted[x <= limits[0]], limits[0])


@few
@given(hnp.arrays(float, 20, elements=st.floats(-10, 10)), bits, ranges)
def test_monotone(x: Floats, bits: int, limits: tuple[float, float]) -> None:
    assert np.all(np.diff(quantise(np.sort(x), bits, *limits)) >= 0)


@pytest.mark.parametrize("bits", [1, 2, 3, 8])
def test_number_of_levels(bits: int) -> None:
    levels = np.unique(quantise(np.linspace(-1, 2, 10_001), bits, -0.5, 1.5))
    assert len(levels) == 2**bits
    np.testing.assert_allclose(np.diff(levels), step(bits, -0.5, 1.5))


def test_one_bit_decides_at_the_middle() -> None:
    found = quantise([[-9.0, 0.24], [0.26, 9.0]], 1, 0.0, 0.5)
    np.testing.assert_array_equal(found, [[0.0, 0.0], [0.5, 0.5]])


@few
@given(values)
def test_no_bits_is_the_identity_and_a_copy(x: Floats) -> None:
    found = quantise(x, None, 0.0, 1.0)
    np.testing.assert_array_equal(found, x)
    assert not np.shares_memory(found, x)


def test_limit_of_many_bits_is_the_identity_within_the_range() -> None:
    x = np.linspace(-1, 1, 101)
    errors = [np.abs(quantise(x, b, -1.0, 1.0) - x).max() for b in (4, 8, 12, 16, 32)]
    assert all(np.diff(errors) < 0)
    assert errors[-1] < 3e-10


def test_input_is_left_alone() -> None:
    x = np.array([0.3, 7.0])
    quantise(x, 2, 0.0, 1.0)
    np.testing.assert_array_equal(x, [0.3, 7.0])
