"""Laws of perpendicular switching: closed forms, symmetry, limits, and the macrospin itself."""

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.special import ndtr

from device_models.magnet.perpendicular import PerpendicularMagnet
from device_models.switching.llg import (
    macrospin,
    spin_torque_field,
    switching_probability_llg,
    thermal_start,
    trajectories,
)
from device_models.switching.perpendicular import effective_barrier, final_state
from device_models.switching.pulses import (
    critical_current,
    critical_voltage,
    damping_time,
    easy_axis_field,
    helping_field,
    pulse_field,
    return_probability,
    stability,
    switching_probability,
    threshold_torque,
    write_error_rate,
)
from device_models.switching.sequential import resistance_voltage_loop, voltage_sweep

CELL = PerpendicularMagnet(
    saturation_magnetisation=1.257e6, interface_anisotropy=1.3e-3, damping=0.1,
    spin_hall_angle=0.3, thickness=1.3e-9, length=60e-9, width=60e-9, coercive_field=50e-3,
    channel_width=170e-9, channel_thickness=3.5e-9, channel_resistance=1242.0)
H_K = CELL.anisotropy_fields[0]
V_C = float(critical_voltage(CELL))


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
        torque = spin_torque_field(CELL, critical_current(CELL, field))
        assert float(torque) == pytest.approx(
            float(threshold_torque(field / H_K)) * H_K / 2, rel=1e-9)


def test_the_critical_current_does_not_know_the_damping_and_falls_with_heat_and_field() -> None:
    assert critical_voltage(replace(CELL, damping=0.01)) == V_C
    assert critical_voltage(CELL, 0.0, 400.0) < V_C
    fields = critical_voltage(CELL, np.linspace(-0.1, 0.1, 9))
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
    forward, backward = (switching_probability(CELL, 0.9 * both, 10e-9, sign * 20e-3)
                         for sign in (1, -1))
    assert forward[0] == forward[1] > 0.9
    assert np.all(backward < 1e-6)
    assert_allclose(helping_field(CELL, 5e-3, [1, -1]), 5e-3)
    assert pulse_field(CELL, -1, 5e-3) == 5e-3


def test_a_strong_pulse_without_field_is_a_coin_toss_for_either_state() -> None:
    """And for a pulse of either sign; the law is symmetric by construction, LLG by nature."""
    for volt in (1.3, -1.3):
        for law in (switching_probability, write_error_rate, return_probability):
            assert float(law(CELL, volt * V_C, 10e-9)) == pytest.approx(0.5, abs=1e-6)
    found = switching_probability_llg(CELL, [1.3 * V_C, -1.3 * V_C], 3e-9, count=150, dt=2e-12,
                                      rng=1)
    assert_allclose(found, 0.5, atol=4 * 0.5 / math.sqrt(150))


@pytest.mark.parametrize("h", [-1.7, -0.95, 0.95, 1.1, 1.7])
def test_a_field_in_the_plane_prefers_no_state_without_current(h: float) -> None:
    """I = 0 is symmetric in z: one half in the long run, also where no barrier is left."""
    for law in (switching_probability, write_error_rate, return_probability):
        assert float(law(CELL, 0.0, 1e-6, h * H_K)) == pytest.approx(0.5, abs=1e-6)


@pytest.mark.parametrize("h", [0.02, -0.02])
def test_a_hot_layer_without_current_is_balanced_and_current_tips_it(h: float) -> None:
    v = V_C * np.linspace(0, 0.3, 7)
    p = switching_probability(CELL, v, 1e6, h * H_K, 1200.0)
    assert p[0] == pytest.approx(0.5, abs=1e-9)
    assert np.all((p[1:] - 0.5) * h > 0)
    assert abs(p[-1] - 0.5) > 0.25


def test_without_current_an_offset_weighs_the_states_by_boltzmann() -> None:
    """exp(-4 Delta H_z/H_k) to one: (1 + k)^2 - (1 - k)^2 = 4 k between the barriers."""
    held = replace(CELL, offset_field=5e-3)
    kelvin = 1200.0
    ratio = 4 * float(stability(held, kelvin)) * 5e-3 / float(easy_axis_field(held, kelvin))
    p = float(switching_probability(held, 0.0, 1e9, 0.0, kelvin))
    assert p == pytest.approx(1 / (1 + math.exp(ratio)), rel=1e-4)


def test_beyond_the_anisotropy_field_no_pulse_leaves_a_memory() -> None:
    """At 1.1 H_k the moment lies along the field again when the current is gone."""
    law = switching_probability(CELL, [0.0, 0.5 * V_C, 1.5 * V_C], 5e-9, 1.1 * H_K)
    assert_allclose(law, 0.5, atol=1e-3)
    found = switching_probability_llg(CELL, [0.0, 1.5 * V_C], 5e-9, 1.1 * H_K, count=100,
                                      dt=2e-12, rng=6)
    assert_allclose(found, 0.5, atol=4 * 0.5 / math.sqrt(100))


def test_a_boundless_torque_is_finite() -> None:
    for law in (switching_probability, write_error_rate):
        assert 0 <= float(law(CELL, 1e300, 1e300, 8e-3)) <= 1


def test_probability_and_error_add_up_and_the_error_keeps_its_digits() -> None:
    v = V_C * np.linspace(0.1, 1.6, 31)
    for field in (0.0, 3e-3, 30e-3, -30e-3):
        p, error = (law(CELL, v, 20e-9, field) for law in (switching_probability,
                                                           write_error_rate))
        assert_allclose(p + error, 1.0, atol=1e-12)
    assert 0 < float(switching_probability(CELL, 0.05 * V_C, 1e-9)) < 1e-30
    assert 0 < float(write_error_rate(CELL, 1.5 * V_C, 50e-9, 8e-3)) < 1e-4


def test_more_voltage_or_time_switches_more() -> None:
    """Up to 2e-3: close to the threshold the balance of the two rates softens a little."""
    v = V_C * np.linspace(0.2, 1.5, 60)
    for field in (1e-3, 10e-3, 40e-3):
        assert np.all(np.diff(switching_probability(CELL, v, 20e-9, field)) >= -2e-3)
    p = switching_probability(CELL, 0.8 * V_C, np.geomspace(1e-9, 1e-6, 30), 10e-3)
    assert np.all(np.diff(p) >= -1e-12)


def test_the_rate_has_no_seam_at_the_threshold() -> None:
    near = V_C * np.array([1 - 1e-10, 1.0, 1 + 1e-10])
    p = switching_probability(CELL, near, 0.2e-9)
    assert np.ptp(p) < 1e-3 * p[1]


def test_an_offset_splits_the_two_polarities() -> None:
    """A layer that is held down needs more current up than down."""
    held = replace(CELL, offset_field=10e-3)
    up, down = critical_voltage(held, 10e-3, polarity=[1, -1])
    middle = float(critical_voltage(CELL, 10e-3))
    assert down < middle < up
    assert (up + down) / 2 == pytest.approx(middle, rel=0.01)


def test_only_unit_polarities_pass() -> None:
    for law in (critical_current, critical_voltage):
        with pytest.raises(ValueError, match=r"polarity is 0.5 at index \(1,\); expected 1 "):
            law(CELL, polarity=[1.0, 0.5])
    with pytest.raises(TypeError, match="expected a Magnet or a PerpendicularMagnet"):
        critical_current("kumar2024")  # type: ignore[arg-type] # bad on purpose


# ---- the macrospin itself


def onset(cell: PerpendicularMagnet, edge: float, field: float = 0.0) -> float:
    """Torque over H_k/2 at which the cold moment first leaves its state."""
    spin, h_k = macrospin(cell, 0.0), cell.anisotropy_fields[0]
    i = np.arange(0.6, 1.1, 0.005)
    torque, start = i * h_k / 2, np.tile([field / h_k + 1e-4, 1e-4, -1.0], (len(i), 1))
    m = start / np.linalg.norm(start, axis=1)[:, None]
    for share in (np.arange(40) + 0.5) / 40 if edge else ():
        m = trajectories(spin, m, edge / 40, field=[field, 0, 0], torque=share * torque,
                         dt=2e-12)[:, -1]
    m = trajectories(spin, m, 3e-9, field=[field, 0, 0], torque=torque, dt=2e-12)[:, -1]
    # a slow current leaves it tilted by at most 50 degrees, or takes it away; an abrupt one lets it
    # swing, and has taken it away if it lies along y
    left = m[:, 2] > -0.4 if edge else np.abs(m[:, 1]) > 0.9
    assert left[-1]
    return float(i[np.argmax(left)])


@pytest.mark.parametrize("field", [0.0, 5e-3, 20e-3])
@pytest.mark.parametrize(("damping", "length"), [(0.027, 60e-9), (0.1, 60e-9), (0.1, 120e-9)])
def test_a_slowly_rising_current_switches_at_the_threshold(
    damping: float, length: float, field: float
) -> None:
    """Within 1 %, circle or ellipse: the grid is 0.5 %, and the law has no free number."""
    cell = replace(CELL, damping=damping, length=length)
    assert onset(cell, 20 * float(damping_time(cell)), field) == pytest.approx(
        float(threshold_torque(field / cell.anisotropy_fields[0])), rel=0.01)


def test_an_abrupt_current_overshoots_down_to_the_undamped_limit() -> None:
    """Without damping and field the projected path is (r s, 1) exp(-s), r = H_k/b, from the pole.

    It meets the unit circle, and turns back, unless 1 + (r s)^2 < exp(2 s) throughout: b > b_0
    with (H_k/b_0)^2 = min (exp(2 s) - 1)/s^2. Damping moves the onset up to the static threshold.
    """
    s = np.linspace(0.1, 3.0, 30_001)
    limit = 2 / math.sqrt(float(np.min(np.expm1(2 * s) / s**2)))
    assert limit == pytest.approx(0.805, abs=1e-3)
    assert onset(replace(CELL, damping=0.001), 0.0) == pytest.approx(limit, abs=0.01)
    onsets = [onset(replace(CELL, damping=alpha), 0.0) for alpha in (0.001, 0.03, 0.1, 0.5)]
    assert np.all(np.diff(onsets) > 0)
    assert limit - 0.006 < onsets[0] < onsets[-1] < 1.01


def even_odds(volts: np.ndarray, probability: np.ndarray, level: float) -> float:
    return float(np.interp(level, probability, volts))


@pytest.mark.parametrize(("pulse", "field", "damping"), [
    (5e-9, 0.0, 0.1), (5e-9, 20e-3, 0.1), (50e-9, 5e-3, 0.1), (5e-9, 20e-3, 0.027)])
def test_heat_moves_the_threshold_as_the_macrospin_says(
    pulse: float, field: float, damping: float
) -> None:
    """Current of even odds (of half its final value without field) within 5 %.

    The law lies below: its attempt time is 1 ns for every damping and barrier, and its potential
    holds in the x-z plane only. At a slope d(Delta c)/di of some 70, a factor of 10 in the rate is
    3 % of current.
    """
    cell, level = replace(CELL, damping=damping), 0.25 if field == 0 else 0.5
    middle = float(critical_voltage(cell, field))
    volts = middle * np.linspace(0.72, 1.04, 9)
    found = switching_probability_llg(cell, volts, pulse, field, count=100, dt=2e-12, rng=2)
    law = switching_probability(cell, volts, pulse, field)
    assert even_odds(volts, found, level) == pytest.approx(
        even_odds(volts, law, level), rel=0.05)


@pytest.mark.parametrize("h", [0.0, 0.003, 0.01, 0.03])
def test_the_final_state_is_decided_between_field_and_heat(h: float) -> None:
    """Phi(h sqrt(2 Delta H_k/(alpha b))) within 0.12: four errors of 300 pulses."""
    found = switching_probability_llg(CELL, 1.3 * V_C, 2e-9, h * H_K, count=300, dt=2e-12, rng=3)
    law = switching_probability(CELL, 1.3 * V_C, 2e-9, h * H_K)
    assert float(found) == pytest.approx(float(law), abs=0.12)


def test_the_final_state_without_field_is_open_and_with_it_certain() -> None:
    assert float(np.exp(final_state(0.0, 90.0, 0.1))) == pytest.approx(0.5)
    assert float(np.exp(final_state(0.01, 90.0, 0.1))) == pytest.approx(
        float(ndtr(0.01 * math.sqrt(2 * 90 / 0.1 / 0.1))))
    assert float(final_state(0.1, 90.0, 0.1)) > -1e-9


def test_a_fast_fall_rings_and_returns_which_bounds_the_law() -> None:
    """alpha = 0.027, 8 mT: right in 92-99 % after a fall of 20 damping times, worse after 5."""
    cell = replace(CELL, damping=0.027)
    tau = float(damping_time(cell))
    slow, fast = (float(switching_probability_llg(cell, 1.3 * V_C, 2e-9, 8e-3, count=150, rng=4,
                                                  edge=times * tau, dt=3e-12, relax=4 * tau))
                  for times in (20, 5))
    assert slow > 0.93
    assert fast < 0.9
    assert float(switching_probability(cell, 1.3 * V_C, 2e-9, 8e-3)) > 0.99


def test_the_thermal_start_is_tilted_by_the_field() -> None:
    spin = macrospin(CELL, 300.0)
    m = thermal_start(spin, np.zeros(4000, bool), np.random.default_rng(1), [20e-3, 0.0, 0.0])
    assert np.all(m[:, 2] < 0)
    assert np.mean(m[:, 0]) == pytest.approx(20e-3 / H_K, rel=0.05)
    assert np.var(m[:, 1]) == pytest.approx(1.380649e-23 * 300 / (spin.moment * H_K), rel=0.1)


# ---- R(V) loops


def test_a_loop_keeps_one_field_and_writes_with_both_signs() -> None:
    loop = resistance_voltage_loop(CELL, voltage_sweep(1.4 * V_C, 61), 6.4e3, 14e3, pulse=10e-9,
                                   assist_field=20e-3, cells=2)
    assert list(dict.fromkeys(loop.state[0, :121].tolist()))[-1] == 0
    assert list(dict.fromkeys(loop.state[0, 121:].tolist()))[-1] == 2


def test_without_field_strong_pulses_toss_every_cell_whatever_its_state() -> None:
    loop = resistance_voltage_loop(CELL, [1.3 * V_C] * 4, 6.4e3, 14e3, pulse=10e-9,
                                   assist_field=0.0, devices=2000, rng=5, spread=0.0)
    assert_allclose(np.mean(loop.state, axis=0), 0.5, atol=4 * 0.5 / math.sqrt(2000))
    moves = np.mean(loop.parallel[:, 1:] != loop.parallel[:, :-1])
    assert float(moves) == pytest.approx(0.5, abs=0.03)
