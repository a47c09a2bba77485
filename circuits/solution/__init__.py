"""What a solve returns: currents, node voltages, power, and whether they balance.
Results are data; nothing here solves."""

from circuits.solution.budget import Budget, budget
from circuits.solution.operating_point import OperatingPoint
from circuits.solution.power import PARTS

__all__ = ["PARTS", "Budget", "OperatingPoint", "budget"]
