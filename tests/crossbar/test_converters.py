"""Converters take energy where they have bits."""

from dataclasses import replace

import pytest

from crossbar.converters import Converters


def test_ideal_converters_take_no_energy_and_steps_double_with_every_bit() -> None:
    assert Converters().energy(7, 9) == {"dac": 0.0, "adc": 0.0}
    some = Converters(4, 5, dac_energy=2e-13, adc_energy_per_step=1e-14)
    assert some.energy(7, 9) == {"dac": pytest.approx(14e-13), "adc": pytest.approx(9 * 32e-14)}
    assert replace(some, adc=6).energy(0, 1)["adc"] == 2 * some.energy(0, 1)["adc"]
