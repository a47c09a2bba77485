"""The magnetisation falls with heat, from its value at 300 K to none at the Curie temperature."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from device_models.magnet import saturation_magnetisation
from tests.support.magnets import THIN

COBALT_IRON_BORON = 1420.0, 0.4


@given(st.floats(1.0, 1400.0), st.floats(1.0, 1400.0))
def test_magnetisation_falls_with_temperature_from_its_value_at_300_k(a: float, b: float) -> None:
    low, high = (saturation_magnetisation(1e6, t, *COBALT_IRON_BORON) for t in sorted((a, b)))
    assert high <= low
    at_300 = float(saturation_magnetisation(1e6, 300.0, *COBALT_IRON_BORON))
    assert at_300 == pytest.approx(1e6, rel=1e-15)
    expected = 1e6 * ((1 - a / 1420) / (1 - 300 / 1420)) ** 0.4
    found = float(saturation_magnetisation(1e6, a, *COBALT_IRON_BORON))
    assert found == pytest.approx(expected, rel=1e-12)


def test_a_layer_follows_its_own_law() -> None:
    soft = THIN.with_changes(curie_temperature=1000.0, magnetisation_exponent=0.5)
    for magnet, law in ((THIN, COBALT_IRON_BORON), (soft, (1000.0, 0.5))):
        assert magnet.magnetisation(400.0) == saturation_magnetisation(1e6, 400.0, *law)


@pytest.mark.parametrize(("temperature", "curie", "message"), [
    (1420.0, 1420.0, "Curie"), (-1.0, 1420.0, "temperature"), (300.0, 200.0, "curie_temperature")])
def test_bad_input_is_refused_by_name(temperature: float, curie: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        saturation_magnetisation(1e6, temperature, curie, 0.4)
