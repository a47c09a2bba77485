"""Laws of wires at another temperature."""

import numpy as np
import pytest

from circuits import CrossbarCircuit, Wires

WIRES = Wires([1.0, 2.0], [[3.0], [4.0], [0.0]], 50.0, [6.0], 7.0)


def test_metal_rises_by_its_coefficient_and_transistors_stay() -> None:
    hot = WIRES.at_temperature(400.0)
    np.testing.assert_allclose(hot.row, 1.393 * np.asarray(WIRES.row), rtol=1e-15)
    np.testing.assert_allclose(hot.column, 1.393 * np.asarray(WIRES.column), rtol=1e-15)
    assert (hot.source, hot.access) == (WIRES.source, WIRES.access)
    np.testing.assert_array_equal(hot.sense, WIRES.sense)


def test_at_the_reference_nothing_changes() -> None:
    assert WIRES.at_temperature(350.0, reference=350.0) == WIRES
    assert WIRES.at_temperature(77.0, coefficient=0.0) == WIRES


@pytest.mark.parametrize("temperature", [250.0, 300.0, 420.0])
def test_there_and_back(temperature: float) -> None:
    """The coefficient at another reference is that of the same straight line."""
    there = WIRES.at_temperature(temperature)
    slope = 3.93e-3 / (1 + 3.93e-3 * (temperature - 300.0))
    back = there.at_temperature(300.0, slope, reference=temperature)
    np.testing.assert_allclose(back.column, WIRES.column, rtol=1e-14)


def test_hot_wires_drop_more() -> None:
    currents = [CrossbarCircuit(np.full((4, 4), 1e-3), Wires(5.0, 5.0).at_temperature(t))
                .solve(np.full(4, 0.1)).column_currents for t in (300.0, 360.0)]
    assert np.all(currents[1] < currents[0])


@pytest.mark.parametrize(("settings", "named"), [
    ((0.0,), "temperature"), ((300.0, 3.93e-3, -1.0), "reference"), ((40.0,), "above zero"),
    ((400.0, np.nan), "coefficient"), ((400.0, [1e-3, 2e-3]), "one number")])
def test_what_does_not_fit_is_refused(settings: tuple[float, ...], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        WIRES.at_temperature(*settings)
