"""Laws of what writing a model takes: energy by part, readings, time, wear; and of its table."""

from collections.abc import Callable
from dataclasses import replace

import keras
import numpy as np
import pytest

import crossbar
from crossbar import Hardware
from crossbar.cost.write_count import read_conductance
from crossbar.cost.write_report import summed
from crossbar.imperfections.cells import Cells
from crossbar.layers.model import products_of
from device_models import CompoundMTJ, Variability, load_stack
from device_models.reliability import Barrier, endurance_failure
from device_models.switching import Programming, Written
from tests.support.stacks import WRITTEN

STACK, PULSE = load_stack("kumar2024"), 200e-9
OPEN = Programming(magnet=STACK.writing_magnet(1.9e-9, 3), pulse=PULSE, assist_field=8.5e-3,
                   spread=0.06, missed=0.15).with_voltages(3)
Build = Callable[..., keras.Model]


@pytest.fixture(scope="module")
def plain(network: Build, synapse: CompoundMTJ) -> keras.Model:
    """A model whose hardware does not say how it is written."""
    return crossbar.to_analog(network(), Hardware(synapse))


@pytest.mark.parametrize("name", WRITTEN)
def test_two_pulses_and_two_readings_by_hand(name: str) -> None:
    """One cell, written with so much that the first pulse of each kind does it: verified, a reset
    and a reading of the antiparallel cell, a set pulse and a reading of the parallel one."""
    stack = load_stack(name)
    plenty = stack.programming(verify=True, breakdown_voltage=None).with_voltages(1)
    assert plenty.set_voltages is not None
    assert plenty.reset_voltage is not None
    v, up = 1.1 * plenty.reset_voltage, 1.1 * plenty.set_voltages[0]
    cell = CompoundMTJ(stack.mtj(), 1)
    hardware = Hardware(cell, read_voltage=0.2, read_time=7e-9, programming=replace(
        plenty, set_voltages=(up,), reset_voltage=v, step=0.05))
    model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1, use_bias=False, name="d")])
    model.set_weights([np.ones((1, 1))])  # one device of a pair parallel, the other antiparallel
    total = crossbar.write_cost(crossbar.to_analog(model, hardware)).total
    off, on = cell.conductances(0.2)
    heat = plenty.pulse / plenty.magnet.channel_resistance
    assert total.reached.tolist() == total.wanted.tolist() == [1, 1]
    assert (total.pulses, total.most_pulses, total.reads) == (3, 2, 3)
    assert total.energy == pytest.approx((2 * v**2 + (up / 1.05) ** 2) * heat, rel=1e-12)
    assert total.read_energy == pytest.approx((2 * off + on) * 0.2**2 * 7e-9, rel=1e-12)
    assert total.time == pytest.approx(3 * plenty.pulse + 3 * 7e-9, rel=1e-12)
    assert total.time_of_arrays == pytest.approx(total.time, rel=1e-12)
    assert total.time_of_rows == pytest.approx(2 * (plenty.pulse + 7e-9), rel=1e-12)


def test_where_the_energy_stays_adds_up(plain: keras.Model) -> None:
    """One current flows through channel, contacts and what cells have in common."""
    made, strip = STACK.programming(1.9e-9, 3), STACK.write_channel()
    report = crossbar.write_cost(plain, made)
    for total in (report.total, *report.layers.values(), *report.verified.values()):
        assert total.parts is not None
        assert sum(total.parts.values()) == pytest.approx(total.energy, rel=1e-12)
        share = total.parts["channel"] / total.energy
        assert share == pytest.approx((strip.resistance(3) - strip.fixed) /
                                      made.magnet.channel_resistance, rel=1e-12)


def test_arrays_and_rows_at_once_take_as_long_as_their_slowest(
    network: Build, synapse: CompoundMTJ
) -> None:
    """Open loop: one pulse of state 0, two of the others; counted from conductances."""
    ideal = crossbar.to_analog(network(), Hardware(synapse, tile=(4, 6)))
    lowest = synapse.conductances(0.1)[0] * (1 + 1e-9)
    pulses = [1 + (tile.circuit.conductance > lowest) for product in products_of(ideal)
              for matrix in product.matrices for tile in matrix.tiles]
    total = crossbar.write_cost(ideal, OPEN).total
    assert total.time_of_arrays == pytest.approx(PULSE * max(each.sum() for each in pulses))
    assert total.time_of_rows == pytest.approx(
        PULSE * max(each.max(axis=1).sum() for each in pulses))
    assert total.time_of_rows < total.time_of_arrays < total.time


def test_pulses_twice_as_long_take_twice_the_energy_and_time(
    plain: keras.Model
) -> None:
    short, long = (crossbar.write_cost(plain, OPEN, pulse=width).total
                   for width in (PULSE, 2 * PULSE))
    for name in ("energy", "time", "time_of_arrays", "time_of_rows"):
        assert getattr(long, name) == pytest.approx(2 * getattr(short, name), rel=1e-12)


def test_endurance_used_is_pulses_over_those_endured(plain: keras.Model) -> None:
    report = crossbar.write_cost(plain, replace(OPEN, barrier=Barrier(cycles=50.0)))
    for way in (report.open_loop, report.verified):
        total = summed(list(way.values()))
        assert total.endurance_used == pytest.approx(
            (total.pulses / total.devices / 50, total.most_pulses / 50), rel=1e-12)
        assert total.wear.broken is None


def test_cells_break_as_the_law_of_endurance_says_at_their_own_voltages(
    plain: keras.Model
) -> None:
    """Of pulses of one voltage: one in state 0, two in the others; three cells each."""
    barrier = Barrier(breakdown_voltage=1.8, shape=20.0)
    assert barrier.scale_voltage is not None
    alike = replace(OPEN, set_voltages=(1.5,) * 3, reset_voltage=1.5, barrier=barrier)
    total = crossbar.write_cost(plain, alike).total
    one, two = (float(endurance_failure(n, 1.5, barrier.scale_voltage, 20.0)) for n in (1, 2))
    low, high = 3 * total.wanted[0], 3 * total.wanted[1:].sum()
    assert total.wear.broken == pytest.approx(low * one + high * two, rel=1e-12)
    assert total.wear.none_breaks == pytest.approx((1 - one)**low * (1 - two)**high, rel=1e-9)
    assert total.endurance_used is None
    gentler = replace(alike, set_voltages=(1.1, 1.3, 1.5))
    fewer = crossbar.write_cost(plain, gentler).total
    assert low * one < (fewer.wear.broken or 0) < total.wear.broken


def test_larger_cells_break_as_their_parts_do(network: Build, synapse: CompoundMTJ) -> None:
    barrier = Barrier(breakdown_voltage=1.8, shape=20.0)
    wear = []
    for areas, states in (((1, 1, 1), 3), ((3, 3, 3), 3)):
        hardware = Hardware(replace(synapse, areas=areas), programming=replace(
            OPEN, set_voltages=(1.5,) * states, reset_voltage=1.5, barrier=barrier))
        wear.append(crossbar.write_cost(crossbar.to_analog(network(), hardware)).total.wear)
    small, large = wear
    assert small.hazard is not None
    assert large.hazard == pytest.approx(3 * small.hazard, rel=1e-12)
    assert small.none_breaks is not None
    assert large.none_breaks == pytest.approx(small.none_breaks**3, rel=1e-9)


@pytest.mark.parametrize(("mean", "share"), [(1e3, 0.0), (1e-3, 1.0)])
def test_no_cell_breaks_far_below_breakdown_and_all_far_above(
    mean: float, share: float, plain: keras.Model
) -> None:
    total = crossbar.write_cost(plain, replace(
        OPEN, barrier=Barrier(breakdown_voltage=mean, shape=20.0))).total
    assert total.wear.broken == pytest.approx(share * 3 * total.devices, abs=1e-20)
    assert total.wear.none_breaks == 1 - share


def test_what_is_shorted_cannot_break(network: Build, synapse: CompoundMTJ) -> None:
    shorts = Variability(sigma_r_p=0.0, sigma_tmr=0.0, shorted=1.0)
    hardware = Hardware(synapse, variability=shorts, programming=replace(
        OPEN, barrier=Barrier(breakdown_voltage=1e-3, shape=20.0)))
    assert crossbar.write_cost(crossbar.to_analog(network(), hardware)).total.wear.broken == 0


@pytest.mark.parametrize("channel", [False, True], ids=["alone", "on the channel"])
def test_readings_of_cells_that_differ_add_up_cell_by_cell(
    channel: bool, synapse: CompoundMTJ
) -> None:
    law = Variability(sigma_r_p=0.1, sigma_tmr=0.1, shorted=0.05)
    on = replace(synapse, channel=STACK.write_channel()) if channel else synapse
    cells = Cells.of(on, np.arange(200) % 4, law, np.random.default_rng(1))
    found = np.random.default_rng(2).random((5, 200, 3)) < 0.5
    nothing = np.zeros(200)
    writes = Written(cells.parallel, nothing.astype(int), nothing, nothing > 0,
                     np.full(200, 5), found.sum(axis=0))
    exact = sum(cells.turned(parallel).conductances(0.1) for parallel in found)
    seen = read_conductance(cells, writes, 0.1)
    np.testing.assert_allclose(seen, exact, rtol=5e-3 if channel else 1e-12)
    assert seen.sum() == pytest.approx(exact.sum(), rel=1e-3)


def test_the_report_is_a_table_of_layers_and_one_of_both_ways(
    plain: keras.Model
) -> None:
    text = str(crossbar.write_cost(plain, OPEN))
    layers, ways = (part.splitlines() for part in text.split("\n\n"))
    assert [line.split()[0] for line in layers] == ["layer", "d0", "d1", "sum"]
    assert ways[0].split() == ["all", "layers", "open", "loop", "write-verify"]
    assert len({*map(len, layers)}) == len({*map(len, ways)}) == 1


def test_what_the_programming_does_not_say_is_not_stated(
    plain: keras.Model
) -> None:
    silent = crossbar.write_cost(plain, OPEN)
    assert (silent.total.parts, silent.total.endurance_used) == (None, None)
    assert (silent.total.wear.broken, silent.total.wear.none_breaks) == (None, None)
    said = [line for line in str(silent).splitlines() if line.count("not stated") == 2]
    assert [line.split()[0] for line in said] == [
        "in", "in", "in", "endurance", "endurance", "cells", "chance"]
    assert "not stated" not in str(crossbar.write_cost(plain, STACK.programming(1.9e-9, 3)))


def test_layers_of_which_one_says_nothing_leave_the_sum_unsaid(
    network: Build, synapse: CompoundMTJ
) -> None:
    known = STACK.programming(1.9e-9, 3)
    mixed = crossbar.to_analog(network(), {"d0": Hardware(synapse, programming=known),
                                           "*": Hardware(synapse, programming=OPEN)})
    report = crossbar.write_cost(mixed)
    assert report.layers["d0"].wear.broken is not None
    assert report.layers["d0"].parts is not None
    assert (report.total.wear.broken, report.total.parts) == (None, None)
