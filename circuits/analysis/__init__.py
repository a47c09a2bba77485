"""What is asked of a circuit beyond its currents:
settling, charging, noise, reads of single rows, pictures."""

from circuits.analysis.charging import charging_energy
from circuits.analysis.noise import ColumnNoise, column_noise, noise_transfer, sample_noise
from circuits.analysis.pictures import draw_currents, draw_drop, draw_voltages
from circuits.analysis.selection import Unselected, read_rows
from circuits.analysis.settling import elmore_delay, settling_time, slowest_time_constant

__all__ = [
    "ColumnNoise", "Unselected", "charging_energy", "column_noise", "draw_currents", "draw_drop",
    "draw_voltages", "elmore_delay", "noise_transfer", "read_rows", "sample_noise", "settling_time",
    "slowest_time_constant",
]
