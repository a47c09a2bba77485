"""Laws of mappings: conductances decode to the quantised weight, zero stays zero, columns add."""

import json
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import pytest

from crossbar import (
    BitSliced,
    Differential,
    Mapping,
    OffsetColumns,
    Placement,
    ReferenceColumn,
    SignedLevel,
    Subtraction,
    stored,
)
from crossbar.mapping import MAPPINGS as NAMES
from crossbar.tiles.access import BehindAccess
from device_models import CompoundMTJ, UnlimitedStates

V = 0.1
UNSLICED = [
    *(kind(placement=placement, subtraction=subtraction) for kind in (Differential, SignedLevel)
      for placement in Placement for subtraction in Subtraction),
    *(kind(every, subtraction=subtraction) for kind in (ReferenceColumn, OffsetColumns)
      for every in (None, 1, 3) for subtraction in Subtraction)]
SLICED = [
    *(BitSliced(mapping) for mapping in UNSLICED), BitSliced(slices=1), BitSliced(slices=3),
    BitSliced(base=2), BitSliced(OffsetColumns(), 3, base=2), BitSliced(BitSliced(base=3), base=9)]
MAPPINGS = [*UNSLICED, *SLICED]
every_mapping = pytest.mark.parametrize("mapping", MAPPINGS, ids=str)
every_unsliced = pytest.mark.parametrize("mapping", UNSLICED, ids=str)
every_cells = pytest.mark.parametrize("cells", [1, 2, 3, 6])


def compound(synapse: CompoundMTJ, cells: int) -> CompoundMTJ:
    return CompoundMTJ(synapse.mtj, cells)


def widths(mapping: Mapping, outputs: int) -> list[int]:
    """Columns of each array of a tile."""
    return [each.stop - each.start for each in mapping.arrays(outputs)]


@every_mapping
@every_cells
@pytest.mark.parametrize("outputs", [1, 2, 5])
def test_decoded_conductances_are_the_nearest_levels(
    mapping: Mapping, cells: int, outputs: int, synapse: CompoundMTJ
) -> None:
    device = compound(synapse, cells)
    mapping = mapping.fitted(device, V)
    levels = mapping.levels(device, V).values
    reach = 1.3 * levels[-1]  # some clip
    wanted = np.random.default_rng(cells).uniform(-reach, reach, (11, outputs))
    g = mapping.conductances(wanted, device, V)
    nearest = levels[np.abs(wanted[..., None] - levels).argmin(axis=-1)]
    np.testing.assert_allclose(g @ mapping.results(outputs), nearest, atol=1e-12 * reach)
    v = np.random.default_rng(0).uniform(-1, 1, (3, 11))
    np.testing.assert_allclose(v @ g @ mapping.results(outputs),
                               v @ mapping.levels(device, V).nearest(wanted), atol=1e-11 * reach)


@every_mapping
@every_cells
def test_representable_weights_make_the_round_trip(
    mapping: Mapping, cells: int, synapse: CompoundMTJ
) -> None:
    device = compound(synapse, cells)
    levels = mapping.levels(device, V)
    weights = np.random.default_rng(0).permutation(levels.values)[:, None]
    decoded = mapping.conductances(weights, device, V) @ mapping.fitted(device, V).results(1)
    np.testing.assert_allclose(decoded, weights, atol=1e-12 * levels.values[-1])
    np.testing.assert_array_equal(levels.nearest(levels.values), levels.values)


def test_zero_stays_exactly_zero_in_a_pair(synapse: CompoundMTJ) -> None:
    g = Differential().conductances(np.zeros((4, 3)), synapse, V)
    np.testing.assert_array_equal(g, synapse.conductances(V)[0])


def test_plus_and_minus_columns_alternate(synapse: CompoundMTJ) -> None:
    states = synapse.conductances(V)
    swing = states - states[0]
    g = Differential().conductances(np.array([[swing[2], -swing[1], 0.0]]), synapse, V)
    expected = [states[2], states[0], states[0], states[1], states[0], states[0]]
    np.testing.assert_array_equal(g, [expected])
    np.testing.assert_array_equal(Differential().decoder(2),
                                  [[1, 0], [-1, 0], [0, 1], [0, -1]])


@every_mapping
@pytest.mark.parametrize("columns", range(1, 12))
def test_outputs_of_a_tile_fit_and_one_more_does_not(mapping: Mapping, columns: int) -> None:
    outputs = mapping.outputs_per_tile(columns)
    assert outputs == 0 or max(widths(mapping, outputs)) <= columns
    assert max(widths(mapping, outputs + 1)) > columns


@every_mapping
@pytest.mark.parametrize("outputs", [1, 2, 5])
def test_columns_arrays_and_converters_are_those_of_the_matrices(
    mapping: Mapping, outputs: int, synapse: CompoundMTJ
) -> None:
    mapping = mapping.fitted(synapse, V)
    width, sensed = mapping.columns(outputs), mapping.sensed(outputs)
    assert mapping.conductances(np.zeros((4, outputs)), synapse, V).shape == (4, width)
    assert mapping.decoder(outputs).shape == (mapping.converters(outputs), outputs)
    assert mapping.trimmed(outputs).shape == (width,)
    if sensed is None:
        assert mapping.converters(outputs) == width
    else:
        assert sensed.shape == (width, mapping.converters(outputs))
    taken = np.concatenate([np.arange(width)[each] for each in mapping.arrays(outputs)])
    np.testing.assert_array_equal(taken, np.arange(width))


@every_mapping
def test_results_take_a_common_current_away(mapping: Mapping, synapse: CompoundMTJ) -> None:
    results = mapping.fitted(synapse, V).results(5)
    np.testing.assert_array_equal(np.ones(len(results)) @ results, np.zeros(5))


@every_mapping
@every_cells
def test_devices_are_states_or_open_and_references_are_trimmed(
    mapping: Mapping, cells: int, synapse: CompoundMTJ
) -> None:
    device = compound(synapse, cells)
    g = device.conductances(V)
    reach = mapping.levels(device, V).reach
    wanted = np.random.default_rng(1).uniform(-reach, reach, (9, 4))
    devices, trimmed = mapping.conductances(wanted, device, V), mapping.trimmed(4)
    assert np.all(np.isin(devices[:, ~trimmed], np.append(g, 0.0)))
    np.testing.assert_array_equal(devices[:, trimmed], (g[0] + g[-1]) / 2)
    kind = mapping
    while isinstance(kind, BitSliced):
        kind = kind.mapping
    assert trimmed.any() == isinstance(kind, ReferenceColumn)
    assert np.any(devices == 0) == isinstance(kind, SignedLevel)


@every_unsliced
def test_subtraction_before_the_converters_takes_one_to_an_output(mapping: Mapping) -> None:
    before = replace(mapping, subtraction=Subtraction.BEFORE)
    behind = replace(mapping, subtraction=Subtraction.BEHIND)
    assert before.converters(5) == 5
    assert behind.converters(5) == behind.columns(5)
    np.testing.assert_array_equal(before.results(5), behind.results(5))
    np.testing.assert_array_equal(before.sensed(5), behind.decoder(5))


@every_unsliced
def test_unlimited_states_hold_any_weight_in_range(
    mapping: Mapping, synapse: CompoundMTJ
) -> None:
    device = UnlimitedStates(synapse)
    levels = mapping.levels(device, V)
    assert levels.continuous
    wanted = np.linspace(levels.values[0], levels.values[-1], 23)[:, None]
    decoded = mapping.conductances(wanted, device, V) @ mapping.results(1)
    np.testing.assert_allclose(decoded, levels.nearest(wanted), atol=1e-12 * levels.values[-1])
    settable = np.abs(wanted) >= levels.gap
    np.testing.assert_allclose(decoded[settable], wanted[settable],
                               atol=1e-12 * levels.values[-1])
    assert levels.gap == (synapse.conductances(V)[0] if isinstance(mapping, SignedLevel) else 0.0)
    np.testing.assert_array_equal(levels.nearest(10 * wanted[-1]), levels.values[-1])


@every_mapping
@every_cells
def test_a_larger_weight_never_stands_on_a_lower_level(
    mapping: Mapping, cells: int, synapse: CompoundMTJ
) -> None:
    levels = mapping.levels(compound(synapse, cells), V)
    wanted = np.linspace(-1.2, 1.2, 4001) * levels.reach
    found = levels.nearest(wanted)
    assert np.all(np.diff(found) >= 0)
    assert set(found) == set(levels.values)


@every_cells
@pytest.mark.parametrize("tmr", [1e-6, 0.33, 2.6, 1e9])
def test_normalised_levels_at_any_tmr(cells: int, tmr: float, synapse: CompoundMTJ) -> None:
    """Differences do not know the TMR; signed levels are all of one size without it, and those
    of the pair, zero split in two, where it is without end."""
    asked = pytest.warns(UserWarning, match="per cent|%") if tmr > 10 else nullcontext()
    with asked:
        device = CompoundMTJ(replace(synapse.mtj, tmr=tmr), cells)
    pair, reference, signed = (
        mapping.levels(device, V).values / mapping.levels(device, V).reach
        for mapping in (Differential(), ReferenceColumn(), SignedLevel()))
    rounding = 1e-15 / tmr + 1e-12
    np.testing.assert_allclose(pair, np.arange(-cells, cells + 1) / cells, atol=rounding)
    np.testing.assert_allclose(reference, np.linspace(-1, 1, cells + 1), atol=rounding)
    if tmr == 1e-6:
        np.testing.assert_allclose(np.abs(signed), 1.0, atol=2e-6)
    if tmr == 1e9:
        positive = signed[cells + 1 :]
        np.testing.assert_allclose(positive, np.arange(cells + 1) / cells, atol=2e-9)


@every_mapping
@pytest.mark.parametrize("access", [1.0, 5e3])
def test_levels_moved_by_a_resistor_in_series_stay_the_levels_they_are(
    mapping: Mapping, access: float, synapse: CompoundMTJ
) -> None:
    """Devices written behind the resistor are those written without, but for trimmed ones."""
    reach = mapping.levels(synapse, V).reach
    wanted = mapping.levels(synapse, V).nearest(np.random.default_rng(3).uniform(
        -reach, reach, (40, 3)))
    behind = BehindAccess(synapse, access)
    trimmed = mapping.trimmed(3)
    found = behind.alone(mapping.moved(wanted, synapse, behind, V))
    plain = mapping.conductances(wanted, synapse, V)
    np.testing.assert_allclose(found[:, ~trimmed], plain[:, ~trimmed], rtol=1e-12)


@pytest.mark.parametrize("make", [*NAMES.values(), lambda: BitSliced(OffsetColumns(3), 4, 2),
                                  lambda: Differential(placement=Placement.ARRAYS,
                                                       subtraction=Subtraction.BEFORE)])
def test_equal_mappings_have_equal_hashes_and_come_back_from_plain_data(
    make: Callable[[], Mapping], synapse: CompoundMTJ
) -> None:
    assert make() == make()
    assert len({make(), make(), make().fitted(synapse, V)}) == 1
    plain = json.loads(json.dumps(stored.to_plain(make().fitted(synapse, V))))
    assert stored.from_plain(plain) == make()


@pytest.mark.parametrize(("make", "message"), [
    (lambda: Differential(placement="halves"), "placement is 'halves'.*Placement.HALVES"),
    (lambda: SignedLevel(subtraction=True), "subtraction is True.*Subtraction.BEFORE"),
    (lambda: OffsetColumns(subtraction=Placement.HALVES), "subtraction is .*Subtraction.BEHIND")])
def test_what_is_no_member_is_refused(make: Callable[[], Mapping], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        make()
