"""Retention: a reference, an inverse, and digits kept although tiny."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from device_models.reliability import (
    YEAR,
    required_stability,
    retention_failure,
    two_state_loss,
)

barriers = st.floats(0.0, 500.0)
times = st.floats(0.0, 1e12)


def test_ten_years_at_one_in_a_million_need_54() -> None:
    assert int(required_stability(10 * YEAR, 1e-6)) == 54  # 54.1
    assert float(retention_failure(10 * YEAR, 54.2)) < 1e-6 < float(
        retention_failure(10 * YEAR, 54.0))


@given(st.floats(1e-6, 1e10), st.floats(1e-12, 0.9))
def test_required_stability_is_the_inverse_of_retention(time: float, failure: float) -> None:
    delta = float(required_stability(time, failure))
    assert float(retention_failure(time, delta)) == pytest.approx(failure, rel=1e-9)


def test_retention_of_the_thin_cell_keeps_its_digits_although_tiny() -> None:
    expected = 10 * YEAR / 1e-9 * math.exp(-211)
    assert float(retention_failure(10 * YEAR, 211)) == pytest.approx(expected, rel=1e-12)
    assert np.all(retention_failure([0.0, 1e200], [10.0, 1.0]) == [0.0, 1.0])


@given(times, barriers, barriers)
def test_a_loss_that_nothing_brings_back_is_that_of_retention(
    time: float, delta: float, other: float
) -> None:
    """Small ones are equal to what may come back, r2 t; large ones are never above."""
    found, failure = float(two_state_loss(time, delta, other)), float(
        retention_failure(time, delta))
    rounding = 1e-12 * failure + 1e-310  # below normal numbers there are few digits
    assert found <= failure + rounding
    moved = time / 1e-9 * (math.exp(-delta) + math.exp(-other))
    assert found >= failure * (1 - min(moved, 1.0)) - rounding
    assert float(two_state_loss(time, delta, 900.0)) == pytest.approx(failure, rel=1e-12)


@given(barriers, barriers)
def test_after_ever_so_long_the_states_are_in_boltzmanns_balance(
    delta: float, other: float
) -> None:
    for time in (1e230, 1e308):  # of which the tries are finite, and beyond all numbers
        found = float(two_state_loss(time, delta, other))
        assert found == pytest.approx(1 / (1 + math.exp(delta - other)), rel=1e-12)


@given(times, barriers, barriers)
def test_losses_of_both_states_are_in_detailed_balance(
    time: float, delta: float, other: float
) -> None:
    out, back = float(two_state_loss(time, delta, other)), float(
        two_state_loss(time, other, delta))
    assume(min(out, back) > 1e-290)  # or its digits are cut off
    assert out * math.exp((delta - other) / 2) == pytest.approx(
        back * math.exp((other - delta) / 2), rel=1e-12)


@given(st.floats(0.0, 1e3), st.floats(0.0, 1e3), st.floats(15, 30), st.floats(15, 30))
def test_to_wait_twice_is_to_wait_as_long(
    first: float, second: float, delta: float, other: float
) -> None:
    out = two_state_loss(first, delta, other)
    assert float((1 - out) * two_state_loss(second, delta, other)
                 + out * (1 - two_state_loss(second, other, delta))) == pytest.approx(
        float(two_state_loss(first + second, delta, other)), rel=1e-9, abs=1e-14)


def test_barriers_beyond_all_numbers_lose_nothing() -> None:
    assert np.all(two_state_loss([0.0, 1.0, 1e308], 900.0, 1000.0) == 0.0)
    assert float(two_state_loss(10 * YEAR, 500.0, 500.0)) == pytest.approx(
        10 * YEAR / 1e-9 * math.exp(-500.0), rel=1e-12)


@pytest.mark.parametrize(("call", "message"), [
    (lambda: two_state_loss([1, 2], 1.0, [1, 2, 3]), r"time has shape \(2,\).*other has shape"),
    (lambda: two_state_loss(1.0, 50.0, -1.0), "other"),
    (lambda: two_state_loss(1.0, 50.0, 50.0, 0.0), "attempt_time"),
    (lambda: retention_failure([1, 2], [1, 2, 3]), r"time has shape \(2,\), stability"),
    (lambda: required_stability([1, 2], [0.1, 0.2, 0.3]), "failure has shape"),
    (lambda: retention_failure(-1.0, 50.0), "time"),
    (lambda: retention_failure(1.0, -50.0), "stability"),
    (lambda: required_stability(1.0, 0.0), "failure"),
    (lambda: required_stability(1.0, [0.5, 1.0]), "failure"),
    (lambda: required_stability(1.0, 1.5), "failure is"),
])
def test_bad_input_is_refused_by_name(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator] # a lambda of the list above
