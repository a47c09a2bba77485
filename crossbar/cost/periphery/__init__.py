"""What stands around the arrays, and what it takes: every number with its unit and source."""

from crossbar.cost.periphery.adc import ConverterCost, SurveyADC
from crossbar.cost.periphery.amplifiers import Amplifier, Driver
from crossbar.cost.periphery.cell import Cell
from crossbar.cost.periphery.dac import CapacitiveDAC
from crossbar.cost.periphery.digital import Digital
from crossbar.cost.periphery.hwcomponents import HwcomponentsADC
from crossbar.cost.periphery.nodes import NODES, area_scale, delay_scale, energy_scale, supply
from crossbar.cost.periphery.periphery import Periphery

__all__ = [
    "NODES", "Amplifier", "CapacitiveDAC", "Cell", "ConverterCost", "Digital", "Driver",
    "HwcomponentsADC", "Periphery", "SurveyADC", "area_scale", "delay_scale", "energy_scale",
    "supply",
]
