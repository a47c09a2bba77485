"""Laws of fronts and knees."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.energy.front import knee, pareto

POINTS = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=1, max_size=12)


@given(POINTS)
def test_every_other_point_is_beaten_and_none_of_the_front_is(
    points: list[tuple[int, int]]
) -> None:
    energy, accuracy = (np.array(each, float) for each in zip(*points, strict=True))
    front = set(pareto(energy, accuracy).tolist())

    def beaten(one: int) -> bool:
        return any(energy[i] <= energy[one] and accuracy[i] >= accuracy[one]
                   and (energy[i] < energy[one] or accuracy[i] > accuracy[one] or (
                       i in front and i != one)) for i in range(len(points)))

    assert front
    for one in range(len(points)):
        assert beaten(one) == (one not in front)
    ordered = pareto(energy, accuracy)
    assert np.all(np.diff(energy[ordered]) > 0)
    assert np.all(np.diff(accuracy[ordered]) > 0)


def test_the_knee_is_where_little_more_is_won() -> None:
    energy = np.array([1.0, 10.0, 100.0, 1000.0, 50.0])
    accuracy = np.array([0.5, 0.95, 0.97, 0.98, 0.2])
    assert knee(energy, accuracy) == 1
    assert knee(7.0 * energy, 0.1 + 0.5 * accuracy) == 1  # whatever the units
    assert knee(energy[::-1], accuracy[::-1]) == 3


def test_without_a_bulge_there_is_no_knee() -> None:
    energy = np.array([1.0, 10.0, 100.0])
    assert knee(energy, np.array([0.1, 0.2, 0.3])) is None  # on the line
    assert knee(energy, np.array([0.1, 0.15, 0.3])) is None  # below it
    assert knee(energy[:2], np.array([0.1, 0.2])) is None
    assert knee(energy, np.array([0.3, 0.2, 0.1])) is None  # one point is the front
