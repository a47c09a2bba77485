"""Channels of negative spin Hall angle (Ta, W): what their pulses write is turned round."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from device_models import Magnet, PerpendicularMagnet, critical_voltage
from device_models.switching import (
    Programming,
    cell_factors,
    pulse_field,
    pulse_probabilities,
    resistance_voltage_loop,
    switching_probability,
    tolerated_write,
)
from device_models.switching.llg import switching_probability_llg
from device_models.switching.pulse import written_by
from tests.support.magnets import STANDING, THIN

AnyMagnet = Magnet | PerpendicularMagnet
both = pytest.mark.parametrize("magnet", [THIN, STANDING], ids=["in-plane", "perpendicular"])


def turned_round(magnet: AnyMagnet) -> AnyMagnet:
    return replace(magnet, spin_hall_angle=-magnet.spin_hall_angle)


@both
def test_a_voltage_writes_the_other_state(magnet: AnyMagnet) -> None:
    other = turned_round(magnet)
    assert_array_equal(written_by(magnet, [1.0, -1.0]), [1.0, -1.0])
    assert_array_equal(written_by(other, [1.0, -1.0]), [-1.0, 1.0])
    shifted, low = (replace(each, offset_field=3e-3) for each in (magnet, other))
    volts = np.linspace(0.1, 2.0, 9) * float(critical_voltage(magnet))
    for sign in (1.0, -1.0):  # an offset tells the two states apart
        for ours, theirs in zip(
                pulse_probabilities(shifted, sign * volts, 10e-9, 5e-3),
                pulse_probabilities(low, -sign * volts, 10e-9, 5e-3), strict=True):
            assert_array_equal(ours, theirs)


@both
def test_thresholds_are_of_the_state_that_is_written(magnet: AnyMagnet) -> None:
    for polarity in (1, -1):
        field = pulse_field(magnet, polarity, 5e-3)
        assert critical_voltage(magnet, field, polarity=polarity) == critical_voltage(
            turned_round(magnet), field, polarity=polarity)


@both
def test_compounds_are_programmed_all_the_same(magnet: AnyMagnet) -> None:
    factors, wanted = cell_factors(3, 0.06, 1, 60), np.arange(60) % 4
    ours, theirs = (Programming(
        magnet=each, pulse=20e-9, assist_field=5e-3, spread=0.06, missed=0.01,
        verify=True).write(wanted, factors, 2) for each in (magnet, turned_round(magnet)))
    assert_array_equal(ours.parallel, theirs.parallel)
    assert_array_equal(ours.energy, theirs.energy)


def test_loops_turn_round_too() -> None:
    volts = np.array([-1.5, 1.5, 1.5])
    states = [resistance_voltage_loop(
        magnet, volts, 1e4, 2e4, pulse=200e-9, assist_field=6e-3, spread=0.0,
        initial_parallel=False).parallel[0, :, 0] for magnet in (THIN, turned_round(THIN))]
    assert_array_equal(states, [[True, False, False], [False, True, True]])


def test_a_tolerated_write_is_the_same() -> None:
    ours, theirs = (tolerated_write(magnet, 200e-9, (6e-3, 8e-3), 1.8, 20.0, 1e-4)
                    for magnet in (THIN, turned_round(THIN)))
    assert ours == theirs


def test_llg_agrees_about_the_sign() -> None:
    for magnet, sign in ((THIN, 1.0), (turned_round(THIN), -1.0)):
        for field in (6e-3, -6e-3):
            p = switching_probability_llg(magnet, sign * 1.2, 10e-9, field, count=60, relax=1e-9)
            law = switching_probability(magnet, sign * 1.2, 10e-9, field)
            assert abs(float(p) - float(law)) < 0.2
    helped, hindered = (float(critical_voltage(replace(magnet, oersted=1.0)))
                        for magnet in (THIN, turned_round(THIN)))
    assert helped < float(critical_voltage(THIN)) < hindered


def test_the_current_s_own_field_lies_where_the_geometry_puts_it() -> None:
    """For llg along +y under a positive current, whatever the spins are: helps one, hinders one."""
    found = [float(switching_probability_llg(
        replace(magnet, oersted=1.0), sign * 0.95, 10e-9, count=400, relax=1e-9))
        for magnet, sign in ((THIN, 1.0), (turned_round(THIN), -1.0))]
    assert found[0] > found[1] + 0.1  # five standard errors of 0.02


def test_none_is_refused() -> None:
    with pytest.raises(ValueError, match="spin_hall_angle is 0"):
        replace(THIN, spin_hall_angle=0.0)
