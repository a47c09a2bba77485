"""What an inference costs, and what writing does. `read_energy` of a Keras model is in `reading.py`
and `crossbar.read_energy`; of the files here those that look at models need Keras, no others."""

from crossbar.cost.report import EnergyReport, TileEnergy

__all__ = ["EnergyReport", "TileEnergy"]
