"""Laws of mappings: conductances decode to the quantised weight, zero stays zero, columns add."""

from contextlib import nullcontext
from dataclasses import replace

import numpy as np
import pytest

from crossbar import Differential, Mapping, ReferenceColumn, SignedLevel
from device_models import CompoundMTJ, UnlimitedStates

V = 0.1
MAPPINGS = [Differential(), ReferenceColumn(), ReferenceColumn(1), ReferenceColumn(3),
            SignedLevel()]
ids = [str(mapping) for mapping in MAPPINGS]
every_mapping = pytest.mark.parametrize("mapping", MAPPINGS, ids=ids)
every_cells = pytest.mark.parametrize("cells", [1, 2, 3, 6])


def compound(synapse: CompoundMTJ, cells: int) -> CompoundMTJ:
    return CompoundMTJ(synapse.mtj, cells)


@every_mapping
@every_cells
@pytest.mark.parametrize("outputs", [1, 2, 5])
def test_decoded_conductances_are_the_nearest_levels(
    mapping: Mapping, cells: int, outputs: int, synapse: CompoundMTJ
) -> None:
    device = compound(synapse, cells)
    levels = mapping.levels(device, V).values
    reach = 1.3 * levels[-1]  # some clip
    wanted = np.random.default_rng(cells).uniform(-reach, reach, (11, outputs))
    g = mapping.conductances(wanted, device, V)
    nearest = levels[np.abs(wanted[..., None] - levels).argmin(axis=-1)]
    np.testing.assert_allclose(g @ mapping.decoder(outputs), nearest, atol=1e-12 * reach)


@every_mapping
@every_cells
def test_representable_weights_make_the_round_trip(
    mapping: Mapping, cells: int, synapse: CompoundMTJ
) -> None:
    device = compound(synapse, cells)
    levels = mapping.levels(device, V)
    weights = np.random.default_rng(0).permutation(levels.values)[:, None]
    decoded = mapping.conductances(weights, device, V) @ mapping.decoder(1)
    np.testing.assert_allclose(decoded, weights, atol=1e-12 * levels.values[-1])
    np.testing.assert_array_equal(levels.nearest(levels.values), levels.values)


@every_cells
def test_differential_levels_are_all_differences_to_the_lowest_state(
    cells: int, synapse: CompoundMTJ
) -> None:
    device = compound(synapse, cells)
    g = device.conductances(V)
    levels = Differential().levels(device, V).values
    expected = sorted({k: g[k] - g[0] for k in range(cells + 1)}.values())
    assert len(levels) == 2 * cells + 1
    np.testing.assert_array_equal(levels[cells:], expected)
    np.testing.assert_array_equal(levels, -levels[::-1])


@every_cells
def test_reference_levels_are_the_states_about_their_middle(
    cells: int, synapse: CompoundMTJ
) -> None:
    device = compound(synapse, cells)
    g = device.conductances(V)
    levels = ReferenceColumn().levels(device, V).values
    np.testing.assert_allclose(levels, g - (g[0] + g[-1]) / 2, rtol=1e-12, atol=1e-20)
    np.testing.assert_allclose(levels, -levels[::-1], rtol=1e-9, atol=1e-19)


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


@pytest.mark.parametrize("outputs", [1, 2, 3, 6])
def test_reference_stands_in_the_middle_at_the_middle(outputs: int, synapse: CompoundMTJ) -> None:
    mapping = ReferenceColumn()
    g = mapping.conductances(np.full((3, outputs), 1.0), synapse, V)
    states = synapse.conductances(V)
    reference = int(np.flatnonzero((mapping.decoder(outputs) == -1).all(axis=1)).item())
    assert abs(reference - outputs / 2) <= 0.5
    np.testing.assert_allclose(g[:, reference], (states[0] + states[-1]) / 2, rtol=1e-15)
    assert np.all(np.delete(g, reference, axis=1) == states[-1])


@every_mapping
@pytest.mark.parametrize("columns", range(1, 12))
def test_outputs_of_a_tile_fit_and_one_more_does_not(mapping: Mapping, columns: int) -> None:
    outputs = mapping.outputs_per_tile(columns)
    assert outputs == 0 or mapping.columns(outputs) <= columns
    assert mapping.columns(outputs + 1) > columns


@every_mapping
@pytest.mark.parametrize("outputs", [1, 2, 5])
def test_columns_are_those_of_conductances_and_decoder(
    mapping: Mapping, outputs: int, synapse: CompoundMTJ
) -> None:
    width = mapping.columns(outputs)
    assert mapping.conductances(np.zeros((4, outputs)), synapse, V).shape == (4, width)
    assert mapping.decoder(outputs).shape == (width, outputs)


@every_mapping
def test_decoder_takes_a_common_current_away(mapping: Mapping) -> None:
    np.testing.assert_array_equal(np.ones(mapping.columns(5)) @ mapping.decoder(5), np.zeros(5))


@every_mapping
def test_unlimited_states_hold_any_weight_in_range(
    mapping: Mapping, synapse: CompoundMTJ
) -> None:
    device = UnlimitedStates(synapse)
    levels = mapping.levels(device, V)
    assert levels.continuous
    wanted = np.linspace(levels.values[0], levels.values[-1], 23)[:, None]
    decoded = mapping.conductances(wanted, device, V) @ mapping.decoder(1)
    np.testing.assert_allclose(decoded, levels.nearest(wanted), atol=1e-12 * levels.values[-1])
    settable = np.abs(wanted) >= levels.gap
    np.testing.assert_allclose(decoded[settable], wanted[settable],
                               atol=1e-12 * levels.values[-1])
    assert levels.gap == (synapse.conductances(V)[0] if mapping == SignedLevel() else 0.0)
    np.testing.assert_array_equal(levels.nearest(10 * wanted[-1]), levels.values[-1])


@every_cells
def test_signed_levels_are_the_normalised_state_conductances(
    cells: int, synapse: CompoundMTJ
) -> None:
    g = compound(synapse, cells).conductances(V)
    levels = SignedLevel().levels(compound(synapse, cells), V).values
    np.testing.assert_array_equal(levels[cells + 1 :] / levels[-1], g / g[-1])
    np.testing.assert_array_equal(levels, -levels[::-1])


def test_a_signed_level_leaves_the_other_device_open(synapse: CompoundMTJ) -> None:
    g = synapse.conductances(V)
    pairs = SignedLevel().conductances(np.array([[g[2], -g[0], 0.0]]), synapse, V)
    np.testing.assert_array_equal(pairs, [[g[2], 0, 0, g[0], 0, g[0]]])


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


@pytest.mark.parametrize(("every", "outputs", "columns"), [
    (1, 3, [0, 2, 4]), (2, 5, [1, 4, 6]), (4, 4, [2]), (None, 7, [3])])
def test_each_group_has_a_reference_of_its_own(
    every: int | None, outputs: int, columns: list[int], synapse: CompoundMTJ
) -> None:
    decoder = ReferenceColumn(every).decoder(outputs)
    assert list(np.flatnonzero((decoder == -1).any(axis=1))) == columns
    np.testing.assert_array_equal(decoder.sum(axis=0), np.zeros(outputs))


@pytest.mark.parametrize("every", [0, -1, 1.5, True])
def test_a_group_without_outputs_is_refused(every: int) -> None:
    with pytest.raises(ValueError, match="every is"):
        ReferenceColumn(every)
