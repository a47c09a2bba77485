"""Laws of programming: chances of the open loop, what verifying reaches, pulses and energy."""

import json
import math
import re
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from scipy.stats import binom

from crossbar.stored import from_plain, to_plain
from device_models import CompoundMTJ, Variability, load_stack
from device_models.switching import (
    Conditions,
    Programming,
    Written,
    cell_factors,
    field_free_probability,
    pulse_field,
    pulse_once,
    switching_probability,
    voltage_of_share,
    write_energy,
)
from tests.support.magnets import STANDING, THICK

STACK = load_stack("kumar2024")
IN_PLANE = Programming(magnet=STACK.writing_magnet(1.9e-9, 3), pulse=200e-9, assist_field=8.5e-3,
                       spread=0.06)
OUT_OF_PLANE = Programming(magnet=STANDING, pulse=10e-9, assist_field=20e-3, spread=0.06)
EACH = pytest.mark.parametrize("programming", [IN_PLANE, OUT_OF_PLANE],
                               ids=["in-plane", "perpendicular"])
LOW = 0.8  # [V] that switches few cells
BINARY = (1.0, 2.0, 4.0)


def near(found: float, chance: float, draws: int) -> bool:
    """Whether a frequency [1] is within five standard errors of its chance [1]."""
    return abs(found - chance) <= 5 * math.sqrt(chance * (1 - chance) / draws)


def set_chance(programming: Programming, voltage: float) -> float:
    """Of one cell to become parallel under a set pulse [1]."""
    field = pulse_field(programming.magnet, -1, programming.assist_field)
    return float(switching_probability(programming.magnet, -voltage, programming.pulse, field))


def sums_up(written: Written, factors: np.ndarray) -> bool:
    return written.parallel.shape == factors.shape and all(
        a.shape == factors.shape[:1] for a in (written.pulses, written.energy, written.reached))


@EACH
@pytest.mark.parametrize("state", [1, 2])
def test_open_loop_counts_are_binomial_with_the_switching_probability(
    programming: Programming, state: int
) -> None:
    factors = np.ones((6000, 3))
    written = programming.write(state, factors, 1)
    chosen = programming.with_voltages(3).set_voltages
    assert chosen is not None
    chance = set_chance(programming, chosen[state - 1])
    counts = np.bincount(written.parallel.sum(axis=1), minlength=4) / len(factors)
    for count, found in enumerate(counts):
        assert near(found, float(binom.pmf(count, 3, chance)), len(factors))
    assert sums_up(written, factors)
    assert written.reached_share == counts[state]


def test_open_loop_patterns_of_unequal_cells_are_products_of_their_chances() -> None:
    voltages = tuple(1.0 + 0.05 * k for k in range(7))
    programming = replace(IN_PLANE, set_voltages=voltages)
    factors = np.tile([0.95, 1.0, 1.05], (8000, 1))
    written = programming.write(5, factors, 2, areas=BINARY)
    field = pulse_field(IN_PLANE.magnet, -1, IN_PLANE.assist_field)
    chance = switching_probability(IN_PLANE.magnet, -voltages[4], IN_PLANE.pulse, field, 300.0,
                                   factors[0])
    for pattern in np.ndindex(2, 2, 2):
        found = np.mean(np.all(written.parallel == np.array(pattern, bool), axis=1))
        assert near(float(found), float(np.prod(np.where(pattern, chance, 1 - chance))),
                    len(factors))
    assert_array_equal(written.reached, np.all(written.parallel == [True, False, True], axis=1))


@EACH
@pytest.mark.parametrize("state", [0, 1, 3])
def test_open_loop_is_a_train_of_single_pulses(programming: Programming, state: int) -> None:
    ready = programming.with_voltages(3)
    assert ready.set_voltages is not None
    assert ready.reset_voltage is not None
    factors, before = cell_factors(3, 0.1, 3, 50), np.random.default_rng(4).random((50, 3)) < 0.5
    written = ready.write(state, factors, 5, before=before)
    rng, now = np.random.default_rng(5), before
    for v in (ready.reset_voltage, -ready.set_voltages[state - 1] if state else 0.0):
        now = pulse_once(programming.magnet, now, v, factors, rng, pulse=programming.pulse,
                         field=pulse_field(programming.magnet, 1 if v > 0 else -1,
                                           programming.assist_field))
    assert_array_equal(written.parallel, now)


@EACH
@pytest.mark.parametrize(("areas", "spread"), [(None, 0.06), (BINARY, 0.0)],
                         ids=["equal", "1:2:4"])
def test_verifying_reaches_every_state_of_every_compound(
    programming: Programming, areas: tuple[float, ...] | None, spread: float
) -> None:
    states = CompoundMTJ(STACK.mtj(), cells=3, areas=areas).parallel_areas
    wanted = np.arange(80) % len(states)
    written = replace(programming, spread=spread, verify=True, most_pulses=400).write(
        wanted, cell_factors(3, spread, 6, 80), 7, areas=areas)
    assert written.reached.all()
    sizes = np.ones(3) if areas is None else np.array(areas)
    assert_allclose(written.parallel @ sizes, states[wanted], rtol=1e-12)


@pytest.mark.parametrize("factors", [(0.7, 1.0, 1.4), (1.4, 0.7, 1.0)])
def test_of_cells_far_apart_only_the_easiest_can_be_reached(factors: tuple[float, ...]) -> None:
    """A pulse that turns a hard cell turns the easier ones too, whatever their areas are."""
    sizes = np.array(BINARY)[np.argsort(factors)]
    written = replace(IN_PLANE, spread=0.3, missed=1e-3, verify=True, most_pulses=100).write(
        np.arange(8), np.tile(factors, (8, 1)), 7, areas=BINARY)
    assert_array_equal(np.flatnonzero(written.reached), [0, *np.sort(np.cumsum(sizes))])


def test_verifying_reaches_what_the_open_loop_misses() -> None:
    factors, wanted = cell_factors(3, 0.06, 1, 4000), np.arange(4000) % 4
    once = IN_PLANE.write(wanted, factors, 2)
    again = replace(IN_PLANE, verify=True).write(wanted, factors, 2)
    for state in (1, 2):
        assert near(float(np.mean(once.reached[wanted == state])), 4 / 9, 1000)
        assert np.mean(again.reached[wanted == state]) > 0.99
        assert 2 < np.mean(again.pulses[wanted == state]) < 6
    assert again.reached[wanted % 3 == 0].all()


def test_more_tries_reach_more() -> None:
    factors = cell_factors(3, 0.06, 1, 3000)
    shares = [replace(IN_PLANE, verify=True, most_pulses=most).write(1, factors, 2).reached_share
              for most in (2, 3, 5, 10, 40)]
    assert shares == sorted(set(shares))
    assert shares[-1] > 0.999


@pytest.mark.parametrize("spread", [0.0, 0.03, 0.15])
def test_independent_cells_are_binomial_however_they_spread(spread: float) -> None:
    """A voltage that switches a third of all cells leaves one of three in 4/9 of compounds."""
    programming = replace(IN_PLANE, spread=spread, cycle_spread=spread / 3)
    factors = cell_factors(3, spread, 8, 10000)
    for state in (1, 2):
        assert near(programming.write(state, factors, 9).reached_share, 4 / 9, len(factors))


def test_cells_that_share_their_deviation_are_less_sure_than_independent_ones() -> None:
    alike = np.repeat(cell_factors(1, 0.15, 8, 10000), 3, axis=1)
    assert replace(IN_PLANE, spread=0.15).write(1, alike, 9).reached_share < 0.35


def test_more_spread_than_assumed_leaves_the_last_state_less_sure() -> None:
    shares = [replace(IN_PLANE, missed=1e-3).write(3, cell_factors(3, spread, 10, 5000),
                                                   11).reached_share
              for spread in (0.0, 0.06, 0.12, 0.2)]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.999 > 0.9 > shares[-1]
    assert near(shares[1], (1 - 1e-3) ** 3, 5000)


def test_cells_far_apart_are_verified_with_fewer_pulses() -> None:
    """A ramp resolves thresholds that lie apart, and meets two at once where they do not."""
    pulses = [replace(IN_PLANE, spread=spread, verify=True, most_pulses=100).write(
        1, cell_factors(3, spread, 12, 3000), 13).pulses.mean() for spread in (0.0, 0.06, 0.12)]
    assert pulses == sorted(pulses, reverse=True)


@EACH
@pytest.mark.parametrize("verify", [False, True])
def test_state_0_takes_the_reset_alone(programming: Programming, verify: bool) -> None:
    ready = replace(programming, verify=verify).with_voltages(2)
    assert ready.reset_voltage is not None
    written = ready.write(0, cell_factors(2, 0.06, 14, 300), 15, before=np.ones((300, 2), bool))
    assert written.reached.all()
    assert np.all(written.pulses == 1)
    assert_allclose(written.energy, write_energy(
        ready.reset_voltage, ready.pulse, ready.magnet.channel_resistance), rtol=1e-12)


def test_open_loop_energy_is_that_of_both_pulses() -> None:
    programming = replace(IN_PLANE, set_voltages=(1.0, 1.2, 1.5), reset_voltage=1.6)
    wanted = np.array([0, 1, 2, 3])
    written = programming.write(wanted, np.ones((4, 3)), 16)
    squares = 1.6**2 + np.array([0.0, 1.0, 1.2, 1.5]) ** 2
    assert_allclose(written.energy, squares * 200e-9 / IN_PLANE.magnet.channel_resistance,
                    rtol=1e-12)
    assert_array_equal(written.pulses, [1, 2, 2, 2])


def test_stuck_cells_take_the_whole_ramp_and_are_not_reached() -> None:
    """A compound that never answers shows the ramp: from a step below, up to the reset's."""
    programming = replace(IN_PLANE, set_voltages=(1.0, 1.2), reset_voltage=1.25, verify=True,
                          most_pulses=8, step=0.1)
    stuck = np.array([[False, False], [True, True], [False, False]])
    factors = cell_factors(2, 0.06, 17, 3)
    written = programming.write(1, factors, 18, stuck=stuck)
    ramp = np.minimum(1.1 ** np.arange(-1.0, 6.0), 1.25)
    assert_array_equal(written.reached[1], False)
    assert written.pulses[1] == 8
    assert written.energy[1] == pytest.approx(
        (1.25**2 + np.sum(ramp**2)) * 200e-9 / IN_PLANE.magnet.channel_resistance, rel=1e-12)
    sound = programming.write(1, factors, 18)
    assert_array_equal(written.parallel[::2], sound.parallel[::2])


def test_cells_stuck_parallel_are_below_no_state_and_count_for_the_others() -> None:
    shape = (200, 3)
    stuck = np.zeros(shape, bool)
    stuck[:, 1] = True
    wanted = np.arange(200) % 4
    written = replace(IN_PLANE, verify=True, most_pulses=60).write(
        wanted, cell_factors(3, 0.06, 19, 200), 20, stuck=stuck, before=stuck)
    assert written.parallel[:, 1].all()
    assert_array_equal(written.reached, wanted > 0)
    assert np.all(written.pulses[wanted == 0] == 60)
    assert np.all(written.pulses[wanted == 1] == 1)


def test_one_compound_does_not_hang_on_how_long_others_take() -> None:
    programming = replace(IN_PLANE, verify=True, cycle_spread=0.02)
    factors, wanted = cell_factors(3, 0.06, 21, 500), np.arange(500) % 4
    found = programming.write(wanted, factors, 22)
    changed = programming.write(np.where(wanted < 2, wanted, 0), factors, 22)
    assert_array_equal(found.parallel[wanted < 2], changed.parallel[wanted < 2])
    assert_array_equal(found.pulses[wanted < 2], changed.pulses[wanted < 2])


def test_a_seed_repeats_and_another_differs() -> None:
    factors = cell_factors(3, 0.06, 23, 300)
    a, b, c = (IN_PLANE.write(1, factors, seed).parallel for seed in (1, 1, 2))
    assert_array_equal(a, b)
    assert np.any(a != c)


def test_what_was_there_before_is_reset_and_left_alone() -> None:
    factors, before = cell_factors(3, 0.06, 24, 300), np.ones((300, 3), bool)
    a, b = (IN_PLANE.write(2, factors, 25, before=start) for start in (before, ~before))
    assert_array_equal(a.parallel, b.parallel)
    assert before.all()


def test_deviation_from_pulse_to_pulse_widens_what_a_voltage_switches() -> None:
    programming = replace(IN_PLANE, spread=0.0, set_voltages=(LOW, 1.2, 1.65))
    factors = np.ones((20000, 3))
    shares = [float(np.mean(replace(programming, cycle_spread=spread).write(
        1, factors, 26).parallel)) for spread in (0.0, 0.1)]
    assert near(shares[0], set_chance(IN_PLANE, LOW), factors.size)
    assert shares[1] > 2 * shares[0]


def test_without_a_field_only_the_share_that_can_switches() -> None:
    able = float(field_free_probability(1.9e-9, 2.1e-9, 0.17e-9))
    programming = replace(IN_PLANE, assist_field=0.0, field_free=able)
    written = programming.write(3, np.ones((4000, 3)), 27)
    assert near(written.reached_share, able, 4000)
    assert set(np.unique(written.parallel.sum(axis=1))) == {0, 3}


def test_a_drawn_sample_gives_the_factors() -> None:
    sample = Variability(shorted=0.0).sample(CompoundMTJ(STACK.mtj(1.9e-9), 3), 500, 28)
    written = replace(IN_PLANE, verify=True).write(2, sample.critical_voltage, 29)
    assert written.reached_share > 0.98


def test_chosen_voltages_grow_and_those_given_stay() -> None:
    chosen = IN_PLANE.with_voltages(3)
    assert chosen.set_voltages is not None
    assert list(chosen.set_voltages) == sorted(set(chosen.set_voltages))
    assert chosen.with_voltages(3) == chosen
    mixed = replace(IN_PLANE, reset_voltage=2.0).with_voltages(3)
    assert (mixed.reset_voltage, mixed.set_voltages) == (2.0, chosen.set_voltages)
    factors = cell_factors(3, 0.06, 30, 100)
    assert_array_equal(chosen.write(1, factors, 31).parallel,
                       IN_PLANE.write(1, factors, 31).parallel)
    binary = IN_PLANE.with_voltages(3, BINARY).set_voltages
    assert binary is not None
    assert len(binary) == 7
    assert IN_PLANE.with_voltages(2, [3.0, 3.0]) == IN_PLANE.with_voltages(2)


def test_it_comes_back_from_plain_data() -> None:
    for programming in (IN_PLANE, OUT_OF_PLANE.with_voltages(3)):
        assert from_plain(json.loads(json.dumps(to_plain(programming)))) == programming
        assert hash(programming) == hash(replace(programming))


@pytest.mark.parametrize(("changes", "message"), [
    ({"set_voltages": (1.2, 1.0, 1.3)}, r"fall to 1 .* sort them"),
    ({"set_voltages": (0.0, 1.0)}, "set_voltages .* more than zero"),
    ({"set_voltages": 1.0}, r"\(states - 1,\)"), ({"set_voltages": ()}, r"\(states - 1,\)"),
    ({"reset_voltage": -1.0}, "reset_voltage"), ({"spread": 6.0}, "per cent"),
    ({"cycle_spread": -0.1}, "cycle_spread"), ({"step": 0.0}, "step"), ({"step": 3.0}, "step"),
    ({"most_pulses": 1}, "most_pulses"), ({"missed": 0.0}, "missed"), ({"pulse": 0.0}, "pulse"),
    ({"assist_field": -1e-3}, "assist_field"), ({"temperature": 0.0}, "temperature"),
    ({"field_free": 1.5}, "field_free"), ({"breakdown_voltage": 0.0}, "breakdown_voltage"),
    ({"set_voltages": (1.0, 2.0), "breakdown_voltage": 1.8}, r"reach 2; .* missed = "),
    ({"reset_voltage": 2.0, "breakdown_voltage": 1.8}, "reset_voltage .* breakdown_voltage"),
    ({"verify": [True]}, "verify"),
])
def test_parameters_no_programming_can_have_are_refused(
    changes: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        replace(IN_PLANE, **changes)  # type: ignore[arg-type] # bad on purpose


@pytest.mark.parametrize(("changes", "message"), [
    ({"breakdown_voltage": 1.5}, "set_voltages .* reach 1.652; .* breakdown_voltage, 1.5"),
    ({"set_voltages": (1.0, 1.1)}, "are 2; expected one for each of the states 1 to 3"),
    ({"missed": 0.4}, "missed is 0.4; expected less than 0.333"),
])
def test_voltages_that_do_not_fit_the_compound_are_refused(
    changes: dict[str, object], message: str
) -> None:
    programming = replace(IN_PLANE, **changes)  # type: ignore[arg-type] # bad on purpose
    for use in (partial(programming.with_voltages, 3),
                partial(programming.write, 1, np.ones((2, 3)), 0)):
        with pytest.raises(ValueError, match=message):
            use()


def test_the_share_that_the_refusal_names_is_enough() -> None:
    """Verifying then writes all but a few with what a thousandth of compounds does not bear."""
    gentle = replace(IN_PLANE, breakdown_voltage=1.28, verify=True)
    with pytest.raises(ValueError, match="missed = ") as refused:
        gentle.with_voltages(3)
    found = re.search(r"missed = (\S+)", str(refused.value))
    assert found is not None
    written = replace(gentle, missed=float(found[1])).write(
        np.arange(2000) % 4, cell_factors(3, 0.06, 33, 2000), 34)
    assert written.reached_share > 0.98


@pytest.mark.parametrize(("wanted", "changes", "message"), [
    (4, {}, "wanted is 4; expected whole numbers from 0 to 3"), (-1, {}, "wanted"),
    (0.5, {}, "wanted"), ([1, 2, 5], {}, r"wanted is 5 at index \(2,\)"),
    ([1, 2], {}, "wanted has shape"), (1, {"factors": np.ones(3)}, r"\(devices, cells\)"),
    (1, {"factors": np.zeros((3, 3))}, "factors"), (1, {"areas": (1.0, 2.0)}, "areas"),
    (1, {"areas": (1.0, 2.0, 0.0)}, "areas"), (1, {"stuck": np.ones(3, bool)}, "stuck has shape"),
    (1, {"before": np.ones((3, 2), bool)}, "before has shape"),
])
def test_what_does_not_fit_the_compounds_is_refused(
    wanted: object, changes: dict[str, object], message: str
) -> None:
    arguments = {"factors": np.ones((3, 3)), "rng": 0} | changes
    with pytest.raises(ValueError, match=message):
        IN_PLANE.write(wanted, **arguments)  # type: ignore[arg-type] # bad on purpose


def test_a_reset_that_may_miss_is_repeated_under_verify() -> None:
    half = float(voltage_of_share(Conditions(magnet=THICK, pulse=200e-9, assist_field=8e-3),
                                  0.5, 0.0, 1))
    weak = Programming(magnet=THICK, pulse=200e-9, assist_field=8e-3, spread=0.0,
                       set_voltages=(2 * half,), reset_voltage=half)
    factors, before = np.ones((500, 1)), np.ones((500, 1), bool)
    once = weak.write(0, factors, 32, before=before)
    again = replace(weak, verify=True, most_pulses=50).write(0, factors, 32, before=before)
    assert near(once.reached_share, 0.5, 500)
    assert again.reached.all()
    assert_array_equal(again.pulses == 1, once.reached)


@pytest.mark.parametrize(("name", "value"), [("pulse", 200.0), ("assist_field", 8.5)])
def test_other_units_are_asked_about(name: str, value: float) -> None:
    settings = {"pulse": 200e-9, "assist_field": 8.5e-3, name: value}
    with pytest.raises(ValueError, match=rf"{name} .* is {value:g}; .*is it in (ns|mT)\?"):
        Programming(magnet=IN_PLANE.magnet, spread=0.06, **settings)
