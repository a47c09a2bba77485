"""A tolerance is honoured: the error is below it, and a larger one is sooner reached."""

import numpy as np
import pytest

from circuits import CrossbarCircuit, CubicLaw, Law, MTJLaw, Wires
from tests.support.nonlinear import conductance_of

laws = pytest.mark.parametrize("law", [CubicLaw(0.5), MTJLaw(1.1, 0.6, 1.5)], ids=["cubic", "mtj"])
wires = pytest.mark.parametrize("ohm", [0.1, 3.0, 10.0, 30.0, 100.0, 1e3])


def circuit_of(law: Law, ohm: float) -> CrossbarCircuit:
    return CrossbarCircuit(conductance_of(law, (40, 30), np.random.default_rng(5)),
                           Wires(ohm, ohm), law)


def inputs() -> np.ndarray:
    """Two like digits: most rows at zero, the others up to 0.2 V; and one with all rows driven."""
    rng = np.random.default_rng(6)
    v = rng.uniform(0.0, 0.2, (3, 40))
    v[:2] *= rng.random((2, 40)) < 0.25
    return v


@laws
@wires
@pytest.mark.parametrize("tolerance", [1e-12, 1e-10, 1e-8, 1e-7, 1e-6])
def test_the_error_of_device_currents_is_within_the_tolerance(
    law: Law, ohm: float, tolerance: float
) -> None:
    circuit, v = circuit_of(law, ohm), inputs()
    exact = circuit.solve(v, tolerance=1e-13).device_currents
    found = circuit.solve(v, tolerance=tolerance).device_currents
    error = np.abs(found - exact).max(axis=(1, 2)) / np.abs(exact).max(axis=(1, 2))
    assert error.max() <= tolerance


@laws
@wires
def test_a_larger_tolerance_takes_fewer_steps(law: Law, ohm: float) -> None:
    circuit, v = circuit_of(law, ohm), inputs()
    steps = [circuit.solve(v, tolerance=t).iterations.max() for t in (1e-12, 1e-9, 1e-6)]
    assert steps[0] > steps[1] > steps[2]
