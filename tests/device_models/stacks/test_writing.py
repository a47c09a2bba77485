"""Laws of the programming that a stack's tables say."""

from dataclasses import replace

import numpy as np
import pytest

from device_models import Variability, load_stack
from device_models.reliability import Barrier
from device_models.stacks import MissingEntryError, MissingTableError, Stack
from device_models.switching import Programming
from device_models.switching.batch import Batch
from tests.support.stacks import WRITTEN


def without(stack: Stack, **tables: None) -> Stack:
    return replace(stack, tables=replace(stack.tables, **tables))


@pytest.mark.parametrize("cells", [1, 3])
@pytest.mark.parametrize("name", WRITTEN)
def test_every_stack_says_how_it_is_written(name: str, cells: int) -> None:
    stack = load_stack(name)
    made = stack.programming(cells=cells)
    strip, path = stack.write_channel(), made.path
    assert path is not None
    assert path.resistance == pytest.approx(made.magnet.channel_resistance, rel=1e-12)
    assert path.contacts == strip.fixed
    assert path.channel + path.contacts == pytest.approx(strip.resistance(cells), rel=1e-12)
    assert path.common == pytest.approx((stack.switching.common_series or 0) * (cells > 1))
    assert made.pulse == stack.switching.pulse
    chosen = made.with_voltages(cells)
    assert chosen.set_voltages is not None
    assert chosen.breakdown_voltage is not None
    assert chosen.set_voltages[-1] < chosen.breakdown_voltage


def test_the_barrier_is_that_of_one_cell() -> None:
    stack = load_stack("kumar2024")
    made = stack.programming(1.6e-9, 3)
    assert made.barrier == Barrier(breakdown_voltage=float(stack.breakdown.voltage(1.6e-9)),
                                   shape=20.0, cycles=1e15,
                                   pulse=stack.switching.pulse)
    assert made.breakdown_voltage == pytest.approx(float(stack.breakdown.voltage(1.6e-9, 3)))


def test_shorter_pulses_may_be_higher() -> None:
    """V t^(1/a) breaks as many: what one pulse of the mean voltage ages is the same."""
    made = [load_stack("kumar2024").programming(1.6e-9, pulse=pulse) for pulse in (2e-7, 1e-8)]
    aged = []
    for each in made:
        assert each.barrier is not None
        assert each.breakdown_voltage is not None
        aged.append(float(np.asarray(each.barrier.ageing(each.breakdown_voltage, each.pulse))))
    assert aged[1] == pytest.approx(aged[0], rel=1e-12)
    assert made[1].breakdown_voltage == pytest.approx(1.8 * 20 ** (1 / 40), rel=1e-12)
    batch = Batch(made[1]._conditions, np.ones((1, 1)), np.ones((1, 1), bool),
                  np.zeros((1, 1), bool), np.random.default_rng(0), barrier=made[1].barrier)
    batch.apply(np.array([1.8]))
    assert made[1].barrier is not None
    assert batch.aged == pytest.approx(np.asarray(made[1].barrier.ageing(1.8)) / 20, rel=1e-12)


def test_settings_go_before_what_the_file_says() -> None:
    stack, law = load_stack("kumar2024"), Variability(sigma_v_c=0.07, sigma_cycle_v_c=0.03)
    plain = stack.programming(1.9e-9, 3)
    assert (plain.spread, plain.cycle_spread, plain.verify) == (0.0, 0.0, False)
    made = stack.programming(1.9e-9, 3, variability=law, verify=True, pulse=1e-7, barrier=None)
    assert made == replace(plain, spread=0.07, cycle_spread=0.03, verify=True, pulse=1e-7,
                           barrier=None)
    assert isinstance(made, Programming)


def test_what_the_file_does_not_say_is_not_made_up() -> None:
    stack = load_stack("kumar2024")
    silent = without(stack, breakdown=None).programming(1.9e-9, 3)
    assert silent.barrier == Barrier()
    assert silent.breakdown_voltage is None
    table = replace(stack.breakdown, endurance_cycles=None)
    made = replace(stack, tables=replace(stack.tables, breakdown=table)).programming(1.9e-9, 3)
    assert made.barrier is not None
    assert (made.barrier.cycles, made.barrier.shape) == (None, 20.0)
    with pytest.raises(MissingTableError, match="channel"):
        without(stack, channel=None).programming(1.9e-9, 3)
    for name, setting in (("pulse", "pulse"), ("assist_field", "assist_field")):
        drive = replace(stack.switching, **{name: None})
        other = replace(stack, tables=replace(stack.tables, switching=drive))
        with pytest.raises(MissingEntryError, match=rf"{name}.* give {setting}="):
            other.programming(1.9e-9, 3)
