"""Endurance: an inverse, and one pulse of it is the breakdown law."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_models.reliability import breakdown_probability, endurance, endurance_failure

SHAPE = 20.0


@given(st.floats(0.3, 2.0), st.floats(1e-9, 0.99), st.integers(1, 4))
def test_endurance_is_the_inverse_of_its_failure(volt: float, failure: float, cells: int) -> None:
    pulses = float(endurance(volt, 1.85, failure, SHAPE, cells))
    assert float(endurance_failure(pulses, volt, 1.85, SHAPE, cells)) == pytest.approx(
        failure, rel=1e-6)


def test_one_pulse_breaks_what_the_breakdown_law_breaks() -> None:
    volts = np.linspace(-3, 3, 31)
    one = endurance_failure(1, volts, 1.85, SHAPE)
    np.testing.assert_allclose(one, breakdown_probability(volts, 1.85, SHAPE))
    assert np.isinf(endurance(0.0, 1.85, 0.632, SHAPE))
    assert np.all(np.diff(endurance(volts[volts > 0.1], 1.85, 0.632, SHAPE)) < 0)


@pytest.mark.parametrize(("call", "message"), [
    (lambda: endurance_failure([1, 2], [1, 2, 3], 1.8, SHAPE), "pulses has shape"),
    (lambda: endurance([1, 2], 1.8, [0.1, 0.2, 0.3], SHAPE), "failure has shape"),
    (lambda: endurance_failure(-1, 1.0, 1.8, SHAPE), "pulses"),
    (lambda: endurance(1.0, 1.8, 0.632, SHAPE, acceleration=math.nan), "acceleration"),
])
def test_bad_input_is_refused_by_name(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator] # a lambda of the list above
