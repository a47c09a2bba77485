"""Laws of area: counts of what is fabricated, tile by tile, and sums."""

from dataclasses import replace

import numpy as np
import pytest

from circuits import BitSerial, ColumnSense, RowDrive, Wires
from crossbar import Differential, Hardware, Placement
from crossbar.cost.area import AREAS, AreaReport, LayerArea, product_area
from crossbar.cost.periphery import Cell, Periphery
from crossbar.mapping import Subtraction
from crossbar.tiles.matrix import TiledMatrix
from device_models import CompoundMTJ

PERIPHERY = Periphery()
IN_TURN = replace(PERIPHERY, parallel_tiles=False)


def area(synapse: CompoundMTJ, periphery: Periphery = PERIPHERY, groups: int = 1,
         shape: tuple[int, int] = (9, 7), activation: bool | None = None, **settings: object
         ) -> LayerArea:
    weights = np.random.default_rng(3).normal(0, 0.5, (groups, *shape))
    hardware = Hardware(synapse, **{"tile": (8, 8), **settings})
    return product_area(TiledMatrix.program_groups(weights, hardware), periphery, activation)


def counts(found: LayerArea, periphery: Periphery = PERIPHERY, bits: int = 8) -> tuple[float, ...]:
    """Of cells, drivers, input converters, amplifiers and current converters."""
    each = {"cells": periphery.cell.area, "drivers": periphery.driver.area(),
            "dac": periphery.dac.area(bits), "amplifiers": periphery.amplifier.area(),
            "adc": periphery.adc.area(bits, periphery.conversion_rate)}
    return tuple(round(found.parts[name] / size, 6) for name, size in each.items())


def test_every_row_column_and_converter_of_every_whole_tile_counts(synapse: CompoundMTJ) -> None:
    """9 x 7 are 2 x 2 tiles of 8 x 8, of which 9 x 14 devices are used; three columns to a
    converter leave two for the last."""
    found = area(synapse, columns_per_adc=3)
    assert counts(found) == (4 * 64, 4 * 8, 4 * 8, 4 * 8, 4 * 3)
    assert (found.devices, found.used) == (256, 126)
    assert counts(area(synapse, groups=2)) == (8 * 64, 8 * 8, 8 * 8, 8 * 8, 8 * 8)


@pytest.mark.parametrize(("mapping", "expected"), [
    (Differential(subtraction=Subtraction.BEFORE), (4 * 64, 4 * 8, 4 * 8, 4 * 4, 4 * 2)),
    (Differential(placement=Placement.ARRAYS), (4 * 64, 4 * 8, 4 * 8, 4 * 8, 4 * 3)),
    (Differential(placement=Placement.ARRAYS, subtraction=Subtraction.BEFORE),
     (4 * 64, 4 * 8, 4 * 8, 2 * 8, 2 * 3))])
def test_subtraction_in_front_halves_amplifiers_and_converters(
    mapping: Differential, expected: tuple[int, ...], synapse: CompoundMTJ
) -> None:
    assert counts(area(synapse, mapping=mapping, columns_per_adc=3)) == expected


def test_a_tile_takes_the_same_area_however_full_it_is(synapse: CompoundMTJ) -> None:
    full, empty = area(synapse, shape=(8, 4)), area(synapse, shape=(1, 1))
    assert counts(full) == counts(empty) == (64, 8, 8, 8, 8)
    assert (full.used, empty.used) == (64, 2)


def test_tiles_in_turn_share_all_but_their_cells_and_drivers(synapse: CompoundMTJ) -> None:
    found = area(synapse, IN_TURN, groups=2, columns_per_adc=3)
    assert counts(found) == (8 * 64, 8 * 8, 8, 8, 3)


def test_both_ends_have_drivers_and_amplifiers(synapse: CompoundMTJ) -> None:
    found = area(synapse, drive=RowDrive.BOTH, sense=ColumnSense.BOTH)
    assert counts(found) == (4 * 64, 2 * 4 * 8, 4 * 8, 2 * 4 * 8, 4 * 8)


def test_bits_one_after_another_need_no_converter(synapse: CompoundMTJ) -> None:
    assert area(synapse, dac=BitSerial(8)).parts["dac"] == 0


def test_bits_of_the_hardware_or_those_assumed(synapse: CompoundMTJ) -> None:
    given, assumed = area(synapse, adc_bits=5, dac_bits=5), area(
        synapse, replace(PERIPHERY, assumed_bits=5))
    assert given == assumed
    assert counts(given, bits=5) == (4 * 64, 4 * 8, 4 * 8, 4 * 8, 4 * 8)
    assert given.total < area(synapse).total


def test_cells_go_with_both_pitches_and_drivers_with_conductance(synapse: CompoundMTJ) -> None:
    small, large = (area(synapse, replace(PERIPHERY, cell=Cell(row_pitch=pitch, column_pitch=1e-6)))
                    for pitch in (1e-6, 3e-6))
    assert small.parts["cells"] == pytest.approx(256e-12, rel=1e-12, abs=0)
    assert large.parts["cells"] == pytest.approx(768e-12, rel=1e-12, abs=0)
    strong, weak = (area(synapse, wires=Wires(source=ohm)).parts["drivers"] for ohm in (10.0, 40.0))
    assert strong == pytest.approx(4 * weak, rel=1e-12, abs=0)


def test_an_adder_to_each_converter_and_a_register_to_each_result(synapse: CompoundMTJ) -> None:
    """Two columns in two rows of tiles add up to words of 10 bits, those of 4 serial bits to 12."""
    digital = PERIPHERY.digital
    for dac, bits in ((None, 10), (BitSerial(4), 12)):
        found = area(synapse, columns_per_adc=3, dac=dac).parts["accumulation"]
        assert found == pytest.approx(
            12 * digital.add_area(bits) + 7 * digital.register_area(bits), rel=1e-12, abs=0)


def test_multipliers_are_as_many_as_keep_up_with_the_arrays(synapse: CompoundMTJ) -> None:
    """7 results in 40 ns at 1 GHz, 50 MHz and 10 MHz; four times as long where tiles take turns."""
    one = PERIPHERY.digital.multiply_area(10, 8)
    for periphery, clock, units in ((PERIPHERY, 1e9, 1), (PERIPHERY, 5e7, 4), (PERIPHERY, 1e7, 18),
                                    (IN_TURN, 1e7, 5)):
        found = area(synapse, replace(periphery, clock_rate=clock)).parts["scaling"]
        assert found == pytest.approx(units * one, rel=1e-12, abs=0)


def test_a_table_is_larger_than_a_comparison_and_nothing_takes_none(synapse: CompoundMTJ) -> None:
    none, simple, table = (area(synapse, activation=kind).parts["activation"]
                           for kind in (None, True, False))
    assert 0 == none < simple < table


def test_buffers_hold_a_vector_of_inputs_and_one_of_results(synapse: CompoundMTJ) -> None:
    found = area(synapse, groups=2, dac_bits=6).parts["buffers"]
    assert found == pytest.approx(PERIPHERY.digital.buffer_area(6, 2 * 16), rel=1e-12, abs=0)


def test_parts_add_up_over_products_and_layers(synapse: CompoundMTJ) -> None:
    first, second = area(synapse, activation=True), area(synapse, shape=(20, 3))
    both = first + second
    assert set(both.parts) == set(AREAS)
    assert both.total == pytest.approx(first.total + second.total, rel=1e-12, abs=0)
    assert both.devices == first.devices + second.devices
    assert both.used == first.used + second.used
    report = AreaReport({"a": first, "b": both})
    assert report.total == pytest.approx(first.total + both.total, rel=1e-12, abs=0)
    assert report.array == pytest.approx(PERIPHERY.cell.area * (first.devices + both.devices),
                                         rel=1e-12, abs=0)
    assert report.array + report.periphery == pytest.approx(report.total, rel=1e-12, abs=0)


def test_the_report_says_that_it_is_an_estimate(synapse: CompoundMTJ) -> None:
    found = area(synapse)
    lines = str(AreaReport({"d0": found})).splitlines()
    assert "estimate" in lines[0]
    total = next(line.split() for line in lines if line.startswith("total"))
    assert float(total[1]) == pytest.approx(found.total * 1e12, rel=1e-3)
    assert lines[-1].split()[-2:] == ["49.2", "%"]
