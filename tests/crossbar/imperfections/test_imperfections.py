"""Laws of the devices of a tile: each effect on its own, and none at all."""

from dataclasses import replace

import numpy as np
import pytest

from crossbar import Differential, Hardware, ReferenceColumn, SignedLevel, TiledMatrix
from crossbar.imperfections import Cells, Chance, FailedWrites, Imperfections, Spread, TileDevices
from device_models import (
    CompoundMTJ,
    UnlimitedStates,
    Variability,
    load_stack,
    sample,
)

V = 0.1
WEIGHTS = np.random.default_rng(0).normal(0, 0.3, (23, 9))
WIDE = Variability(sigma_r_p=0.1, sigma_tmr=0.2, stuck_parallel=0.05, stuck_antiparallel=0.05,
                   shorted=0.02, open_=0.03, correlation_r_p_tmr=0.4, shared=0.3)
NOTHING = Variability(sigma_r_p=0.0, sigma_tmr=0.0, shorted=0.0)


def devices(hardware: Hardware, layer: str = "") -> np.ndarray:
    return TiledMatrix.program(WEIGHTS, hardware, layer).conductance


def tile_devices(synapse: CompoundMTJ, imperfections: Imperfections, seed: int = 0,
                 count: int = 5000) -> TileDevices:
    wanted = np.random.default_rng(7).choice(synapse.conductances(V), (count // 10, 10))
    return imperfections.devices(wanted, np.zeros(10, bool), synapse, V, Chance(seed))


def test_cells_are_those_that_device_models_draws(synapse: CompoundMTJ) -> None:
    """States by pattern of a sample, faults and spreads included: to the bit."""
    found = tile_devices(synapse, Imperfections(WIDE), seed=3)
    drawn = sample(synapse, 5000, Chance(3).of(2), WIDE)
    expected = drawn.conductances(drawn.patterns(found.states), V)
    np.testing.assert_array_equal(found.conductances(V).ravel(), expected)
    assert (found.conductances(V) > 3 / 100.0).sum() == 0
    assert found.conductances(V).max() > 1 / 100.0  # a short beside two junctions


def test_without_imperfections_devices_are_the_synapse(synapse: CompoundMTJ) -> None:
    found = tile_devices(synapse, Imperfections())
    assert found.cells is None
    assert found.conductances(V) is found.wanted
    np.testing.assert_array_equal(
        found.conductances(0.3).ravel(), synapse.conductances(0.3)[found.states])


ZERO = {"variability": NOTHING, "spread": 0.0, "write_probability": 1.0}


@pytest.mark.parametrize("name", ZERO)
@pytest.mark.parametrize("mapping", [Differential(), ReferenceColumn(), SignedLevel()], ids=str)
def test_each_imperfection_at_zero_gives_the_bits_without_it(
    name: str, mapping: object, synapse: CompoundMTJ
) -> None:
    plain = Hardware(synapse, mapping=mapping)
    np.testing.assert_array_equal(devices(replace(plain, **{name: ZERO[name]})), devices(plain))


EFFECTS = {"variability": WIDE, "spread": 0.1, "write_probability": 0.7}


@pytest.mark.parametrize("name", EFFECTS)
def test_a_seed_is_a_chip_and_layers_differ(name: str, synapse: CompoundMTJ) -> None:
    hardware = Hardware(synapse, seed=4, tile=(8, 8), **{name: EFFECTS[name]})
    once = devices(hardware)
    np.testing.assert_array_equal(once, devices(hardware))
    assert not np.array_equal(once, devices(replace(hardware, seed=5)))
    assert not np.array_equal(once, devices(hardware, "another"))


def test_no_effect_changes_the_draws_of_another(synapse: CompoundMTJ) -> None:
    """The factor of the spread, the states left by failed writes and the cells stay the same."""
    plain = Hardware(synapse, seed=2)
    spread = devices(replace(plain, spread=0.1)) / devices(plain)
    both = devices(replace(plain, spread=0.1, variability=WIDE, write_probability=0.7))
    cells = devices(replace(plain, variability=WIDE, write_probability=0.7))
    sound = cells > 0
    np.testing.assert_allclose((both[sound] / cells[sound]), spread[sound], rtol=1e-12)
    np.testing.assert_array_equal(both == 0, cells == 0)


def test_every_effect_draws_from_a_stream_of_its_own() -> None:
    streams = [FailedWrites(0.5).stream, Spread(0.1).stream, 2]
    assert len(set(streams)) == len(streams)


def test_places_and_streams_are_independent_and_repeat() -> None:
    here = Chance.of_layer(1, "first").at(0, 2)
    draws = {name: chance.of(stream).standard_normal(4).tobytes() for name, chance, stream in (
        ("here", here, 0), ("stream", here, 1), ("tile", here.at(1), 0),
        ("seed", Chance.of_layer(2, "first").at(0, 2), 0),
        ("layer", Chance.of_layer(1, "second").at(0, 2), 0))}
    assert len(set(draws.values())) == len(draws)
    again = Chance.of_layer(1, "first").at(0, 2).of(0).standard_normal(4).tobytes()
    assert again == draws["here"]


def test_trimmed_resistors_spread_but_have_no_cells(synapse: CompoundMTJ) -> None:
    even = CompoundMTJ(synapse.mtj, 2)
    plain = Hardware(even, mapping=ReferenceColumn(), seed=1)
    faulty = replace(plain, variability=Variability(stuck_parallel=1.0, shorted=0.0))
    reference = plain.mapping.trimmed(9)
    np.testing.assert_array_equal(devices(faulty)[:, reference], devices(plain)[:, reference])
    assert np.all(devices(replace(plain, spread=0.1))[:, reference]
                  != devices(plain)[:, reference])


def test_open_cross_points_stay_open(synapse: CompoundMTJ) -> None:
    plain = Hardware(synapse, mapping=SignedLevel(), seed=1)
    np.testing.assert_array_equal(devices(replace(plain, spread=0.1, variability=Variability(
        shorted=0.0)))== 0, devices(plain) == 0)


def test_all_cells_stuck_leave_one_state(synapse: CompoundMTJ) -> None:
    quiet = replace(NOTHING, stuck_antiparallel=1.0)
    g = devices(Hardware(synapse, variability=quiet))
    np.testing.assert_allclose(g, synapse.conductances(V)[0], rtol=1e-13)


def test_cells_of_unequal_areas_are_written_by_their_areas(synapse: CompoundMTJ) -> None:
    unequal = CompoundMTJ(synapse.mtj, 3, areas=(1, 2, 4))
    state = np.arange(8)
    cells = Cells.of(unequal, state, None, np.random.default_rng(0))
    np.testing.assert_array_equal(cells.states, state)
    np.testing.assert_array_equal(cells.parallel @ [1, 2, 4], state)
    np.testing.assert_array_equal(cells.conductances(V), unequal.conductances(V))
    assert len(np.unique(devices(Hardware(unequal, variability=WIDE)))) > 200


def test_on_a_channel_devices_conduct_by_pattern_and_ideal_ones_by_state() -> None:
    """Each is one of its state's patterns, all of them occur, and their mean is the state's."""
    stack = load_stack("kumar2024")
    synapse = CompoundMTJ(stack.mtj(1.9e-9), 3, channel=stack.write_channel())
    found = tile_devices(synapse, Imperfections(), count=20_000)
    g, patterns = found.conductances(V).ravel(), synapse.pattern_conductances(V)
    for state in range(4):
        known = patterns[synapse.pattern_states == state]
        here = g[found.states == state]
        assert set(here) == set(known)
        error = known.std() / np.sqrt(len(here))
        assert abs(here.mean() - synapse.conductances(V)[state]) <= 5 * error + 1e-18
    ideal = Hardware(synapse).ideal()
    assert set(devices(ideal).ravel()) <= set(synapse.conductances(V))


def test_a_synapse_without_cells_has_no_spread_of_cells(synapse: CompoundMTJ) -> None:
    with pytest.raises(ValueError, match="befall cells"):
        Hardware(UnlimitedStates(synapse), variability=WIDE)


def test_the_spread_is_that_of_device_models() -> None:
    """The factor of one write to the next, `Variability.cycle`, is the same log-normal one."""
    cycle = Variability(sigma_cycle_v_c=0.05).cycle(np.ones(9), np.random.default_rng(4))
    np.testing.assert_array_equal(Spread(0.05).factor((9,), np.random.default_rng(4)), cycle)


@pytest.mark.parametrize("effect", [{"age": 1e-3}, {"reads": 1.0}])
def test_means_over_patterns_stay_means_where_time_takes_nothing(effect: dict[str, float]) -> None:
    """What befalls cells is no reason to conduct by pattern."""
    stack = load_stack("kumar2024")
    channel = CompoundMTJ(stack.mtj(1.9e-9), 3, channel=stack.write_channel())
    means, patterns = (Hardware(channel, by_pattern=each) for each in (False, True))
    assert not np.array_equal(devices(means), devices(patterns))
    np.testing.assert_array_equal(devices(replace(means, **effect)), devices(means))
    np.testing.assert_array_equal(devices(replace(patterns, **effect)), devices(patterns))
