"""R(V) loops of compounds: made by the laws, their parameters found again."""

import ast

import numpy as np
import pytest
from scipy.signal import lfilter

from device_models import Loop, MeasuredError, load_stack, switching_steps
from device_models.switching import resistance_voltage_loop
from device_models.switching.sequential import voltage_sweep

R_P, TMR = 30e3, 0.8


def loop_of(thresholds, sweeps=1, noise=0.0, drift=0.0, maxima=(1.5,), points=301, seed=0, sign=1,
            areas=1.0, bend=0.0):
    """Of cells that switch at +-`thresholds` [V], in every sweep alike; and which are parallel."""
    v = np.tile(np.concatenate([voltage_sweep(m, points) for m in maxima]), sweeps)
    k, states = np.ones(len(thresholds), bool), []
    for each in v:
        k = np.where(np.abs(each) >= thresholds, each < 0, k)
        states.append(k)
    k = np.array(states)
    g = np.sum(areas * np.where(k, 1 + TMR, 1.0), axis=1) / (R_P * (1 + TMR))
    rng, t = np.random.default_rng(seed), np.linspace(-0.5, 0.5, len(v))
    g = g * (1 + drift * t + bend * t**2) * (1 + noise * rng.standard_normal(len(v)))
    return Loop(sign * v, 1 / g, "V"), k


@pytest.mark.parametrize("cells", [1, 2, 3, 5, 8])
def test_known_steps_come_back_under_drift_and_noise(cells):
    at = np.linspace(0.6, 1.1, cells) if cells > 1 else np.array([0.8])
    loop, k = loop_of(at, sweeps=3, noise=0.008, drift=0.03)
    found = switching_steps(loop, cells)
    assert np.mean(found.state == k.sum(axis=1)) > 0.99
    for way, sign in ((found.to_antiparallel, 1), (found.to_parallel, -1)):
        assert way.complete == way.sweeps == 3
        assert not way.merged
        got = np.array([step.voltage for step in way.steps]).reshape(3, cells)
        np.testing.assert_allclose(got, sign * np.tile(at, (3, 1)), atol=2 * way.resolution)
        for each, true in zip(way.each, at, strict=True):
            assert each.low <= true + way.resolution / 2
            assert each.high >= true - way.resolution / 2
        assert way.critical.value == pytest.approx(np.exp(np.log(at).mean()), rel=0.01)
        if cells > 1:
            s = np.log(at).std(ddof=1)
            assert way.spread.value == pytest.approx(np.sqrt(np.expm1(s**2)), rel=0.05)
    assert found.r_p.low <= found.r_p.value <= found.r_p.high
    assert found.r_p.value == pytest.approx(R_P, rel=2e-3)
    assert found.tmr == pytest.approx(TMR, rel=0.01)
    assert found.drift == pytest.approx(0.03, abs=0.003)
    np.testing.assert_allclose(
        found.resistances[[0, -1]], [R_P * (1 + TMR) / cells, R_P / cells], rtol=5e-3)


def test_cells_that_switch_at_one_point_are_said_to_be_merged():
    found = switching_steps(loop_of(np.array([0.7, 0.7, 1.0]))[0], 3)
    (step,) = found.to_antiparallel.merged
    assert (step.before, step.after) == (3, 1)
    assert step.voltage == pytest.approx(0.7, abs=0.005)
    assert [s.after for s in found.to_parallel.steps] == [2, 3]


def test_the_other_polarity_is_found():
    found = switching_steps(loop_of(np.array([0.7, 1.0]), sign=-1)[0], 2)
    assert all(step.voltage < 0 for step in found.to_antiparallel.steps)


@pytest.mark.parametrize(("true", "given"), [(3, 2), (3, 4), (2, 3), (4, 3), (3, 6), (2, 1)])
def test_a_wrong_number_of_cells_is_refused_with_the_right_one(true, given):
    loop, _ = loop_of(np.linspace(0.6, 1.1, true), noise=0.002)
    with pytest.raises(MeasuredError, match=f"there {true} cell"):
        switching_steps(loop, given)


def test_what_does_not_fit_a_known_cell_is_refused():
    loop, _ = loop_of(np.array([0.7, 1.0]))
    switching_steps(loop, 2, r_p=R_P, tmr=TMR)
    with pytest.raises(MeasuredError, match="did all cells switch"):
        switching_steps(loop, 2, tmr=1.6)
    with pytest.raises(MeasuredError, match="are there 4 cells"):
        switching_steps(loop, 2, r_p=2 * R_P)
    with pytest.raises(MeasuredError, match="average several"):
        switching_steps(loop_of(np.array([0.7, 1.0]), noise=0.2)[0], 2)
    with pytest.raises(MeasuredError, match="both signs"):
        switching_steps(Loop(np.abs(loop.swept), loop.resistance, "V"), 2)


def test_intervals_hold_the_truth_as_often_as_they_say():
    spread, middle, held = 0.08, 0.9, []
    for seed in range(200):
        rng = np.random.default_rng(seed)
        sigma = np.sqrt(np.log1p(spread**2))
        at = middle * np.exp(sigma * rng.standard_normal(4))
        found = switching_steps(loop_of(at, noise=0.003, drift=0.02, points=121, seed=seed)[0], 4)
        way = found.to_antiparallel
        held.append((found.r_p.low <= R_P <= found.r_p.high,
                     found.r_ap.low <= R_P * (1 + TMR) <= found.r_ap.high,
                     way.critical.low <= middle <= way.critical.high,
                     way.spread.low <= spread <= way.spread.high))
    error = 4 * np.sqrt(0.95 * 0.05 / len(held))
    assert np.all(np.abs(np.mean(held, axis=0) - 0.95) < error)


def test_loops_of_the_switching_law_give_back_its_states_and_voltages():
    stack = load_stack("kumar2024")
    v = np.tile(voltage_sweep(2.0, 201), 4)
    truth = resistance_voltage_loop(
        stack.magnet(1.6e-9), v, 25e3, 25e3 * 1.33, pulse=200e-9, assist_field=0.0, spread=0.1,
        cells=3, rng=2)
    rng = np.random.default_rng(1)
    found = switching_steps(Loop(v, truth.resistance[0] * (
        1 + 0.004 * rng.standard_normal(len(v))), "V"), 3)
    assert np.mean(found.state == truth.state[0]) > 0.98
    state = truth.state[0]
    first = v[1:][np.diff(state) != 0]
    ups = [step.voltage for step in found.to_antiparallel.steps]
    assert np.median(ups) == pytest.approx(np.median(first[first > 0]), rel=0.03)
    assert found.r_p.value == pytest.approx(25e3, rel=0.005)


def test_unequal_cells_are_told_apart_by_their_areas():
    areas, at = np.array([1.3, 1.0, 0.7]), np.array([0.8, 1.0, 0.7])
    loop, k = loop_of(at, sweeps=2, noise=0.004, drift=0.02, areas=areas)
    found = switching_steps(loop, 3, areas=areas)
    assert np.mean(np.all(found.parallel == k, axis=1)) > 0.99
    np.testing.assert_array_equal(found.state, found.parallel.sum(axis=1))
    assert found.r_p.value == pytest.approx(R_P, rel=2e-3)
    assert len(found.resistances) == 8
    np.testing.assert_allclose([each.value for each in found.to_parallel.each],
                               np.sort(at), atol=0.006)


def test_unequal_cells_taken_for_equal_ones_are_refused_with_their_areas():
    loop, _ = loop_of(np.array([0.8, 1.0, 0.7]), noise=0.001, areas=np.array([1.5, 1.0, 0.5]))
    with pytest.raises(MeasuredError, match="do cells differ") as said:
        switching_steps(loop, 3)
    told = ast.literal_eval(str(said.value).split("areas=")[1])
    np.testing.assert_allclose(told, (1.5, 1.0, 0.5), atol=0.03)
    assert switching_steps(loop, 3, areas=told).tmr == pytest.approx(TMR, rel=0.01)


def test_intervals_of_unequal_cells_hold_the_truth():
    areas, held = np.array([2.0, 1.0, 0.5]), []
    for seed in range(100):
        rng = np.random.default_rng(seed)
        at = 0.9 * np.exp(0.05 / np.sqrt(areas) * rng.standard_normal(3))
        loop, _ = loop_of(at, points=81, noise=0.002, seed=seed, areas=areas)
        way = switching_steps(loop, 3, areas=areas).to_antiparallel
        held.append((way.critical.low <= 0.9 <= way.critical.high,
                     way.spread.low <= 0.05 <= way.spread.high))
    assert np.all(np.abs(np.mean(held, axis=0) - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 100))


def test_sweeps_that_are_too_weak_at_first_say_so():
    loop, k = loop_of(
        np.array([0.7, 0.9, 1.1]), maxima=(0.5, 0.8, 1.0, 1.4), noise=0.005, points=81)
    found = switching_steps(loop, 3)
    np.testing.assert_array_equal(found.state, k.sum(axis=1))
    assert (found.to_antiparallel.complete, found.to_antiparallel.sweeps) == (1, 4)


def test_intervals_hold_the_truth_under_noise_that_lasts():
    held = []
    for seed in range(100):
        loop, _ = loop_of(np.array([0.7, 1.0]), points=81)
        slow = lfilter([1.0], [1.0, -0.8], np.random.default_rng(seed).standard_normal(321))
        found = switching_steps(Loop(loop.swept, loop.resistance * (1 + 0.002 * slow), "V"), 2)
        held.append((found.r_p.low <= R_P <= found.r_p.high,
                     found.r_ap.low <= R_P * (1 + TMR) <= found.r_ap.high))
    # not quite: 0.91 of 400 other draws, as autocorrelations of few readings come out too small
    assert np.all(np.abs(np.mean(held, axis=0) - 0.91) < 4 * np.sqrt(0.91 * 0.09 / 100))


def test_intervals_hold_the_truth_under_drift_that_bends_over_several_sweeps():
    held = []
    for seed in range(60):
        loop, _ = loop_of(np.array([0.7, 0.8, 1.0]), sweeps=4, points=41, noise=0.003, drift=0.02,
                          bend=0.16, seed=seed)
        found = switching_steps(loop, 3)
        held.append((found.r_p.low <= R_P <= found.r_p.high,
                     found.r_ap.low <= R_P * (1 + TMR) <= found.r_ap.high))
    assert np.all(np.abs(np.mean(held, axis=0) - 0.95) < 4 * np.sqrt(0.95 * 0.05 / 60))


def test_a_single_step_of_several_cells_takes_a_known_tmr():
    one, _ = loop_of(np.array([0.7, 5.0, 5.0]))
    all_three, _ = loop_of(np.array([0.7, 0.7, 0.7]))
    for loop in (one, all_three):
        with pytest.raises(MeasuredError, match="one of them alone"):
            switching_steps(loop, 3)
    assert switching_steps(all_three, 3, tmr=TMR).r_p.value == pytest.approx(R_P, rel=1e-6)
    with pytest.raises(MeasuredError, match="did all cells switch"):
        switching_steps(one, 3, tmr=TMR)


def test_a_train_with_resets_is_refused_and_its_pulses_alone_are_read():
    at, up = np.array([0.7, 0.9]), np.linspace(0.05, 1.5, 30)
    v = np.concatenate([np.column_stack([-1.5 + 0 * up, up]).ravel(),
                        np.column_stack([1.5 + 0 * up, -up]).ravel()])
    k = np.where(v > 0, np.count_nonzero(v[:, None] < at, axis=1),
                 np.count_nonzero(-v[:, None] >= at, axis=1))
    r = R_P * (1 + TMR) / (k * (1 + TMR) + 2 - k)
    with pytest.raises(MeasuredError, match="rows of the pulses alone"):
        switching_steps(Loop(v, r, "V"), 2)
    alone = slice(1, None, 2)
    found = switching_steps(Loop(v[alone], r[alone], "V"), 2)
    assert [step.high for step in found.to_antiparallel.steps] == pytest.approx([0.7, 0.9])
    assert [step.high for step in found.to_parallel.steps] == pytest.approx([-0.7, -0.9])
