"""What one synapse is: a compound of magnetic tunnel junctions, and the stacks they are made of.

>>> import device_models
>>> mtj = device_models.load_stack("kumar2024").mtj(thickness=1.9e-9)
>>> device_models.CompoundMTJ(mtj, cells=3).conductances(v=0.1)
"""

from device_models.bias import BiasLaw, BrinkmanBias, QuadraticBias
from device_models.channel import Channel
from device_models.compound import CompoundMTJ, Synapse, UnlimitedStates
from device_models.demagnetisation import demagnetising_factors
from device_models.device_sample import DeviceSample
from device_models.magnet import Magnet
from device_models.magnetics import resistance_field_loop
from device_models.measured import Loop, MeasuredError, read_loop, stack_from_table
from device_models.mtj import MTJ
from device_models.perpendicular_magnet import PerpendicularMagnet
from device_models.schema import StackError
from device_models.sequential import resistance_voltage_loop
from device_models.stack import Stack
from device_models.stack_file import available_stacks, load_stack
from device_models.switching import critical_voltage, switching_probability
from device_models.variability import Variability, sample

__all__ = ["MTJ", "BiasLaw", "BrinkmanBias", "Channel", "CompoundMTJ", "DeviceSample", "Loop",
           "Magnet", "MeasuredError", "PerpendicularMagnet", "QuadraticBias", "Stack", "StackError",
           "Synapse", "UnlimitedStates", "Variability", "available_stacks", "critical_voltage",
           "demagnetising_factors", "load_stack", "read_loop", "resistance_field_loop",
           "resistance_voltage_loop", "sample", "stack_from_table", "switching_probability"]
