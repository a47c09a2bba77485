"""The law of polynomials: its values, its ends, and what it refuses."""

import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from circuits import CrossbarCircuit, PolynomialLaw, Wires

seeds = st.integers(0, 2**32 - 1)


@given(seed=seeds, branches=st.integers(1, 6), orders=st.integers(1, 17), even=st.booleans(),
       size=st.integers(0, 1200))
def test_machine_code_is_the_polynomial(
    seed: int, branches: int, orders: int, even: bool, size: int
) -> None:
    rng = np.random.default_rng(seed)
    c = rng.uniform(-1, 1, (branches, orders))
    if even:
        c[:, 1::2] = 0.0
    v = rng.uniform(-0.3, 0.3, size)
    found = PolynomialLaw(c, 0.3).shape(v)
    for row, values in zip(c, found, strict=True):
        np.testing.assert_allclose(values, v * np.polynomial.Polynomial(row)(v / 0.3), rtol=0,
                                   atol=1e-14)


def test_beyond_the_limit_the_end_slopes_go_on() -> None:
    law = PolynomialLaw([[1.0, 0.1, 0.3], [2.0, 0.0, 0.5]], 0.2)
    ends, far = np.array([-0.2, 0.2]), np.array([-1.0, 3.0])
    np.testing.assert_allclose(law.slope(far), law.slope(ends), rtol=1e-14)
    np.testing.assert_allclose(law.shape(far), law.shape(ends) + law.slope(ends) * (far - ends),
                               rtol=1e-13)


def test_what_is_no_number_stays_so() -> None:
    assert np.isnan(PolynomialLaw([[1.0]], 0.2).shape(np.array([np.nan]))).all()


def test_beyond_the_limit_a_solution_warns() -> None:
    circuit = CrossbarCircuit([[1e-4]], Wires(1.0, 1.0), PolynomialLaw([[1.0, 0.0, 0.1]], 0.2))
    with pytest.warns(UserWarning, match="leave the range of the law"):
        _ = circuit.solve([0.3]).column_currents


def test_a_law_is_carried_to_other_processes() -> None:
    law, v = PolynomialLaw([[1.0, 0.0, 0.1]], 0.2), np.linspace(-0.3, 0.3, 7)
    expected = law.shape(v)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(law)).shape(v), expected)


@pytest.mark.parametrize(("coefficients", "limit", "match"), [
    ([1.0], 0.1, r"coefficients have shape \(1,\)"), (np.empty((1, 0)), 0.1, "coefficients have"),
    ([[np.nan]], 0.1, "coefficients"), ([[1.0]], 0.0, "limit"), ([[1.0]], -1.0, "limit"),
])
def test_what_is_no_polynomial_is_refused(coefficients: object, limit: float, match: str) -> None:
    with pytest.raises(ValueError, match=match):
        PolynomialLaw(coefficients, limit)  # type: ignore[arg-type]  # as a user might
