"""The in-plane hazard: limits on both sides of I_c0, no seam between, monotonicity, tiny tails."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import brentq

from device_models.switching.activation import log_survival, switching_time


@given(st.floats(0.0, 0.8), st.floats(40.0, 500.0), st.floats(1e-7, 1e-2))
def test_below_threshold_it_is_neel_and_brown(i: float, delta: float, pulse: float) -> None:
    """Where the remaining barrier exceeds 20 kT, to the swing's tau0/t and the cap's share."""
    left = delta * (1 - i)
    if left > 20:
        law = pulse / 1e-9 * math.exp(-left)
        got = -float(log_survival(i, delta, 1e-9, pulse))
        # Delta (c - (1 - i)) is nought after many damping times, c > 1 - i before
        assert got == pytest.approx(law, rel=1.1e-9 / pulse + 1e-4 * delta / 20)


@given(st.floats(1.3, 6.0), st.floats(50.0, 500.0))
def test_above_threshold_the_median_is_suns_time_less_the_stated_part(
    i: float, delta: float
) -> None:
    tau = 1e-9
    median = brentq(lambda t: float(log_survival(i, delta, tau, t)) + math.log(2), 0.0, 60e-9)
    sun = float(switching_time(i, delta, tau))
    earlier = (math.log(math.pi**2 / 2 * math.log(2)) + math.log(i / (i - 1))) / 2
    assert median == pytest.approx(sun - earlier * tau / (i - 1), rel=0.05)


@pytest.mark.parametrize("pulse", [1e-9, 20e-9, 200e-9, 1e-3])
@pytest.mark.parametrize("delta", [0.0, 1.0, 30.0, 211.0, 512.0])
def test_no_seam_at_threshold(delta: float, pulse: float) -> None:
    i = 1 + np.array([-1e-6, -1e-9, -1e-12, 0.0, 1e-12, 1e-9, 1e-6])
    logs = log_survival(i, delta, 1e-9, pulse)
    steepest = 2 * (10 + delta + pulse / 1e-9) * np.abs(logs[:-1])
    assert np.all(np.abs(np.diff(logs)) <= steepest * np.diff(i) + 1e-12 * (1 + np.abs(logs[1:])))


@pytest.mark.parametrize("delta", [1e-3, 1.0, 30.0, 211.0, 512.0])
def test_probability_rises_with_current_and_time_and_falls_with_the_barrier(delta: float) -> None:
    i = np.linspace(0, 5, 401)[:, None]
    t = np.concatenate([[0.0], np.logspace(-11, 8, 191)])
    logs = log_survival(i, delta, 1e-9, t)
    slack = 1e-12 * (1 + np.abs(logs))
    assert np.all(logs <= 0)
    assert np.all(np.diff(logs, axis=0) <= slack[1:])
    assert np.all(np.diff(logs, axis=1) <= slack[:, 1:])
    assert np.all(log_survival(i, 1.1 * delta, 1e-9, t) >= logs - slack)
    np.testing.assert_array_equal(logs[:, 0], 0.0)


def test_a_tiny_survival_keeps_its_digits() -> None:
    """WER -> Delta (i - 1)/i exp(-2 (i - 1) t/tau_D) times the escape's exp(-t/(Delta tau_D))."""
    i, delta, tau, t = 3.0, 211.0, 1e-9, 30e-9
    expected = math.log(delta * (i - 1) / i) - 2 * (i - 1) * t / tau - t / (delta * tau + 1e-9)
    assert float(log_survival(i, delta, tau, t)) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("pulse", [1e-9, 1.0, 1e300])
def test_a_boundless_overdrive_is_finite(pulse: float) -> None:
    assert np.isfinite(log_survival(1e300, 200.0, 1e-9, pulse))
