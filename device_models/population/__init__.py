"""Many devices: spreads, correlations and faults, and samples drawn from them,
which are read, written, left alone and read too often."""

from device_models.population.device_sample import DeviceSample
from device_models.population.noise import equivalent_area, sample_device_read
from device_models.population.variability import Variability, sample

__all__ = ["DeviceSample", "Variability", "equivalent_area", "sample", "sample_device_read"]
