"""What one synapse is: a compound of magnetic tunnel junctions, and the stacks they are made of.

>>> import device_models
>>> mtj = device_models.load_stack("kumar2024").mtj(thickness=1.9e-9)
>>> device_models.CompoundMTJ(mtj, cells=3).conductances(v=0.1)
"""

import sys

from device_models import fits, reliability, switching
from device_models import fits as fits_switching
from device_models.compound import Channel, CompoundMTJ, Synapse, UnlimitedStates
from device_models.junction import MTJ, BiasLaw, BrinkmanBias, QuadraticBias, noise, readout
from device_models.magnet import (
    Magnet,
    PerpendicularMagnet,
    demagnetising_factors,
    resistance_field_loop,
)
from device_models.measured import (
    Loop,
    MeasuredError,
    SwitchingSteps,
    read_loop,
    stack_from_measurements,
    stack_from_table,
    switching_steps,
)
from device_models.population import DeviceSample, Variability, sample
from device_models.stacks import Stack, StackError, available_stacks, load_stack
from device_models.switching import (
    critical_voltage,
    llg,
    resistance_voltage_loop,
    switching_probability,
)
from device_models.version import __version__ as __version__

# Under the names that they had before they lay in folders, for `import device_models.llg` too.
for _name, _module in (("fits_switching", fits), ("llg", llg), ("noise", noise),
                       ("readout", readout)):
    sys.modules[f"{__name__}.{_name}"] = _module

__all__ = [
    "MTJ", "BiasLaw", "BrinkmanBias", "Channel", "CompoundMTJ", "DeviceSample", "Loop",
    "Magnet", "MeasuredError", "PerpendicularMagnet", "QuadraticBias", "Stack", "StackError",
    "SwitchingSteps", "Synapse", "UnlimitedStates", "Variability", "available_stacks",
    "critical_voltage", "demagnetising_factors", "fits", "fits_switching", "llg", "load_stack",
    "noise", "read_loop", "readout", "reliability", "resistance_field_loop",
    "resistance_voltage_loop", "sample", "stack_from_measurements", "stack_from_table", "switching",
    "switching_probability", "switching_steps",
]
