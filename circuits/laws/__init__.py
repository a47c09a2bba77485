"""Current-voltage laws of devices: I = sum over branches b of G_b f_b(V).

A law is pure functions of the voltage; the circuit supplies the branch conductances of every
cross-point. `law.py` says how to add one.
"""

from circuits.laws.cubic import CubicLaw
from circuits.laws.formula import FormulaLaw
from circuits.laws.law import Law
from circuits.laws.linear import LinearLaw
from circuits.laws.mtj import MTJLaw
from circuits.laws.polynomial import PolynomialLaw
from circuits.laws.sampled import branches_of
from circuits.laws.tabulated import TabulatedLaw

__all__ = ["CubicLaw", "FormulaLaw", "Law", "LinearLaw", "MTJLaw", "PolynomialLaw", "TabulatedLaw",
           "branches_of"]
