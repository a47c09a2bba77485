"""Every monotone table is a law; what only rounding makes fall is no obstacle."""

import numpy as np
import pytest

from circuits import CrossbarCircuit, TabulatedLaw, Wires
from tests.support.reference import EPS, Floats


def random_table(rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Steps of 1 uV to 1 V and of nothing to 1 kA, anywhere around 0 V."""
    points = int(rng.integers(2, 12))
    v = np.cumsum(10 ** rng.uniform(-6, 0, points)) - rng.choice([0.0, 0.5, 1.0])
    i = np.cumsum(rng.choice([0.0, 1.0], points) * 10 ** rng.uniform(-15, 3, points))
    return v, i - rng.choice([0.0, 1e-6])


def check_is_a_law(v: Floats, i: Floats) -> None:
    law = TabulatedLaw(v, i)
    circuit = CrossbarCircuit(np.ones((1, 2)), Wires(1.0, 1.0), law)
    assert np.all(circuit.network.g >= 0)
    inside = np.sort(np.concatenate([v, np.linspace(v[0], v[-1], 41)]))
    assert np.all(law.slope(inside) >= 0)
    assert np.all(np.diff(law.shape(inside)) >= -64 * EPS * np.abs(i).max())
    np.testing.assert_allclose(law.shape(v)[0], i, rtol=0, atol=64 * EPS * np.abs(i).max())


def test_random_monotone_tables_are_taken() -> None:
    rng = np.random.default_rng(0)
    for _ in range(1500):
        check_is_a_law(*random_table(rng))


@pytest.mark.parametrize("v0", [0.02, 0.1, 0.3])
def test_exponential_branches_measured_up_to_0_v_are_taken(v0: float) -> None:
    """Their slope at 0 V, an end of PCHIP, came out as -8e-22 S."""
    for points in range(4, 44):
        reverse = np.linspace(-1.0, 0.0, points)
        check_is_a_law(reverse, -1e-9 * np.expm1(-reverse / v0))
        check_is_a_law(reverse, 1e-9 * np.expm1(reverse / v0))
        check_is_a_law(-reverse[::-1], 1e-9 * np.expm1(-reverse[::-1] / v0))


@pytest.mark.filterwarnings("ignore:device voltages")
def test_a_table_that_ends_at_0_v_carries_what_it_says() -> None:
    """0.5 V of reverse voltage and none: the branch, and its straight line beyond."""
    v = np.linspace(-1.0, 0.0, 4)
    law = TabulatedLaw(v, -1e-5 * np.expm1(-v / 0.3))
    op = CrossbarCircuit(np.ones((1, 1)), law=law).solve([[v[1]], [0.0], [0.1]])
    np.testing.assert_allclose(op.column_currents[:, 0],
                               [law.currents[0, 1], 0.0, 0.1 * law.slope(np.zeros(1))[0, 0]],
                               rtol=1e-12, atol=1e-20)


@pytest.mark.parametrize("fall", [1e-3, 1e-9, 1e-15])
def test_a_current_that_falls_is_refused_however_little(fall: float) -> None:
    with pytest.raises(ValueError, match="currents decrease"):
        TabulatedLaw([0.0, 0.1, 0.2], [0.0, 1.0, 1.0 - fall])


@pytest.mark.parametrize(("v", "i"), [
    ([0.0, 5e-324], [0.0, 1.0]), ([-1e308, 1e308], [0.0, 1.0]), ([0.0, 1e200], [0.0, 1.0]),
    ([0.0, 1.0], [-1e308, 1e308]), ([0.0, 1e-320, 1.0], [0.0, 1e-3, 1.0]),
    ([0.0, 1.0, 2.0], [0.0, 5e-324, 1e308]),
])
def test_points_beyond_double_precision_are_refused(v: list[float], i: list[float]) -> None:
    with pytest.raises(ValueError, match="no curve in double precision goes through these points"):
        TabulatedLaw(v, i)
