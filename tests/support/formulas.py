"""A user's law that is written as a formula."""

from dataclasses import dataclass

import numpy as np

from circuits import FormulaLaw


@dataclass(frozen=True)
class Sinh(FormulaLaw):
    """`tests.support.laws.SinhLaw` as a formula."""

    v0: float

    @staticmethod
    def formula(v: float, v0: float) -> float:
        return v0 * np.sinh(v / v0)
