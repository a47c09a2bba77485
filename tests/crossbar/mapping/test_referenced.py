"""Laws of columns that are read against references in their middle."""

import numpy as np
import pytest

from crossbar import OffsetColumns, ReferenceColumn, Subtraction
from crossbar.mapping.referenced import Referenced
from device_models import CompoundMTJ

V = 0.1
every_cells = pytest.mark.parametrize("cells", [1, 2, 3, 6])


@every_cells
def test_reference_levels_are_the_states_about_their_middle(
    cells: int, synapse: CompoundMTJ
) -> None:
    device = CompoundMTJ(synapse.mtj, cells)
    g = device.conductances(V)
    levels = ReferenceColumn().levels(device, V).values
    np.testing.assert_allclose(levels, g - (g[0] + g[-1]) / 2, rtol=1e-12, atol=1e-20)
    np.testing.assert_allclose(levels, -levels[::-1], rtol=1e-9, atol=1e-19)


@pytest.mark.parametrize("outputs", [1, 2, 3, 6])
def test_reference_stands_in_the_middle_at_the_middle(outputs: int, synapse: CompoundMTJ) -> None:
    mapping = ReferenceColumn()
    g = mapping.conductances(np.full((3, outputs), 1.0), synapse, V)
    states = synapse.conductances(V)
    reference = int(np.flatnonzero((mapping.decoder(outputs) == -1).all(axis=1)).item())
    assert abs(reference - outputs / 2) <= 0.5
    np.testing.assert_allclose(g[:, reference], (states[0] + states[-1]) / 2, rtol=1e-15)
    assert np.all(np.delete(g, reference, axis=1) == states[-1])


@pytest.mark.parametrize(("kind", "every", "outputs", "columns"), [
    (ReferenceColumn, 1, 3, [0, 2, 4]), (ReferenceColumn, 2, 5, [1, 4, 6]),
    (ReferenceColumn, 4, 4, [2]), (ReferenceColumn, None, 7, [3]),
    (OffsetColumns, 1, 2, [0, 1, 3, 4]), (OffsetColumns, 2, 3, [1, 2, 4, 5]),
    (OffsetColumns, None, 7, [3, 4])])
@pytest.mark.parametrize("subtraction", Subtraction)
def test_each_group_has_references_of_its_own(
    subtraction: Subtraction, kind: type[Referenced], every: int | None, outputs: int,
    columns: list[int]
) -> None:
    results = kind(every, subtraction=subtraction).results(outputs)
    assert list(np.flatnonzero((results < 0).any(axis=1))) == columns
    np.testing.assert_array_equal(results.sum(axis=0), np.zeros(outputs))
    np.testing.assert_array_equal(np.where(results > 0, results, 0).sum(axis=0), np.ones(outputs))


@every_cells
def test_the_mean_of_the_offset_columns_is_the_middle_of_the_range(
    cells: int, synapse: CompoundMTJ
) -> None:
    """Product for product what trimmed references do, of devices in states alone."""
    device = CompoundMTJ(synapse.mtj, cells)
    difference = np.random.default_rng(cells).normal(0, 3e-5, (6, 5))
    products = [mapping.conductances(difference, device, V) @ mapping.results(5)
                for mapping in (OffsetColumns(2), ReferenceColumn(2))]
    np.testing.assert_allclose(products[0], products[1], atol=1e-18)


@pytest.mark.parametrize("kind", [ReferenceColumn, OffsetColumns])
@pytest.mark.parametrize("every", [0, -1, 1.5, True])
def test_a_group_without_outputs_is_refused(kind: type[Referenced], every: int) -> None:
    with pytest.raises(ValueError, match="every is"):
        kind(every)
