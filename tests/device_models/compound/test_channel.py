"""Laws of the ladder: a nodal solution of the same circuit, limits, Rayleigh's monotonicity."""

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

import circuits
from device_models import Channel, CompoundMTJ, UnlimitedStates, load_stack
from device_models.compound.channel import fit_channel_two_lengths, ladder_voltages

STACK = load_stack("kumar2024")
MTJ = STACK.mtj(1.9e-9)
CHANNEL = STACK.write_channel()
BOTH = STACK.write_channel(both_ends=True)


def nodal(g: NDArray[np.float64], channel: Channel) -> float:
    """Input conductance [S] of the ladder, as a crossbar of one column solved by `circuits`.

    Every row is one junction, driven directly; the column is the channel, its last segment the
    end that is read. The first one is open, or the other end.
    """
    segments = channel.segments(len(g))[::-1].copy()
    sense = circuits.ColumnSense.BOTH if channel.both_ends else circuits.ColumnSense.BOTTOM
    segments[np.isinf(segments)] = 0.0
    wires = circuits.Wires(row=0.0, column=segments[:, None])
    circuit = circuits.CrossbarCircuit(g[::-1, None], wires, sense=sense)
    return float(circuit.solve(np.ones(len(g))).column_currents.sum())


def dense(g: NDArray[np.float64], r: NDArray[np.float64]) -> float:
    """Input conductance [S] by Gauss on the ladder's nodal matrix."""
    y = np.diag(g + 1 / r[:-1] + 1 / r[1:])
    y -= np.diag(1 / r[1:-1], 1) + np.diag(1 / r[1:-1], -1)
    return float(g @ (1 - np.linalg.solve(y, g)))


@pytest.mark.parametrize("cells", [1, 2, 3, 5])
@pytest.mark.parametrize("channel", [CHANNEL, BOTH], ids=["one end", "both ends"])
def test_every_pattern_is_the_nodal_solution(cells: int, channel: Channel) -> None:
    """At no bias, where the junctions are linear."""
    found = CompoundMTJ(MTJ, cells, channel=channel).pattern_conductances(0.0)
    for pattern, value in enumerate(found):
        parallel = (pattern >> np.arange(cells) & 1).astype(bool)
        assert value == pytest.approx(dense(MTJ.conductance(parallel), channel.segments(cells)),
                                      rel=1e-12)


@pytest.mark.parametrize("cells", [1, 2, 3, 5])
@pytest.mark.parametrize("channel", [CHANNEL, BOTH], ids=["one end", "both ends"])
def test_every_pattern_is_the_solution_of_a_column_by_circuits(
    cells: int, channel: Channel
) -> None:
    found = CompoundMTJ(MTJ, cells, channel=channel).pattern_conductances(0.0)
    for pattern, value in enumerate(found):
        parallel = (pattern >> np.arange(cells) & 1).astype(bool)
        assert value == pytest.approx(nodal(MTJ.conductance(parallel), channel), rel=1e-12)


def test_with_bias_every_junction_obeys_its_law_at_its_own_voltage() -> None:
    synapse, v = CompoundMTJ(MTJ, 3, channel=CHANNEL), 0.4
    r = CHANNEL.segments(3)
    for pattern, value in enumerate(synapse.pattern_conductances(v)):
        parallel = (pattern >> np.arange(3) & 1).astype(bool)
        u = np.zeros(3)
        for _ in range(60):
            g = MTJ.conductance(parallel, v - u)
            u = v * ladder_voltages(g, r)
        assert value * v == pytest.approx(float(g @ (v - u)), rel=1e-12)
        assert value * v == pytest.approx(u[0] / r[0], rel=1e-12)  # what leaves at the end


@settings(max_examples=50)
@given(st.lists(st.floats(0, 1e-2), min_size=1, max_size=6), st.floats(1e-3, 1e4),
       st.floats(1e-3, 1e4), st.booleans())
def test_currents_balance_at_every_node(
    g: list[float], end: float, between: float, both: bool
) -> None:
    r = np.full(len(g) + 1, between)
    r[0], r[-1] = end, end if both else np.inf
    u = ladder_voltages(g, r)
    beside = np.concatenate([[0.0], u, [0.0]])
    along = np.diff(beside) / r
    np.testing.assert_allclose(np.diff(along) + np.array(g) * (1 - u), 0,
                               atol=1e-11 * (1 / r.min() + max(g)))
    assert np.all((u >= 0) & (u <= 1))


@settings(max_examples=30)
@given(g=st.lists(st.floats(1e-6, 1e-3), min_size=1, max_size=6), seed=st.integers(0, 99))
def test_electrodes_of_their_own_superpose(g: list[float], seed: int) -> None:
    r = BOTH.segments(len(g))
    volts = np.random.default_rng(seed).uniform(-1, 1, len(g))
    each = sum(v * ladder_voltages(g, r, np.eye(len(g))[k]) for k, v in enumerate(volts))
    np.testing.assert_allclose(ladder_voltages(g, r, volts), each, atol=1e-12)
    np.testing.assert_allclose(ladder_voltages(g, r, np.ones(len(g))), ladder_voltages(g, r),
                               rtol=1e-14)


@pytest.mark.parametrize(("call", "word"), [
    (lambda: ladder_voltages(1e-4, [1, 1]), r"conductance .* shape \(\)"),
    (lambda: ladder_voltages([], [1]), r"conductance .* shape \(0,\)"),
    (lambda: ladder_voltages([1e-4], [1]), "expected 2 resistances"),
    (lambda: ladder_voltages([1e-4, 1e-4], [1, 1, 1], [1, 1, 1]), r"electrodes has shape \(3,\)"),
    (lambda: ladder_voltages([1e-4], [1, 1], [[1], [1]]), r"electrodes .* shape \(2, 1\)")])
def test_ladders_whose_parts_do_not_fit_are_refused(
    call: Callable[[], object], word: str
) -> None:
    with pytest.raises(ValueError, match=word):
        call()


def test_no_channel_is_the_limit_of_little_resistance() -> None:
    tiny = Channel(1e-9, 0.9e-6, 0.9e-6, 1.175e-6)
    np.testing.assert_allclose(CompoundMTJ(MTJ, 3, channel=tiny).conductances(0.1),
                               CompoundMTJ(MTJ, 3).conductances(0.1), rtol=1e-12)


def test_one_cell_is_in_series_with_half_the_channel() -> None:
    g = CompoundMTJ(MTJ, 1, channel=CHANNEL).conductances()
    np.testing.assert_allclose(1 / g, [MTJ.r_ap + 150, MTJ.r_p + 150], rtol=1e-12)


def test_channels_have_about_the_stated_resistances() -> None:
    assert CHANNEL.resistance(1) == pytest.approx(300, abs=0.5)
    assert CHANNEL.resistance(3) == pytest.approx(600, abs=0.5)


def test_two_lengths_give_sheet_and_fixed_resistance() -> None:
    sheet, fixed = fit_channel_two_lengths([300, 600], [0.9e-6, 3.25e-6], 0.9e-6)
    assert (round(sheet), round(fixed)) == (115, 185)
    with pytest.raises(ValueError, match="longer channel"):
        fit_channel_two_lengths([600, 300], [0.9e-6, 3.25e-6], 0.9e-6)


@settings(max_examples=50)
@given(sheet=st.floats(1e-2, 1e4), fixed=st.floats(0.0, 1e4), width=st.floats(1e-7, 1e-5),
       length=st.floats(1e-7, 1e-5), pitch=st.floats(1e-7, 1e-5), cells=st.integers(2, 8))
def test_a_channel_is_found_again_from_two_of_its_lengths(
    sheet: float, fixed: float, width: float, length: float, pitch: float, cells: int
) -> None:
    channel = Channel(sheet, width, length, pitch, fixed)
    ohms = [channel.resistance(n) for n in (1, cells)]
    assume(ohms[1] > ohms[0] * (1 + 1e-6))
    lengths = [length, length + (cells - 1) * pitch]
    rounding = 1e-13 * ohms[1] * width / pitch * (1 + length / pitch)
    if fixed > 10 * rounding:
        found = fit_channel_two_lengths(ohms, lengths, width)
        assert found == (pytest.approx(sheet, rel=1e-6), pytest.approx(fixed, rel=1e-6,
                                                                       abs=1e-6 * ohms[1]))
    ladder = channel.segments(cells)
    assert np.isinf(ladder[-1])
    both = Channel(sheet, width, length, pitch, fixed, both_ends=True).segments(cells)
    assert both.sum() == pytest.approx(ohms[1], rel=1e-12)  # from end to end, ladder or channel


def test_another_parallel_cell_always_conducts_more() -> None:
    g = CompoundMTJ(MTJ, 5, channel=CHANNEL).pattern_conductances(0.1)
    for pattern in range(32):
        for cell in range(5):
            if not pattern >> cell & 1:
                assert g[pattern | 1 << cell] > g[pattern]


def test_cells_near_the_read_end_count_more() -> None:
    g = CompoundMTJ(MTJ, 3, channel=CHANNEL).pattern_conductances(0.1)
    assert g[0b001] > g[0b010] > g[0b100]


def test_reading_from_both_ends_is_symmetric_and_takes_less() -> None:
    one, both = (CompoundMTJ(MTJ, 3, channel=c).pattern_conductances(0.1) for c in (CHANNEL, BOTH))
    assert both[0b001] == pytest.approx(both[0b100], rel=1e-12)
    assert np.all(both > one)


def test_states_with_a_channel_are_means_within_their_range() -> None:
    synapse = CompoundMTJ(MTJ, 3, channel=CHANNEL)
    g, (low, high) = synapse.conductances(0.1), synapse.conductance_range(0.1).T
    assert np.all((low <= g * (1 + 1e-15)) & (g <= high * (1 + 1e-15)))
    assert np.all(low[1:] > high[:-1])
    each = synapse.pattern_conductances(0.1)
    assert g[1] == pytest.approx(each[[1, 2, 4]].mean(), rel=1e-14)


def test_current_with_a_channel_is_chord_times_voltage() -> None:
    synapse = CompoundMTJ(MTJ, 3, channel=CHANNEL)
    v = np.array([-0.3, 0.0, 0.1, 0.3])
    current = synapse.current(np.arange(4)[:, None], v)
    np.testing.assert_allclose(current, np.transpose([synapse.conductances(x) * x for x in v]),
                               rtol=1e-13)
    np.testing.assert_array_equal(current[:, 0], -current[:, 3])


def test_areas_of_powers_of_two_have_equally_spaced_levels() -> None:
    synapse = CompoundMTJ(MTJ, 3, areas=(1, 2, 4))
    g = synapse.conductances(0.1)
    assert synapse.states == len(g) == 8
    np.testing.assert_allclose(np.diff(g), np.diff(CompoundMTJ(MTJ, 7).conductances(0.1)),
                               rtol=1e-9)
    np.testing.assert_allclose(g, np.sort(synapse.pattern_conductances(0.1)), rtol=1e-14)
    np.testing.assert_array_equal(synapse.program(g, 0.1), g)
    np.testing.assert_allclose(synapse.current(np.arange(8), 0.1), 0.1 * g, rtol=1e-14)
    assert UnlimitedStates(synapse).conductances(0.1) == pytest.approx(g[[0, -1]])


def test_equal_areas_are_one_state_and_a_common_factor_scales() -> None:
    assert CompoundMTJ(MTJ, 3, areas=(1, 1, 2)).states == 5
    np.testing.assert_allclose(CompoundMTJ(MTJ, 3, areas=(2, 2, 2)).conductances(0.1),
                               2 * CompoundMTJ(MTJ, 3).conductances(0.1), rtol=1e-14)


def test_areas_on_a_channel_stay_increasing() -> None:
    g = CompoundMTJ(MTJ, 3, channel=CHANNEL, areas=(1, 2, 4)).conductances(0.1)
    assert len(g) == 8
    assert np.all(np.diff(g) > 0)


def test_a_channel_that_hides_the_states_is_refused() -> None:
    swamp = Channel(1e6, 0.9e-6, 0.9e-6, 1.175e-6)
    with pytest.raises(ValueError, match="pattern_conductances"):
        CompoundMTJ(MTJ, 3, channel=swamp, areas=(7, 2, 8)).conductances(0.1)


@pytest.mark.parametrize(("settings", "word"), [
    ({"areas": (1, 2)}, "areas"), ({"areas": (1, 0, 2)}, "areas"), ({"channel": 300}, "channel"),
    ({"cells": 40, "channel": CHANNEL}, "20")])
def test_compounds_that_do_not_exist_are_refused(settings: dict[str, object], word: str) -> None:
    with pytest.raises((ValueError, TypeError), match=word):
        CompoundMTJ(MTJ, **{"cells": 3, **settings})


@pytest.mark.parametrize("name", ["sheet_resistance", "width", "length", "pitch", "fixed"])
def test_channels_that_do_not_exist_are_refused(name: str) -> None:
    good = {"sheet_resistance": 115.0, "width": 1e-6, "length": 1e-6, "pitch": 1e-6}
    with pytest.raises(ValueError, match=name):
        Channel(**{**good, name: -1.0})


@pytest.mark.parametrize(("cells", "bias"), [(12, 2.0), (8, 3.0), (3, 8.0)])
def test_many_cells_and_high_bias_end_where_rounding_does(cells: int, bias: float) -> None:
    stack = load_stack("kumar2024")
    g = CompoundMTJ(stack.mtj(1.9e-9), cells, channel=stack.write_channel()).conductances(bias)
    assert np.all(np.diff(g) > 0)
