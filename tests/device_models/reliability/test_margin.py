"""Margins of a write: as stated, and how many compounds break before they have switched."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_models.reliability import (
    breakdown_before_switching,
    breakdown_probability,
    write_margin,
)

SPREAD, SHAPE = 0.06, 20.0


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
    v_c = volt * np.exp(SPREAD * rng.standard_normal((n, cells))).max(axis=1)
    v_b = 1.85 * rng.weibull(SHAPE, (n, cells)).min(axis=1)
    share = float(breakdown_before_switching(volt, 1.85, SPREAD, SHAPE, cells))
    assert np.mean(v_b < v_c) == pytest.approx(share, abs=5 * np.sqrt(share / n))


def test_a_small_share_that_breaks_first_is_the_mean_hazard() -> None:
    """E[(V_c/V_0)^b] of a log-normal is (median/V_0)^b exp(b^2 sigma^2/2)."""
    for sigma, beta in ((0.06, 20.0), (0.1, 40.0)):
        expected = (0.7 / 1.85) ** beta * math.exp((beta * sigma) ** 2 / 2)
        found = float(breakdown_before_switching(0.7, 1.85, sigma, beta))
        assert found == pytest.approx(expected, rel=1e-6)


def test_breaking_first_grows_with_the_critical_voltage_and_broadcasts() -> None:
    shares = breakdown_before_switching(
        np.linspace(0.5, 2.5, 30)[:, None], [1.85, 2.0], SPREAD, SHAPE, 3)
    assert shares.shape == (30, 2)
    assert np.all(np.diff(shares, axis=0) > 0)
    assert np.all(shares[:, 0] > shares[:, 1])
    assert np.all((shares >= 0) & (shares <= 1 + 1e-12))


@pytest.mark.parametrize(("spread", "shape"), [(0.5, 200.0), (0.9, 2e3), (0.99, 2e4)])
def test_a_steep_breakdown_is_the_share_of_critical_voltages_above_it(
    spread: float, shape: float
) -> None:
    """The limit of a large shape: P(V_c > V_0), in bounded time."""
    found = float(breakdown_before_switching(0.7, 1.85, spread, shape))
    above = math.erfc(math.log(1.85 / 0.7) / spread / math.sqrt(2)) / 2
    assert found == pytest.approx(above, rel=0.02)


@pytest.mark.parametrize(("call", "message"), [
    (lambda: write_margin(0.0, 1.8), "critical_voltage"),
    (lambda: write_margin([1, 2], [1, 2, 3]), r"critical_voltage has shape \(2,\)"),
    (lambda: breakdown_before_switching([1, 2], [1, 2, 3], SPREAD, SHAPE),
     r"scale_voltage has shape \(3,\)"),
    (lambda: breakdown_before_switching(1.0, 1.8, -0.1, SHAPE), "spread"),
])
def test_bad_input_is_refused_by_name(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator] # a lambda of the list above
