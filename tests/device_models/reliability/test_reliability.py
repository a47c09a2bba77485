"""Laws of reliability: references, inverses, weakest link, small probabilities, monotonicity."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import trapezoid

from device_models.reliability.reliability import (
    YEAR,
    breakdown_before_switching,
    breakdown_probability,
    breakdown_quantile,
    endurance,
    endurance_failure,
    mean_breakdown,
    read_disturb,
    required_stability,
    retention_failure,
    write_margin,
)
from device_models.switching.pulses import breakdown_voltage


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


def test_reading_hardly_disturbs() -> None:
    """4 uA of read against 2.3 mA: the barrier falls by 0.2 %."""
    year = float(read_disturb(211.0, 4e-6, 2.343e-3, YEAR))
    assert year == pytest.approx(YEAR / 1e-9 * math.exp(-211 * (1 - 4e-6 / 2.343e-3)), rel=1e-9)
    assert year < 1e-60
    currents = np.linspace(0, 3e-3, 50)
    assert np.all(np.diff(read_disturb(60.0, currents, 2.343e-3, 1.0)) >= 0)
    assert float(read_disturb(60.0, 5e-3, 2.343e-3, 1.0)) == 1.0
    assert read_disturb(60.0, 0.0, 1e-3, 1.0) == retention_failure(1.0, 60.0)


@given(st.floats(0.5, 3.0), st.integers(1, 8))
def test_a_compound_survives_if_all_its_cells_do(volt: float, cells: int) -> None:
    one = float(breakdown_probability(volt, 1.85))
    many = float(breakdown_probability(volt, 1.85, cells=cells))
    assert 1 - many == pytest.approx((1 - one) ** cells, rel=1e-9, abs=1e-14)


def test_mean_breakdown_is_that_of_the_law_and_scales_as_the_stated_voltages() -> None:
    volts = np.linspace(0, 4, 40001)
    numeric = trapezoid(1 - breakdown_probability(volts, 1.85, cells=3), volts)
    assert float(mean_breakdown(1.85, cells=3)) == pytest.approx(float(numeric), rel=1e-6)
    ratio = float(mean_breakdown(1.85, cells=3) / mean_breakdown(1.85))
    stated = float(breakdown_voltage(1.6e-9, 3) / breakdown_voltage(1.6e-9, 1))
    assert ratio == pytest.approx(stated, rel=1e-12)
    assert ratio == pytest.approx(1.7 / 1.8, rel=0.005)


@given(st.floats(0.3, 2.0), st.floats(1e-9, 0.99), st.integers(1, 4))
def test_endurance_is_the_inverse_of_its_failure(volt: float, failure: float, cells: int) -> None:
    pulses = float(endurance(volt, 1.85, failure, cells=cells))
    assert float(endurance_failure(pulses, volt, 1.85, cells=cells)) == pytest.approx(
        failure, rel=1e-6)


def test_one_pulse_breaks_what_the_breakdown_law_breaks() -> None:
    volts = np.linspace(-3, 3, 31)
    one = endurance_failure(1, volts, 1.85)
    np.testing.assert_allclose(one, breakdown_probability(volts, 1.85))
    assert np.isinf(endurance(0.0, 1.85))
    assert np.all(np.diff(endurance(volts[volts > 0.1], 1.85)) < 0)


def test_a_tiny_breakdown_probability_keeps_its_digits() -> None:
    assert float(breakdown_probability(0.1, 1.85)) == pytest.approx((0.1 / 1.85) ** 20, rel=1e-12)


def test_the_stated_margin_goes_from_157_percent_to_none() -> None:
    margin = write_margin([-0.7, 2.0], [1.8, 2.0])
    np.testing.assert_allclose(margin, [1.8 / 0.7 - 1, 0.0], atol=1e-15)
    assert float(write_margin(2.5, 1.9)) < 0  # 3 cells at 2.6 nm


@given(st.floats(0.3, 3.0), st.integers(1, 4), st.floats(2.0, 40.0))
def test_without_spread_the_median_decides(volt: float, cells: int, shape: float) -> None:
    found = float(breakdown_before_switching(-volt, 1.85, 0.0, shape, cells))
    expected = float(breakdown_probability(volt, 1.85, shape, cells))
    assert found == pytest.approx(expected, rel=1e-9, abs=1e-300)


@pytest.mark.parametrize("cells", [1, 3])
@pytest.mark.parametrize("volt", [1.4, 1.7, 2.0])
def test_breaking_first_is_as_frequent_as_among_drawn_cells(volt: float, cells: int) -> None:
    rng, n = np.random.default_rng(0), 200_000
    v_c = volt * np.exp(0.06 * rng.standard_normal((n, cells))).max(axis=1)
    v_b = 1.85 * rng.weibull(20.0, (n, cells)).min(axis=1)
    share = float(breakdown_before_switching(volt, 1.85, cells=cells))
    assert np.mean(v_b < v_c) == pytest.approx(share, abs=5 * np.sqrt(share / n))


def test_a_small_share_that_breaks_first_is_the_mean_hazard() -> None:
    """E[(V_c/V_0)^b] of a log-normal is (median/V_0)^b exp(b^2 sigma^2/2)."""
    for sigma, beta in ((0.06, 20.0), (0.1, 40.0)):
        expected = (0.7 / 1.85) ** beta * math.exp((beta * sigma) ** 2 / 2)
        found = float(breakdown_before_switching(0.7, 1.85, sigma, beta))
        assert found == pytest.approx(expected, rel=1e-6)


def test_breaking_first_grows_with_the_critical_voltage_and_broadcasts() -> None:
    shares = breakdown_before_switching(np.linspace(0.5, 2.5, 30)[:, None], [1.85, 2.0], cells=3)
    assert shares.shape == (30, 2)
    assert np.all(np.diff(shares, axis=0) > 0)
    assert np.all(shares[:, 0] > shares[:, 1])
    assert np.all((shares >= 0) & (shares <= 1 + 1e-12))


@pytest.mark.parametrize(("call", "message"), [
    (lambda: write_margin(0.0, 1.8), "critical_voltage"),
    (lambda: write_margin([1, 2], [1, 2, 3]), r"critical_voltage has shape \(2,\)"),
    (lambda: breakdown_before_switching([1, 2], [1, 2, 3]), r"scale_voltage has shape \(3,\)"),
    (lambda: breakdown_before_switching(1.0, 1.8, spread=-0.1), "spread"),
    (lambda: retention_failure([1, 2], [1, 2, 3]), r"time has shape \(2,\), stability"),
    (lambda: required_stability([1, 2], [0.1, 0.2, 0.3]), "failure has shape"),
    (lambda: read_disturb(50.0, [1, 2], [1, 2, 3], 1.0), "current has shape"),
    (lambda: breakdown_probability([1, 2], [1, 2, 3]), "voltage has shape"),
    (lambda: endurance_failure([1, 2], [1, 2, 3], 1.8), "pulses has shape"),
    (lambda: endurance([1, 2], 1.8, [0.1, 0.2, 0.3]), "failure has shape"),
    (lambda: retention_failure(-1.0, 50.0), "time"),
    (lambda: retention_failure(1.0, -50.0), "stability"),
    (lambda: required_stability(1.0, 0.0), "failure"),
    (lambda: required_stability(1.0, [0.5, 1.0]), "failure"),
    (lambda: read_disturb(50.0, 1e-6, 0.0, 1.0), "critical_current"),
    (lambda: breakdown_probability(1.0, 0.0), "scale_voltage"),
    (lambda: breakdown_probability(1.0, 1.8, shape=0.0), "shape"),
    (lambda: breakdown_probability(1.0, 1.8, cells=0), "cells"),
    (lambda: endurance_failure(-1, 1.0, 1.8), "pulses"),
    (lambda: endurance(1.0, 1.8, acceleration=math.nan), "acceleration"),
])
def test_bad_input_is_refused_by_name(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator] # a lambda of the list above


@given(st.floats(1e-9, 0.999), st.floats(0.5, 5), st.floats(2, 60), st.integers(1, 8))
def test_the_quantile_breaks_its_share(
    share: float, scale: float, shape: float, cells: int
) -> None:
    volt = breakdown_quantile(share, scale, shape, cells)
    assert float(breakdown_probability(volt, scale, shape, cells)) == pytest.approx(share, rel=1e-9)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, float("nan")])
def test_a_quantile_of_no_share_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        breakdown_quantile(share, 1.8)


def test_shapes_and_shares_beyond_meaning_are_refused_by_their_name() -> None:
    with pytest.raises(ValueError, match="shape"):
        mean_breakdown(1.8, 1e-3)
    with pytest.raises(ValueError, match="share is"):
        breakdown_quantile(1.5, 1.8)
    with pytest.raises(ValueError, match="failure is"):
        required_stability(1.0, 1.5)


@pytest.mark.parametrize("spread", [0.5, 5.0, 50.0])
def test_a_steep_breakdown_is_the_share_of_critical_voltages_above_it(spread: float) -> None:
    """The limit of a large shape: P(V_c > V_0), in bounded time."""
    found = float(breakdown_before_switching(0.7, 1.85, spread, 200.0))
    above = math.erfc(math.log(1.85 / 0.7) / spread / math.sqrt(2)) / 2
    assert found == pytest.approx(above, rel=0.02)
