"""What cannot be solved is said, and never returned."""

from collections.abc import Callable

import numpy as np
import pytest

from circuits import ConvergenceError, CrossbarCircuit, Wires
from tests.support.laws import SinhLaw
from tests.support.reference import Floats


class Own:
    """A law of two functions; refuses to be asked for ever."""

    branches = 1
    limits = (-np.inf, np.inf)

    def __init__(self, shape: Callable[[Floats], Floats], slope: Callable[[Floats], Floats]
                 ) -> None:
        self._shape, self._slope, self._calls = shape, slope, 0

    def shape(self, v: Floats) -> Floats:
        self._calls += 1
        if self._calls > 5000:
            raise RuntimeError("the solver does not end")
        return np.asarray(self._shape(v))[None]

    def slope(self, v: Floats) -> Floats:
        return np.asarray(self._slope(v))[None]

    def expression(self, branch: int, v: str) -> str:
        return v


def test_failure_to_converge_names_the_input() -> None:
    """A current that jumps where input 2 needs it between."""
    law = Own(lambda v: np.where(v > 0.1, 0.5, 0.0) + 1e-3 * v, lambda v: np.full_like(v, 1e-3))
    circuit = CrossbarCircuit([[1e-4]], Wires(source=1e4), law)
    assert np.isfinite(circuit.solve([[0.05], [0.08]]).column_currents).all()
    with pytest.raises(ConvergenceError, match="input 2 did not converge"):
        circuit.solve([[0.05], [0.08], [0.3]])


def test_failure_in_a_later_chunk_names_the_input() -> None:
    law = Own(lambda v: np.where(v > 0.1, 0.5, 0.0) + 1e-3 * v, lambda v: np.full_like(v, 1e-3))
    v = np.full((100, 1), 0.05)
    v[77] = 0.3
    with pytest.raises(ConvergenceError, match="input 77 did not converge"):
        CrossbarCircuit([[1e-4]], Wires(source=1e4), law).solve(v)


def wrong(value: float, beyond: float) -> Own:
    return Own(lambda v: np.where(v > beyond, value, v), np.ones_like)


@pytest.mark.parametrize(("value", "beyond", "ohm"), [
    (value, beyond, ohm)
    for value in (np.nan, np.inf) for beyond in (-1.0, 0.15) for ohm in (0.0, 1.0, 1e4)
])
def test_currents_that_are_no_numbers_are_never_returned(value: float, beyond: float, ohm: float
                                                         ) -> None:
    """With 10 kohm there may be a solution whose devices stay below `beyond`."""
    circuit = CrossbarCircuit(np.full((4, 3), 1e-4), Wires(ohm, ohm), wrong(value, beyond))
    with np.errstate(invalid="ignore"):
        try:
            currents = circuit.solve([0.1, 0.2, 0.3, 0.2]).column_currents
        except ConvergenceError:
            return
    assert ohm == 1e4
    assert np.isfinite(currents).all()


@pytest.mark.parametrize("ohm", [0.0, 1.0, 1e4])
def test_slopes_that_are_no_numbers_end_the_solution(ohm: float) -> None:
    law = Own(lambda v: v, lambda v: v * np.nan)
    with np.errstate(invalid="ignore"), pytest.raises(ValueError, match="has the slope nan S"):
        CrossbarCircuit(np.full((2, 2), 1e-4), Wires(ohm, ohm), law).solve([0.1, 0.2])


def test_a_falling_current_is_blamed_on_the_law() -> None:
    law = Own(lambda v: -v, lambda v: -np.ones_like(v))
    with pytest.raises(ValueError, match="currents that do not fall with voltage"):
        CrossbarCircuit(np.full((4, 3), 1e-4), Wires(1e3, 1e3), law).solve([0.1, 0.2, 0.3, 0.2])


def test_a_steep_law_is_solved_to_the_tolerance() -> None:
    op = CrossbarCircuit(np.full((2, 2), 1e-5), Wires(1.0, 1.0), SinhLaw(0.01)).solve([1.0, 0.5])
    assert op.column_currents.min() > 0.01
    assert op.kcl_residual <= 1e-10 * np.abs(op.device_currents).max()


def test_a_steep_law_is_not_asked_for_absurd_voltages() -> None:
    """No node leaves the range of the sources, so no law need be known beyond twice of it."""
    g = 10 ** np.random.default_rng(0).uniform(-6, -4, (4, 3))
    CrossbarCircuit(g, Wires(1.0, 1.0), SinhLaw(0.05)).solve([0.3, 0.6, 0.9, -0.3])
