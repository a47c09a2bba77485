"""Laws of perpendicular switching against the macrospin itself."""

import math
from dataclasses import replace

import numpy as np
import pytest

from device_models import PerpendicularMagnet
from device_models.magnet import GYROMAGNETIC
from device_models.magnet.perpendicular_barrier import threshold_torque
from device_models.switching import (
    critical_voltage,
    damping_time,
    stability,
    switching_probability,
)
from device_models.switching.llg import (
    macrospin,
    switching_probability_llg,
    thermal_start,
    trajectories,
)
from device_models.switching.perpendicular import final_state, gives_way
from tests.support.magnets import STANDING

H_K = STANDING.anisotropy_fields[0]
V_C = float(critical_voltage(STANDING))


def onset(cell: PerpendicularMagnet, edge: float, field: float = 0.0) -> float:
    """Torque over H_k/2 at which the cold moment first leaves its state."""
    spin, h_k = macrospin(cell, 0.0), cell.anisotropy_fields[0]
    i = np.arange(0.6, 1.1, 0.005)
    torque, start = i * h_k / 2, np.tile([field / h_k + 1e-4, 1e-4, -1.0], (len(i), 1))
    m = start / np.linalg.norm(start, axis=1)[:, None]
    for share in (np.arange(40) + 0.5) / 40 if edge else ():
        m = trajectories(spin, m, edge / 40, field=[field, 0, 0], torque=share * torque,
                         dt=1e-12)[:, -1]
    m = trajectories(spin, m, 3e-9, field=[field, 0, 0], torque=torque, dt=1e-12)[:, -1]
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
    cell = replace(STANDING, damping=damping, length=length)
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
    assert onset(replace(STANDING, damping=0.001), 0.0) == pytest.approx(limit, abs=0.01)
    onsets = [onset(replace(STANDING, damping=alpha), 0.0) for alpha in (0.001, 0.03, 0.1, 0.5)]
    assert np.all(np.diff(onsets) > 0)
    assert limit - 0.006 < onsets[0] < onsets[-1] < 1.01


def even_odds(volts: np.ndarray, probability: np.ndarray, level: float) -> float:
    return float(np.interp(level, probability, volts))


@pytest.mark.parametrize(("pulse", "field", "damping"), [
    (5e-9, 0.0, 0.1), (5e-9, 20e-3, 0.1),
    *(pytest.param(*case, marks=pytest.mark.slow) for case in (
        (50e-9, 5e-3, 0.1), (5e-9, 20e-3, 0.027)))])
def test_heat_moves_the_threshold_as_the_macrospin_says(
    pulse: float, field: float, damping: float
) -> None:
    """Current of even odds (of half its final value without field) within 5 %.

    The law lies below: its attempt time is 1 ns for every damping and barrier, and its potential
    holds in the x-z plane only. At a slope d(Delta c)/di of some 70, a factor of 10 in the rate is
    3 % of current.
    """
    cell, level = replace(STANDING, damping=damping), 0.25 if field == 0 else 0.5
    middle = float(critical_voltage(cell, field))
    volts = middle * np.linspace(0.72, 1.04, 9)
    found = switching_probability_llg(cell, volts, pulse, field, count=100, dt=2e-12, rng=2)
    law = switching_probability(cell, volts, pulse, field)
    assert even_odds(volts, found, level) == pytest.approx(
        even_odds(volts, law, level), rel=0.05)


@pytest.mark.parametrize("h", [0.0, 0.003, 0.01, 0.03])
def test_the_final_state_is_decided_between_field_and_heat(h: float) -> None:
    """Phi(h sqrt(2 Delta H_k/(alpha b))) within 0.12: four errors of 300 pulses."""
    found = switching_probability_llg(STANDING, 1.3 * V_C, 2e-9, h * H_K, count=300, dt=2e-12,
                                      rng=3)
    law = switching_probability(STANDING, 1.3 * V_C, 2e-9, h * H_K)
    assert float(found) == pytest.approx(float(law), abs=0.12)


@pytest.mark.parametrize(("beta", "edge", "h"), [
    (0.3, 1.2e-9, 0.003), (0.3, 1.2e-9, 0.01), (0.1, 3e-9, 0.01),
    *(pytest.param(*case, marks=pytest.mark.slow) for case in (
        (0.1, None, 0.001), (0.1, None, 0.003), (0.03, None, 0.003), (0.3, None, 0.003)))])
def test_with_a_field_like_torque_the_final_state_is_decided_as_the_law_says(
    beta: float, edge: float | None, h: float
) -> None:
    """Within 0.12, four errors of 300 pulses, where heat and field are of one size."""
    cell = replace(STANDING, field_like=beta)
    found = switching_probability_llg(cell, 1.2 * V_C, 2e-9, h * H_K, count=300, dt=2e-12,
                                      edge=edge, rng=3)
    way = gives_way(h, cell.damping, beta)
    pace = 0.6 / (GYROMAGNETIC * H_K * (edge or 20 * float(damping_time(cell))))
    law = np.exp(final_state(h, float(stability(cell)), cell.damping, beta, pace))
    assert 0 < way < 0.3
    assert float(found) == pytest.approx(float(law), abs=0.12)


@pytest.mark.parametrize(("beta", "edge", "times"), [(0.3, 1.2e-9, 1.2), (0.3, 1.8e-9, 2.0),
                                                     (0.1, 3.2e-9, 1.2)])
def test_edges_that_the_law_takes_leave_no_ringing(
    beta: float, edge: float, times: float
) -> None:
    """alpha = 0.027, 8 mT: the law's 1.000 within 0.05; without the field-like torque one half."""
    cell = replace(STANDING, damping=0.027, field_like=beta)
    law = switching_probability(cell, times * V_C, 3e-9, 8e-3, edge=edge)
    found = switching_probability_llg(cell, times * V_C, 3e-9, 8e-3, count=100, dt=2e-12, rng=4,
                                      edge=edge)
    assert float(found) == pytest.approx(float(law), abs=0.05)


def test_a_field_like_torque_against_the_spins_leaves_chance() -> None:
    """Which the law does not describe, and refuses."""
    for beta in (0.0, -0.3):
        cell = replace(STANDING, damping=0.027, field_like=beta)
        found = switching_probability_llg(cell, 1.2 * V_C, 3e-9, 8e-3, count=100, dt=2e-12, rng=5,
                                          edge=1e-9)
        assert 0.3 < float(found) < 0.7


@pytest.mark.parametrize("beta", [0.1, 0.3, 0.5])
def test_a_field_like_torque_leaves_the_static_threshold(beta: float) -> None:
    """Without H_x b_c is H_k/2 for every beta, the largest of beta s/(s^2 + beta^2) H_k."""
    h_k = STANDING.anisotropy_fields[0]
    i = np.arange(0.95, 1.05, 0.005)
    m = np.tile([1e-4, 1e-4, -1.0], (len(i), 1)) / math.sqrt(1 + 2e-8)
    spin = macrospin(STANDING, 0.0)
    for share in (*((np.arange(40) + 0.5) / 40), *(1.0,) * 20):
        torque = share * i * h_k / 2
        field = beta * torque[:, None] * np.array([0, 1, 0])
        m = trajectories(spin, m, 0.2e-9, field=field, torque=torque, dt=2e-12)[:, -1]
    assert float(i[np.argmax(m[:, 2] > -0.4)]) == pytest.approx(1.0, abs=0.01)


def test_a_fast_fall_rings_and_returns_which_bounds_the_law() -> None:
    """alpha = 0.027, 8 mT: right in 92-99 % after a fall of 20 damping times, worse after 5."""
    cell = replace(STANDING, damping=0.027)
    tau = float(damping_time(cell))
    slow, fast = (float(switching_probability_llg(cell, 1.3 * V_C, 2e-9, 8e-3, count=150, rng=4,
                                                  edge=times * tau, dt=3e-12, relax=4 * tau))
                  for times in (20, 5))
    assert slow > 0.93
    assert fast < 0.9
    assert float(switching_probability(cell, 1.3 * V_C, 2e-9, 8e-3)) > 0.99


def test_the_thermal_start_is_tilted_by_the_field() -> None:
    spin = macrospin(STANDING, 300.0)
    m = thermal_start(spin, np.zeros(4000, bool), np.random.default_rng(1), [20e-3, 0.0, 0.0])
    assert np.all(m[:, 2] < 0)
    assert np.mean(m[:, 0]) == pytest.approx(20e-3 / H_K, rel=0.05)
    assert np.var(m[:, 1]) == pytest.approx(1.380649e-23 * 300 / (spin.moment * H_K), rel=0.1)
