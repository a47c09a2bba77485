"""Laws of the one object that states what the surroundings take."""

import json
from dataclasses import dataclass, replace

import pytest

import crossbar
from crossbar import Periphery, SurveyADC, stored
from crossbar.cost.periphery import Cell, Digital, Driver, HwcomponentsADC


@dataclass(frozen=True)
class FlatADC:
    """A converter of one's own."""

    each: float = 1e-12

    def energy(self, bits: float, rate: float) -> float:
        return self.each

    def power(self, bits: float, rate: float) -> float:
        return self.each * rate

    def area(self, bits: float, rate: float) -> float:
        return 1e-9


def test_presets_differ_in_the_adc_alone() -> None:
    median, tenth, best = Periphery.median(), Periphery.best_tenth(), Periphery.best()
    assert median == Periphery()
    assert replace(tenth, adc=median.adc) == median == replace(best, adc=median.adc)
    assert (tenth.adc, best.adc) == (SurveyADC.best_tenth(), SurveyADC.best())
    assert Periphery.best(node=28e-9).node == 28e-9


def test_parts_are_put_to_the_node_and_supply() -> None:
    periphery = Periphery(node=28e-9, supply=0.8, adc=HwcomponentsADC())
    for part in (periphery.driver, periphery.amplifier, periphery.digital):
        assert (part.node, part.supply) == (28e-9, 0.8)
    assert periphery.adc == HwcomponentsADC(28e-9)
    assert replace(periphery, node=65e-9).digital == Digital(node=65e-9, supply=0.8)
    assert (periphery.volts, Periphery().volts) == (0.8, pytest.approx(1.0, rel=1e-12))


@pytest.mark.parametrize("periphery", [
    Periphery(), Periphery.best(node=14e-9, supply=0.7, assumed_bits=6, parallel_tiles=False),
    Periphery(adc=HwcomponentsADC(), cell=Cell(1e-6, 2e-6), driver=Driver(on_resistance=99.0))])
def test_it_is_stored_and_read_bit_for_bit(periphery: Periphery) -> None:
    assert stored.from_plain(json.loads(json.dumps(stored.to_plain(periphery)))) == periphery


def test_every_number_is_stated_with_unit_and_source() -> None:
    lines = list(Periphery().stated())
    assert len({(line.part, line.name) for line in lines}) == len(lines) > 40
    assert all(line.unit and line.source and line.source != "given" for line in lines)
    text = str(Periphery())
    assert all(f"{line.part}.{line.name} " in text for line in lines)


@pytest.mark.parametrize("preset", [Periphery.median, Periphery.best_tenth, Periphery.best])
def test_what_was_given_says_so_and_what_is_published_does_not(preset) -> None:
    assert "given" not in {line.source for line in preset().stated()}
    own = preset(assumed_bits=6, driver=Driver(on_resistance=99.0))
    assert {(line.part, line.name) for line in own.stated() if line.source == "given"} == {
        ("periphery", "assumed_bits"), ("driver", "on_resistance")}


def test_a_converter_of_ones_own() -> None:
    periphery = Periphery(adc=FlatADC(3e-12))
    assert periphery.adc.energy(8, 1e8) == 3e-12
    assert "FlatADC" in str(periphery)


@pytest.mark.parametrize(("settings", "said"), [
    ({"adc": None}, "adc is None"), ({"adc": SurveyADC}, "adc is"), ({"dac": Driver()}, "dac is"),
    ({"cell": (1e-6, 1e-6)}, "cell is"), ({"parallel_tiles": 1}, "True or False")])
def test_parts_of_the_wrong_kind_are_refused(settings: dict[str, object], said: str) -> None:
    with pytest.raises(TypeError, match=said):
        Periphery(**settings)


@pytest.mark.parametrize(("settings", "said"), [
    ({"node": 3e-9}, "node"), ({"supply": 0.0}, "supply"), ({"assumed_bits": 0}, "assumed_bits"),
    ({"assumed_bits": 7.5}, "assumed_bits"), ({"assumed_bits": 25}, "assumed_bits is 25"),
    ({"conversion_rate": 0.0}, "conversion_rate"),
    ({"clock_rate": float("nan")}, "clock_rate")])
def test_nonsense_is_refused(settings: dict[str, object], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Periphery(**settings)


@pytest.mark.parametrize("joule", [float("nan"), float("inf"), -1e-12])
def test_nonsense_of_a_converter_of_ones_own_is_refused(joule: float) -> None:
    with pytest.raises(ValueError, match=r"energy of an ADC \[J\]"):
        Periphery(adc=FlatADC(joule)).conversion_energy(8)


def test_it_is_at_the_top() -> None:
    assert crossbar.Periphery is Periphery
    assert {"Periphery", "SurveyADC"} <= set(crossbar.__all__)
