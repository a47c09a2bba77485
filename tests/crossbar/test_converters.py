"""Laws of converters."""

import pytest

from circuits import ADC, DAC
from crossbar.converters import Converters


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
