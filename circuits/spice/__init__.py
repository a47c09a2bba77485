"""The same circuit for ngspice, as a netlist or solved by it; compounds for other simulators.

>>> import circuits
>>> from circuits import spice
>>> circuit = circuits.CrossbarCircuit([[1e-4, 2e-4], [3e-4, 4e-4]])
>>> text = spice.netlist(circuit, [0.1, 0.2])
"""

from circuits.spice.export import subcircuit, verilog_a
from circuits.spice.listing import netlist
from circuits.spice.run import SpiceError, SpiceSolution, solve

__all__ = ["SpiceError", "SpiceSolution", "netlist", "solve", "subcircuit", "verilog_a"]
