"""Laws of writes that fail: binomial, seeded, of what is written only."""

from dataclasses import replace

import numpy as np
import pytest

from crossbar import Hardware, ReferenceColumn, TiledMatrix
from crossbar.imperfections import Cells, FailedWrites
from device_models import CompoundMTJ, UnlimitedStates, Variability

V = 0.1
WEIGHTS = np.random.default_rng(0).normal(0, 0.3, (37, 11))


def left_of(effect: FailedWrites, synapse: CompoundMTJ, state: np.ndarray,
            variability: Variability | None = None) -> np.ndarray:
    """States of devices that were to be in `state`."""
    rng = np.random.default_rng(3)
    cells = Cells.of(synapse, state, variability, np.random.default_rng(8))
    return effect.after(cells, rng).states


def test_cells_that_fail_to_switch_are_binomial(synapse: CompoundMTJ) -> None:
    """Mean k p and variance k p (1 - p) of parallel cells, within 5 standard errors."""
    count, p = 40_000, 0.8
    for state in range(synapse.cells + 1):
        left = left_of(FailedWrites(p), synapse, np.full(count, state))
        assert abs(left.mean() - state * p) <= 5 * np.sqrt(max(state, 1) * p * (1 - p) / count)
        assert left.var() == pytest.approx(state * p * (1 - p), abs=0.03)
        assert left.max() <= state


def test_how_many_cells_fail_does_not_depend_on_what_they_are_like(synapse: CompoundMTJ) -> None:
    state = np.random.default_rng(1).integers(0, 4, 500)
    np.testing.assert_array_equal(
        left_of(FailedWrites(0.6), synapse, state),
        left_of(FailedWrites(0.6), synapse, state, Variability(sigma_v_c=0.3)))


def test_cells_of_unequal_areas_fail_one_by_one(synapse: CompoundMTJ) -> None:
    """State 5 of areas 1, 2, 4 is left with each of the cells 1 and 4 at its own chance."""
    unequal, count, p = CompoundMTJ(synapse.mtj, 3, areas=(1, 2, 4)), 40_000, 0.8
    left = left_of(FailedWrites(p), unequal, np.full(count, 5))
    for state, chance in ((5, p * p), (4, p * (1 - p)), (1, p * (1 - p)), (0, (1 - p) ** 2)):
        found = float(np.mean(left == state))
        assert abs(found - chance) <= 5 * np.sqrt(chance * (1 - chance) / count)


def test_writes_that_always_succeed_change_nothing(synapse: CompoundMTJ) -> None:
    hardware = Hardware(synapse)
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


def test_what_has_no_cells_cannot_fail_to_switch(synapse: CompoundMTJ) -> None:
    with pytest.raises(ValueError, match="befall cells"):
        Hardware(UnlimitedStates(synapse), write_probability=0.9)
