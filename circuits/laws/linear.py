"""Ohm's law."""

from dataclasses import dataclass

import numpy as np

from circuits.laws.law import Law
from device_models.checks import Floats


@dataclass(frozen=True)
class LinearLaw(Law):
    """I = G V."""

    linear = True

    def shape(self, v: Floats) -> Floats:
        return v[None]

    def slope(self, v: Floats) -> Floats:
        return np.ones((1, *v.shape))

    def expression(self, branch: int, v: str) -> str:
        return v
