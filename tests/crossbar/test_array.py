"""An array cuts a matrix into parts that its tile holds, and gives devices its wires."""

import numpy as np
import pytest

from circuits import CrossbarCircuit, Wires
from crossbar import Differential, Mapping, ReferenceColumn
from crossbar.array import Array

WIRES = Wires(1.0, 2.0, 3.0, 4.0)


@pytest.mark.parametrize("mapping", [Differential(), ReferenceColumn(), ReferenceColumn(2)],
                         ids=str)
@pytest.mark.parametrize("shape", [(1, 1), (8, 3), (9, 4), (20, 11)])
def test_parts_cover_a_matrix_once_and_fit(shape: tuple[int, int], mapping: Mapping) -> None:
    array, covered = Array((8, 6), WIRES), np.zeros(shape, int)
    for inputs, outputs in array.cut(shape, mapping):
        covered[inputs, outputs] += 1
        assert inputs.stop - inputs.start <= 8
        assert mapping.columns(outputs.stop - outputs.start) <= 6
    assert np.all(covered == 1)


def test_a_circuit_has_the_wires_of_its_array() -> None:
    g = np.full((3, 2), 1e-4)
    np.testing.assert_array_equal(Array((3, 2), WIRES).circuit(g).transconductance(),
                                  CrossbarCircuit(g, WIRES).transconductance())
