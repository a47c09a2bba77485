"""What stands around the array and speaks in numbers:
DACs, ADCs, bit-serial inputs."""

from circuits.periphery.adc import ADC
from circuits.periphery.bit_serial import BitSerial
from circuits.periphery.converter import Converter
from circuits.periphery.dac import DAC
from circuits.periphery.quantisation import quantise

__all__ = ["ADC", "DAC", "BitSerial", "Converter", "quantise"]
