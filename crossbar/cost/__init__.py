"""What an inference costs on the arrays:
read energy."""

from crossbar.cost.energy import EnergyReport, matrix_energy, read_energy

__all__ = ["EnergyReport", "matrix_energy", "read_energy"]
