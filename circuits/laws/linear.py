"""Ohm's law."""

from dataclasses import dataclass

import numpy as np

from device_models.checks import Floats


@dataclass(frozen=True)
class LinearLaw:
    """I = G V."""

    branches = 1
    limits = (-np.inf, np.inf)

    def shape(self, v: Floats) -> Floats:
        return v[None]

    def slope(self, v: Floats) -> Floats:
        return np.ones((1, *v.shape))

    def expression(self, branch: int, v: str) -> str:
        return v
