"""Laws of a compound: parallel resistors, equal steps, odd currents, nearest programmable state."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from device_models import Channel, CompoundMTJ, UnlimitedStates, load_stack

STACK = load_stack("kumar2024")
MTJ = STACK.mtj(1.9e-9)
BIASES = [0.0, 1e-6, 0.1, -0.3]


@pytest.mark.parametrize("v", BIASES)
@pytest.mark.parametrize("cells", [1, 2, 3, 6, 40])
def test_states_are_n_plus_1_increasing_and_equally_spaced(cells: int, v: float) -> None:
    g = CompoundMTJ(MTJ, cells).conductances(v)
    assert g.shape == (cells + 1,)
    assert np.all(np.diff(g) > 0)
    np.testing.assert_allclose(np.diff(g), (g[-1] - g[0]) / cells, rtol=1e-11)


@pytest.mark.parametrize("v", BIASES)
def test_cells_add_as_parallel_resistors(v: float) -> None:
    g_p, g_ap = MTJ.conductance(True, v), MTJ.conductance(False, v)
    for k, g in enumerate(CompoundMTJ(MTJ, 5).conductances(v)):
        assert g == pytest.approx(1 / (1 / (k * g_p + (5 - k) * g_ap)), rel=1e-14)


def test_one_cell_is_the_junction() -> None:
    expected = [1 / MTJ.r_ap, 1 / MTJ.r_p]
    np.testing.assert_allclose(CompoundMTJ(MTJ).conductances(), expected, rtol=1e-15)


def test_low_bias_limit() -> None:
    synapse = CompoundMTJ(MTJ, 3)
    np.testing.assert_allclose(synapse.conductances(1e-7), synapse.conductances(0.0), rtol=1e-12)


def test_current_is_odd_and_chord_times_voltage() -> None:
    synapse = CompoundMTJ(MTJ, 3)
    v = np.linspace(-0.5, 0.5, 11)
    for k in range(4):
        current = synapse.current(k, v)
        np.testing.assert_array_equal(current, -synapse.current(k, -v))
        chords = [synapse.conductances(bias)[k] for bias in v]
        np.testing.assert_allclose(current, chords * v, rtol=1e-15)
        assert np.all(np.diff(current) > 0)


def test_states_and_voltages_broadcast() -> None:
    synapse = CompoundMTJ(MTJ, 3)
    states, v = np.array([[0], [3]]), np.array([0.1, -0.2, 0.3])
    current = synapse.current(states, v)
    assert current.shape == (2, 3)
    assert current[1, 1] == synapse.current(3, -0.2)


@pytest.mark.parametrize("state", [-1, 4, 0.5, [0, 7], np.nan])
def test_a_state_that_does_not_exist_is_refused(state: object) -> None:
    with pytest.raises(ValueError, match="state"):
        CompoundMTJ(MTJ, 3).current(state, 0.1)


@pytest.mark.parametrize("v", [np.nan, np.inf, [0.1, np.nan]])
def test_a_bias_that_is_not_finite_is_refused(v: object) -> None:
    with pytest.raises(ValueError, match="bias"):
        CompoundMTJ(MTJ, 3).current(0, v)


@pytest.mark.parametrize("cells", [1, 2])
def test_conductances_are_those_of_one_bias(cells: int) -> None:
    """With as many biases as states a product of the two would look like an answer."""
    with pytest.raises(ValueError, match="bias"):
        CompoundMTJ(MTJ, cells).conductances(np.linspace(0.1, 0.3, cells + 1))


@pytest.mark.parametrize("cells", [0, -1, 1.5, True, "3", None])
def test_bad_numbers_of_cells_are_refused(cells: object) -> None:
    with pytest.raises(ValueError, match="cells"):
        CompoundMTJ(MTJ, cells)


def test_a_stack_in_place_of_a_junction_is_refused() -> None:
    with pytest.raises(TypeError, match="mtj"):
        CompoundMTJ(load_stack("kumar2024"))


@settings(max_examples=50)
@given(
    targets=st.lists(st.floats(-1e-3, 1e-3), min_size=1, max_size=20),
    cells=st.integers(1, 8),
    v=st.floats(-0.5, 0.5),
)
def test_programming_is_nearest_and_idempotent(
    targets: list[float], cells: int, v: float
) -> None:
    synapse = CompoundMTJ(MTJ, cells)
    states = synapse.conductances(v)
    programmed = synapse.program(targets, v)
    assert np.all(np.isin(programmed, states))
    error = np.abs(programmed - targets)
    nearest = np.abs(np.subtract.outer(targets, states)).min(axis=1)
    np.testing.assert_allclose(error, nearest, rtol=1e-12, atol=1e-18)
    np.testing.assert_array_equal(synapse.program(programmed, v), programmed)


def test_programming_keeps_the_shape() -> None:
    synapse = CompoundMTJ(MTJ, 2)
    assert synapse.program(5e-5).shape == ()
    assert synapse.program(np.full((2, 3, 4), 5e-5)).shape == (2, 3, 4)


@settings(max_examples=25)
@given(target=st.floats(-1e-3, 1e-3))
def test_unlimited_states_reach_everything_between_the_extremes(target: float) -> None:
    synapse = CompoundMTJ(MTJ, 3)
    unlimited = UnlimitedStates(synapse)
    low, high = unlimited.conductances(0.1)
    assert (low, high) == (synapse.conductances(0.1)[0], synapse.conductances(0.1)[-1])
    assert unlimited.program(target, 0.1) == min(max(target, low), high)


def test_unlimited_states_are_the_limit_of_many_cells() -> None:
    cells = 1000
    synapse = CompoundMTJ(MTJ, cells)
    low, high = UnlimitedStates(synapse).conductances()
    targets = np.linspace(low, high, 37)
    distance = np.abs(synapse.program(targets) - UnlimitedStates(synapse).program(targets))
    assert 0 < distance.max() <= (high - low) / cells / 2 * (1 + 1e-9)


compounds = st.integers(1, 4).flatmap(lambda n: st.builds(
    CompoundMTJ, st.just(MTJ), st.just(n),
    st.none() | st.builds(Channel, st.floats(0.1, 30.0), st.just(0.9e-6), st.just(0.9e-6),
                          st.just(1.175e-6), st.floats(0.0, 500.0), st.booleans()),
    st.none() | st.lists(st.sampled_from([1.0, 2.0, 4.0]), min_size=n, max_size=n)))


@settings(max_examples=60)
@given(synapse=compounds, v=st.floats(-1.0, 1.0), targets=st.lists(
    st.floats(-1e-4, 1e-3), min_size=1, max_size=8))
def test_laws_of_states_hold_with_channel_and_areas(
    synapse: CompoundMTJ, v: float, targets: list[float]
) -> None:
    """One state for each parallel area; means within their ranges; nearest and idempotent."""
    g, every = synapse.conductances(v), synapse.pattern_conductances(v)
    assert len(g) == synapse.states == len(np.unique(synapse.parallel_areas))
    assert np.all(np.diff(g) > 0)
    low, high = synapse.conductance_range(v).T
    for k in range(synapse.states):
        of_state = every[synapse.pattern_states == k]
        assert low[k] == pytest.approx(of_state.min(), rel=1e-12)
        assert high[k] == pytest.approx(of_state.max(), rel=1e-12)
        assert g[k] == pytest.approx(of_state.mean(), rel=1e-12)
    programmed = synapse.program(targets, v)
    nearest = np.abs(np.subtract.outer(targets, g)).min(axis=1)
    np.testing.assert_allclose(np.abs(programmed - targets), nearest, rtol=1e-12, atol=1e-18)
    np.testing.assert_array_equal(synapse.program(programmed, v), programmed)
    np.testing.assert_allclose(synapse.current(np.arange(len(g)), v), v * g, rtol=1e-13)


@pytest.mark.parametrize("channel", [None, load_stack("kumar2024").write_channel()])
def test_no_biases_have_no_currents_and_shapes_that_do_not_fit_are_refused(
    channel: Channel | None
) -> None:
    synapse = CompoundMTJ(MTJ, 3, channel)
    assert synapse.current(1, []).shape == (0,)
    with pytest.raises(ValueError, match=r"state has shape \(2,\), bias has shape \(3,\)"):
        synapse.current([0, 1], [0.1, 0.2, 0.3])


def test_only_unlimited_states_are_continuous() -> None:
    assert not CompoundMTJ(MTJ, 3).continuous
    assert UnlimitedStates(CompoundMTJ(MTJ, 3)).continuous


def test_biases_beyond_meaning_are_refused_in_words() -> None:
    synapse = CompoundMTJ(MTJ, 3, channel=load_stack("kumar2024").write_channel())
    for device in (synapse, CompoundMTJ(MTJ, 3)):
        with pytest.raises(ValueError, match=r"bias \[V\] is 1e\+200.*is it in volts"):
            device.conductances(1e200)


def test_the_weakest_cell_breaks_a_compound() -> None:
    """As the stack's own law of three cells, and of unequal ones as of all their area."""
    for cells in (1, 3):
        assert CompoundMTJ(MTJ, cells).breakdown_voltage == pytest.approx(
            float(STACK.breakdown.voltage(1.9e-9, cells)), rel=1e-12)
    assert CompoundMTJ(MTJ, 3, areas=(1, 2, 4)).breakdown_voltage == pytest.approx(
        float(STACK.breakdown.voltage(1.9e-9, 7)), rel=1e-12)
    assert STACK.programming(1.9e-9, 3, areas=(1, 2, 4)).breakdown_voltage == pytest.approx(
        float(STACK.breakdown.voltage(1.9e-9, 7)), rel=1e-12)
    bare = replace(MTJ, breakdown_shape=None)
    assert CompoundMTJ(bare, 3).breakdown_voltage == bare.breakdown_voltage
    assert CompoundMTJ(replace(bare, breakdown_voltage=None), 3).breakdown_voltage is None
