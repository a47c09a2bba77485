"""Endurance: an inverse, and one pulse of it is the breakdown law."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_models.reliability import (
    breakdown_of_width,
    breakdown_probability,
    endurance,
    endurance_failure,
)

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


@given(st.floats(0.3, 1.9), st.floats(1e-3, 1e3), st.integers(1, 4))
def test_what_ages_a_barrier_is_the_time_under_voltage(
    volt: float, width: float, cells: int
) -> None:
    """As many pulses of half the width are borne twice; one long pulse is many short ones."""
    whole, parts = (float(endurance(volt, 1.85, 0.1, SHAPE, cells, width=w))
                    for w in (width, width / 2))
    assert parts == pytest.approx(2 * whole, rel=1e-12)
    assert float(endurance_failure(whole, volt, 1.85, SHAPE, cells, width=width)) == pytest.approx(
        0.1, rel=1e-6)
    one = endurance_failure(1, volt, 1.85, SHAPE, cells, width=width)
    assert float(one) == pytest.approx(
        float(endurance_failure(width, volt, 1.85, SHAPE, cells)), rel=1e-12)


@given(st.floats(0.5, 3.0), st.floats(1e-3, 1e3), st.floats(10, 80))
def test_the_breakdown_voltage_of_another_width_breaks_as_many(
    volt: float, width: float, acceleration: float
) -> None:
    borne = breakdown_of_width(volt, width, acceleration)
    found = endurance_failure(1, borne, 1.85, SHAPE, acceleration=acceleration, width=width)
    assert float(found) == pytest.approx(float(breakdown_probability(volt, 1.85, SHAPE)), rel=1e-6)
    assert float(breakdown_of_width(1.0, 1 / 20)) == pytest.approx(1.078, abs=5e-4)


@pytest.mark.parametrize(("call", "message"), [
    (lambda: endurance(1.0, 1.8, 0.632, SHAPE, width=0.0), "width"),
    (lambda: breakdown_of_width(1.0, -1.0), "width"),
    (lambda: endurance_failure([1, 2], [1, 2, 3], 1.8, SHAPE), "pulses has shape"),
    (lambda: endurance([1, 2], 1.8, [0.1, 0.2, 0.3], SHAPE), "failure has shape"),
    (lambda: endurance_failure(-1, 1.0, 1.8, SHAPE), "pulses"),
    (lambda: endurance(1.0, 1.8, 0.632, SHAPE, acceleration=math.nan), "acceleration"),
])
def test_bad_input_is_refused_by_name(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator] # a lambda of the list above
