"""Laws of the search for the best scale: the optimum of all moves, certified, in bounded memory."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from crossbar import Differential, Mapping, ReferenceColumn, SignedLevel
from crossbar.mapping.least_squares import best_scale
from crossbar.mapping.levels import Levels
from device_models import CompoundMTJ, load_stack

Floats = NDArray[np.float64]
MAPPINGS = [Differential(), ReferenceColumn(), SignedLevel()]
MTJ = load_stack("kumar2024").mtj(1.9e-9)


def levels_of(mapping: Mapping, cells: int) -> Levels:
    return mapping.levels(CompoundMTJ(MTJ, cells), 0.1)


def taken(scale: float, w: Floats, levels: Levels) -> float:
    """The part of sum w^2 that the levels take at `scale`, with the best gain behind them."""
    q = levels.nearest(w / scale).ravel()
    product = max(float(w.ravel() @ q), 0.0)  # a scale is above zero
    return float(product**2 / (q @ q) / np.sum(w**2)) if np.any(q) else 0.0


def best_of_all_moves(w: Floats, levels: Levels) -> float:
    """What the best of all scales takes: tried between any two at which a weight moves."""
    bounds = (levels.values[1:] + levels.values[:-1]) / 2
    at = np.unique([size / b for size in w[w != 0] for b in bounds
                    if abs(b) > 1e-9 * levels.reach and size * b > 0])
    between = [*np.sqrt(at[1:] * at[:-1]), *(at[:1] / 2), *(at[-1:] * 2), levels.reach**-1]
    return max(taken(scale, w, levels) for scale in between)


few_weights = st.lists(st.sampled_from([0.0, 1.0, -1.0, 0.5, -0.25, 3.0]) | st.floats(-3, 3),
                       min_size=1, max_size=8).map(np.array)


@given(few_weights, st.sampled_from(MAPPINGS), st.integers(1, 6))
def test_no_move_is_better(w: Floats, mapping: Mapping, cells: int) -> None:
    w = np.where(np.abs(w) < 1e-6, 0.0, w)
    if np.any(w):
        levels = levels_of(mapping, cells)
        scale = best_scale(w, levels)
        assert scale > 0
        assert taken(scale, w, levels) >= best_of_all_moves(w, levels) * (1 - 1e-12)


@given(few_weights, st.lists(st.floats(-2, 2).map(lambda x: round(x, 3)), min_size=2, max_size=6,
                             unique=True).map(sorted))
def test_no_move_is_better_on_levels_of_any_kind(w: Floats, values: list[float]) -> None:
    """Unequal steps, more on one side than on the other, or all on one side."""
    w, levels = np.where(np.abs(w) < 1e-6, 0.0, w), Levels(np.array(values), False)
    ends = np.where(w > 0, values[-1], values[0])
    if np.any(w) and float(w @ ends) > 1e-6:
        scale = best_scale(w, levels)
        found = np.sum((w - scale * levels.nearest(w / scale)) ** 2)
        least = (1 - best_of_all_moves(w, levels)) * np.sum(w**2)
        assert found <= least + 1e-12 * np.sum(w**2)


def test_levels_of_the_wrong_sign_only_have_a_scale() -> None:
    assert best_scale(np.array([-1.0, -2.0]), Levels(np.array([1e-6, 2e-6]), False)) > 0


LARGE = {
    "normal": lambda rng: rng.normal(0, 0.1, (600, 500)),
    "of long tails": lambda rng: rng.standard_cauchy(300_000),
    "uniform": lambda rng: rng.uniform(-1, 1, 300_000),
    "eight bits": lambda rng: np.rint(rng.normal(0, 40, 300_000)).clip(-127, 127),
    "all equal but one": lambda rng: np.append(np.full(300_000, 0.3), 1.0),
}


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.parametrize("mapping", MAPPINGS, ids=str)
def test_large_layers_are_certified(mapping: Mapping, name: str) -> None:
    """No scale of a grid, dense where it matters, takes more than the one found."""
    w, levels = LARGE[name](np.random.default_rng(7)), levels_of(mapping, 3)
    scale = best_scale(w, levels)
    found = taken(scale, w, levels)
    for spread in (2.0, 1e-3, 1e-6):
        for other in scale * (1 + spread) ** np.linspace(-1, 1, 21):
            assert taken(other, w, levels) <= found * (1 + 1e-12)


@pytest.mark.parametrize("cells", [100, 1000])
def test_many_levels_are_certified(cells: int) -> None:
    w, levels = np.random.default_rng(8).normal(0, 0.1, 20_000), levels_of(Differential(), cells)
    scale = best_scale(w, levels)
    found = 1 - taken(scale, w, levels)
    for spread in (1.0, 1e-2, 1e-4, 1e-6):
        for other in scale * (1 + spread) ** np.linspace(-1, 1, 41):
            assert 1 - taken(other, w, levels) >= found - 1e-12


@pytest.mark.parametrize(("shape", "cells", "limit"), [
    ((2000, 1000), 3, 24e6 * 2), ((784, 128), 1000, 24e6)])
def test_memory_is_bounded(shape: tuple[int, int], cells: int, limit: float) -> None:
    """24 bytes a weight, or 24 MB where levels are many: 300 bytes a weight were 600 MB, 10 GB."""
    w, levels = np.random.default_rng(9).normal(0, 0.1, shape), levels_of(Differential(), cells)
    tracemalloc.start()
    try:
        best_scale(w, levels)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < limit


def test_weights_are_left_as_they_are() -> None:
    w = np.random.default_rng(10).normal(0, 1, 50)
    before = w.copy()
    best_scale(w, levels_of(Differential(), 3))
    np.testing.assert_array_equal(w, before)
