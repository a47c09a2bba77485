"""R(V) loops of compounds: the laws' own loops give their steps, states and spreads back."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.testing import assert_allclose

from device_models import load_stack
from device_models.measured import Loop, MeasuredError, compound_loop
from device_models.switching import resistance_voltage_loop, voltage_sweep

STACK = load_stack("kumar2024")
MTJ = STACK.mtj(1.9e-9)


def sweeps(cells: int, seed: int, *, times: int = 2, noise: float = 0.003, drift: float = 0.02,
           points: int = 301, areas: tuple[float, ...] | None = None) -> tuple[Loop, np.ndarray]:
    """A loop of a compound with spread cells, and the parallel cells of every reading."""
    rng = np.random.default_rng(seed)
    v = np.concatenate([voltage_sweep(1.9, points)] * times)
    size = np.ones(cells) if areas is None else np.array(areas)
    factors = 1 + 0.02 * rng.standard_normal(cells)
    found = resistance_voltage_loop(
        STACK.writing_magnet(1.9e-9, cells), v, MTJ.r_p * factors / size, MTJ.r_ap * factors / size,
        pulse=200e-9, assist_field=6e-3, spread=0.08, cells=cells, rng=seed)
    r = found.resistance[0] * (1 + noise * rng.standard_normal(v.size))
    return Loop(v, r * (1 + drift * np.arange(v.size) / v.size), "V"), found.parallel[0]


def steps_of(parallel: np.ndarray, v: np.ndarray, up: bool) -> list[float]:
    """Voltages between which cells switched, of all sweeps."""
    change = np.diff(parallel.sum(axis=1))
    at = np.flatnonzero(change > 0 if up else change < 0)
    return [float((v[i] + v[i + 1]) / 2) for i in at for _ in range(abs(int(change[i])))]


@pytest.mark.parametrize(("cells", "seed"), [(1, 1), (2, 2), (3, 3), (3, 4), (4, 5)])
def test_steps_are_where_cells_switched_behind_noise_and_drift(cells: int, seed: int) -> None:
    loop, parallel = sweeps(cells, seed)
    found = compound_loop(loop, cells)
    for steps, up in ((found.to_parallel, True), (found.to_antiparallel, False)):
        true = steps_of(parallel[1:], loop.swept[1:], up)
        ours = steps.voltages.ravel().tolist()
        near = [min(abs(a - b) for b in true) for a in ours]
        assert np.mean(np.array(near) < 0.03) > 0.9  # one or two readings of 13 mV
    assert found.noise == pytest.approx(0.004, abs=0.002)
    assert found.tmr == pytest.approx(MTJ.tmr, rel=0.05)
    assert found.r_p == pytest.approx(MTJ.r_p, rel=0.05)


def test_levels_are_the_states_and_their_errors_shrink_with_readings() -> None:
    loop, parallel = sweeps(3, 6, drift=0.0, times=4)
    found = compound_loop(loop, 3)
    k = parallel.sum(axis=1)
    for state in range(4):
        truth = loop.resistance[k == state].mean()
        assert found.resistances[state] == pytest.approx(truth, rel=0.01)
    assert found.errors[0] < found.errors[1]


def test_the_spread_interval_holds_the_spread_of_the_cells() -> None:
    """Of 8 % at half a dozen cells: a 95 % interval misses at most two of 15."""
    missed = 0
    for seed in range(15):
        loop, _ = sweeps(6, 100 + seed, times=1, noise=0.001, drift=0.0, points=601)
        try:
            steps = compound_loop(loop, 6).to_parallel
        except MeasuredError:  # cells so near that their steps are one, which is said
            continue
        low, high = steps.spread_interval or (0.0, 0.0)
        missed += not low <= 0.08 <= high
    assert missed <= 2


def test_cells_that_switch_at_one_reading_are_said_to_be_merged() -> None:
    loop, _ = sweeps(3, 7, points=41)
    both = compound_loop(loop, 3)
    assert both.to_parallel.merged + both.to_antiparallel.merged >= 2
    for steps in (both.to_parallel, both.to_antiparallel):
        assert steps.merged == sum(
            np.sum(row[:, None] == row) > 3 and int(np.sum(np.sum(row[:, None] == row, axis=1) > 1))
            for row in steps.voltages)


@pytest.mark.parametrize("wrong", [1, 2, 4, 6])
def test_another_number_of_cells_is_refused_with_the_right_one(wrong: int) -> None:
    loop, _ = sweeps(3, 8)
    with pytest.raises(MeasuredError, match="cells=3"):
        compound_loop(loop, wrong)


def test_unequal_areas_have_their_own_levels() -> None:
    loop, _ = sweeps(3, 9, areas=(1.0, 2.0, 4.0))
    found = compound_loop(loop, 3, (1.0, 2.0, 4.0))
    assert len(found.resistances) == 8
    assert found.tmr == pytest.approx(MTJ.tmr, rel=0.03)
    with pytest.raises(MeasuredError):
        compound_loop(loop, 3)


def test_one_cell_has_the_thresholds_of_its_loop() -> None:
    loop, _ = sweeps(1, 10, noise=0.0, drift=0.0)
    found, plain = compound_loop(loop, 1), loop.thresholds
    assert_allclose(sorted([found.to_parallel.critical[0], found.to_antiparallel.critical[0]]),
                    sorted(plain), atol=1e-9)
    assert found.to_parallel.spread is None


def test_what_is_no_loop_is_refused() -> None:
    loop, _ = sweeps(2, 11)
    with pytest.raises(MeasuredError, match="over field"):
        compound_loop(replace(loop, unit="T"), 2)
    with pytest.raises(MeasuredError, match="one resistance only"):
        compound_loop(replace(loop, resistance=np.full(loop.swept.size, 1e4)), 2)
    half = slice(0, 300)
    with pytest.raises(MeasuredError, match="all the way"):
        compound_loop(Loop(loop.swept[half], loop.resistance[half], "V"), 2)
    with pytest.raises(MeasuredError, match="areas"):
        compound_loop(loop, 2, (1.0, -1.0))
