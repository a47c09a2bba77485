"""Every current-voltage law that the tests run over, one of a user's own among them."""

import numpy as np
import pytest
from hypothesis import strategies as st

from circuits import CubicLaw, Law, LinearLaw, MTJLaw, PolynomialLaw, TabulatedLaw
from device_models import MTJ
from tests.support.reference import Floats


class SinhLaw:
    """I = G v0 sinh(V/v0): a law that `circuits` does not know."""

    branches = 1
    limits = (-np.inf, np.inf)

    def __init__(self, v0: float) -> None:
        self.v0 = v0

    def shape(self, v: Floats) -> Floats:
        return np.asarray(self.v0 * np.sinh(v / self.v0))[None]

    def slope(self, v: Floats) -> Floats:
        return np.asarray(np.cosh(v / self.v0))[None]

    def expression(self, branch: int, v: str) -> str:
        return f"{self.v0!r}*sinh(({v})/{self.v0!r})"


POINTS = np.array([-0.6, -0.3, -0.1, 0.05, 0.2, 0.4, 0.7])
ASYMMETRIC = [[-2e-6, -1.5e-6, -8e-7, 2e-7, 3e-6, 2e-5, 1.1e-4],
              [-7e-5, -3.2e-5, -1.1e-5, 4e-6, 2.2e-5, 5e-5, 9e-5]]
ODD_POINTS = np.linspace(-0.8, 0.8, 9)
FLAT_POINTS = np.array([-0.8, -0.3, -0.15, 0.0, 0.1, 0.2, 0.8])
FLAT = [[-8e-5, -2e-6, 0.0, 0.0, 0.0, 1e-6, 9e-5], [-1e-5, -1e-5, -8e-6, 0.0, 9e-6, 1e-5, 1e-5]]

LAWS: dict[str, Law] = {
    "linear": LinearLaw(), "cubic": CubicLaw(0.4), "mtj": MTJLaw(v_p=1.1, v_h=0.6, tmr=1.5),
    "odd-table": TabulatedLaw(ODD_POINTS, 1e-5 * np.sinh(4 * ODD_POINTS)),
    "odd-tables": TabulatedLaw(ODD_POINTS, [1e-5 * np.sinh(4 * ODD_POINTS), 6e-5 * ODD_POINTS]),
    "asymmetric-table": TabulatedLaw(POINTS, ASYMMETRIC[0]),
    "asymmetric-tables": TabulatedLaw(POINTS, ASYMMETRIC),
    "flat-tables": TabulatedLaw(FLAT_POINTS, FLAT),
    "two-points": TabulatedLaw([-1.0, 2.0], [-1e-5, 3e-5]),
    "sinh": SinhLaw(0.2),
    "odd-polynomials": PolynomialLaw([[1.0, 0.0, 0.4, 0.0, 0.1], [1.0, 0.0, 0.8, 0.0, -0.2]], 0.8),
    "polynomial": PolynomialLaw([[1.0, -0.2, 0.3, 0.05, 0.0, 0.1]], 0.8),
}
ODD = ("linear", "cubic", "mtj", "odd-table", "odd-tables", "sinh", "odd-polynomials")
every_law = pytest.mark.parametrize("name", LAWS)
junctions = st.builds(MTJ, r_p=st.floats(1e3, 1e6), tmr=st.floats(0.01, 6), v_p=st.floats(0.1, 10),
                      v_h=st.floats(0.1, 10), area=st.just(1e-15))


def knots(law: Law) -> Floats:
    return law.voltages if isinstance(law, TabulatedLaw) else np.array([])
