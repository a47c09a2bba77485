"""Loops that follow from a stack's file: where they switch, and the laws they obey."""

from dataclasses import replace

import numpy as np
import pytest

from device_models import Stack, load_stack
from device_models.stacks import (
    MissingEntryError,
    MissingTableError,
    film_branches,
    film_major_loop,
    major_loop,
    slow_coercivity,
)

STACK = load_stack("kumar2024")
THIN = 1.6e-9
DOWN = np.linspace(0.3, -0.3, 6001)
SWEEP = np.concatenate([DOWN, DOWN[::-1]])


def lacking(**entries: None) -> Stack:
    """The stack without some entries of [magnetics]."""
    film = replace(STACK.magnetics, **entries)
    return replace(STACK, tables=replace(STACK.tables, magnetics=film))


def test_the_dashed_coercivity_takes_the_files_times() -> None:
    """Sharrock: more time, or a shorter attempt, leaves less field."""
    def with_times(**times: float) -> float:
        drive = replace(STACK.switching, **times)
        return slow_coercivity(
            replace(STACK, tables=replace(STACK.tables, switching=drive)), THIN)

    assert with_times() == slow_coercivity(STACK, THIN)
    assert with_times(measuring_time=100.0) < with_times() < with_times(attempt_time=1e-7)
    ratios = with_times(measuring_time=100.0), with_times(attempt_time=1e-11)
    assert ratios[0] == pytest.approx(ratios[1], rel=1e-12)


def test_without_times_a_second_and_a_nanosecond_are_taken() -> None:
    drive = replace(STACK.switching, measuring_time=None, attempt_time=None)
    plain = replace(STACK, tables=replace(STACK.tables, switching=drive))
    assert slow_coercivity(plain, THIN) == slow_coercivity(STACK, THIN)


@pytest.mark.parametrize(("nm", "exchange"), [(1.6, 2.5e-3), (2.6, 0.4e-3)])
def test_the_film_turns_at_its_exchange_field_plus_and_minus_its_coercivity(
    nm: float, exchange: float
) -> None:
    falling, rising = film_branches(STACK, nm * 1e-9, [exchange - 5e-3, exchange + 5e-3])
    assert falling[0] == pytest.approx(0, abs=1e-12)
    assert rising[1] == pytest.approx(0, abs=1e-12)
    assert falling[1] > 0 > rising[0]


def test_the_major_loop_of_the_film_saturates_with_both_layers_and_closes() -> None:
    moment = film_major_loop(STACK, THIN, SWEEP)
    assert moment[0] == pytest.approx(1) == moment[-1]
    assert moment[len(DOWN)] == pytest.approx(-1)
    assert np.all(np.abs(moment) <= 1)


def test_the_major_loop_is_parallel_antiparallel_parallel_as_stated() -> None:
    """P at +300 mT, AP from +90 mT, P by -10 mT [P §C]."""
    r, r_p = major_loop(STACK, THIN, DOWN), STACK.mtj(THIN).r_p
    apart = DOWN[r > 1.001 * r_p]
    assert (apart.max(), apart.min()) == pytest.approx((90e-3, -10e-3), abs=0.2e-3)


@pytest.mark.parametrize(("key", "loop"), [
    ("film_coercivity", film_branches), ("exchange_field", film_branches),
    ("saturation_field", film_branches), ("reference_flip", major_loop),
    ("reference_rise", major_loop), ("reference_rise", film_major_loop)])
def test_what_a_loop_lacks_is_named(key: str, loop: object) -> None:
    with pytest.raises(MissingEntryError, match=f"the stack has no {key}$"):
        loop(lacking(**{key: None}), THIN, SWEEP)


def test_a_loop_without_its_table_says_so() -> None:
    bare = replace(STACK, tables=replace(STACK.tables, process=None))
    with pytest.raises(MissingTableError, match=r"no table \[process\]"):
        film_major_loop(bare, THIN, SWEEP)
