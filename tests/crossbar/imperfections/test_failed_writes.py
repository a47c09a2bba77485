"""Laws of writes that fail: binomial, seeded, of what is written only."""

from dataclasses import replace

import numpy as np
import pytest

from crossbar import Hardware, ReferenceColumn, TiledMatrix
from crossbar.imperfections import FailedWrites
from device_models import CompoundMTJ, UnlimitedStates

V = 0.1
WEIGHTS = np.random.default_rng(0).normal(0, 0.3, (37, 11))


def test_cells_that_fail_to_switch_are_binomial(synapse: CompoundMTJ) -> None:
    """Mean k p and variance k p (1 - p) of parallel cells, within 5 standard errors."""
    count, p = 40_000, 0.8
    g = synapse.conductances(V)
    rng = np.random.default_rng(3)
    for state in range(synapse.cells + 1):
        real = FailedWrites(p).real(np.full(count, g[state]), synapse, V, rng)
        left = np.searchsorted((g[1:] + g[:-1]) / 2, real)
        assert abs(left.mean() - state * p) <= 5 * np.sqrt(max(state, 1) * p * (1 - p) / count)
        assert left.var() == pytest.approx(state * p * (1 - p), abs=0.03)
        assert left.max() <= state


def test_writes_that_always_succeed_change_nothing(synapse: CompoundMTJ) -> None:
    hardware = Hardware(synapse)
    wanted = synapse.program(np.random.default_rng(1).uniform(5e-5, 9e-5, (9, 4)), V)
    real = FailedWrites(1.0).real(wanted, synapse, V, np.random.default_rng(0))
    np.testing.assert_array_equal(real, wanted)
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
        FailedWrites(probability)


def test_failed_writes_leave_the_spread_as_it_is(synapse: CompoundMTJ) -> None:
    """One device spreads alike whether it is written perfectly or almost so."""
    hardware = Hardware(synapse, spread=0.1, seed=3)
    written = replace(hardware, write_probability=1 - 1e-12)
    np.testing.assert_array_equal(TiledMatrix.program(WEIGHTS, written).weights,
                                  TiledMatrix.program(WEIGHTS, hardware).weights)


def test_only_equal_cells_can_fail_to_switch(synapse: CompoundMTJ) -> None:
    for device in (UnlimitedStates(synapse), CompoundMTJ(synapse.mtj, 3, areas=(1, 2, 4))):
        with pytest.raises(ValueError, match="perfect writes"):
            Hardware(device, write_probability=0.9)
