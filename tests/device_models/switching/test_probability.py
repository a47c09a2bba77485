"""Switching of an in-plane cell: complements, balance without torque, the stated voltages."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from device_models import Magnet
from device_models.switching import (
    easy_axis_field,
    return_probability,
    stability,
    switching_probability,
    write_error_rate,
)
from device_models.switching.llg import switching_probability_llg
from tests.support.magnets import THICK, THIN


@given(st.floats(0.0, 3.0), st.floats(0.0, 1e-6), st.floats(-9e-3, 9e-3), st.floats(250, 400))
def test_success_and_error_are_complements_and_rise_and_fall_together(
    volt: float, pulse: float, field: float, kelvin: float
) -> None:
    p = float(switching_probability(THIN, -volt, pulse, field, kelvin))
    assert 0 <= p <= 1
    assert p + float(write_error_rate(THIN, -volt, pulse, field, kelvin)) == pytest.approx(1.0)
    slack = 1e-12
    if volt > 0:  # 0 V counts as positive
        assert switching_probability(THIN, -volt, pulse, field - 1e-3, kelvin) >= p - slack
    if volt > 0 and field <= 0:  # against a field heat also takes the written state away
        assert switching_probability(THIN, -volt, pulse, field, kelvin + 20) >= p - slack
    mirrored = switching_probability(THIN, volt, pulse, -field, kelvin)
    assert volt == 0 or float(mirrored) == pytest.approx(p, rel=1e-12, abs=1e-300)


@pytest.mark.parametrize("field", [0.0, 1e-3, -1e-3])
def test_without_torque_the_states_are_in_boltzmanns_balance(field: float) -> None:
    """In-plane: exp(4 Delta H/H_k) to one, and one half without field."""
    kelvin = 1350.0
    odds = 4 * float(stability(THIN, kelvin)) * field / float(easy_axis_field(THIN, kelvin))
    found = float(switching_probability(THIN, 0.0, 1e-3, field, kelvin))
    assert found == pytest.approx(1 / (1 + math.exp(-odds)), rel=1e-6)
    back = float(return_probability(THIN, 0.0, 1e-3, field, kelvin))
    assert found + back == pytest.approx(1.0)


def test_a_state_without_a_barrier_in_the_field_that_stays_is_not_written() -> None:
    """Against 12 and 20 mT, beyond H_k, the macrospin falls back too; against 6 mT it stays."""
    fields = -np.array([6e-3, 12e-3, 20e-3])
    assert_allclose(switching_probability(THIN, 2.0, 50e-9, fields), [1, 0, 0], atol=1e-9)
    found = switching_probability_llg(THIN, 2.0, 50e-9, fields[[0, 2]], count=16, dt=2e-12)
    assert_allclose(found, [1, 0])


@pytest.mark.parametrize("pulse", [1e-9, 1.0, 1e300])
def test_a_boundless_torque_is_certain(pulse: float) -> None:
    assert float(switching_probability(THIN, 1e300, pulse, 8e-3)) == 1.0
    assert float(write_error_rate(THIN, 1e300, pulse, 8e-3)) < 1e-30


def test_tiny_write_errors_keep_their_digits() -> None:
    volts = np.array([1.2, 1.6, 2.0])
    rate = write_error_rate(THIN, -volts, 30e-9, -6e-3)
    assert np.all((rate > 0) & (rate < 1e-9))
    assert np.all(np.diff(rate) < 0)
    assert rate[-1] < 1e-25


@pytest.mark.parametrize(("magnet", "volt"), [(THIN, 0.7), (THICK, 2.0)])
def test_switching_sets_in_near_the_stated_voltage_in_200_ns(magnet: Magnet, volt: float) -> None:
    volts = -np.linspace(0.5, 1.5, 1001) * volt
    p = switching_probability(magnet, volts, 200e-9)
    assert volts[np.argmax(p > 0.5)] == pytest.approx(-volt, rel=0.03)


def test_probability_broadcasts() -> None:
    p = switching_probability(THIN, -np.linspace(0.1, 2, 5)[:, None], 200e-9, 0.0,
                              np.array([300.0, 350.0]), np.ones(2))
    assert p.shape == (5, 2)


@pytest.mark.parametrize(("call", "message"), [
    (lambda: switching_probability(THIN, math.nan, 1e-9), "voltage"),
    (lambda: switching_probability(THIN, 1.0, -1e-9), "pulse"),
    (lambda: switching_probability(THIN, 1.0, 1e-9, math.inf), "field"),
    (lambda: switching_probability(THIN, 1.0, 1e-9, 0.0, 0.0), "temperature"),
    (lambda: switching_probability(THIN, 1.0, 1e-9, 0.0, 2000.0), "Curie"),
    (lambda: switching_probability(THIN, 1.0, 1e-9, edge=-1e-9), "edge"),
    (lambda: switching_probability(THIN, 1.0, 1e-9, edge=2e-9), "edges up to the pulse's width"),
    (lambda: write_error_rate(THIN, 1.0, 1e-9, spread=[1.0, 0.0]), "spread"),
    (lambda: switching_probability(THIN, [1, 2], [1e-9] * 3), "voltage has shape .* pulse has"),
])
def test_bad_input_is_refused_by_name(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator] # a lambda of the list above
