"""Laws of samples: states are parallel areas, growing pulses, shapes that fit, faults that stay."""

import itertools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device_models import CompoundMTJ, DeviceSample, Variability, load_stack

MTJ = load_stack("kumar2024").mtj(1.9e-9)
AREAS = [(1, 2, 4), (1, 1, 2), (1, 2, 3), (2, 2, 2), (1, 1, 1, 3), (0.5, 1, 1.5, 3, 3)]
NONE = Variability(sigma_r_p=0, sigma_tmr=0, sigma_h_c=0, sigma_v_c=0, shorted=0)


def compound(areas: tuple[float, ...]) -> CompoundMTJ:
    return CompoundMTJ(MTJ, len(areas), areas=areas)


@pytest.mark.parametrize("areas", AREAS, ids=str)
def test_a_state_is_that_of_the_compound_whatever_the_areas(areas: tuple[float, ...]) -> None:
    synapse = compound(areas)
    sample = Variability().sample(synapse, 500, 0)
    assert sample.states == synapse.states
    states = np.arange(500) % synapse.states
    parallel = sample.patterns(states)
    np.testing.assert_allclose(parallel @ np.array(areas), synapse.parallel_areas[states])
    for k in range(synapse.states):
        np.testing.assert_array_equal(sample.patterns(k)[states == k], parallel[states == k])


@pytest.mark.parametrize("areas", AREAS, ids=str)
def test_without_spread_a_state_conducts_as_the_nominal_one(areas: tuple[float, ...]) -> None:
    synapse = compound(areas)
    sample = NONE.sample(synapse, 2, 0)
    for k, g in enumerate(synapse.conductances(0.1)):
        np.testing.assert_allclose(sample.conductances(sample.patterns(k), 0.1), g, rtol=1e-13)


@pytest.mark.parametrize("areas", AREAS, ids=str)
def test_of_patterns_with_one_area_the_easiest_is_meant(areas: tuple[float, ...]) -> None:
    """Compared cell by cell, the hardest first, against every pattern of the state."""
    synapse = compound(areas)
    sample = Variability(sigma_v_c=0.3).sample(synapse, 40, 1)
    for k, area in enumerate(synapse.parallel_areas):
        for v, found in zip(sample.critical_voltage, sample.patterns(k), strict=True):
            every = (np.array(p) for p in itertools.product((False, True), repeat=len(areas)))
            alike = [p for p in every if p @ np.array(areas) == pytest.approx(area)]
            assert sorted(v[found], reverse=True) == min(
                sorted(v[p], reverse=True) for p in alike)


@settings(max_examples=50)
@given(areas=st.lists(st.sampled_from([0.5, 1.0, 2.0, 3.0]), min_size=1, max_size=5),
       seed=st.integers(0, 1000))
def test_a_growing_pulse_leaves_the_pattern_of_every_state_it_passes(
    areas: list[float], seed: int
) -> None:
    synapse = compound(tuple(areas))
    sample = Variability(sigma_v_c=0.1).sample(synapse, 5, seed)
    pattern = np.zeros((5, len(areas)), bool)
    for v in np.sort(sample.critical_voltage, axis=None):
        pattern = sample.written(v, pattern)
        state = [int(np.argmin(np.abs(synapse.parallel_areas - a)))
                 for a in pattern @ np.array(areas)]
        np.testing.assert_array_equal(sample.patterns(state), pattern)


def test_equal_areas_are_written_as_ever_and_a_million_are_quick() -> None:
    one = Variability().sample(CompoundMTJ(MTJ, 3), 10**6, 0)
    twice = Variability().sample(compound((2, 2, 2)), 10**6, 0)
    states = np.arange(10**6) % 4
    np.testing.assert_array_equal(one.patterns(states), twice.patterns(states))
    deviation = np.log(one.g_p * MTJ.r_p), np.log(twice.g_p / 2 * MTJ.r_p) * np.sqrt(2)
    np.testing.assert_allclose(*deviation, rtol=1e-9, atol=1e-12)


def test_one_device_may_have_many_states_and_biases() -> None:
    one = NONE.sample(compound((1, 1, 2)), 1, 0)
    parallel = one.patterns([0, 1, 2, 3, 4])
    assert parallel.shape == (5, 3)
    v = np.linspace(0.1, 0.5, 5)
    g = one.conductances(parallel, v)
    np.testing.assert_allclose(g * v, compound((1, 1, 2)).current(np.arange(5), v), rtol=1e-13)
    assert one.written(v, parallel).shape == (5, 3)


SAMPLE = Variability().sample(CompoundMTJ(MTJ, 3), 4, 0)


@pytest.mark.parametrize(("call", "words"), [
    (lambda: SAMPLE.patterns([1, 2]), ["state", "(2,)", "4 devices"]),
    (lambda: SAMPLE.patterns(np.zeros((4, 3))), ["state", "(4, 3)"]),
    (lambda: SAMPLE.conductances(True, [0.1, 0.2]), ["bias [V]", "(2,)", "4 devices"]),
    (lambda: SAMPLE.conductances(True, np.full((4, 3), 0.1)), ["bias [V]", "(4, 3)"]),
    (lambda: SAMPLE.conductances([True, False]), ["parallel", "(2,)", "(3,)"]),
    (lambda: SAMPLE.conductances(np.ones((3, 4), bool)), ["parallel", "(3, 4)", "(4, 3)"]),
    (lambda: SAMPLE.written([1.0, 2.0, 3.0], SAMPLE.patterns(0)), ["voltage [V]", "(3,)"]),
    (lambda: SAMPLE.written(1.0, [[True]]), ["before", "(1, 1)"]),
    (lambda: SAMPLE.written(1.0, SAMPLE.patterns(0), [True, False]), ["parallel", "(2,)"]),
    (lambda: replace(SAMPLE, tmr=SAMPLE.tmr[:2]), ["tmr", "(2, 3)", "(devices, cells)"]),
    (lambda: replace(SAMPLE, areas=(1, 2)), ["areas", "3 cells"]),
])
def test_shapes_that_do_not_fit_are_refused_in_words(
    call: Callable[[], object], words: list[str]
) -> None:
    with pytest.raises(ValueError, match="expected") as caught:
        call()
    for word in words:
        assert word in str(caught.value)


@pytest.mark.parametrize("bad", [0.5, [0.0, 1.0, 1.0], "yes", [2, 0, 1], None])
def test_patterns_that_are_no_truths_are_refused(bad: object) -> None:
    for call in (SAMPLE.conductances, lambda before: SAMPLE.written(1.0, before)):
        with pytest.raises((TypeError, ValueError), match="expected True or False"):
            call(bad)


@settings(max_examples=40)
@given(rates=st.lists(st.floats(0, 0.25), min_size=4, max_size=4), v=st.floats(-1, 1),
       seed=st.integers(0, 1000), areas=st.none() | st.just((1.0, 2.0, 4.0)))
def test_a_device_is_the_sum_of_its_cells_within_its_states(
    rates: list[float], v: float, seed: int, areas: tuple[float, ...] | None
) -> None:
    """More parallel cells never conduct less, whatever is stuck, shorted or open."""
    names = ("stuck_parallel", "stuck_antiparallel", "shorted", "open_")
    sample: DeviceSample = Variability(**dict(zip(names, rates, strict=True))).sample(
        CompoundMTJ(MTJ, 3, areas=areas), 20, seed)
    low, high = (sample.cell_conductances(parallel, v) for parallel in (False, True))
    assert np.all((low >= 0) & (low <= high))
    for k in range(sample.states):
        cells = sample.cell_conductances(sample.patterns(k), v)
        assert np.all((cells == low) | (cells == high))
        np.testing.assert_array_equal(sample.conductances(sample.patterns(k), v),
                                      cells.sum(axis=1))
