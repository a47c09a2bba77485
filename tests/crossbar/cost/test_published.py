"""What is said of published chips, and one design rebuilt from its own table of parameters."""

import pytest

from crossbar import Periphery, SurveyADC
from crossbar.cost.periphery import CapacitiveDAC, Digital
from crossbar.cost.published import CHIPS, Published, digital_baseline

# ISAAC, ISCA 2016, doi:10.1109/ISCA.2016.12, table I (32 nm; never fabricated) in the version of
# 5 October 2016, as transcribed by others and by hwcomponents-library. [W], [m^2]
CYCLE, ROWS, COLUMNS, ARRAYS, UNITS, TILES = 100e-9, 128, 128, 8, 12, 168
REST_OF_UNIT = {"arrays": (2.4e-3, 200e-12), "sample and hold": (10e-6, 40e-12),
                "shift and add": (0.2e-3, 240e-12), "input register": (1.24e-3, 2100e-12),
                "output register": (0.23e-3, 770e-12)}
REST_OF_TILE = {"eDRAM": (20.7e-3, 0.083e-6), "bus": (7e-3, 0.090e-6),
                "router, a quarter": (10.5e-3, 0.03775e-6), "sigmoid": (0.52e-3, 600e-12),
                "shift and add": (0.05e-3, 60e-12), "pooling": (0.4e-3, 240e-12),
                "output register": (1.68e-3, 3200e-12)}
LINKS = (10.4, 22.88e-6)


def isaac() -> Periphery:
    """Converters as table I states them: 8 ADCs 16 mW and 0.0096 mm^2, 1024 DACs 4 mW and 170
    um^2."""
    adc = SurveyADC(figure_of_merit=2e-3 / 1.28e9 / 256,
                    area_8bit=1200e-12 / SurveyADC().area(8, 1.28e9) * SurveyADC().area_8bit)
    dac = CapacitiveDAC(unit_capacitance=1e-21, switch_energy=4e-3 * CYCLE / 1024,
                        switch_area=170e-12 / 1024)
    return Periphery(node=32e-9, adc=adc, dac=dac, assumed_bits=8, conversion_rate=1.28e9)


def chip(periphery: Periphery) -> tuple[float, float]:
    """Power [W] and area [m^2] of the whole chip."""
    rate = periphery.conversion_rate
    rows = ARRAYS * ROWS
    unit = (ARRAYS * periphery.adc.power(8, rate) + rows * periphery.dac.energy(1) / CYCLE,
            ARRAYS * periphery.adc.area(8, rate) + rows * periphery.dac.area(1))
    power, area = (UNITS * (unit[i] + sum(part[i] for part in REST_OF_UNIT.values()))
                   + sum(part[i] for part in REST_OF_TILE.values()) for i in (0, 1))
    return TILES * power + LINKS[0], TILES * area + LINKS[1]


def operations() -> float:
    """Of 16 bits per second: 8 cells of 2 bits are a weight, an input comes in 16 cycles."""
    products = ROWS * COLUMNS / 8
    return 2 * TILES * UNITS * ARRAYS * products / (16 * CYCLE)


def test_isaac_is_rebuilt_from_its_table() -> None:
    """65.8 W, 85.4 mm^2, 627.5 GOPS/W (table IV of the corrected version; 380.7, which is often
    cited, does not follow from table I) and 478.95 GOPS/mm^2, which its own area puts at 483."""
    power, area = chip(isaac())
    assert power == pytest.approx(65.8, rel=0.002)
    assert area == pytest.approx(85.4e-6, rel=0.002)
    assert operations() / power == pytest.approx(627.5e9, rel=0.002)
    assert operations() / area / 1e6 == pytest.approx(478.95e9, rel=0.012)


def test_its_converters_lie_within_our_presets() -> None:
    """A good one of 2013, near the best tenth of those since 2020."""
    theirs = isaac().adc.energy(8, 1.28e9)
    assert SurveyADC.best_tenth().energy(8, 1.28e9) < theirs < SurveyADC().energy(8, 1.28e9)
    assert theirs == pytest.approx(1.5625e-12, rel=1e-9)


@pytest.mark.parametrize("one", CHIPS, ids=lambda one: one.name)
def test_figures_are_whole_and_sourced(one: Published) -> None:
    assert 7e-9 <= one.node <= 130e-9
    assert one.source
    assert one.counts
    if one.tops_per_watt is not None:
        low, high = one.tops_per_watt
        assert 1 <= low <= high <= 1000
    assert one.tops_per_mm2 is None or one.tops_per_mm2 > 1


def test_a_digital_product_by_hand() -> None:
    """0.2 pJ, 32 bits of 3.75 fJ and of a register; two operations."""
    logic = Digital(node=45e-9, supply=0.9)
    energy = 0.2e-12 + 32 * 3.75e-15 + logic.register(32)
    found = digital_baseline(Periphery(supply=0.9))
    assert found.tops_per_watt == pytest.approx([2e-12 / energy] * 2, rel=1e-12)


def test_memory_is_most_of_a_digital_product() -> None:
    bare, whole = (digital_baseline(memory=memory).tops_per_watt for memory in (False, True))
    assert bare is not None
    assert whole is not None
    assert whole[0] < bare[0] / 2


def test_smaller_nodes_do_more_per_watt_and_area() -> None:
    found = [digital_baseline(Periphery(node=node)) for node in (65e-9, 28e-9, 14e-9)]
    per_watt = [one.tops_per_watt for one in found]
    assert per_watt == sorted(per_watt)
    assert [one.tops_per_mm2 for one in found] == sorted(one.tops_per_mm2 for one in found)
