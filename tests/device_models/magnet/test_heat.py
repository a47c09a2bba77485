"""The heat of a channel: limits of the half-space, and what it does to a pulse."""

from dataclasses import replace

import numpy as np
import pytest

from device_models.magnet.heat import ChannelHeat
from device_models.switching import Conditions, switching_probability, voltage_of_share
from device_models.switching.llg import switching_probability_llg
from tests.support.magnets import THIN

HEAT = ChannelHeat(length=0.9e-6, width=0.9e-6, resistance=115.0)
WARM = replace(THIN, heat=HEAT)


def test_short_pulses_heat_a_half_space_in_one_dimension() -> None:
    """2 q sqrt(t/pi)/effusivity [T: Carslaw, Jaeger]."""
    t = np.array([1e-13, 1e-11])
    flat = 2 * np.sqrt(t / np.pi) / np.sqrt(1.4 * 1.6e6) / (0.9e-6) ** 2
    np.testing.assert_allclose(HEAT.per_watt(t), flat, rtol=1e-6)


def test_long_pulses_reach_the_steady_middle_of_a_square() -> None:
    """q L ln(1 + sqrt 2) 2/(pi k) over a square of side L [T: Carslaw, Jaeger, 8.2]."""
    steady = 2 * 0.9e-6 * np.log(1 + np.sqrt(2)) / (np.pi * 1.4) / (0.9e-6) ** 2
    assert float(HEAT.per_watt(1.0)) == pytest.approx(steady, rel=1e-3)


def test_the_rise_at_the_reference_stacks_critical_voltage() -> None:
    """Of 0.7 V over 300 ohm, as others estimated it: 61 K in 10 ns, 200 K in 200 ns."""
    rise = HEAT.rise(0.7 / 300.0, [10e-9, 200e-9])
    np.testing.assert_allclose(rise, [61.0, 200.0], rtol=0.06)


def test_a_measured_resistance_stands_for_the_half_space() -> None:
    known = replace(HEAT, thermal_resistance=1e5)
    assert float(known.rise(1e-3, 5e-9)) == pytest.approx(115e-6 * 1e5, rel=1e-12)


def test_a_warm_pulse_is_one_at_its_last_temperature() -> None:
    volts = np.linspace(0.3, 0.9, 7)
    kelvin = 300.0 + HEAT.rise(volts / 300.0, 50e-9)
    np.testing.assert_array_equal(switching_probability(WARM, volts, 50e-9),
                                  switching_probability(THIN, volts, 50e-9, 0.0, kelvin))


def test_heat_lowers_the_voltage_of_even_odds_and_more_so_in_longer_pulses() -> None:
    lower = []
    for pulse in (10e-9, 200e-9):
        cold, warm = (float(voltage_of_share(Conditions(
            magnet=magnet, pulse=pulse, assist_field=0.0), 0.5, 0.0)) for magnet in (THIN, WARM))
        lower.append(1 - warm / cold)
    assert 0.03 < lower[0] < lower[1] < 0.3


def test_llg_asks_for_the_temperature() -> None:
    with pytest.raises(ValueError, match="expected one without"):
        switching_probability_llg(WARM, 1.0, 1e-9, count=1)


@pytest.mark.parametrize("name", ["length", "width", "resistance", "conductivity",
                                  "heat_capacity", "thermal_resistance"])
def test_bad_numbers_are_refused_by_name(name: str) -> None:
    with pytest.raises(ValueError, match=name):
        replace(HEAT, **{name: -1.0})
