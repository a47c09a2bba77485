"""Breakdown: the weakest link, inverses, means, tiny shares, the voltages that the paper states."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import trapezoid

from device_models.reliability import (
    breakdown_probability,
    breakdown_quantile,
    breakdown_voltage,
    mean_breakdown,
    tolerated_voltage,
)

SHAPE = 20.0
STATED = {"base": 1.8, "slope": 0.2e9, "origin": 1.6e-9, "shape": SHAPE}
"""1.8 to 2.0 V for 1 cell from 1.6 to 2.6 nm, 1.7 to 1.9 V for 3 [Kumar et al. 2024 §D]."""


@given(st.floats(0.5, 3.0), st.integers(1, 8))
def test_a_compound_survives_if_all_its_cells_do(volt: float, cells: int) -> None:
    one = float(breakdown_probability(volt, 1.85, SHAPE))
    many = float(breakdown_probability(volt, 1.85, SHAPE, cells=cells))
    assert 1 - many == pytest.approx((1 - one) ** cells, rel=1e-9, abs=1e-14)


@given(st.floats(0.5, 3.0), st.integers(1, 8), st.lists(st.floats(0.1, 8), min_size=1, max_size=6))
def test_a_larger_cell_is_as_weak_as_smaller_ones_side_by_side(
    volt: float, cells: int, areas: list[float]
) -> None:
    """Survival multiplies over the areas; n cells of one area are one of n times it."""
    one = float(breakdown_probability(volt, 1.85, SHAPE, area=cells))
    assert one == pytest.approx(float(breakdown_probability(volt, 1.85, SHAPE, cells)), rel=1e-12)
    mixed = float(breakdown_probability(volt, 1.85, SHAPE, len(areas), area=np.mean(areas)))
    alone = 1 - breakdown_probability(volt, 1.85, SHAPE, area=areas)
    assert 1 - mixed == pytest.approx(float(np.prod(alone)), rel=1e-9, abs=1e-14)
    assert float(breakdown_quantile(0.3, 1.85, SHAPE, area=7)) == pytest.approx(
        float(breakdown_quantile(0.3, 1.85, SHAPE, 7)), rel=1e-12)
    assert float(mean_breakdown(1.85, SHAPE, area=4)) == pytest.approx(
        float(mean_breakdown(1.85, SHAPE)) * 4 ** (-1 / SHAPE), rel=1e-12)


def test_mean_breakdown_is_that_of_the_law_and_scales_as_the_stated_voltages() -> None:
    volts = np.linspace(0, 4, 40001)
    numeric = trapezoid(1 - breakdown_probability(volts, 1.85, SHAPE, cells=3), volts)
    assert float(mean_breakdown(1.85, SHAPE, 3)) == pytest.approx(float(numeric), rel=1e-6)
    ratio = float(mean_breakdown(1.85, SHAPE, 3) / mean_breakdown(1.85, SHAPE))
    stated = float(breakdown_voltage(1.6e-9, 3, **STATED) / breakdown_voltage(1.6e-9, **STATED))
    assert ratio == pytest.approx(stated, rel=1e-12)
    assert ratio == pytest.approx(1.7 / 1.8, rel=0.005)


@pytest.mark.parametrize(("cells", "nm", "volt"),
                         [(1, 1.6, 1.8), (1, 2.6, 2.0), (3, 1.6, 1.7), (3, 2.6, 1.9)])
def test_breakdown_voltage_is_the_stated_one(cells: int, nm: float, volt: float) -> None:
    assert round(float(breakdown_voltage(nm * 1e-9, cells, **STATED)), 1) == volt


def test_a_tiny_breakdown_probability_keeps_its_digits() -> None:
    tiny = float(breakdown_probability(0.1, 1.85, SHAPE))
    assert tiny == pytest.approx((0.1 / 1.85) ** 20, rel=1e-12)


@given(st.floats(1e-9, 0.999), st.floats(0.5, 5), st.floats(2, 60), st.integers(1, 8))
def test_the_quantile_breaks_its_share(
    share: float, scale: float, shape: float, cells: int
) -> None:
    volt = breakdown_quantile(share, scale, shape, cells)
    assert float(breakdown_probability(volt, scale, shape, cells)) == pytest.approx(share, rel=1e-9)


@given(st.floats(1e-9, 0.999), st.floats(0.5, 5), st.floats(2, 60))
def test_the_tolerated_voltage_breaks_its_share_of_compounds_of_the_mean(
    share: float, mean: float, shape: float
) -> None:
    scale = mean / float(mean_breakdown(1.0, shape))
    assert float(mean_breakdown(scale, shape)) == pytest.approx(mean)
    volt = tolerated_voltage(share, mean, shape)
    assert float(breakdown_probability(volt, scale, shape)) == pytest.approx(share, rel=1e-9)
    assert tolerated_voltage(share / 2, mean, shape) < volt


@pytest.mark.parametrize(("call", "message"), [
    (lambda: breakdown_probability([1, 2], [1, 2, 3], SHAPE), "voltage has shape"),
    (lambda: breakdown_probability(1.0, 0.0, SHAPE), "scale_voltage"),
    (lambda: breakdown_probability(1.0, 1.8, shape=0.0), "shape"),
    (lambda: breakdown_probability(1.0, 1.8, SHAPE, cells=0), "cells"),
    (lambda: breakdown_probability(1.0, 1.8, SHAPE, area=0.0), "area"),
    (lambda: breakdown_probability([1.0, 1.1], 1.8, SHAPE, area=[1, 2, 3]), "area has shape"),
    (lambda: breakdown_quantile(1.5, 1.8, SHAPE), "share is"),
    (lambda: mean_breakdown(1.8, 1e-3), "shape"),
    (lambda: breakdown_voltage(1.6e-9, 0, **STATED), "cells"),
])
def test_bad_input_is_refused_by_name(call: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()  # type: ignore[operator] # a lambda of the list above


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1, float("nan")])
def test_a_quantile_of_no_share_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        breakdown_quantile(share, 1.8, SHAPE)
