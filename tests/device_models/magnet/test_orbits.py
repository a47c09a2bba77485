"""What undamps a layer, orbit by orbit: limits, and the same integrals taken another way."""

import math

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.integrate import quad, solve_ivp

from device_models.magnet.orbits import balance_of_orbit, thresholds


def along_an_orbit(depth: float, h: float, ratio: float) -> float:
    """Loss over work on one turn, followed in time: dm/dt = -m x B, B = (-m_x, h, -ratio m_z)."""
    energy = 2 * h + depth * (1 - h) ** 2
    y0 = -h - math.sqrt(h * h - energy + 1)  # in the plane, where m_z is 0
    start = [math.sqrt(1 - y0**2), y0, 0.0, 0.0, 0.0]

    def motion(_: float, s: np.ndarray) -> np.ndarray:
        m, b = s[:3], np.array([-s[0], h, -ratio * s[2]])
        across = np.cross(m, b)
        return np.array([*-across, across @ across, (b @ m) * m[1] - b[1]])

    def again(_: float, s: np.ndarray) -> float:
        return float(s[2])

    again.direction = 1.0  # type: ignore[attr-defined] # how SciPy takes it
    again.terminal = 2  # type: ignore[attr-defined]
    found = solve_ivp(motion, (0.0, 200.0), start, events=again, rtol=1e-11, atol=1e-13)
    end = found.y_events[0][-1]
    return float(end[3] / end[4])


@pytest.mark.parametrize(("depth", "h", "ratio"), [
    (0.01, 0.0, 30.0), (0.5, 0.0, 30.0), (0.95, 0.0, 5.0), (0.5, 0.4, 30.0), (0.8, -0.6, 12.0)])
def test_an_orbit_is_that_of_the_motion(depth: float, h: float, ratio: float) -> None:
    assert float(balance_of_orbit(depth, h, ratio)) == pytest.approx(
        along_an_orbit(depth, h, ratio), rel=1e-6)


@pytest.mark.parametrize("ratio", [1.5, 30.0, 1e4])
@pytest.mark.parametrize("h", [-0.9, 0.0, 0.7])
def test_the_bottom_is_linear_stability_and_the_mean_that_of_the_depth(
    h: float, ratio: float
) -> None:
    found = thresholds(h, ratio)
    assert float(balance_of_orbit(1e-7, h, ratio)) == pytest.approx(float(found.bottom), rel=1e-6)
    lost, _ = quad(lambda e: 1 / float(balance_of_orbit(e, h, ratio)), 0, 1, epsrel=1e-9)
    assert float(found.mean) == pytest.approx(1 / lost, rel=1e-5)


def test_a_thin_film_turns_over_at_4_over_pi() -> None:
    """And its mean is 1.089: 8 % of the barrier are left at the bottom's current [T: Apalkov]."""
    film = thresholds(0.0, 1e6)
    assert float(film.rim / film.bottom) == pytest.approx(4 / math.pi, rel=1e-4)
    assert float(film.bottom / film.mean) == pytest.approx(0.918, abs=1e-3)


def test_a_uniaxial_layer_loses_its_barrier_at_twice_the_rate() -> None:
    """(1 - i)^2 of its barrier is left, whose slope is 2."""
    axial = thresholds(0.0, 1.0)
    assert float(axial.bottom) == 1.0
    assert float(axial.mean) == pytest.approx(0.5, rel=0.03)  # cut off at ratio 1.001


def test_thresholds_fall_with_the_field_and_meet_where_it_turns_the_layer() -> None:
    h = np.linspace(-1.5, 1.5, 61)
    found = thresholds(h, 30.0)
    for each in found:
        assert np.all(np.diff(each) < 0)
    assert_allclose(found.mean[h >= 1], found.bottom[h >= 1], rtol=1e-4)
    assert np.all(found.mean[h < 1] < found.rim[h < 1])
    assert np.all(found.bottom[h < 1] < found.mean[h < 1])
