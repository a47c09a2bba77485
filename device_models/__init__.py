"""What one synapse is: a compound of magnetic tunnel junctions, and the stacks they are made of.

>>> import device_models
>>> mtj = device_models.load_stack("kumar2024").mtj(thickness=1.9e-9)
>>> device_models.CompoundMTJ(mtj, cells=3).conductances(v=0.1)
"""

from device_models.compound import CompoundMTJ, Synapse, UnlimitedStates
from device_models.mtj import MTJ
from device_models.schema import StackError
from device_models.stack import Stack, available_stacks, load_stack

__all__ = ["MTJ", "CompoundMTJ", "Stack", "StackError", "Synapse", "UnlimitedStates",
           "available_stacks", "load_stack"]
