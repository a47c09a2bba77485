"""From a folder of measurements to a stack file, every number with where it comes from."""

from device_models.characterisation.stack_of_folder import Characterised, stack_from_measurements

__all__ = ["Characterised", "stack_from_measurements"]
