"""Laws of writing a model: pulses, energy, time, wear and states of the devices that are in it."""

from collections.abc import Callable
from dataclasses import replace

import keras
import numpy as np
import pytest

import crossbar
from crossbar import Differential, Hardware, Placement
from crossbar.layers.model import products_of
from device_models import CompoundMTJ, Variability, load_stack
from device_models.switching import Programming, write_energy

PULSE, THICKNESS = 200e-9, 1.9e-9
MAGNET = load_stack("kumar2024").writing_magnet(THICKNESS, 3)
OPEN = Programming(magnet=MAGNET, pulse=PULSE, assist_field=8.5e-3, spread=0.06, missed=0.15)
Build = Callable[..., keras.Model]


def analog(network: Build, hardware: Hardware) -> keras.Model:
    return crossbar.to_analog(network(), hardware)


def test_states_reached_are_those_of_the_models_devices(
    network: Build, synapse: CompoundMTJ
) -> None:
    """Devices that hold the conductance that was wanted of them, counted one by one."""
    written = analog(network, Hardware(synapse, programming=OPEN, tile=(4, 6)))
    ideal = analog(network, Hardware(synapse, tile=(4, 6)))
    report = crossbar.write_cost(written)
    for layer, real, wanted in zip(report.layers.values(), products_of(written),
                                   products_of(ideal), strict=True):
        same = [np.sum(a.conductance == b.conductance) for a, b in zip(
            real.matrices, wanted.matrices, strict=True)]
        assert layer.reached.sum() == sum(same)
        assert layer.devices == sum(m.conductance.size for m in wanted.matrices)


def test_open_loop_is_a_reset_and_one_pulse_of_the_state(
    network: Build, synapse: CompoundMTJ
) -> None:
    report = crossbar.write_cost(analog(network, Hardware(synapse, programming=OPEN)))
    total, chosen = report.total, OPEN.with_voltages(3)
    volts = np.array([0.0, *chosen.set_voltages])
    assert total.pulses == total.devices + total.wanted[1:].sum()
    assert total.time == pytest.approx(total.pulses * PULSE)
    each = write_energy(chosen.reset_voltage, PULSE, MAGNET.channel_resistance) + write_energy(
        volts, PULSE, MAGNET.channel_resistance)
    assert total.energy == pytest.approx(float(total.wanted @ each), rel=1e-12)
    assert sum(layer.pulses for layer in report.layers.values()) == total.pulses


def test_verified_writes_reach_what_one_pulse_does_not(
    network: Build, synapse: CompoundMTJ
) -> None:
    model = analog(network, Hardware(synapse, programming=OPEN))
    once, again = crossbar.write_cost(model), crossbar.write_cost(model, verify=True)
    assert again.total.reached.sum() > once.total.reached.sum()
    assert again.total.pulses > once.total.pulses
    assert again.total.energy > once.total.energy
    assert (once.total.reads, again.total.reads) == (0, again.total.pulses)
    assert once.total.read_energy == 0 < again.total.read_energy
    for report, way in ((once, once.open_loop), (again, again.verified), (again, once.verified)):
        assert [layer.energy for layer in report.layers.values()] == [
            layer.energy for layer in way.values()]


def test_how_a_model_is_written_may_be_asked_of_any(network: Build, synapse: CompoundMTJ) -> None:
    plain = analog(network, Hardware(synapse))
    with pytest.raises(ValueError, match="programming="):
        crossbar.write_cost(plain)
    written = crossbar.write_cost(analog(network, Hardware(synapse, programming=OPEN)))
    assert str(crossbar.write_cost(plain, OPEN)) == str(written)
    longer = crossbar.write_cost(plain, OPEN, pulse=2 * PULSE).total
    assert longer.time == pytest.approx(2 * written.total.time)
    assert longer.energy < 2 * written.total.energy  # with lower voltages, chosen anew
    with pytest.raises(ValueError, match="no programmed crossbars"):
        crossbar.write_cost(network(), OPEN)


def test_stuck_cells_never_reach_their_states(network: Build, synapse: CompoundMTJ) -> None:
    stuck = Variability(sigma_r_p=0.0, sigma_tmr=0.0, shorted=0.0, stuck_antiparallel=1.0)
    hardware = Hardware(synapse, programming=replace(OPEN, verify=True), variability=stuck)
    total = crossbar.write_cost(analog(network, hardware)).total
    assert total.reached[0] == total.wanted[0]
    assert not total.reached[1:].any()


def test_two_arrays_of_a_tile_are_written_once(network: Build, synapse: CompoundMTJ) -> None:
    apart = Hardware(synapse, programming=OPEN, mapping=Differential(placement=Placement.ARRAYS),
                     tile=(4, 3))
    together = Hardware(synapse, programming=OPEN, tile=(4, 6))
    found = [crossbar.write_cost(analog(network, each)).total for each in (apart, together)]
    np.testing.assert_array_equal(found[0].wanted, found[1].wanted)


@pytest.mark.parametrize("verify", [False, True], ids=["open loop", "verified"])
def test_without_variability_cells_on_a_channel_are_as_alike_as_without_one(
    verify: bool, network: Build, synapse: CompoundMTJ
) -> None:
    """Which of them switch is the pulses' chance alone, and not that of a spread unasked for."""
    on_channel = replace(synapse, channel=load_stack("kumar2024").write_channel())
    programming = replace(OPEN, spread=0.0, missed=0.01, verify=verify)
    plain, on = (crossbar.write_cost(analog(network, Hardware(
        each, programming=programming))).total for each in (synapse, on_channel))
    np.testing.assert_array_equal(on.reached, plain.reached)
    assert (on.pulses, on.energy) == (plain.pulses, plain.energy)
    spread = Variability(sigma_r_p=0.0, sigma_tmr=0.0, shorted=0.0, sigma_v_c=0.3)
    varied = crossbar.write_cost(analog(network, Hardware(
        on_channel, programming=programming, variability=spread))).total
    assert varied.reached[3] < plain.reached[3] or varied.pulses > plain.pulses


def test_what_is_no_programming_is_refused(network: Build, synapse: CompoundMTJ) -> None:
    with pytest.raises(TypeError, match=r"programming is 'verify'; expected .*Programming\("):
        crossbar.write_cost(analog(network, Hardware(synapse)), "verify")
    with pytest.raises(ValueError, match=r"has 2 set_voltages, and the synapse 4 states"):
        Hardware(synapse, programming=replace(OPEN, set_voltages=(1.0, 1.2)))
