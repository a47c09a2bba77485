"""The leading nonlinearity of a symmetric device."""

from dataclasses import dataclass

from circuits.laws.formula import FormulaLaw
from device_models.checks import positive


@dataclass(frozen=True)
class CubicLaw(FormulaLaw):
    """I = G V (1 + (V/v0)^2).

    Parameters
    ----------
    v0 : float
        Voltage that doubles the chord conductance [V].
    """

    v0: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "v0", positive("v0", self.v0, "V"))
        self._check_range()

    @staticmethod
    def formula(v: float, v0: float) -> float:
        return v * (1.0 + (v * (1.0 / v0)) ** 2)  # a division of all voltages at once

    @staticmethod
    def derivative(v: float, v0: float) -> float:
        return 1.0 + 3.0 * (v / v0) ** 2
