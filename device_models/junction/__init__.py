"""One magnetic tunnel junction as it is read: its laws over thickness, bias and temperature,
its noise, and the readout around it."""

from device_models.junction.bias import BiasLaw, BrinkmanBias, QuadraticBias, bias_array
from device_models.junction.mtj import MTJ
from device_models.junction.noise import (
    current_noise_density,
    flicker_density,
    read_noise,
    sample_read,
    sample_trace,
)
from device_models.junction.readout import (
    disturb_current,
    inferred_resistance,
    junction_voltage,
    resistance_error,
    source_voltage,
)

__all__ = [
    "MTJ", "BiasLaw", "BrinkmanBias", "QuadraticBias", "bias_array", "current_noise_density",
    "disturb_current", "flicker_density", "inferred_resistance", "junction_voltage",
    "read_noise", "resistance_error", "sample_read", "sample_trace", "source_voltage",
]
