"""Laws of perpendicular switching: closed forms, symmetry, limits."""

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import ndtr

from device_models.magnet.perpendicular_barrier import effective_barrier, threshold_torque
from device_models.switching import (
    critical_current,
    critical_voltage,
    easy_axis_field,
    helping_field,
    pulse_field,
    return_probability,
    stability,
    switching_probability,
    write_error_rate,
)
from device_models.switching.llg import spin_torque_field, switching_probability_llg
from device_models.switching.perpendicular import final_state, gives_way
from tests.support.magnets import STANDING

H_K = STANDING.anisotropy_fields[0]
V_C = float(critical_voltage(STANDING))


def test_the_threshold_is_lees_closed_form_and_its_small_field_limit() -> None:
    h = np.linspace(-0.9, 0.9, 19)
    lee = np.sqrt((8 + 20 * h**2 - h**4 - h * (8 + h**2) ** 1.5) / 8)
    assert_allclose(threshold_torque(h), lee, rtol=1e-12)
    assert float(threshold_torque(0.01)) == pytest.approx(1 - math.sqrt(2) * 0.01, abs=1e-4)
    assert float(threshold_torque(1.0)) == float(threshold_torque(1.3)) == 0.0


@pytest.mark.parametrize("k", [0.0, 0.1, -0.2])
@pytest.mark.parametrize("h", [0.0, 0.3, -0.3])
def test_the_threshold_is_the_largest_restoring_torque(h: float, k: float) -> None:
    theta = np.linspace(0.0, math.pi / 2, 400_001)  # the side to which the current pulls
    torque = np.sin(2 * theta) - 2 * h * np.cos(theta) + 2 * k * np.sin(theta)
    assert float(threshold_torque(h, k)) == pytest.approx(torque.max(), rel=1e-9)


def test_the_critical_current_is_the_torque_it_makes() -> None:
    for field in (0.0, 20e-3):
        torque = spin_torque_field(STANDING, critical_current(STANDING, field))
        assert float(torque) == pytest.approx(
            float(threshold_torque(field / H_K)) * H_K / 2, rel=1e-9)


def test_the_critical_current_does_not_know_the_damping_and_falls_with_heat_and_field() -> None:
    assert critical_voltage(replace(STANDING, damping=0.01)) == V_C
    assert critical_voltage(STANDING, 0.0, 400.0) < V_C
    fields = critical_voltage(STANDING, np.linspace(-0.1, 0.1, 9))
    assert np.all(np.diff(fields) < 0)


def test_the_barrier_has_its_closed_forms() -> None:
    i = np.linspace(0.0, 1.0, 11)
    assert_allclose(effective_barrier(i, 0.0), np.sqrt(1 - i**2) - i * np.arccos(i), atol=1e-12)
    h = np.linspace(0.0, 1.0, 11)
    assert_allclose(effective_barrier(0.0, h), (1 - h) ** 2, atol=1e-12)
    assert float(effective_barrier(0.0, 0.0, 0.2)) == pytest.approx(1.44)
    assert np.all(effective_barrier(threshold_torque(h) * 1.001, h) == 0.0)


def test_a_field_helps_both_polarities_and_reversed_hinders_both() -> None:
    both = np.array([1.0, -1.0]) * V_C
    forward, backward = (switching_probability(STANDING, 0.9 * both, 10e-9, sign * 20e-3)
                         for sign in (1, -1))
    assert forward[0] == forward[1] > 0.9
    assert np.all(backward < 1e-6)
    assert_allclose(helping_field(STANDING, 5e-3, [1, -1]), 5e-3)
    assert pulse_field(STANDING, -1, 5e-3) == 5e-3


def test_a_strong_pulse_without_field_is_a_coin_toss_for_either_state() -> None:
    """And for a pulse of either sign; the law is symmetric by construction, LLG by nature."""
    for volt in (1.3, -1.3):
        for law in (switching_probability, write_error_rate, return_probability):
            assert float(law(STANDING, volt * V_C, 10e-9)) == pytest.approx(0.5, abs=1e-6)
    found = switching_probability_llg(STANDING, [1.3 * V_C, -1.3 * V_C], 3e-9, count=150, dt=2e-12,
                                      rng=1)
    assert_allclose(found, 0.5, atol=4 * 0.5 / math.sqrt(150))


@pytest.mark.parametrize("h", [-1.7, -0.95, 0.95, 1.1, 1.7])
def test_a_field_in_the_plane_prefers_no_state_without_current(h: float) -> None:
    """I = 0 is symmetric in z: one half in the long run, also where no barrier is left."""
    for law in (switching_probability, write_error_rate, return_probability):
        assert float(law(STANDING, 0.0, 1e-6, h * H_K)) == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize("h", [0.02, -0.02])
def test_a_hot_layer_without_current_is_balanced_and_current_tips_it(h: float) -> None:
    v = V_C * np.linspace(0, 0.3, 7)
    p = switching_probability(STANDING, v, 1e6, h * H_K, 1200.0)
    assert p[0] == pytest.approx(0.5, abs=1e-9)
    assert np.all((p[1:] - 0.5) * h > 0)
    assert abs(p[-1] - 0.5) > 0.25


def test_without_current_an_offset_weighs_the_states_by_boltzmann() -> None:
    """exp(-4 Delta H_z/H_k) to one: (1 + k)^2 - (1 - k)^2 = 4 k between the barriers."""
    held = replace(STANDING, offset_field=5e-3)
    kelvin = 1200.0
    ratio = 4 * float(stability(held, kelvin)) * 5e-3 / float(easy_axis_field(held, kelvin))
    p = float(switching_probability(held, 0.0, 1e9, 0.0, kelvin))
    assert p == pytest.approx(1 / (1 + math.exp(ratio)), rel=1e-4)


def test_beyond_the_anisotropy_field_no_pulse_leaves_a_memory() -> None:
    """At 1.1 H_k the moment lies along the field again when the current is gone."""
    law = switching_probability(STANDING, [0.0, 0.5 * V_C, 1.5 * V_C], 5e-9, 1.1 * H_K)
    assert_allclose(law, 0.5, atol=1e-3)
    found = switching_probability_llg(STANDING, [0.0, 1.5 * V_C], 5e-9, 1.1 * H_K, count=100,
                                      dt=2e-12, rng=6)
    assert_allclose(found, 0.5, atol=4 * 0.5 / math.sqrt(100))


def test_a_boundless_torque_is_finite() -> None:
    for law in (switching_probability, write_error_rate):
        assert 0 <= float(law(STANDING, 1e300, 1e300, 8e-3)) <= 1


def test_probability_and_error_add_up_and_the_error_keeps_its_digits() -> None:
    v = V_C * np.linspace(0.1, 1.6, 31)
    for field in (0.0, 3e-3, 30e-3, -30e-3):
        p, error = (law(STANDING, v, 20e-9, field) for law in (switching_probability,
                                                           write_error_rate))
        assert_allclose(p + error, 1.0, atol=1e-12)
    assert 0 < float(switching_probability(STANDING, 0.05 * V_C, 1e-9)) < 1e-30
    assert 0 < float(write_error_rate(STANDING, 1.5 * V_C, 50e-9, 8e-3)) < 1e-4


def test_more_voltage_or_time_switches_more() -> None:
    """Up to 2e-3: close to the threshold the balance of the two rates softens a little."""
    v = V_C * np.linspace(0.2, 1.5, 60)
    for field in (1e-3, 10e-3, 40e-3):
        assert np.all(np.diff(switching_probability(STANDING, v, 20e-9, field)) >= -2e-3)
    p = switching_probability(STANDING, 0.8 * V_C, np.geomspace(1e-9, 1e-6, 30), 10e-3)
    assert np.all(np.diff(p) >= -1e-12)


def test_the_rate_has_no_seam_at_the_threshold() -> None:
    near = V_C * np.array([1 - 1e-10, 1.0, 1 + 1e-10])
    p = switching_probability(STANDING, near, 0.2e-9)
    assert np.ptp(p) < 1e-3 * p[1]


def test_an_offset_splits_the_two_polarities() -> None:
    """A layer that is held down needs more current up than down."""
    held = replace(STANDING, offset_field=10e-3)
    up, down = critical_voltage(held, 10e-3, polarity=[1, -1])
    middle = float(critical_voltage(STANDING, 10e-3))
    assert down < middle < up
    assert (up + down) / 2 == pytest.approx(middle, rel=0.01)


def test_only_unit_polarities_pass() -> None:
    for law in (critical_current, critical_voltage):
        with pytest.raises(ValueError, match=r"polarity is 0.5 at index \(1,\); expected 1 "):
            law(STANDING, polarity=[1.0, 0.5])
    with pytest.raises(TypeError, match="expected a Magnet or a PerpendicularMagnet"):
        critical_current("kumar2024")  # type: ignore[arg-type] # bad on purpose


def test_the_final_state_without_field_is_open_and_with_it_certain() -> None:
    assert float(np.exp(final_state(0.0, 90.0, 0.1))) == pytest.approx(0.5)
    way = (0.1**4 + 0.01**2) ** 0.25  # where the limits alpha and sqrt h meet
    assert float(np.exp(final_state(0.01, 90.0, 0.1))) == pytest.approx(
        float(ndtr(0.01 * math.sqrt(2 * 90 / 0.1 / way))))
    assert float(final_state(0.1, 90.0, 0.1)) > -1e-9


@pytest.mark.parametrize("beta", [0.0, 0.3])
@pytest.mark.parametrize("damping", [0.027, 0.1])
def test_the_final_state_has_no_kink_over_the_field(damping: float, beta: float) -> None:
    """At h = alpha^2, 0.12 mT of 166, its slope jumped by a quarter."""
    h = np.geomspace(0.2, 5.0, 4001) * damping**2
    p = np.exp(final_state(h, 92.0, damping, beta, 0.01))
    slope = np.diff(p) / np.diff(h)
    assert np.max(np.abs(np.diff(slope))) < 2e-3 * slope[0]


def test_where_the_state_along_y_gives_way_has_its_three_limits() -> None:
    """The damping; the field's tilt; and the pitchfork, the last of the equilibria along y.

    With b (m x y) and beta b y against H_k m_z they lie at b/H_k = beta s/(s^2 + beta^2), s = m_y.
    """
    assert float(gives_way(1e-9, 0.05)) == pytest.approx(0.05, rel=1e-6)
    assert float(gives_way(0.25, 0.001)) == pytest.approx(0.5, rel=1e-3)
    assert float(gives_way(0.0, 0.01, 0.4)) == pytest.approx(0.4 / 1.16, rel=1e-3)
    s, beta = 0.7, 0.3
    b = beta * s / (s**2 + beta**2)
    x, z = (math.sqrt((1 - s**2) / (s**2 + beta**2)) * part for part in (s, -beta))
    m = np.array([x, s, z])
    field = np.array([0, beta * b, z]) + b * np.cross(m, [0, 1, 0])
    assert_allclose(np.cross(m, field), 0, atol=1e-12)


def test_edges_and_torques_that_leave_ringing_are_refused() -> None:
    cell = replace(STANDING, damping=0.027)
    with pytest.raises(ValueError, match=r"edge is down to 1e-09 s; expected 2\.54e-08 s or more"):
        switching_probability(cell, 1.2 * V_C, 10e-9, 8e-3, edge=1e-9)
    helped = replace(cell, field_like=0.3)
    assert float(switching_probability(helped, 1.2 * V_C, 10e-9, 8e-3, edge=1.2e-9)) > 0.999
    for edge in (0.0, 0.3e-9):
        with pytest.raises(ValueError, match="take llg"):
            switching_probability(helped, 1.2 * V_C, 10e-9, 8e-3, edge=edge)
    with pytest.raises(ValueError, match=r"field_like is -0\.3; the perpendicular law holds for 0"):
        switching_probability(replace(cell, field_like=-0.3), V_C, 10e-9, 8e-3)
