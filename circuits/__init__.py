"""Resistive crossbar arrays, solved exactly: currents, node voltages, power.

>>> import circuits
>>> wires = circuits.Wires(row=1.0, column=1.0)
>>> circuit = circuits.CrossbarCircuit([[1e-4, 2e-4], [3e-4, 4e-4]], wires)
>>> currents = circuit.solve([0.1, 0.2]).column_currents
"""

from circuits.circuit import CrossbarCircuit
from circuits.converters import quantise
from circuits.operating_point import OperatingPoint
from circuits.tiles import solve_tiles
from circuits.wires import Wires

__all__ = ["CrossbarCircuit", "OperatingPoint", "Wires", "quantise", "solve_tiles"]
