"""Laws of quantised weights, gains and imperfect writes."""

from dataclasses import replace

import numpy as np
import pytest

from crossbar import (
    ConductanceSwing,
    Differential,
    Gain,
    Hardware,
    LeastSquares,
    Mapping,
    MaxWeight,
    MeanMagnitude,
    ReferenceColumn,
    Renormalised,
    Scale,
    SignedLevel,
    TiledMatrix,
    quantise_weights,
)
from crossbar.imperfections.writing import ImperfectWrite
from device_models import CompoundMTJ, UnlimitedStates

V = 0.1
WEIGHTS = np.random.default_rng(0).normal(0, 0.3, (37, 11))
MAPPINGS = [Differential(), ReferenceColumn(), ReferenceColumn(4), SignedLevel()]
GAINS = [Renormalised(), ConductanceSwing(0.4)]
every_mapping = pytest.mark.parametrize("mapping", MAPPINGS, ids=str)


@every_mapping
@pytest.mark.parametrize("gain", GAINS, ids=str)
@pytest.mark.parametrize("scale", [LeastSquares(), MaxWeight(), MeanMagnitude(0.9)], ids=str)
def test_tiles_without_wires_hold_the_quantised_weights(
    mapping: Mapping, gain: Gain, scale: Scale, synapse: CompoundMTJ
) -> None:
    hardware = Hardware(synapse, mapping=mapping, gain=gain, scale=scale, tile=(16, 9))
    quantised = quantise_weights(WEIGHTS, hardware)
    np.testing.assert_allclose(TiledMatrix.program(WEIGHTS, hardware).weights, quantised.weights,
                               atol=1e-12 * np.abs(quantised.weights).max())


@every_mapping
def test_representable_weights_come_back(mapping: Mapping, synapse: CompoundMTJ) -> None:
    hardware = Hardware(synapse, mapping=mapping, scale=MaxWeight())
    levels = mapping.levels(synapse, V).values
    weights = 3.1 * np.random.default_rng(1).permutation(np.tile(levels, 5)).reshape(5, -1)
    np.testing.assert_allclose(quantise_weights(weights, hardware).weights, weights, rtol=1e-9)


@pytest.mark.parametrize("cells", [1, 2, 3, 6])
@pytest.mark.parametrize("tmr", [1e-3, 0.33, 0.78, 2.6])
def test_a_swing_counts_tmr_and_cells(cells: int, tmr: float, synapse: CompoundMTJ) -> None:
    """weight (k - n/2) TMR against a reference, weight k TMR in a pair: nothing is divided out."""
    device = CompoundMTJ(replace(synapse.mtj, tmr=tmr), cells)
    at_bias = device.mtj.conductance(True, V) / device.mtj.conductance(False, V) - 1
    k = np.arange(cells + 1.0)
    gain = ConductanceSwing(0.4).weight_per_siemens(1.0, device, V)
    reference = ReferenceColumn().levels(device, V).values * gain
    pair = Differential().levels(device, V).values[cells:] * gain
    np.testing.assert_allclose(reference, 0.4 * (k - cells / 2) * at_bias, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(pair, 0.4 * k * at_bias, rtol=1e-9, atol=1e-12)


def test_a_swing_of_unequal_cells_counts_the_smallest(synapse: CompoundMTJ) -> None:
    equal, graded = CompoundMTJ(synapse.mtj, 7), CompoundMTJ(synapse.mtj, 3, areas=(1, 2, 4))
    gains = [ConductanceSwing(1.0).weight_per_siemens(1.0, each, V) for each in (equal, graded)]
    assert gains[0] == pytest.approx(gains[1], rel=1e-12)


def test_renormalised_undoes_the_scale(synapse: CompoundMTJ) -> None:
    assert Renormalised().weight_per_siemens(123.0, synapse, V) == 123.0


@pytest.mark.parametrize("weight", [0.0, -1.0, float("inf")])
def test_a_swing_refuses_weights_without_meaning(weight: float) -> None:
    with pytest.raises(ValueError, match="weight"):
        ConductanceSwing(weight)


def test_hardware_refuses_what_is_no_gain(synapse: CompoundMTJ) -> None:
    with pytest.raises(TypeError, match="gain is"):
        Hardware(synapse, gain=0.7)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="gain is"):
        Hardware(synapse, gain=Renormalised)  # type: ignore[arg-type]


def test_cells_that_fail_to_switch_are_binomial(synapse: CompoundMTJ) -> None:
    """Mean k p and variance k p (1 - p) of parallel cells, within 5 standard errors."""
    count, p = 40_000, 0.8
    g = synapse.conductances(V)
    device = ImperfectWrite(synapse, p, np.random.default_rng(3))
    for state in range(synapse.cells + 1):
        left = np.searchsorted((g[1:] + g[:-1]) / 2, device.program(np.full(count, g[state]), V))
        assert abs(left.mean() - state * p) <= 5 * np.sqrt(max(state, 1) * p * (1 - p) / count)
        assert left.var() == pytest.approx(state * p * (1 - p), abs=0.03)
        assert left.max() <= state


def test_writes_that_always_succeed_change_nothing(synapse: CompoundMTJ) -> None:
    hardware = Hardware(synapse)
    device = ImperfectWrite(synapse, 1.0, np.random.default_rng(0))
    target = np.random.default_rng(1).uniform(5e-5, 9e-5, (9, 4))
    np.testing.assert_array_equal(device.program(target, V), synapse.program(target, V))
    same = replace(hardware, write_probability=1.0 - 1e-15)
    np.testing.assert_array_equal(TiledMatrix.program(WEIGHTS, same).weights,
                                  TiledMatrix.program(WEIGHTS, hardware).weights)


def test_failed_writes_are_seeded_shrink_weights_and_are_not_ideal(synapse: CompoundMTJ) -> None:
    hardware = Hardware(synapse, write_probability=0.7, seed=5)
    written, again, other = (TiledMatrix.program(WEIGHTS, each).weights for each in (
        hardware, hardware, replace(hardware, seed=6)))
    np.testing.assert_array_equal(written, again)
    assert not np.array_equal(written, other)
    perfect = TiledMatrix.program(WEIGHTS, hardware.ideal()).weights
    assert np.all(np.abs(written) <= np.abs(perfect) * (1 + 1e-9))
    assert np.abs(written).sum() == pytest.approx(0.7 * np.abs(perfect).sum(), rel=0.1)


def test_a_reference_column_is_not_written(synapse: CompoundMTJ) -> None:
    """It is made of trimmed resistors: only the devices fail."""
    even = CompoundMTJ(synapse.mtj, 2)
    hardware = Hardware(even, mapping=ReferenceColumn(), write_probability=1e-12)
    g = TiledMatrix.program(np.ones((4, 3)), hardware).tiles[0].circuit.conductance
    states = even.conductances(V)
    np.testing.assert_allclose(g[:, 1], (states[0] + states[-1]) / 2)
    np.testing.assert_array_equal(np.delete(g, 1, axis=1), states[0])


@pytest.mark.parametrize("probability", [0.0, 1.5, -0.1])
def test_probabilities_outside_their_range_are_refused(
    probability: float, synapse: CompoundMTJ
) -> None:
    with pytest.raises(ValueError, match="probability"):
        Hardware(synapse, write_probability=probability)
    with pytest.raises(ValueError, match="probability"):
        ImperfectWrite(synapse, probability, np.random.default_rng(0))


def test_failed_writes_leave_the_spread_as_it_is(synapse: CompoundMTJ) -> None:
    """One device spreads alike whether it is written perfectly or almost so."""
    hardware = Hardware(synapse, spread=0.1, seed=3)
    written = replace(hardware, write_probability=1 - 1e-12)
    np.testing.assert_array_equal(TiledMatrix.program(WEIGHTS, written).weights,
                                  TiledMatrix.program(WEIGHTS, hardware).weights)


@pytest.mark.parametrize("weights", [
    np.zeros((0, 3)), np.zeros(3), [[1.0, float("nan")]], [["a"]], np.zeros((2, 2, 2))])
def test_what_is_no_matrix_of_weights_is_refused(weights: object, synapse: CompoundMTJ) -> None:
    with pytest.raises((ValueError, TypeError), match="weights"):
        quantise_weights(weights, Hardware(synapse))  # type: ignore[arg-type]


def test_only_equal_cells_can_fail_to_switch(synapse: CompoundMTJ) -> None:
    for device in (UnlimitedStates(synapse), CompoundMTJ(synapse.mtj, 3, areas=(1, 2, 4))):
        with pytest.raises(ValueError, match="perfect writes"):
            Hardware(device, write_probability=0.9)
