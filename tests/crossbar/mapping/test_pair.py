"""Laws of pairs: which levels two columns make, and where the columns stand."""

import numpy as np
import pytest

from crossbar import Differential, Placement, SignedLevel
from crossbar.mapping.pair import Pair
from device_models import CompoundMTJ

V = 0.1
every_cells = pytest.mark.parametrize("cells", [1, 2, 3, 6])


@every_cells
def test_differential_levels_are_all_differences_to_the_lowest_state(
    cells: int, synapse: CompoundMTJ
) -> None:
    device = CompoundMTJ(synapse.mtj, cells)
    g = device.conductances(V)
    levels = Differential().levels(device, V).values
    expected = sorted({k: g[k] - g[0] for k in range(cells + 1)}.values())
    assert len(levels) == 2 * cells + 1
    np.testing.assert_array_equal(levels[cells:], expected)
    np.testing.assert_array_equal(levels, -levels[::-1])


@every_cells
def test_signed_levels_are_the_normalised_state_conductances(
    cells: int, synapse: CompoundMTJ
) -> None:
    g = CompoundMTJ(synapse.mtj, cells).conductances(V)
    levels = SignedLevel().levels(CompoundMTJ(synapse.mtj, cells), V).values
    np.testing.assert_array_equal(levels[cells + 1 :] / levels[-1], g / g[-1])
    np.testing.assert_array_equal(levels, -levels[::-1])


def test_a_signed_level_leaves_the_other_device_open(synapse: CompoundMTJ) -> None:
    g = synapse.conductances(V)
    pairs = SignedLevel().conductances(np.array([[g[2], -g[0], 0.0]]), synapse, V)
    np.testing.assert_array_equal(pairs, [[g[2], 0, 0, g[0], 0, g[0]]])


@pytest.mark.parametrize("kind", [Differential, SignedLevel])
@pytest.mark.parametrize(("placement", "places"), [
    (Placement.INTERLEAVED, [0, 3, 1, 4, 2, 5]), (Placement.HALVES, [0, 1, 2, 3, 4, 5]),
    (Placement.ARRAYS, [0, 1, 2, 3, 4, 5])])
def test_placements_are_orders_of_the_same_columns(
    kind: type[Pair], placement: Placement, places: list[int], synapse: CompoundMTJ
) -> None:
    """`places` are the columns as numbered with all plus ones first."""
    difference = np.random.default_rng(2).normal(0, 4e-5, (7, 3))
    parts = [kind().conductances(sign * difference, synapse, V)[:, ::2] for sign in (1, -1)]
    mapping = kind(placement=placement)
    np.testing.assert_array_equal(mapping.conductances(difference, synapse, V),
                                  np.hstack(parts)[:, places])
    assert len(mapping.arrays(3)) == (2 if placement is Placement.ARRAYS else 1)
