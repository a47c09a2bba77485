"""A law called by its address in compiled code is the law."""

import numba
import numpy as np
import pytest

from circuits import CubicLaw, FormulaLaw, MTJLaw, PolynomialLaw
from circuits.kernels.calls import call_law

LAWS = [CubicLaw(0.4), MTJLaw(1.1, 0.6, 1.5), PolynomialLaw([[1.0, 0.1], [2.0, 0.0]], 0.3)]


@numba.njit
def called(address, v, parameters, f):  # type: ignore[no-untyped-def]  # compiled
    call_law(address, v, parameters, f)


@pytest.mark.parametrize("law", LAWS, ids=str)
@pytest.mark.parametrize("shape", [(0,), (7,), (3, 5), (2, 3, 4)])
def test_a_call_by_address_is_the_law(law: FormulaLaw, shape: tuple[int, ...]) -> None:
    v, compiled = np.random.default_rng(0).uniform(-0.5, 0.5, shape), law.compiled
    assert compiled is not None
    found = np.full((law.branches, *shape), np.nan)
    called(compiled.address, v, compiled.parameters, found)
    np.testing.assert_array_equal(found, law.shape(v))
