"""What every mapping does: signed weights become conductances, column currents signed results."""

from typing import Protocol

from crossbar.mapping.levels import Levels
from device_models import Synapse
from device_models.checks import Floats


class Mapping(Protocol):
    """A way to hold signed weights in devices whose conductance is positive."""

    def outputs_per_tile(self, columns: int) -> int:
        """How many outputs fit into a tile with `columns` physical columns; 0 if none does."""

    def columns(self, outputs: int) -> int:
        """How many physical columns `outputs` outputs of one tile take."""

    def levels(self, synapse: Synapse, v: float) -> Levels:
        """The signed differences a weight can take, at read voltage `v` [V]."""

    def conductances(self, difference: Floats, synapse: Synapse, v: float) -> Floats:
        """Programmed devices (rows, columns) [S] for differences (rows, outputs) [S]."""

    def decoder(self, outputs: int) -> Floats:
        """Matrix (columns, outputs) [1] from column currents to signed results."""
