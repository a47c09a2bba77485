"""Laws of quantised weights and gains."""

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
from device_models import CompoundMTJ

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


@pytest.mark.parametrize("weights", [
    np.zeros((0, 3)), np.zeros(3), [[1.0, float("nan")]], [["a"]], np.zeros((2, 2, 2))])
def test_what_is_no_matrix_of_weights_is_refused(weights: object, synapse: CompoundMTJ) -> None:
    with pytest.raises((ValueError, TypeError), match="weights"):
        quantise_weights(weights, Hardware(synapse))  # type: ignore[arg-type]
