"""Statistics of the samplers, faults, sequential switching, and the noise of one junction."""


from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import trapezoid

import device_models
from device_models import CompoundMTJ, UnlimitedStates, Variability, load_stack
from device_models.junction.noise import current_noise_density, flicker_density, read_noise
from device_models.population.device_sample import (
    OPEN,
    SHORTED,
    STUCK_ANTIPARALLEL,
    STUCK_PARALLEL,
)
from device_models.switching import cell_factors

STACK = load_stack("kumar2024")
MTJ = STACK.mtj(1.9e-9)
THREE = CompoundMTJ(MTJ, 3)
NONE = Variability(sigma_r_p=0, sigma_tmr=0, sigma_h_c=0, sigma_v_c=0, shorted=0)
N = 200_000


def test_no_spread_is_the_nominal_device() -> None:
    sample = NONE.sample(THREE, 4, 0)
    for state in range(4):
        g = sample.conductances(sample.patterns(state), 0.1)
        np.testing.assert_allclose(g, THREE.conductances(0.1)[state], rtol=1e-13)


def test_spreads_are_log_normal_with_the_stated_deviation() -> None:
    spread = Variability(sigma_r_p=0.04, sigma_tmr=0.05, sigma_h_c=0.15, sigma_v_c=0.06)
    sample = spread.sample(THREE, N, 1, critical_voltage=0.9, coercive_field=10e-3)
    for values, sigma, median in ((1 / sample.g_p, 0.04, MTJ.r_p), (sample.tmr, 0.05, MTJ.tmr),
                                  (sample.coercive_field, 0.15, 10e-3),
                                  (sample.critical_voltage, 0.06, 0.9)):
        logs = np.log(values / median)
        assert abs(logs.mean()) < 5 * sigma / np.sqrt(3 * N)
        assert logs.std() == pytest.approx(sigma, rel=5 / np.sqrt(6 * N))
        assert abs(((logs / sigma) ** 3).mean()) < 5 * np.sqrt(15 / (3 * N))


@pytest.mark.parametrize("correlation", [-0.7, 0.0, 0.5, 1.0])
def test_correlations_are_the_stated_ones(correlation: float) -> None:
    spread = Variability(correlation_r_p_tmr=correlation, correlation_h_c_v_c=correlation)
    sample = spread.sample(THREE, N, 2)
    tolerance = 5 / np.sqrt(3 * N)
    for a, b in ((1 / sample.g_p, sample.tmr), (sample.coercive_field, sample.critical_voltage)):
        found = np.corrcoef(np.log(a).ravel(), np.log(b).ravel())[0, 1]
        assert found == pytest.approx(correlation, abs=tolerance)
    cross = np.corrcoef(np.log(sample.g_p).ravel(), np.log(sample.coercive_field).ravel())[0, 1]
    assert abs(cross) < tolerance


@pytest.mark.parametrize("shared", [0.0, 0.4, 1.0])
def test_cells_of_one_compound_share_their_part_of_the_variance(shared: float) -> None:
    logs = np.log(Variability(shared=shared, sigma_v_c=0.06).sample(THREE, N, 3).critical_voltage)
    assert logs.std() == pytest.approx(0.06, rel=0.01)
    assert np.corrcoef(logs.T)[0, 1] == pytest.approx(shared, abs=5 / np.sqrt(N))


def test_faults_occur_as_often_as_stated_and_do_what_they_say() -> None:
    rates = {"stuck_parallel": 0.02, "stuck_antiparallel": 0.03, "shorted": 0.01, "open_": 0.04}
    sample = Variability(**{"sigma_r_p": 0, "sigma_tmr": 0, **rates}).sample(THREE, N, 4)
    codes = (STUCK_PARALLEL, STUCK_ANTIPARALLEL, SHORTED, OPEN)
    for code, rate in zip(codes, rates.values(), strict=True):
        found = np.mean(sample.fault == code)
        assert abs(found - rate) < 5 * np.sqrt(rate / (3 * N))
    for written in (False, True):
        g = sample.cell_conductances(np.full(3, written), 0.1)
        ends = (float(MTJ.conductance(parallel, 0.1)) for parallel in (True, False))
        expected = (*ends, 0.01, 0.0)
        for code, value in zip(codes, expected, strict=True):
            np.testing.assert_allclose(g[sample.fault == code], value, rtol=1e-13)
        np.testing.assert_allclose(g[sample.fault == 0], expected[not written], rtol=1e-13)


def test_one_seed_is_one_sample_and_generators_go_on() -> None:
    a, b = (Variability().sample(THREE, 100, 7) for _ in range(2))
    np.testing.assert_array_equal(a.g_p, b.g_p)
    rng = np.random.default_rng(7)
    c, d = (Variability().sample(THREE, 100, rng) for _ in range(2))
    np.testing.assert_array_equal(a.g_p, c.g_p)
    assert not np.array_equal(c.g_p, d.g_p)


def test_a_state_has_its_number_of_parallel_cells_and_the_easiest_ones() -> None:
    sample = Variability().sample(THREE, 1000, 8)
    states = np.arange(1000) % 4
    patterns = sample.patterns(states)
    np.testing.assert_array_equal(patterns.sum(axis=1), states)
    v = sample.critical_voltage
    hardest = np.where(patterns, v, -np.inf).max(axis=1)
    easiest = np.where(patterns, np.inf, v).min(axis=1)
    assert np.all(hardest <= easiest)


def test_equal_cells_still_have_every_state() -> None:
    sample = NONE.sample(THREE, 2, 0)
    assert [int(sample.patterns(k)[0].sum()) for k in range(4)] == [0, 1, 2, 3]


def test_growing_pulses_switch_the_cells_one_after_the_other() -> None:
    sample = Variability(sigma_v_c=0.06).sample(THREE, 5000, 9, critical_voltage=1.0)
    pattern = np.zeros((5000, 3), bool)
    counts = []
    for v in np.linspace(0.7, 1.3, 61):
        pattern = sample.written(v, pattern)
        counts.append(pattern.sum(axis=1))
    assert np.all(np.diff(counts, axis=0) >= 0)
    assert np.all(counts[0] == 0)
    assert np.all(counts[-1] == 3)
    visited = np.array([len(np.unique(c)) for c in np.array(counts).T])
    assert np.mean(visited == 4) > 0.5  # all four states are seen, each a step of 10 mV or more
    back = sample.written(-2.0, pattern, parallel=False)
    assert not back.any()


def test_cycle_to_cycle_spread_is_on_top_and_fresh_each_time() -> None:
    spread, v_c = Variability(sigma_cycle_v_c=0.02), np.full((N, 1), 0.8)
    first, second = spread.cycle(v_c, 1), spread.cycle(v_c, 2)
    assert np.log(first / v_c).std() == pytest.approx(0.02, rel=0.01)
    assert abs(np.corrcoef(first[:, 0], second[:, 0])[0, 1]) < 5 / np.sqrt(N)


def test_areas_scale_the_cells() -> None:
    sample = NONE.sample(CompoundMTJ(MTJ, 3, areas=(1, 2, 4)), 1, 0)
    np.testing.assert_allclose(sample.g_p[0] * MTJ.r_p, [1, 2, 4], rtol=1e-14)


def test_larger_cells_spread_by_the_root_of_their_area() -> None:
    """As the mean of A independent parts of one area does; what is shared is as it was."""
    areas, law = (1, 4, 16), Variability(sigma_r_p=0.1, sigma_tmr=0.08, sigma_h_c=0.12,
                                         sigma_v_c=0.06, shorted=0.0)
    synapse = CompoundMTJ(MTJ, 3, areas=areas)
    for shared in (0.0, 0.5):
        sample = replace(law, shared=shared).sample(synapse, 100_000, 1)
        for found, sigma in ((sample.g_p, 0.1), (sample.tmr, 0.08), (sample.coercive_field, 0.12),
                             (sample.critical_voltage, 0.06)):
            expected = sigma * np.sqrt(shared + (1 - shared) / np.array(areas))
            np.testing.assert_allclose(np.log(found).std(axis=0), expected, rtol=0.02)
    equal, ones = (law.sample(CompoundMTJ(MTJ, 3, areas=a), 10, 1) for a in (None, (1, 1, 1)))
    np.testing.assert_array_equal(equal.critical_voltage, ones.critical_voltage)
    np.testing.assert_array_equal(cell_factors(1, 0.3, 2, 9, areas=1), cell_factors(1, 0.3, 2, 9))
    np.testing.assert_allclose(
        2 * np.log(cell_factors(2, 0.3, 2, 9, areas=(1, 4)))[:, 1],
        np.log(cell_factors(2, 0.3, 2, 9))[:, 1], rtol=1e-12)


def test_a_barrier_is_shorted_as_often_as_its_parts_are() -> None:
    areas, law = np.array([1, 2, 8]), replace(NONE, shorted=0.05, open_=0.02)
    fault = law.sample(CompoundMTJ(MTJ, 3, areas=areas), 200_000, 3).fault
    expected = 1 - 0.95**areas
    assert np.all(np.abs((fault == SHORTED).mean(axis=0) - expected)
                  < 5 * np.sqrt(expected / 200_000))
    assert np.all(np.abs((fault == OPEN).mean(axis=0) - 0.02) < 5 * np.sqrt(0.02 / 200_000))
    full = replace(NONE, shorted=0.9, open_=0.1)
    assert np.all(full.sample(CompoundMTJ(MTJ, 3, areas=areas), 1000, 3).fault != 0)


def test_a_million_compounds_scatter_around_the_nominal_one() -> None:
    sample = STACK.variability().sample(THREE, 10**6, 0)
    g = sample.conductances(sample.patterns(2), 0.1)
    assert len(g) == len(sample) == 10**6
    assert np.median(g) == pytest.approx(THREE.conductances(0.1)[2], rel=2e-3)


@pytest.mark.parametrize(("settings", "word"), [
    ({"sigma_r_p": -0.1}, "sigma_r_p"), ({"shorted": 1.1}, "shorted"), ({"shared": 2}, "shared"),
    ({"correlation_h_c_v_c": -1.5}, "correlation"), ({"short_resistance": 0}, "short_resistance"),
    ({"shorted": 0.6, "open_": 0.6}, "add to more than 1"), ({"sigma_v_c": np.nan}, "sigma_v_c")])
def test_spreads_that_do_not_exist_are_refused(settings: dict[str, float], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        Variability(**settings)


def test_samples_refuse_states_and_sizes_that_do_not_exist() -> None:
    sample = NONE.sample(THREE, 4, 0)
    for state in (4, -1, 0.5, [[1]]):
        with pytest.raises(ValueError, match="state"):
            sample.patterns(state)
    with pytest.raises(ValueError, match="size"):
        NONE.sample(THREE, 0, 0)


def test_shot_and_thermal_noise_have_their_limits() -> None:
    g, kt, e = 4e-5, 1.380649e-23 * 300, 1.602176634e-19
    assert current_noise_density(0.0, 0.0, conductance=g) == pytest.approx(4 * kt * g, rel=1e-12)
    assert current_noise_density(g * 2, 2.0) == pytest.approx(2 * e * g * 2, rel=1e-9)
    density = current_noise_density(0.1 / 25.2e3, 0.1)
    assert 1e12 * np.sqrt(density) == pytest.approx(1.15, abs=0.02)  # pA/sqrt(Hz)


def test_read_noise_is_white_plus_the_integral_of_flicker() -> None:
    i, v, area, low, high = 4e-6, 0.1, 1e-13, 10.0, 1e7
    f = np.geomspace(low, high, 20001)
    density = current_noise_density(i, v) + flicker_density(i, f, area)
    numeric = np.sqrt(trapezoid(density * f, np.log(f)) + current_noise_density(i, v) * low)
    assert read_noise(i, v, area, high, low) == pytest.approx(numeric, rel=1e-6)
    white = read_noise(0.1 / 25.2e3, 0.1, area, 1e7, alpha=0.0)
    assert 1e9 * white == pytest.approx(3.6, abs=0.1)  # nA in 10 MHz
    with pytest.raises(ValueError, match="lowest_frequency"):
        read_noise(i, v, area, 10.0, 10.0)


sigmas, shares = st.floats(0.0, 0.5), st.floats(0.0, 0.25)


@settings(max_examples=60)
@given(spread=st.builds(
           Variability, sigma_r_p=sigmas, sigma_tmr=sigmas, sigma_h_c=sigmas, sigma_v_c=sigmas,
           correlation_r_p_tmr=st.floats(-1, 1), correlation_h_c_v_c=st.floats(-1, 1),
           shared=st.floats(0, 1), sigma_cycle_v_c=sigmas, stuck_parallel=shares,
           stuck_antiparallel=shares, shorted=shares, open_=shares,
           short_resistance=st.floats(1e-2, 1e6)),
       cells=st.integers(1, 4), size=st.integers(1, 20), seed=st.integers(0, 2**32 - 1))
def test_any_spread_draws_devices_that_exist(
    spread: Variability, cells: int, size: int, seed: int
) -> None:
    """Positive numbers of the right shape; conductances within the cells' own ends; repeatable."""
    found = spread.sample(CompoundMTJ(MTJ, cells), size, seed, 0.9, 10e-3)
    for values in (found.g_p, found.tmr, found.critical_voltage, found.coercive_field):
        assert values.shape == (size, cells)
        assert np.all((values > 0) & np.isfinite(values))
    again = spread.sample(CompoundMTJ(MTJ, cells), size, seed, 0.9, 10e-3)
    np.testing.assert_array_equal(found.g_p, again.g_p)
    np.testing.assert_array_equal(found.fault, again.fault)
    ends = [found.cell_conductances(parallel) for parallel in (False, True)]
    sound = found.fault == 0
    np.testing.assert_allclose(ends[1][sound], found.g_p[sound], rtol=1e-14)
    np.testing.assert_allclose(ends[0][sound], (found.g_p / (1 + found.tmr))[sound], rtol=1e-13)
    again_written = spread.cycle(found.critical_voltage, seed)
    assert np.all(again_written > 0)
    if spread.sigma_cycle_v_c == 0:
        np.testing.assert_array_equal(again_written, found.critical_voltage)


def test_a_short_is_one_at_every_bias() -> None:
    g = Variability(shorted=1.0).sample(THREE, 1, 0).conductances(True, [0.1, 0.2])
    assert g[0] == g[1] == pytest.approx(3 / 100)


@pytest.mark.parametrize("call", [
    lambda: device_models.sample(MTJ, 3, 0),  # type: ignore[arg-type]
    lambda: device_models.sample(UnlimitedStates(THREE), 3, 0),  # type: ignore[arg-type]
    lambda: device_models.sample(THREE, 5, 0, "x"),  # type: ignore[arg-type]
    lambda: UnlimitedStates(3)])  # type: ignore[arg-type]
def test_other_objects_than_a_compound_are_refused_in_words(call: Callable[[], object]) -> None:
    with pytest.raises(TypeError, match=r"is .*; expected a (CompoundMTJ|Variability)"):
        call()


def test_an_array_of_correlations_and_the_default_shorts_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"correlation_r_p_tmr \[1\] has shape \(2,\)"):
        Variability(correlation_r_p_tmr=[0.1, 0.2])  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"stuck_parallel 1 .*shorted 0.0001 \(default 0.0001\)"):
        Variability(stuck_parallel=1)
