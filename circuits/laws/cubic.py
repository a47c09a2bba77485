"""The leading nonlinearity of a symmetric device."""

from dataclasses import dataclass
from functools import cached_property

import numba
import numpy as np

from circuits.laws.compiled import CompiledLaw, compile_law
from device_models.checks import Floats, positive


@compile_law
def _cubic(v, parameters, f, n):  # type: ignore[no-untyped-def]  # compiled, on pointers
    x, y = numba.carray(v, (n,)), numba.carray(f, (n,))
    curvature = numba.carray(parameters, (1,))[0]
    for i in range(n):
        y[i] = x[i] * (1.0 + curvature * x[i] * x[i])


@dataclass(frozen=True)
class CubicLaw:
    """I = G V (1 + (V/v0)^2).

    Parameters
    ----------
    v0 : float
        Voltage that doubles the chord conductance [V].
    """

    v0: float
    branches = 1
    limits = (-np.inf, np.inf)

    def __post_init__(self) -> None:
        object.__setattr__(self, "v0", positive("v0", self.v0, "V"))

    @cached_property
    def compiled(self) -> CompiledLaw:
        """The law as machine code."""
        return CompiledLaw(_cubic, np.array([self.v0**-2]))

    def shape(self, v: Floats) -> Floats:
        return np.asarray(v * (1.0 + self.v0**-2 * (v * v)))[None]

    def slope(self, v: Floats) -> Floats:
        return np.asarray(1.0 + 3 * self.v0**-2 * (v * v))[None]

    def expression(self, branch: int, v: str) -> str:
        return f"({v})*(1+({v})*({v})*{self.v0**-2!r})"
