"""The leading nonlinearity of a symmetric device."""

from dataclasses import dataclass

import numpy as np

from circuits.kernels import elementwise
from device_models.checks import Floats, positive


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

    def shape(self, v: Floats) -> Floats:
        f = np.empty((1, *v.shape))
        elementwise.cubic(np.ascontiguousarray(v), self.v0**-2, f[0])
        return f

    def slope(self, v: Floats) -> Floats:
        return np.asarray(1.0 + 3 * self.v0**-2 * (v * v))[None]

    def expression(self, branch: int, v: str) -> str:
        return f"{v}*(1+({v})*({v})*{self.v0**-2!r})"
