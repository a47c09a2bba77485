"""Retention: a reference, an inverse, and digits kept although tiny."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_models.reliability import YEAR, required_stability, retention_failure


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


@pytest.mark.parametrize(("call", "message"), [
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
