"""Figures of merit: what an operation is, and what follows from energy, time and area."""

from collections.abc import Callable
from dataclasses import replace

import keras
import numpy as np
import pytest
from keras import layers
from numpy.typing import NDArray

from circuits import BitSerial, Wires
from crossbar import BitSliced, Hardware, Periphery, performance, read_energy, to_analog
from crossbar.conversion.report import conversion_report
from crossbar.cost.figures import PerformanceReport
from device_models import CompoundMTJ
from tests.support.models import LAYERS, signed

Network = Callable[..., keras.Model]
Inputs = Callable[..., NDArray[np.float64]]
WIRES = Wires(4.0, 3.0, 100.0, 30.0)


@pytest.fixture(scope="module")
def report(synapse: CompoundMTJ, network: Network, inputs: Inputs) -> PerformanceReport:
    return performance(to_analog(network(), Hardware(synapse, WIRES, tile=(4, 6)), inputs(9)),
                       inputs(9))


def test_energy_is_that_of_a_read(report: PerformanceReport, synapse: CompoundMTJ,
                                  network: Network, inputs: Inputs) -> None:
    analog = to_analog(network(), Hardware(synapse, WIRES, tile=(4, 6)), inputs(9))
    assert read_energy(analog, inputs(9)) == report.energy


def test_an_operation_is_a_product_or_a_sum_of_a_weight(report: PerformanceReport) -> None:
    """9 x 7 and 7 x 4; biases do not count."""
    assert report.operations == {"d0": 2 * 63, "d1": 2 * 28}
    assert report.total_operations == 2 * 91


def test_figures_follow_from_energy_time_and_area(report: PerformanceReport) -> None:
    operations, energy, area = 182, report.energy, report.area
    assert report.tops_per_watt == pytest.approx(1e-12 * operations / energy.total)
    assert report.tops_per_watt_arrays == pytest.approx(1e-12 * operations / energy.array)
    per_second = operations / report.latency.interval
    assert report.tops_per_mm2 == pytest.approx(1e-12 * per_second / (1e6 * area.total))
    assert report.tops_per_mm2_arrays == pytest.approx(1e-12 * per_second / (1e6 * area.array))
    assert report.inferences_per_joule == pytest.approx(1 / energy.total)
    assert report.inferences_per_second == pytest.approx(1 / report.latency.interval)
    assert report.energy_delay == pytest.approx(energy.total * report.latency.latency)


def test_layers_add_up_to_the_network(report: PerformanceReport) -> None:
    each = [report.layer(name) for name in report.operations]
    for quantity in (lambda one: one.energy.total, lambda one: one.energy.array,
                     lambda one: one.latency.latency, lambda one: one.area.total,
                     lambda one: one.total_operations):
        assert quantity(report) == pytest.approx(sum(map(quantity, each)), rel=1e-12)
    assert report.latency.interval == max(one.latency.interval for one in each)
    with pytest.raises(ValueError, match="expected one of d0, d1"):
        report.layer("d2")


@pytest.mark.parametrize("name", [
    "conv2d-same-s2-d1-g2-channels_last", "lstm-both", "attention-grouped", "distributed",
    "einsum-abc,bd->adc"])
def test_reads_of_every_kind_of_layer_are_counted(name: str, synapse: CompoundMTJ) -> None:
    """As many conversions as energy has; operations by the matrices of the report and reads."""
    model = LAYERS[name]()
    x = signed(model)
    analog = to_analog(model, Hardware(synapse, WIRES), x)
    found = performance(analog, x)
    sizes = {row.name: row.matrices for row in conversion_report(analog).layers if row.analog}
    for layer, timed in found.latency.layers.items():
        operations = sum(2 * each.reads * groups * inputs * outputs for each, (
            groups, inputs, outputs) in zip(timed.products, sizes[layer], strict=True))
        assert found.operations[layer] == pytest.approx(operations)
        conversions = sum(2 * each.reads * groups * outputs for each, (groups, _, outputs) in zip(
            timed.products, sizes[layer], strict=True))  # one row of tiles, pairs
        assert found.energy.layers[layer]["adc"] == pytest.approx(
            conversions * found.energy.surroundings.adc.energy(8, 1e8))


def test_bits_one_after_another_and_slices_are_no_more_operations(
    synapse: CompoundMTJ, network: Network, inputs: Inputs
) -> None:
    hardware = Hardware(synapse, WIRES)
    at_once, serial, sliced = (performance(to_analog(network(), each, inputs(9)), inputs(9))
                               for each in (hardware, replace(hardware, dac=BitSerial(3)), replace(
                                   hardware, mapping=BitSliced())))
    assert at_once.operations == serial.operations == sliced.operations
    first = [one.latency.layers["d0"].products[0].read for one in (at_once, serial)]
    assert first[1].cycles == 3 * first[0].cycles
    assert serial.latency.latency > 2.5 * at_once.latency.latency
    assert sliced.area.total > at_once.area.total


def test_tiles_in_turn_take_longer_and_less_area(synapse: CompoundMTJ, network: Network,
                                                 inputs: Inputs) -> None:
    analog = to_analog(network(), Hardware(synapse, WIRES, tile=(4, 6)), inputs(9))
    around = Periphery()
    at_once, in_turn = (performance(analog, inputs(9), periphery=each) for each in (
        around, replace(around, parallel_tiles=False)))
    assert in_turn.latency.latency > 3 * at_once.latency.latency
    assert in_turn.area.total < at_once.area.total / 2
    assert in_turn.energy.total == pytest.approx(at_once.energy.total, rel=1e-12)


def test_a_pulse_too_short_to_settle_is_told(synapse: CompoundMTJ, network: Network,
                                             inputs: Inputs) -> None:
    analog = to_analog(network((9, 4)), Hardware(synapse, WIRES, read_time=1e-11), inputs(9))
    with pytest.warns(UserWarning, match="'d0': its slowest tile settles .*read_time="):
        found = performance(analog, inputs(9))
    assert not found.latency.settled


def test_the_table_has_every_layer_and_its_numbers(report: PerformanceReport) -> None:
    lines = {line[:24].strip(): line.split() for line in str(report).splitlines()}
    assert str(report).splitlines()[0].split() == ["d0", "d1", "network"]
    assert lines["operations [1]"][-3:] == ["126", "56", "182"]
    assert f"{report.tops_per_watt:.4g}" in lines["TOPS/W, with periphery ["[:24].strip()]
    assert "8 bits, 7 levels, 8 bits" in str(report)
    names = [one.name for one in report.beside]
    assert len(set(names)) == len(names) > 8


def test_a_pooling_layer_is_named_and_costs_nothing(synapse: CompoundMTJ) -> None:
    model = keras.Sequential([keras.Input((6, 6, 1)), layers.Conv2D(2, 3, name="c"),
                              layers.MaxPooling2D(2, name="pool")])
    x = np.random.default_rng(0).uniform(0, 1, (3, 6, 6, 1)).astype(np.float32)
    found = performance(to_analog(model, Hardware(synapse), x), x)
    assert list(found.operations) == ["c"]
    assert found.operations["c"] == 2 * 16 * 9 * 2
    assert found.energy.digital == ("pool (MaxPooling2D)",)
