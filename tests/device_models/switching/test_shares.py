"""Laws of the share of many cells that a pulse switches, and of the voltage for a share."""

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from device_models import Magnet, PerpendicularMagnet
from device_models.switching import (
    Conditions,
    cell_factors,
    critical_voltage,
    pulse_field,
    switched_share,
    switching_probability,
    voltage_of_share,
)
from tests.support.magnets import STANDING, THICK, THIN

IN_PLANE = Conditions(magnet=THICK, pulse=200e-9, assist_field=8e-3)
OUT_OF_PLANE = Conditions(magnet=STANDING, pulse=10e-9, assist_field=20e-3)
BOTH = pytest.mark.parametrize("conditions", [IN_PLANE, OUT_OF_PLANE],
                               ids=["in-plane", "perpendicular"])
SHARES = np.array([1e-3, 0.2, 0.5, 0.9, 1 - 1e-6])


@BOTH
@pytest.mark.parametrize("polarity", [-1, 1])
def test_without_spread_the_share_is_the_probability(
    conditions: Conditions, polarity: int
) -> None:
    magnet, field = conditions.magnet, conditions.field(polarity)
    v = float(critical_voltage(magnet, field, 300.0, polarity)) * np.array([[0.7, 0.9], [1.0, 1.2]])
    expected = switching_probability(magnet, polarity * v, conditions.pulse, field)
    assert_allclose(switched_share(conditions, v, 0.0, polarity), expected, rtol=1e-12)


@BOTH
def test_the_share_is_the_mean_over_drawn_cells(conditions: Conditions) -> None:
    factors = cell_factors(1, 0.1, 1, 20000)[:, 0]
    field = pulse_field(conditions.magnet, -1, conditions.assist_field)
    v = 0.95 * float(critical_voltage(conditions.magnet, field))
    drawn = switching_probability(conditions.magnet, -v, conditions.pulse, field, 300.0, factors)
    error = float(np.std(drawn)) / math.sqrt(len(drawn))
    assert float(switched_share(conditions, v, 0.1)) == pytest.approx(
        float(np.mean(drawn)), abs=5 * error)


@BOTH
@pytest.mark.parametrize("polarity", [-1, 1])
@pytest.mark.parametrize("spread", [0.0, 0.06])
def test_the_voltage_switches_the_share_it_was_asked_for(
    conditions: Conditions, polarity: int, spread: float
) -> None:
    v = voltage_of_share(conditions, SHARES, spread, polarity)
    assert np.all(np.diff(v) > 0)
    assert_allclose(switched_share(conditions, v, spread, polarity), SHARES, atol=1e-10)
    assert float(voltage_of_share(conditions, 0.2, spread, polarity)) == v[1]


def test_spread_takes_more_voltage_for_nearly_all_and_less_for_few() -> None:
    few, many = (voltage_of_share(IN_PLANE, [0.01, 0.99], spread) for spread in (0.02, 0.1))
    assert many[0] < few[0] < few[1] < many[1]


def test_a_longer_pulse_takes_less_voltage() -> None:
    v = [float(voltage_of_share(replace(IN_PLANE, pulse=pulse), 0.5, 0.06))
         for pulse in (20e-9, 50e-9, 200e-9)]
    assert v[0] > v[1] > v[2]


def test_without_a_field_no_voltage_switches_more_than_a_coin_toss_out_of_the_plane() -> None:
    with pytest.raises(ValueError, match=r"no voltage .* the most is 0\.5: raise assist_field"):
        voltage_of_share(replace(OUT_OF_PLANE, assist_field=0.0), 0.6, 0.06)


def test_a_field_that_switches_by_itself_leaves_nothing_to_choose() -> None:
    strong = replace(IN_PLANE, magnet=THIN, assist_field=10.9e-3)
    with pytest.raises(ValueError, match=r"next to no voltage switches .* lower assist_field"):
        voltage_of_share(strong, 0.1, 0.06)
    with pytest.raises(ValueError, match="critical voltage is 0 V"):
        voltage_of_share(replace(IN_PLANE, assist_field=1.0), 0.5, 0.06)


@pytest.mark.parametrize(("changes", "message"), [
    ({"pulse": 0.0}, "pulse"), ({"assist_field": -1e-3}, "assist_field"),
    ({"temperature": 0.0}, "temperature"),
])
def test_conditions_no_pulse_can_have_are_refused(
    changes: dict[str, float], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        replace(IN_PLANE, **changes)


def test_what_is_no_free_layer_is_refused() -> None:
    with pytest.raises(TypeError, match="expected a Magnet"):
        Conditions(magnet="thin", pulse=1e-7,  # type: ignore[arg-type] # bad on purpose
                   assist_field=0.0)


@pytest.mark.parametrize(("share", "spread", "polarity", "message"), [
    (1.0, 0.06, -1, "share"), (50.0, 0.06, -1, "per cent"), (0.5, 6.0, -1, "per cent"),
    (0.5, 0.06, 0, "polarity"),
])
def test_bad_input_is_refused(share: float, spread: float, polarity: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        voltage_of_share(IN_PLANE, share, spread, polarity)


def test_the_assist_field_follows_the_kind_of_layer() -> None:
    assert [IN_PLANE.field(sign) for sign in (-1, 1)] == [-8e-3, 8e-3]
    assert [OUT_OF_PLANE.field(sign) for sign in (-1, 1)] == [20e-3, 20e-3]
    assert isinstance(IN_PLANE.magnet, Magnet)
    assert isinstance(OUT_OF_PLANE.magnet, PerpendicularMagnet)
