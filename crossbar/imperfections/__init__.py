"""What stands between a wanted and a real conductance.
One effect a file; `devices.py` lets them all act."""

from crossbar.imperfections.ageing import Age, ReadDisturb
from crossbar.imperfections.cells import Cells
from crossbar.imperfections.chance import Chance
from crossbar.imperfections.devices import Imperfections, TileDevices
from crossbar.imperfections.failed_writes import FailedWrites
from crossbar.imperfections.imperfection import Imperfection, OfCells, OfConductance
from crossbar.imperfections.pulsed_writes import PulsedWrites
from crossbar.imperfections.read_noise import ReadNoise
from crossbar.imperfections.spread import Spread

__all__ = ["Age", "Cells", "Chance", "FailedWrites", "Imperfection", "Imperfections", "OfCells",
           "OfConductance", "PulsedWrites", "ReadDisturb", "ReadNoise", "Spread",
           "TileDevices"]
