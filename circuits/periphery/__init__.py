"""What stands around the array and speaks in numbers:
DACs, ADCs, bit-serial inputs."""

from circuits.periphery.converters import ADC, DAC, BitSerial, quantise

__all__ = ["ADC", "DAC", "BitSerial", "quantise"]
