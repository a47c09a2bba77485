"""A compound as a device of other simulators: a subcircuit for ngspice, a module in Verilog-A."""

from circuits.spice.export.subcircuit import subcircuit
from circuits.spice.export.verilog import verilog_a

__all__ = ["subcircuit", "verilog_a"]
