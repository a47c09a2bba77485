"""Laws of ladder and junctions together: independent solutions, power, symmetry, all biases."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import brentq

import circuits
from device_models import MTJ, BrinkmanBias, Channel, CompoundMTJ, load_stack
from device_models.compound.channel import ladder_voltages
from device_models.compound.patterns import (
    all_patterns,
    cell_conductances,
    junction_shares,
    states_of,
)

Floats = NDArray[np.float64]
STACK = load_stack("kumar2024")
JUNCTION = STACK.mtj(1.9e-9)
CHANNEL = STACK.write_channel()

junctions = st.builds(MTJ, st.floats(1e3, 1e6), st.floats(0.1, 5.0), st.floats(0.3, 3.0),
                      st.floats(0.1, 2.0), st.just(1e-13))
channels = st.builds(Channel, st.floats(1e-2, 1e4), st.just(0.9e-6), st.floats(1e-7, 5e-6),
                     st.floats(1e-7, 5e-6), st.floats(0.0, 1e3), st.booleans())
compounds = st.integers(1, 5).flatmap(lambda n: st.builds(
    CompoundMTJ, junctions, st.just(n), channels,
    st.none() | st.lists(st.floats(0.2, 5.0), min_size=n, max_size=n)))


def by_circuits(synapse: CompoundMTJ, parallel: NDArray[np.bool_], v: float) -> float:
    """Chord conductance [S]: a column of a crossbar whose wire is the channel, bias law and all."""
    channel, law = synapse.channel, circuits.MTJLaw.of(synapse.mtj)
    assert channel is not None
    g = circuits.MTJLaw.conductance(CompoundMTJ(synapse.mtj), parallel[::-1, None].astype(int))
    g = g * np.array(synapse.areas or np.ones(synapse.cells))[::-1, None]
    sense = circuits.ColumnSense.BOTH if channel.both_ends else circuits.ColumnSense.BOTTOM
    segments = channel.segments(synapse.cells)[::-1].copy()
    segments[np.isinf(segments)] = 0.0
    circuit = circuits.CrossbarCircuit(g, circuits.Wires(row=0.0, column=segments[:, None]), law,
                                       sense=sense)
    found = circuit.solve(np.full(synapse.cells, v), tolerance=1e-12)
    return float(found.column_currents.sum()) / v


def by_shooting(synapse: CompoundMTJ, parallel: NDArray[np.bool_], v: float) -> float:
    """Chord conductance [S] of a channel read from one end, from the far junction's voltage.

    Which gives its current, hence the next junction's voltage, and so on: sums of positive terms,
    and one unknown that bisection finds at any bias.
    """
    assert synapse.channel is not None
    assert not synapse.channel.both_ends
    areas, r = synapse.areas or np.ones(synapse.cells), synapse.channel.segments(synapse.cells)

    def applied(far: float) -> tuple[float, float]:
        over, current = far, 0.0
        for k in range(synapse.cells - 1, -1, -1):
            current += over * areas[k] * float(synapse.mtj.conductance(parallel[k], over))
            over += current * r[k]
            if over > 2 * v:
                break  # too much already, and cubes would soon overflow
        return over, current

    far = brentq(lambda x: applied(x)[0] - v, 0.0, v, xtol=1e-300, rtol=1e-14, maxiter=2000)
    return applied(float(far))[1] / v


@pytest.mark.parametrize("v", [0.1, 2.0, 10.0, 50.0])
@pytest.mark.parametrize("cells", [3, 8, 12])
def test_many_cells_at_high_bias_are_the_solution_by_shooting(cells: int, v: float) -> None:
    synapse = CompoundMTJ(JUNCTION, cells, CHANNEL)
    found = synapse.pattern_conductances(v)
    parallel = all_patterns(cells)
    for pattern in np.linspace(0, 2**cells - 1, 8).astype(int):
        assert found[pattern] == pytest.approx(by_shooting(synapse, parallel[pattern], v),
                                               rel=1e-11)


@pytest.mark.parametrize("v", [1e-3, 0.4, 2.0, 10.0])
@pytest.mark.parametrize("areas", [None, (1, 2, 4)], ids=["equal", "areas"])
@pytest.mark.parametrize("both", [False, True], ids=["one end", "both ends"])
def test_every_pattern_at_every_bias_is_the_nodal_solution_of_circuits(
    both: bool, areas: tuple[float, ...] | None, v: float
) -> None:
    synapse = CompoundMTJ(JUNCTION, 3, STACK.write_channel(both), areas)
    found = synapse.pattern_conductances(v)
    for pattern, parallel in enumerate(all_patterns(3)):
        assert found[pattern] == pytest.approx(by_circuits(synapse, parallel, v), rel=1e-9)


@settings(max_examples=60)
@given(synapse=compounds, v=st.floats(-20, 20))
def test_currents_balance_at_every_node_and_power_is_conserved(
    synapse: CompoundMTJ, v: float
) -> None:
    assert synapse.channel is not None
    areas = np.array(synapse.areas or np.ones(synapse.cells))
    parallel, r = all_patterns(synapse.cells), synapse.channel.segments(synapse.cells)

    def conductance(share: Floats) -> Floats:
        return cell_conductances(synapse.mtj, areas, parallel, v * share)

    share = junction_shares(conductance, r, parallel.shape)
    assert np.all((share > 0) & (share <= 1 + 1e-12))
    flows = conductance(share) * share
    along = np.diff(1 - share, axis=-1, prepend=0.0, append=0.0) / r
    rounding = 1e-14 * (1 / r.min() + flows.max())
    np.testing.assert_allclose(np.diff(along) + flows, 0, atol=rounding)
    spent = (flows * share).sum(axis=-1) + (along**2 * np.where(np.isinf(r), 0, r)).sum(axis=-1)
    np.testing.assert_allclose(synapse.pattern_conductances(v), spent, rtol=1e-9,
                               atol=100 * rounding)


@settings(max_examples=60)
@given(synapse=compounds, v=st.floats(1e-6, 20))
def test_a_channel_only_takes_and_another_parallel_cell_only_adds(
    synapse: CompoundMTJ, v: float
) -> None:
    g = synapse.pattern_conductances(v)
    bare = CompoundMTJ(synapse.mtj, synapse.cells, areas=synapse.areas).pattern_conductances(v)
    assert np.all((g > 0) & (g <= bare * (1 + 1e-12)))
    for cell in range(synapse.cells):
        off = np.flatnonzero(np.arange(len(g)) >> cell & 1 == 0)
        assert np.all(g[off | 1 << cell] >= g[off] * (1 - 1e-12))
    np.testing.assert_allclose(synapse.pattern_conductances(-v), g, rtol=1e-12)


@settings(max_examples=40)
@given(synapse=compounds, v=st.floats(0.01, 10))
def test_both_ends_take_no_more_than_one_and_read_alike_from_either(
    synapse: CompoundMTJ, v: float
) -> None:
    strip = synapse.channel
    assert strip is not None
    sizes = (strip.sheet_resistance, strip.width, strip.length, strip.pitch, strip.fixed)
    one, both = (CompoundMTJ(synapse.mtj, synapse.cells, Channel(*sizes, both_ends=ends),
                             synapse.areas).pattern_conductances(v) for ends in (False, True))
    assert np.all(both >= one * (1 - 1e-12))
    turned = CompoundMTJ(synapse.mtj, synapse.cells, Channel(*sizes, both_ends=True),
                         synapse.areas and synapse.areas[::-1]).pattern_conductances(v)
    order = all_patterns(synapse.cells)[:, ::-1] @ (1 << np.arange(synapse.cells))
    np.testing.assert_allclose(turned[order], both, rtol=1e-9)


@pytest.mark.parametrize("v", [-5.0, -0.3, 0.3, 5.0])
def test_an_asymmetric_barrier_is_solved_too(v: float) -> None:
    """Its conductance falls with one sign of the bias, its current never."""
    barrier = BrinkmanBias(height=0.4, width=1e-9, v_h=0.5, asymmetry=0.39)
    mtj = MTJ(1e4, 2.0, 0.9, 0.5, 1e-13, barrier)
    synapse = CompoundMTJ(mtj, 4, CHANNEL)
    for pattern, g in enumerate(synapse.pattern_conductances(v)):
        parallel = all_patterns(4)[pattern]
        mirrored = MTJ(1e4, 2.0, 0.9, 0.5, 1e-13, BrinkmanBias(
            0.4, 1e-9, 0.5, 0.39 * np.sign(v)))
        expected = by_shooting(CompoundMTJ(mirrored, 4, CHANNEL), parallel, abs(v))
        assert g == pytest.approx(expected, rel=1e-11)


class FallingCurrent:
    """A law no barrier has: beyond 1 V the current falls, and falls below zero at 2 V."""

    def parallel(self, v: Floats, g_p: Floats) -> Floats:
        return np.asarray(g_p * (1.0 - np.asarray(v) ** 2 / 4.0))

    def ratio(self, v: Floats, tmr: Floats) -> Floats:
        return np.asarray(tmr + 0.0 * np.asarray(v))


def test_a_law_without_a_single_solution_is_said_to_have_none() -> None:
    mtj = MTJ(1e4, 1.0, 0.9, 0.5, 1e-13, FallingCurrent())  # type: ignore[arg-type] # a bad law
    with pytest.raises(ArithmeticError, match="current falls while its voltage grows"):
        CompoundMTJ(mtj, 4, CHANNEL).pattern_conductances(10.0)


@given(st.lists(st.sampled_from([0.5, 1.0, 2.0, 3.0, 4.0]), min_size=1, max_size=6))
def test_states_are_the_different_sums_of_areas_in_order(areas: list[float]) -> None:
    parallel = all_patterns(len(areas))
    state, total = states_of(parallel, np.array(areas))
    np.testing.assert_array_equal(total[state], parallel @ np.array(areas))
    np.testing.assert_array_equal(total, np.unique(parallel @ np.array(areas)))


@pytest.mark.parametrize("both_ends", [False, True])
def test_what_the_channel_takes_is_lost_in_its_resistances(both_ends: bool) -> None:
    """Of the ladder's own currents, squared; nothing without a channel, and more with more of it.
    """
    channel, mtj = STACK.write_channel(both_ends=both_ends), JUNCTION
    compound = CompoundMTJ(mtj, 3, channel=channel)
    for number, share in enumerate(compound.channel_shares(0.0)):
        g = mtj.conductance((number >> np.arange(3) & 1).astype(bool))
        segments = channel.segments(3)
        u = ladder_voltages(g, segments)
        along = np.diff(u, prepend=0.0, append=0.0)
        lost = float(np.sum(along**2 / segments))
        total = float(np.sum(g * (1 - u)))
        assert share == pytest.approx(lost / total, rel=1e-9)
    assert not np.any(CompoundMTJ(mtj, 3).channel_shares(0.1))
    more = CompoundMTJ(mtj, 3, channel=replace(channel, fixed=2 * channel.fixed))
    assert np.all(more.channel_shares(0.1) > compound.channel_shares(0.1))
