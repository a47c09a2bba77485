"""The converters around an array: how finely they resolve, and what a conversion takes."""

from dataclasses import dataclass

import numpy as np

from device_models.checks import nonnegative

CONVERTERS = ("dac", "adc")
MOST_BITS = 24  # finer steps vanish in float32


@dataclass(frozen=True)
class Converters:
    """Resolutions and energies of a tile's input and current converters.

    Parameters
    ----------
    dac_bits, adc_bits : int or None
        Resolution of inputs and of column currents; None is ideal, and takes no energy.
    dac_energy : float
        Energy of one input conversion [J]; default 0.3 pJ, assumed.
    adc_energy_per_step : float
        Walden figure of merit [J per conversion step]; default 32 fJ, the median since 2020
        (Murmann, ADC Performance Survey).
    """

    dac_bits: int | None = None
    adc_bits: int | None = None
    dac_energy: float = 0.3e-12
    adc_energy_per_step: float = 32e-15

    def __post_init__(self) -> None:
        for name in ("dac_bits", "adc_bits"):
            bits = getattr(self, name)
            counted = isinstance(bits, int | np.integer) and not isinstance(bits, bool)
            if bits is not None and not (counted and 1 <= bits <= MOST_BITS):
                raise ValueError(f"{name} is {bits!r}; expected a whole number from 1 to "
                                 f"{MOST_BITS}, or None, which is an ideal converter")
        for name in ("dac_energy", "adc_energy_per_step"):
            nonnegative(name, getattr(self, name), "J")

    def energy(self, inputs: float, currents: float) -> dict[str, float]:
        """Energy [J] of so many conversions of inputs and of currents, by "dac" and "adc"."""
        dac = 0.0 if self.dac_bits is None else self.dac_energy
        adc = 0.0 if self.adc_bits is None else self.adc_energy_per_step * 2**self.adc_bits
        return dict(zip(CONVERTERS, (inputs * dac, currents * adc), strict=True))
