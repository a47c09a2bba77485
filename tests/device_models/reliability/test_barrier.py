"""Laws of a barrier under pulses that differ, and of what is not known of it."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from device_models.reliability import (
    Barrier,
    breakdown_probability,
    endurance_failure,
    mean_breakdown,
)

BARRIER = Barrier(breakdown_voltage=1.8, shape=20.0, cycles=1e10)
SCALE = 1.8 / float(mean_breakdown(1.0, 20.0))


def broken(barrier: Barrier, *voltages: float) -> float:
    """Share [1] of cells broken by pulses [V]."""
    aged = sum(np.asarray(barrier.ageing(v)) for v in voltages)
    return float(-np.expm1(-np.asarray(barrier.hazard(aged))))


def test_one_pulse_breaks_what_the_law_of_breakdown_says() -> None:
    assert BARRIER.scale_voltage == pytest.approx(SCALE, rel=1e-14)
    for v in (0.5, -1.4, 1.8, 3.0):
        assert_allclose(broken(BARRIER, v), breakdown_probability(v, SCALE, 20.0), rtol=1e-12)


def test_many_equal_pulses_break_what_the_law_of_endurance_says() -> None:
    for n in (2, 7):
        assert_allclose(broken(BARRIER, *[1.5] * n), endurance_failure(n, 1.5, SCALE, 20.0),
                        rtol=1e-12)


def test_a_longer_pulse_is_as_many_of_the_stated_ones() -> None:
    of_200_ns = replace(BARRIER, pulse=200e-9)
    assert of_200_ns.ageing(1.5) == BARRIER.ageing(1.5, 50e-9) == BARRIER.ageing(1.5)
    for pulse, many in ((50e-9, 0.25), (600e-9, 3)):
        assert_allclose(of_200_ns.ageing(1.5, pulse), many * np.asarray(BARRIER.ageing(1.5)))
    with pytest.raises(ValueError, match="pulse"):
        replace(BARRIER, pulse=-1e-9)


def test_a_larger_cell_holds_as_all_its_parts_do() -> None:
    parts = np.asarray(BARRIER.hazard(0.3, [1, 2, 4]))
    assert_allclose(parts.sum(), BARRIER.hazard(0.3, 7), rtol=1e-14)
    assert_allclose(parts[0], BARRIER.hazard(0.3))
    assert_allclose(-np.expm1(-parts[2]), endurance_failure(0.3, SCALE, SCALE, 20.0, area=4),
                    rtol=1e-12)


def test_without_pulses_nothing_breaks_and_their_order_is_no_matter() -> None:
    assert np.asarray(BARRIER.hazard(0.0)) == 0
    assert np.asarray(BARRIER.ageing(0.0)) == 0
    assert broken(BARRIER, 1.2, 1.6) == pytest.approx(broken(BARRIER, 1.6, -1.2), rel=1e-14)
    assert broken(BARRIER, 1.2, 1.6) > broken(BARRIER, 1.6)


def test_far_below_breakdown_nothing_breaks_and_far_above_all() -> None:
    assert 0 < broken(BARRIER, 0.18) < 1e-18
    assert broken(BARRIER, 18.0) == 1
    assert broken(BARRIER, 1e300) == 1


def test_what_is_not_known_is_none() -> None:
    unknown = Barrier(cycles=5.0)
    assert (unknown.scale_voltage, unknown.ageing(1.0), unknown.hazard(1.0)) == (None, None, None)


@pytest.mark.parametrize(("settings", "message"), [
    ({"breakdown_voltage": 1.8}, "shape is None; expected both"),
    ({"shape": 20.0}, "breakdown_voltage is None"), ({"cycles": 0.0}, "cycles"),
    ({"breakdown_voltage": -1.0, "shape": 20.0}, "breakdown_voltage"),
    ({"acceleration": 0.0}, "acceleration"),
])
def test_what_no_barrier_is_is_refused(settings: dict[str, float], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Barrier(**settings)
