"""What an inference costs on the arrays. `read_energy` of a Keras model is in `reading.py` and
`crossbar.read_energy`: nothing else here needs Keras."""

from crossbar.cost.matrix import Moments, matrix_energy
from crossbar.cost.report import EnergyReport

__all__ = ["EnergyReport", "Moments", "matrix_energy"]
