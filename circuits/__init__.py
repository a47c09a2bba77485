"""Resistive crossbar arrays, solved exactly: currents, node voltages, power.

>>> import circuits
>>> wires = circuits.Wires(row=1.0, column=1.0)
>>> circuit = circuits.CrossbarCircuit([[1e-4, 2e-4], [3e-4, 4e-4]], wires)
>>> currents = circuit.solve([0.1, 0.2]).column_currents
"""

import sys

import device_models

if not hasattr(device_models, "CompoundMTJ"):
    raise ImportError(
        f"circuits needs the device_models of spintronic-crossbar, but Python found another first: "
        f"{device_models}; rename that or start in another folder, or, where it was "
        "installed with pip, give spintronic-crossbar an environment of its own"
    )

from circuits import spice
from circuits.analysis import (
    ColumnNoise,
    Unselected,
    charging_energy,
    column_noise,
    draw_currents,
    draw_drop,
    draw_voltages,
    elmore_delay,
    noise_transfer,
    read_rows,
    sample_noise,
    settling_time,
    slowest_time_constant,
)
from circuits.array import (
    TECHNOLOGIES,
    ColumnSense,
    RowDrive,
    Technology,
    Wires,
    segment_capacitance,
    technology,
    wire_resistance,
    with_reference_column,
)
from circuits.circuit import CrossbarCircuit, transconductances
from circuits.errors import ConvergenceError, SingularCircuitError
from circuits.laws import (
    CubicLaw,
    FormulaLaw,
    Law,
    LinearLaw,
    MTJLaw,
    PolynomialLaw,
    TabulatedLaw,
    branches_of,
)
from circuits.periphery import ADC, DAC, BitSerial, quantise
from circuits.solution import OperatingPoint
from circuits.solvers import solve_tiles
from device_models.junction import current_noise_density, flicker_density
from device_models.version import __version__ as __version__

# Under the name that it had before it lay in a folder, for `import circuits.technology` too.
sys.modules[f"{__name__}.technology"] = technology

__all__ = [
    "ADC", "DAC", "TECHNOLOGIES", "BitSerial", "ColumnNoise", "ColumnSense", "ConvergenceError",
    "CrossbarCircuit", "CubicLaw", "FormulaLaw", "Law", "LinearLaw", "MTJLaw", "OperatingPoint",
    "PolynomialLaw", "RowDrive", "SingularCircuitError", "TabulatedLaw", "Technology", "Unselected",
    "Wires", "branches_of", "charging_energy", "column_noise", "current_noise_density",
    "draw_currents", "draw_drop", "draw_voltages", "elmore_delay", "flicker_density",
    "noise_transfer", "quantise", "read_rows", "sample_noise", "segment_capacitance",
    "settling_time", "slowest_time_constant", "solve_tiles", "spice", "technology",
    "transconductances", "wire_resistance", "with_reference_column",
]
