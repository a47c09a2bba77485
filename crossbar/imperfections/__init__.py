"""What stands between a wanted and a real conductance.
One effect a file; `devices.py` lets them all act."""

from crossbar.imperfections.devices import ImperfectDevices
from crossbar.imperfections.failed_writes import FailedWrites
from crossbar.imperfections.imperfection import Imperfection
from crossbar.imperfections.spread import Spread

__all__ = ["FailedWrites", "ImperfectDevices", "Imperfection", "Spread"]
