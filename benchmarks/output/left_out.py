"""What a result may leave out with its reason; every other error is a fault, and ends the command.
"""

from device_models.magnet import EasyAxisError
from device_models.stacks import NotGivenError

LEFT_OUT = (NotGivenError, EasyAxisError)
"""A stack's file does not give what is asked for, or its layer has the other easy axis there."""
