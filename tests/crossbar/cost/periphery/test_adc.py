"""Laws of what current converters take."""

import importlib.util
import itertools
from math import log10

import pytest

from crossbar.cost.periphery import ConverterCost, HwcomponentsADC, SurveyADC

PRESETS = {"median": SurveyADC.median(), "best tenth": SurveyADC.best_tenth(),
           "best": SurveyADC.best()}
INSTALLED = importlib.util.find_spec("hwcomponents_adc") is not None


@pytest.fixture(params=PRESETS)
def adc(request: pytest.FixtureRequest) -> SurveyADC:
    return PRESETS[request.param]


def test_eight_bits_by_hand() -> None:
    """256 conversion steps of 30.6 fJ; a billion of them a second are 7.83 mW."""
    assert SurveyADC().energy(8, 1e9) == pytest.approx(7.8336e-12, rel=1e-12)
    assert SurveyADC().power(8, 1e9) == pytest.approx(7.8336e-3, rel=1e-12)


def test_presets_lie_a_factor_of_about_eighteen_apart() -> None:
    median, tenth, best = (PRESETS[name].energy(8, 1e8) for name in PRESETS)
    assert best < tenth < median
    assert 17 < median / best < 19


def test_energy_doubles_per_bit_and_four_times_where_noise_limits(adc: SurveyADC) -> None:
    assert adc.energy(7, 1e6) * 2 == pytest.approx(adc.energy(8, 1e6), rel=1e-12)
    assert adc.energy(19, 1e3) / adc.energy(18, 1e3) == pytest.approx(4, rel=2e-4)  # 6.02 dB
    assert adc.energy(14, 1e6) == pytest.approx(64 * adc.energy(8, 1e6), rel=1e-12)
    assert adc.energy(16, 1e6) > 1.5 * 256 * adc.energy(8, 1e6)
    steps = [adc.energy(bits + 1, 1e6) / adc.energy(bits, 1e6) for bits in range(1, 24)]
    assert all(later > step * (1 - 1e-9) for step, later in itertools.pairwise(steps))


def test_the_limit_of_noise_is_schreiers(adc: SurveyADC) -> None:
    """S = SNDR + 10 log10(rate/2/power)."""
    sndr = 6.02 * 18 + 1.76
    assert sndr + 10 * log10(1e3 / 2 / adc.power(18, 1e3)) == pytest.approx(adc.schreier, abs=1e-9)


def test_energy_is_flat_to_the_corner_and_rises_with_the_rate_beyond(adc: SurveyADC) -> None:
    low = adc.energy(8, 1e3)
    assert adc.energy(8, adc.corner) == low
    assert adc.energy(8, 3 * adc.corner) == pytest.approx(3 * low, rel=1e-12)


def test_area_grows_with_bits_and_rate(adc: SurveyADC) -> None:
    assert adc.area(8, 1e8) == pytest.approx(adc.area_8bit, rel=1e-12)
    assert adc.area(9, 1e8) > adc.area(8, 1e8) > adc.area(8, 1e7)


def test_any_object_with_the_three_figures_is_a_converter() -> None:
    assert isinstance(SurveyADC(), ConverterCost)
    assert isinstance(HwcomponentsADC(), ConverterCost)
    assert not isinstance(object(), ConverterCost)


@pytest.mark.parametrize("name", ["energy", "power", "area"])
@pytest.mark.parametrize(("bits", "rate", "said"), [
    (0, 1e6, "bits"), (25, 1e6, "24 or fewer"), (8, 0.0, "rate"), (8, -1.0, "rate"),
    (8, float("nan"), "rate"), (float("inf"), 1e6, "bits")])
def test_nonsense_is_refused(name: str, bits: float, rate: float, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        getattr(SurveyADC(), name)(bits, rate)


@pytest.mark.parametrize("settings", [
    {"figure_of_merit": 0.0}, {"corner": -1.0}, {"schreier": float("inf")}, {"share": "worst"}])
def test_parameters_are_checked(settings: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=next(iter(settings))):
        SurveyADC(**settings)


@pytest.mark.skipif(INSTALLED, reason="hwcomponents-adc is there")
def test_without_the_package_the_error_says_what_to_do() -> None:
    with pytest.raises(ImportError, match=r"spintronic-crossbar\[hwcomponents\].*SurveyADC"):
        HwcomponentsADC().energy(8, 1e8)


@pytest.mark.skipif(not INSTALLED, reason="hwcomponents-adc takes Python 3.12 or newer")
def test_its_figures_are_of_the_survey_too() -> None:
    """Between our best and our median at 8 bits; less at a smaller node; joule and m^2."""
    theirs = HwcomponentsADC(45e-9)
    assert SurveyADC.best().energy(8, 1e8) < theirs.energy(8, 1e8) < SurveyADC().energy(8, 1e8)
    assert theirs.power(8, 1e8) == pytest.approx(theirs.energy(8, 1e8) * 1e8, rel=1e-12)
    assert HwcomponentsADC(16e-9).energy(8, 1e8) < theirs.energy(8, 1e8)
    assert 1e-10 < theirs.area(8, 1e8) < 1e-7
    assert theirs.energy(10, 1e8) > theirs.energy(8, 1e8)


def test_its_bits_are_bounded_below() -> None:
    with pytest.raises(ValueError, match="4 or more"):
        HwcomponentsADC().energy(3, 1e8)
