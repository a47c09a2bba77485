"""Resistive crossbar arrays, solved exactly: currents, node voltages, power.

>>> import circuits
>>> wires = circuits.Wires(row=1.0, column=1.0)
>>> circuit = circuits.CrossbarCircuit([[1e-4, 2e-4], [3e-4, 4e-4]], wires)
>>> currents = circuit.solve([0.1, 0.2]).column_currents
"""

from circuits import spice
from circuits.circuit import CrossbarCircuit
from circuits.converters import ADC, DAC, BitSerial, quantise
from circuits.errors import ConvergenceError, SingularCircuitError
from circuits.laws import CubicLaw, Law, LinearLaw, MTJLaw, TabulatedLaw
from circuits.noise import column_noise, current_noise_density, flicker_density, sample_noise
from circuits.operating_point import OperatingPoint
from circuits.pictures import draw_currents, draw_drop, draw_voltages
from circuits.reference_column import with_reference_column
from circuits.selection import Unselected, read_rows
from circuits.settling import elmore_delay, settling_time, slowest_time_constant
from circuits.technology import TECHNOLOGIES, Technology, segment_capacitance, wire_resistance
from circuits.tiles import solve_tiles
from circuits.topology import ColumnSense, RowDrive
from circuits.wires import Wires

__all__ = [
    "ADC", "DAC", "TECHNOLOGIES", "BitSerial", "ColumnSense", "ConvergenceError",
    "CrossbarCircuit", "CubicLaw", "Law", "LinearLaw", "MTJLaw", "OperatingPoint", "RowDrive",
    "SingularCircuitError", "TabulatedLaw", "Technology", "Unselected", "Wires", "column_noise",
    "current_noise_density", "draw_currents", "draw_drop", "draw_voltages", "elmore_delay",
    "flicker_density", "quantise", "read_rows", "sample_noise", "segment_capacitance",
    "settling_time", "slowest_time_constant", "solve_tiles", "spice", "wire_resistance",
    "with_reference_column",
]
