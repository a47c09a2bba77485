"""Laws of latency: what is done one after another adds up; counts of conversions, bits, turns."""

from dataclasses import replace

import numpy as np
import pytest

from circuits import BitSerial, Wires
from crossbar import Differential, Hardware, Placement
from crossbar.cost.latency import LatencyReport, LayerLatency, ProductLatency, product_latency
from crossbar.cost.periphery import Periphery
from crossbar.cost.settling import settling_times
from crossbar.cost.timing import ReadTiming
from crossbar.mapping import Subtraction
from crossbar.tiles.matrix import TiledMatrix
from device_models import CompoundMTJ

WIRES = Wires(row=13.0, column=7.0, source=300.0, sense=50.0)
PERIPHERY = Periphery()


def timing(synapse: CompoundMTJ, periphery: Periphery = PERIPHERY, matrices: int = 1,
           shape: tuple[int, int] = (9, 7), **settings: object) -> ReadTiming:
    hardware = Hardware(synapse, **{"wires": WIRES, "tile": (8, 8), **settings})
    return ReadTiming.of(shape, matrices, hardware, periphery)


def programmed(synapse: CompoundMTJ, groups: int = 1, **settings: object
               ) -> tuple[TiledMatrix, ...]:
    weights = np.random.default_rng(3).normal(0, 0.5, (groups, 9, 7))
    return TiledMatrix.program_groups(weights, Hardware(
        synapse, **{"wires": WIRES, "tile": (8, 8), **settings}))


def test_a_read_is_its_pulse_its_conversions_and_what_follows(synapse: CompoundMTJ) -> None:
    """Four columns to a converter of 100 MS/s; two columns of two rows of tiles take two stages of
    additions, gain and activation a clock each."""
    found = timing(synapse, columns_per_adc=4, read_time=25e-9)
    assert found == ReadTiming(25e-9, 4, 1e-8, 1, 1, 4e-9)
    assert found.cycle == pytest.approx(65e-9, rel=1e-12, abs=0)
    assert found.total == pytest.approx(69e-9, rel=1e-12, abs=0)


def test_sharing_a_converter_doubles_its_time_until_it_has_all_columns(
    synapse: CompoundMTJ
) -> None:
    shared = [timing(synapse, columns_per_adc=columns) for columns in (1, 2, 4, 8, 16)]
    assert [each.conversions for each in shared] == [1, 2, 4, 8, 8]
    fast = timing(synapse, replace(PERIPHERY, conversion_rate=2e8), columns_per_adc=4)
    assert fast.cycle - fast.pulse == pytest.approx(2e-8, rel=1e-12, abs=0)


@pytest.mark.parametrize(("mapping", "most"), [
    (Differential(), 8), (Differential(subtraction=Subtraction.BEFORE), 4),
    (Differential(placement=Placement.ARRAYS), 7)])
def test_converters_are_shared_within_an_array_and_behind_subtraction(
    mapping: Differential, most: int, synapse: CompoundMTJ
) -> None:
    assert timing(synapse, mapping=mapping, columns_per_adc=99).conversions == most


def test_bits_one_after_another_take_a_pulse_and_its_conversions_each(
    synapse: CompoundMTJ
) -> None:
    once, serial = (timing(synapse, dac=dac, columns_per_adc=2) for dac in (6, BitSerial(6)))
    assert (once.cycles, serial.cycles) == (1, 6)
    assert serial.arrays == pytest.approx(6 * once.arrays, rel=1e-12, abs=0)
    assert serial.numbers == pytest.approx(once.numbers + 1e-9, rel=1e-12, abs=0)


def test_tiles_take_turns_where_they_share_a_periphery(synapse: CompoundMTJ) -> None:
    """9 x 7 are 2 x 2 tiles; of two arrays each that are read against each other, 2 x 1."""
    in_turn = replace(PERIPHERY, parallel_tiles=False)
    assert timing(synapse).turns == 1
    assert timing(synapse, in_turn).turns == 4
    assert timing(synapse, in_turn, matrices=3).turns == 12
    apart = Differential(placement=Placement.ARRAYS)
    assert timing(synapse, in_turn, mapping=apart).turns == 2
    assert timing(synapse, in_turn).arrays == pytest.approx(4 * timing(synapse).arrays, abs=0)


def test_sums_over_more_tiles_take_more_stages_and_a_slower_clock_longer(
    synapse: CompoundMTJ
) -> None:
    stages = [1e9 * timing(synapse, shape=(rows, 3)).numbers for rows in (8, 9, 17, 32, 33)]
    np.testing.assert_allclose(stages, [3, 4, 5, 5, 6])
    slow = replace(PERIPHERY, clock_rate=1e8)
    assert timing(synapse, slow).numbers == pytest.approx(40e-9, rel=1e-12, abs=0)


def test_latency_is_that_of_each_row_vector_and_the_slowest_tile_of_all(
    synapse: CompoundMTJ
) -> None:
    matrices, steps = programmed(synapse, groups=3), []
    found = product_latency(matrices, 49, PERIPHERY, progress=steps.append)
    assert found.read == timing(synapse, matrices=3)
    assert found.latency == pytest.approx(49 * found.read.total, rel=1e-12, abs=0)
    times = [time for matrix in matrices for time in settling_times(matrix, PERIPHERY)]
    assert len(set(times)) == sum(steps) == 12
    assert found.settling == max(times)
    assert product_latency(matrices, 0, PERIPHERY).latency == 0
    with pytest.raises(ValueError, match="reads"):
        product_latency(matrices, -1, PERIPHERY)


def test_a_pulse_too_short_is_told_with_one_that_is_long_enough(synapse: CompoundMTJ) -> None:
    matrices = programmed(synapse, read_time=0.1e-9, adc_bits=7)
    with pytest.warns(UserWarning, match=(
            r"layer 'd0': its slowest tile settles to half a step of 7 bits in .* ns, and the read "
            r"pulse is 0\.1 ns.*expected Hardware\(read_time=.*\) or more")) as told:
        short = product_latency(matrices, 1, PERIPHERY, "d0")
    assert not short.settled
    enough = float(str(told[0].message).split("read_time=")[1].split(")")[0])
    assert short.settling < enough < 1.02 * short.settling
    assert product_latency(programmed(synapse, read_time=enough, adc_bits=7), 1, PERIPHERY).settled


def report() -> LatencyReport:
    read = ReadTiming(30e-9, 4, 1e-8, 1, 1, 5e-9)  # 75 ns
    slow = replace(read, cycles=8)  # 565 ns
    return LatencyReport({
        "conv": LayerLatency((ProductLatency(2e-9, read, 100),)),
        "rnn": LayerLatency((ProductLatency(1e-9, read, 4), ProductLatency(3e-9, slow, 4)))})


def test_layers_follow_each_other_and_the_slowest_sets_the_pace() -> None:
    found = report()
    assert found.layers["rnn"].latency == pytest.approx(4 * 640e-9, rel=1e-12, abs=0)
    assert found.layers["rnn"].settling == 3e-9
    assert found.latency == pytest.approx(7.5e-6 + 2.56e-6, rel=1e-12, abs=0)
    assert found.interval == pytest.approx(7.5e-6, rel=1e-12, abs=0)
    assert found.throughput == pytest.approx(1 / 7.5e-6)
    assert LatencyReport({"a": LayerLatency((ProductLatency(0.0, ReadTiming(
        1e-9, 1, 1e-9, 1, 1, 0.0), 0.0),))}).throughput == np.inf


def test_a_report_has_settled_if_all_products_have() -> None:
    found = report()
    assert found.settled
    bad = ProductLatency(31e-9, ReadTiming(30e-9, 4, 1e-8, 1, 1, 5e-9), 1)
    other = LayerLatency((*found.layers["conv"].products, bad))
    assert not LatencyReport({**found.layers, "bad": other}).settled


def test_the_report_is_a_table_of_products() -> None:
    lines = [line.split() for line in str(report()).splitlines()]
    assert lines[0][:3] == ["latency", "10.06", "us;"]
    assert lines[2] == ["conv", "2", "30", "4", "x", "10", "5", "1", "1", "100", "7.5"]
    assert lines[4] == ["rnn", "3", "30", "4", "x", "10", "5", "8", "1", "4", "2.26"]
