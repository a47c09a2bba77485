"""Laws of one junction: limits at low bias, the bias laws, symmetry, refusal of bad numbers."""

import math
from dataclasses import replace

import numpy as np
import pytest

from device_models import MTJ, load_stack

MTJ_19 = load_stack("kumar2024").mtj(1.9e-9)


def test_low_bias_limit_is_one_over_the_stated_resistances() -> None:
    assert MTJ_19.conductance(True, 0.0) == pytest.approx(1 / MTJ_19.r_p, rel=1e-15)
    assert MTJ_19.conductance(False, 1e-9) == pytest.approx(1 / MTJ_19.r_ap, rel=1e-12)


def test_tmr_falls_by_3_8_percent_at_a_tenth_of_a_volt() -> None:
    parallel, antiparallel = MTJ_19.conductance(np.array([True, False]), 0.1)
    fall = 1 - (parallel / antiparallel - 1) / MTJ_19.tmr
    assert round(100 * fall, 1) == 3.8


def test_bias_that_halves_tmr_and_bias_that_doubles_conductance() -> None:
    parallel, antiparallel = MTJ_19.conductance(np.array([True, False]), MTJ_19.v_h)
    assert parallel / antiparallel - 1 == pytest.approx(MTJ_19.tmr / 2, rel=1e-12)
    assert MTJ_19.conductance(True, MTJ_19.v_p) == pytest.approx(2 / MTJ_19.r_p, rel=1e-12)


def test_conductance_is_even_in_bias_and_grows_with_it() -> None:
    v = np.linspace(0, 1, 21)
    for parallel in (True, False):
        g = MTJ_19.conductance(parallel, v)
        np.testing.assert_array_equal(g, MTJ_19.conductance(parallel, -v))
        assert np.all(np.diff(g) > 0)


def test_states_and_biases_broadcast() -> None:
    states, v = np.array([[True], [False]]), np.array([0.0, 0.1, 0.2])
    g = MTJ_19.conductance(states, v)
    assert g.shape == (2, 3)
    for i, j in np.ndindex(g.shape):
        assert g[i, j] == MTJ_19.conductance(bool(states[i, 0]), v[j])


@pytest.mark.parametrize("v", [math.nan, math.inf, [0.1, -math.inf], "0.1", 1j])
def test_a_bias_that_is_no_number_is_refused(v: object) -> None:
    with pytest.raises((ValueError, TypeError), match="bias"):
        MTJ_19.conductance(True, v)


@pytest.mark.parametrize("parallel", [0.5, 1.0, 2, -1, [0, 3], "yes", None, math.nan, 1j])
def test_a_state_that_is_no_truth_is_refused(parallel: object) -> None:
    with pytest.raises((ValueError, TypeError), match=r"parallel.*expected True or False"):
        MTJ_19.conductance(parallel, 0.1)


@pytest.mark.parametrize("parallel", [[0, 1], np.array([False, True]), np.array([0, 1], np.int8)])
def test_truths_may_be_bools_or_zeros_and_ones(parallel: object) -> None:
    expected = [MTJ_19.conductance(False, 0.1), MTJ_19.conductance(True, 0.1)]
    np.testing.assert_array_equal(MTJ_19.conductance(parallel, 0.1), expected)


def test_states_and_biases_that_do_not_broadcast_are_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"parallel has shape \(2,\), bias has shape \(3,\)"):
        MTJ_19.conductance([True, False], [0.1, 0.2, 0.3])


def test_resistance_area_product_is_their_product() -> None:
    assert MTJ(1e4, 1.0, 0.9, 0.5, 1e-13).ra == pytest.approx(1e-9, rel=1e-15)


@pytest.mark.parametrize("name", ["r_p", "tmr", "v_p", "v_h", "area"])
@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf, "ten", None, 1j, [1.0, 2.0]])
def test_a_bad_number_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises((ValueError, TypeError), match=name):
        replace(MTJ_19, **{name: value})


def test_what_is_not_given_is_not_known() -> None:
    bare = MTJ(1e4, 1.0, 0.9, 0.5, 1e-14)
    assert (bare.stability, bare.temperature, bare.disturb_current) == (None, 300.0, None)
    full = replace(bare, stability=[60, 40], temperature=350, disturb_current=np.float64(1e-5))
    assert full.stability == (60.0, 40.0)
    assert hash(full) == hash(replace(bare, stability=(60.0, 40.0), temperature=350.0,
                                      disturb_current=1e-5))
    assert full != bare


@pytest.mark.parametrize(("name", "value"), [
    ("stability", 60.0), ("stability", (60.0,)), ("stability", (60.0, -1.0)),
    ("stability", (60.0, math.nan)), ("stability", "60"), ("temperature", 0.0),
    ("temperature", None), ("temperature", math.inf), ("disturb_current", 0.0),
    ("disturb_current", -1e-6), ("disturb_current", (1e-6, 1e-6)), ("breakdown_voltage", 0.0)])
def test_limits_that_no_junction_has_are_refused(name: str, value: object) -> None:
    with pytest.raises((ValueError, TypeError), match=name):
        replace(MTJ_19, **{name: value})
