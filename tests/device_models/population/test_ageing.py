"""Laws of cells that fall by themselves or are read too often: the binomial law of each state."""

import itertools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from device_models import CompoundMTJ, DeviceSample, Variability, load_stack
from device_models.population.device_sample import (
    OPEN,
    SHORTED,
    STUCK_ANTIPARALLEL,
    STUCK_PARALLEL,
)
from device_models.reliability import YEAR, read_disturb, state_disturb_current, two_state_loss

STACK = load_stack("kumar2024")
MTJ = STACK.mtj(1.9e-9)
CHANNEL = replace(STACK.write_channel(), sheet_resistance=2e3)
NONE = Variability(sigma_r_p=0, sigma_tmr=0, sigma_h_c=0, sigma_v_c=0, shorted=0)
N = 100_000
LOW = (21.0, 20.0)  # of which a second breaks some
HALF = np.array([True, False, True])
BIAS = 0.3
CRITICAL = 3 * BIAS / MTJ.r_p
Booleans = NDArray[np.bool_]


def drawn(variability: Variability = NONE, size: int = N, **synapse: object) -> DeviceSample:
    return variability.sample(CompoundMTJ(MTJ, 3, **synapse), size, 0)  # type: ignore[arg-type]


def check_share(fallen: Booleans, probability: object) -> None:
    """Of independent cells, each with its `probability`, within 5 standard deviations."""
    p = np.broadcast_to(np.asarray(probability, float), fallen.shape)
    assert abs(fallen.sum() - p.sum()) < 5 * np.sqrt((p * (1 - p)).sum()) + 1e-6
    assert 0.02 < p.mean() < 0.98  # or the bound would say little


def test_cells_fall_by_the_law_of_their_own_state() -> None:
    fallen = drawn().aged(HALF, 0.3, LOW, 1) != HALF
    for cell, parallel in enumerate(HALF):
        own, other = LOW if parallel else LOW[::-1]
        check_share(fallen[:, cell], two_state_loss(0.3, own, other))


def test_barriers_may_differ_from_cell_to_cell() -> None:
    deltas = np.array([20.0, 21.0, 22.0])
    fallen = ~drawn().aged(True, 0.3, (deltas, 19.0), 1)
    for cell, delta in enumerate(deltas):
        check_share(fallen[:, cell], two_state_loss(0.3, delta, 19.0))


@pytest.mark.parametrize("nominal", [1.0, 10e-3])
def test_hard_cells_have_the_barrier_of_their_coercive_field(nominal: float) -> None:
    sample = Variability(sigma_h_c=0.1).sample(CompoundMTJ(MTJ, 3), N, 2, coercive_field=nominal)
    fallen = sample.aged(HALF, 0.3, LOW, 3, nominal_coercive_field=nominal) != HALF
    factor = sample.coercive_field / nominal
    own, other = np.where(HALF, *LOW) * factor, np.where(HALF, *LOW[::-1]) * factor
    expected = two_state_loss(0.3, own, other)
    check_share(fallen, expected)
    hard = factor > np.median(factor)
    check_share(fallen[hard], expected[hard])
    check_share(fallen[~hard], expected[~hard])


def test_what_has_fallen_in_a_year_has_fallen_in_ten() -> None:
    sample = drawn(Variability(sigma_h_c=0.1))
    before = np.random.default_rng(0).random((N, 3)) < 0.5
    fallen = [sample.aged(before, t * YEAR, (40.0, 39.0), 4) != before
              for t in (0.0, 0.1, 1.0, 10.0)]
    assert not fallen[0].any()
    for earlier, later in itertools.pairwise(fallen):
        assert np.all(later[earlier])
        assert later.sum() > earlier.sum()


def test_one_device_may_have_many_ages() -> None:
    one = drawn(Variability(sigma_h_c=0.1), 1)
    ages = np.logspace(-3, 8, 200)
    fallen = ~one.aged(True, ages, (25.0, 400.0), 5)
    assert fallen.shape == (200, 3)
    assert np.all(fallen[1:] >= fallen[:-1])
    assert fallen[-1].all()
    for i in (0, 90, 120):
        np.testing.assert_array_equal(~one.aged(True, ages[i], (25.0, 400.0), 5)[0], fallen[i])


def test_after_ever_so_long_the_states_are_in_balance() -> None:
    left = drawn().aged(HALF, 1e30, LOW, 6)
    check_share(left, np.full(3, 1 / (1 + np.exp(LOW[1] - LOW[0]))))


@pytest.mark.parametrize("act", [
    lambda sample, before: sample.aged(before, 1e30, LOW, 7),
    lambda sample, before: sample.disturbed(before, 1e30, 1.0, BIAS, LOW, CRITICAL, 7)],
    ids=["aged", "disturbed"])
def test_stuck_cells_never_fall(act: Callable[[DeviceSample, Booleans], Booleans]) -> None:
    sample = drawn(Variability(stuck_parallel=0.3, stuck_antiparallel=0.3, shorted=0.1,
                               open_=0.1), 1000)
    before = np.random.default_rng(0).random((1000, 3)) < 0.5
    turned = act(sample, before) != before
    for fault in (STUCK_PARALLEL, STUCK_ANTIPARALLEL):
        assert not turned[sample.fault == fault].any()
    assert turned[sample.fault == 0].any()
    assert {SHORTED, OPEN} <= set(sample.fault.ravel().tolist())


@pytest.mark.parametrize(("channel", "reads"), [(None, 6e3), (CHANNEL, 3e5)],
                         ids=["bare", "channel"])
@pytest.mark.parametrize("areas", [None, (1, 2, 4)], ids=["equal", "areas"])
@pytest.mark.parametrize("v", [BIAS, -BIAS])
def test_reads_disturb_the_state_that_they_work_against(
    v: float, areas: tuple[float, ...] | None, channel: object, reads: float
) -> None:
    """As positive ones favour the antiparallel state, by the current of every cell."""
    sample = drawn(Variability(sigma_h_c=0.1), areas=areas, channel=channel)
    found = sample.disturbed(HALF, reads, 1e-7, v, LOW, CRITICAL, 8)
    against = np.where(HALF, v > 0, v < 0)
    np.testing.assert_array_equal(found[:, ~against], np.broadcast_to(HALF, (N, 3))[:, ~against])
    current = np.abs(v) * sample.cell_conductances(HALF, v)
    expected = read_disturb(np.where(HALF, *LOW) * sample.coercive_field, current,
                            state_disturb_current(CRITICAL, MTJ.tmr, HALF)
                            * np.array(areas or (1, 1, 1)), reads * 1e-7)
    for cell in np.flatnonzero(against):
        check_share(found[:, cell] != HALF[cell], expected[:, cell])


def test_the_exponent_of_a_perpendicular_layer_leaves_less_barrier() -> None:
    kept = [drawn(size=1000).disturbed(True, 1e3, 1e-7, BIAS, LOW, CRITICAL, 9, exponent=exponent)
            for exponent in (1.0, 2.0)]
    assert np.all(kept[0] >= kept[1])
    assert kept[0].sum() > kept[1].sum()


def test_larger_cells_are_disturbed_as_small_ones() -> None:
    """Current and critical current grow alike with the area."""
    equal, larger = (drawn(areas=areas, size=1000).disturbed(
        True, 3e3, 1e-7, BIAS, LOW, CRITICAL, 9) for areas in (None, (1, 2, 4)))
    np.testing.assert_array_equal(equal, larger)
    assert 0.02 < equal.mean() < 0.98


def test_more_reads_and_more_bias_disturb_more_of_the_same() -> None:
    sample = drawn(size=1000)
    reads = [sample.disturbed(True, n, 1e-7, BIAS, LOW, CRITICAL, 1) for n in (0, 1e3, 1e4)]
    biases = [sample.disturbed(True, 1e3, 1e-7, v, LOW, CRITICAL, 1) for v in (0.0, 0.2, 0.4)]
    for kept in (reads, biases):
        assert kept[0].all()
        assert np.all(kept[1] >= kept[2])
        assert kept[1].sum() > kept[2].sum()


def test_one_device_may_be_read_many_times_and_at_many_biases() -> None:
    one = drawn(size=1)
    n = np.logspace(0, 12, 50)
    kept = one.disturbed(True, n, 1e-7, BIAS, LOW, CRITICAL, 10)
    assert kept.shape == (50, 3)
    assert np.all(kept[1:] <= kept[:-1])
    assert not kept[-1].any()
    assert one.disturbed(True, 1e5, 1e-7, np.linspace(-0.4, 0.4, 50), LOW, CRITICAL,
                         10).shape == (50, 3)


def test_the_junction_of_a_stack_has_all_that_ageing_takes() -> None:
    sample = drawn(size=100)
    assert MTJ.stability is not None
    assert MTJ.disturb_current is not None
    assert sample.aged(True, 10 * YEAR, MTJ.stability, 0).all()
    assert sample.disturbed(True, 1e15, 1e-8, 0.1, MTJ.stability, MTJ.disturb_current, 0).all()


SAMPLE = drawn(size=4)
READ = (1e5, 1e-7, BIAS, LOW, CRITICAL, 0)


@pytest.mark.parametrize(("call", "message"), [
    (lambda: SAMPLE.aged(True, 1.0, None, 0), r"stability is None.*\[magnetics\]"),
    (lambda: SAMPLE.aged(True, 1.0, (1.0,), 0), r"stability is \(1\.0,\)"),
    (lambda: SAMPLE.aged(True, 1.0, 60.0, 0), r"stability is 60\.0"),
    (lambda: SAMPLE.aged(True, 1.0, (60.0, [50.0, 50.0]), 0), r"stability.*shape \(2,\).*3 cells"),
    (lambda: SAMPLE.aged(True, 1.0, (60.0, -1.0), 0), "stability"),
    (lambda: SAMPLE.aged(True, -1.0, LOW, 0), "time"),
    (lambda: SAMPLE.aged(True, [1.0, 2.0], LOW, 0), r"time \[s\] has shape \(2,\).*4 devices"),
    (lambda: SAMPLE.aged([True], 1.0, LOW, 0), r"parallel has shape \(1,\)"),
    (lambda: SAMPLE.aged(True, 1.0, LOW, 0, nominal_coercive_field=0.0), "nominal_coercive_field"),
    (lambda: SAMPLE.aged(True, 1.0, LOW, 0, attempt_time=0.0), "attempt_time"),
    (lambda: SAMPLE.disturbed(True, -1, *READ[1:]), "reads"),
    (lambda: SAMPLE.disturbed(True, 1, 0.0, *READ[2:]), "duration"),
    (lambda: SAMPLE.disturbed(True, 1, 1e-7, [0.1, 0.2], *READ[3:]), r"bias \[V\] has shape"),
    (lambda: SAMPLE.disturbed(True, *READ[:4], 0.0, 0), "disturb_current"),
    (lambda: SAMPLE.disturbed(True, *READ[:4], None, 0), "disturb_current"),
    (lambda: SAMPLE.disturbed(True, *READ[:4], [1e-6, 1e-6], 0), r"disturb_current.*3 cells"),
    (lambda: drawn(size=1).disturbed(True, [1, 2], 1e-7, [0.1] * 3, *READ[3:]),
     r"reads has shape \(2,\), bias has shape \(3,\)"),
])
def test_bad_input_is_refused_by_name(call: Callable[[], object], message: str) -> None:
    with pytest.raises((ValueError, TypeError), match=message):
        call()
