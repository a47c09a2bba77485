"""Laws of access transistors: known beforehand, they take nothing from the outermost levels."""

from dataclasses import replace

import numpy as np
import pytest

from circuits import Wires
from crossbar import (
    ConductanceSwing,
    Differential,
    Hardware,
    Mapping,
    ReferenceColumn,
    SignedLevel,
    TiledMatrix,
    quantise_weights,
)
from crossbar.tiles.access import BehindAccess, swing_lost, wanted_devices
from device_models import CompoundMTJ, UnlimitedStates

V, ACCESS = 0.1, 5e3
WEIGHTS = np.random.default_rng(0).normal(0, 0.3, (37, 11))
MAPPINGS = [Differential(), ReferenceColumn(), ReferenceColumn(4), SignedLevel()]
every_mapping = pytest.mark.parametrize("mapping", MAPPINGS, ids=str)


def hardware_of(synapse: object, mapping: Mapping, access: object = ACCESS,
                **settings: object) -> Hardware:
    return Hardware(synapse, Wires(access=access), mapping, (16, 9), **settings)


@every_mapping
@pytest.mark.parametrize("cells", [1, 3, 6])
@pytest.mark.parametrize("access", [10.0, 5e3, 1e5])
def test_outermost_levels_are_read_as_without_access(
    access: float, cells: int, mapping: Mapping, synapse: CompoundMTJ
) -> None:
    hardware = hardware_of(CompoundMTJ(synapse.mtj, cells), mapping, access)
    quantised, real = quantise_weights(WEIGHTS, hardware), TiledMatrix.program(WEIGHTS, hardware)
    reach = mapping.levels(hardware.synapse, V).reach
    outermost = np.abs(quantised.difference) >= reach * (1 - 1e-9)
    assert outermost.any()
    np.testing.assert_allclose(real.weights[outermost], quantised.weights[outermost], rtol=1e-12)


@every_mapping
def test_inner_levels_are_off_by_the_curvature_of_g_over_1_plus_r_g(
    mapping: Mapping, synapse: CompoundMTJ
) -> None:
    """Each level is what it would be in the array without wires of a synapse in series."""
    hardware = hardware_of(synapse, mapping)
    quantised, real = quantise_weights(WEIGHTS, hardware), TiledMatrix.program(WEIGHTS, hardware)
    g = synapse.conductances(V)
    left = g / (1 + ACCESS * g)
    alone, series = {
        SignedLevel: (np.r_[-g[::-1], g], np.r_[-left[::-1], left]),
        ReferenceColumn: (g - (g[0] + g[-1]) / 2, left - (left[0] + left[-1]) / 2),
        Differential: (np.r_[(g[0] - g)[:0:-1], g - g[0]],
                       np.r_[(left[0] - left)[:0:-1], left - left[0]]),
    }[type(mapping)]
    k = np.argmin(np.abs(quantised.difference[..., None] - alone), axis=-1)
    expected = series[k] / series[-1] * alone[-1] * quantised.gain / quantised.undone
    largest = np.abs(quantised.weights).max()
    np.testing.assert_allclose(real.weights, expected, atol=1e-12 * largest)
    assert np.abs(real.weights - quantised.weights).max() < 0.07 * largest


@every_mapping
@pytest.mark.parametrize("unlimited", [False, True])
def test_the_levels_and_what_they_stand_for_are_those_without_access(
    unlimited: bool, mapping: Mapping, synapse: CompoundMTJ
) -> None:
    device = UnlimitedStates(synapse) if unlimited else synapse
    hardware = hardware_of(device, mapping)
    behind, plain = (quantise_weights(WEIGHTS, each) for each in (hardware, hardware.ideal()))
    np.testing.assert_array_equal(behind.difference, plain.difference)
    np.testing.assert_allclose(behind.weights, plain.weights, rtol=1e-14)
    assert behind.gain > plain.gain


@pytest.mark.parametrize("mapping", MAPPINGS[:3], ids=str)
def test_a_continuous_synapse_loses_nothing(mapping: Mapping, synapse: CompoundMTJ) -> None:
    hardware = hardware_of(UnlimitedStates(synapse), mapping)
    np.testing.assert_allclose(TiledMatrix.program(WEIGHTS, hardware).weights, WEIGHTS,
                               atol=1e-12)


@every_mapping
def test_without_access_nothing_is_touched(mapping: Mapping, synapse: CompoundMTJ) -> None:
    hardware = hardware_of(synapse, mapping, 0.0)
    quantised = quantise_weights(WEIGHTS, hardware)
    assert swing_lost(hardware) == quantised.undone == 1.0
    assert quantised.gain == hardware.scale.fit(WEIGHTS, mapping.levels(synapse, V))
    np.testing.assert_array_equal(quantised.weights, quantised.gain * quantised.difference)
    np.testing.assert_array_equal(wanted_devices(quantised.difference, hardware),
                                  mapping.conductances(quantised.difference, synapse, V))


@every_mapping
def test_devices_are_states_and_references_stand_behind_their_transistor(
    mapping: Mapping, synapse: CompoundMTJ
) -> None:
    hardware = hardware_of(synapse, mapping)
    difference = quantise_weights(WEIGHTS, hardware).difference
    g = wanted_devices(difference, hardware)
    states = synapse.conductances(V)
    known = np.append(states, 0.0)
    if isinstance(mapping, ReferenceColumn):
        left = states / (1 + ACCESS * states)
        middle = (left[0] + left[-1]) / 2
        known = np.append(states, middle / (1 - ACCESS * middle))
    near = known[np.argmin(np.abs(g[..., None] - known), axis=-1)]
    np.testing.assert_allclose(g, near, rtol=1e-13)
    plain = mapping.conductances(difference, synapse, V)
    same = np.isin(near, states) & np.isin(plain, states)
    np.testing.assert_array_equal(near[same], plain[same])


def test_of_an_array_of_transistors_the_mean_is_known(synapse: CompoundMTJ) -> None:
    uneven = np.array([[4e3, 6e3], [5.5e3, 4.5e3]])
    gains = [quantise_weights(WEIGHTS, hardware_of(synapse, Differential(), access)).gain
             for access in (ACCESS, uneven)]
    assert gains[0] == gains[1]


def test_a_gain_of_its_own_is_left_alone(synapse: CompoundMTJ) -> None:
    hardware = hardware_of(synapse, Differential(), gain=ConductanceSwing(0.4))
    behind, plain = (quantise_weights(WEIGHTS, each) for each in (hardware, hardware.ideal()))
    assert behind.gain == plain.gain
    np.testing.assert_array_equal(behind.weights, plain.weights)


@every_mapping
def test_imperfections_befall_the_same_devices(mapping: Mapping, synapse: CompoundMTJ) -> None:
    hardware = hardware_of(synapse, mapping, 0.0, write_probability=0.7, spread=0.05, seed=3)
    near = replace(hardware, wires=Wires(access=1e-6))
    np.testing.assert_allclose(TiledMatrix.program(WEIGHTS, near).weights,
                               TiledMatrix.program(WEIGHTS, hardware).weights, atol=1e-8)


def test_a_synapse_behind_access_keeps_to_its_range(synapse: CompoundMTJ) -> None:
    behind = BehindAccess(synapse, ACCESS)
    g = behind.conductances(V)
    np.testing.assert_allclose(behind.program([0.0, 1.0, *g], V), [g[0], g[-1], *g], rtol=1e-14)
    np.testing.assert_allclose(behind.alone(g), synapse.conductances(V), rtol=1e-14)
    assert not behind.continuous
