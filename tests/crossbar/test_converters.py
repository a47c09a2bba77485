"""Converters take energy where they have bits."""

from dataclasses import replace

import pytest

from circuits import ADC, DAC
from crossbar.converters import Converters


def test_ideal_converters_take_no_energy_and_steps_double_with_every_bit() -> None:
    assert Converters().energy(7, 9) == {"dac": 0.0, "adc": 0.0}
    some = Converters(4, 5, dac_energy=2e-13, adc_energy_per_step=1e-14)
    assert some.energy(7, 9) == {"dac": pytest.approx(14e-13), "adc": pytest.approx(9 * 32e-14)}
    assert replace(some, adc=6).energy(0, 1)["adc"] == 2 * some.energy(0, 1)["adc"]


@pytest.mark.parametrize("errors", [
    {"offset": 5.0}, {"offset": -5.0}, {"offset_spread": 5.0, "seed": 0}, {"gain_error": 2.5}])
@pytest.mark.parametrize(("name", "kind"), [("dac", DAC), ("adc", ADC)])
def test_errors_as_large_as_the_span_are_asked_about(
    name: str, kind: type[DAC | ADC], errors: dict[str, float]
) -> None:
    """Of a span of 2.5: offsets in its unit, the gain as a share."""
    error = next(iter(errors))
    with pytest.raises(ValueError, match=rf"{name} has {error} -?2(\.5)? of its span.*per cent"):
        Converters(**{name: kind(8, 0.0, 2.5, **errors)})
    within = {key: value if key == "seed" else value / 3 for key, value in errors.items()}
    Converters(**{name: kind(8, 0.0, 2.5, **within)})
