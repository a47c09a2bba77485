"""Current-voltage laws of devices: I = sum over branches b of G_b f_b(V).

A law is pure functions of the voltage; the circuit supplies the branch conductances of every
cross-point. A new law is one class with the methods of `Law`.
"""

from circuits.laws.cubic import CubicLaw
from circuits.laws.law import Law
from circuits.laws.linear import LinearLaw
from circuits.laws.mtj import MTJLaw
from circuits.laws.tabulated import TabulatedLaw

__all__ = ["CubicLaw", "Law", "LinearLaw", "MTJLaw", "TabulatedLaw"]
