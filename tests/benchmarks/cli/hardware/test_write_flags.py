"""Writes of the command line: the stack's pulses, for the spreads that its cells have."""

import numpy as np
import pytest

from benchmarks.cli import Parser, add_hardware, hardware_of
from crossbar import Hardware
from device_models import load_stack
from device_models.switching import Programming, field_free_probability

STACK = load_stack("kumar2024")


def hardware(flags: str) -> Hardware:
    parser = Parser(prog="x")
    add_hardware(parser)
    return hardware_of(parser.parse_args(flags.split()))


def programming(flags: str) -> Programming:
    made = hardware(flags).programming
    assert made is not None
    return made


def test_pulses_are_the_stacks_own_unless_given() -> None:
    made = programming("--write")
    low, high = STACK.switching.assist_field or (0, 0)
    assert (made.pulse, made.assist_field) == (STACK.switching.pulse, (low + high) / 2)
    assert made.magnet == STACK.writing_magnet(1.9e-9, 3)
    assert made.breakdown_voltage == STACK.breakdown.voltage(1.9e-9, 3)
    assert made.field_free == pytest.approx(float(field_free_probability(
        1.9e-9, 2.1e-9, 0.17e-9)))
    assert not made.verify
    assert programming("--write open") == made
    other = programming("--write --pulse-width 50 --assist-field 6")
    assert (other.pulse, other.assist_field) == (50e-9, 6e-3)
    assert programming("--write --cells 2").magnet == STACK.writing_magnet(1.9e-9, 2)
    assert programming("--write --temperature 350").temperature == 350


def test_voltages_are_chosen_for_the_spread_that_cells_have() -> None:
    """And once, so that a result shows them; a spread takes the last state's higher."""
    alike, spread = programming("--write"), programming("--write --variability")
    assert (alike.spread, alike.cycle_spread) == (0, 0)
    known = STACK.variability()
    assert (spread.spread, spread.cycle_spread) == (known.sigma_v_c, known.sigma_cycle_v_c)
    assert programming("--write --variability sigma_v_c=3").spread == 0.03
    for made in (alike, spread):
        assert made == made.with_voltages(3)
        assert np.all(np.diff(made.set_voltages) > 0)
    assert spread.set_voltages[-1] > alike.set_voltages[-1]
    given = programming("--write --set-voltages 1.1,1.2,1.3 --reset-voltage 1.4")
    assert (given.set_voltages, given.reset_voltage) == ((1.1, 1.2, 1.3), 1.4)


def test_unequal_cells_have_a_voltage_for_every_state() -> None:
    assert len(programming("--write --areas 1,2,4").set_voltages) == 7


def test_missing_less_takes_more_voltage_until_barriers_break() -> None:
    most = [programming(f"--write --missed {share}").set_voltages[-1] for share in (10, 1, 0.1)]
    assert most == sorted(most)
    with pytest.raises(ValueError, match=r"--write: .*breakdown_voltage.*--missed in per cent"):
        hardware("--write --variability --missed 1e-6")


@pytest.mark.parametrize(("flags", "message"), [
    ("--write --write-probability 90", "--write and --write-probability both .* one of them"),
    ("--pulse-width 200", "--pulse-width is of --write open or --write verify, and --write is not"),
    ("--missed 1 --write-probability 90", "--missed is of --write open or --write verify"),
    ("--write --most-pulses 3", "--most-pulses is of --write verify, and --write is open; add"),
    ("--voltage-step 3", "--voltage-step is of --write verify, and --write is not given"),
    ("--write --set-voltages 1,1.1", "--write: set_voltages .V. are 2; expected one for each"),
])
def test_flags_that_contradict_one_another_are_refused(flags: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        hardware(flags)
