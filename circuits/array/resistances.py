"""The resistances around the devices, told apart by what they belong to."""

from dataclasses import dataclass, replace

import numpy as np

from circuits.array.network import Network
from circuits.array.topology import ColumnSense, RowDrive
from circuits.array.wires import Wires
from device_models.checks import Floats


@dataclass(frozen=True, eq=False)
class Resistances:
    """What lies in series in the resistances of a `Network`; zero where they are infinite.

    Parameters
    ----------
    row_wire, column_wire : (m, n + 1), (m + 1, n) arrays
        The wires' part [ohm].
    source, sense : (m, 1), (1, n) arrays
        The drivers' and the amplifiers' part [ohm].
    """

    row_wire: Floats
    column_wire: Floats
    source: Floats
    sense: Floats

    @classmethod
    def of(
        cls, shape: tuple[int, int], wires: Wires, drive: RowDrive, sense: ColumnSense
    ) -> "Resistances":
        """Those of an array of `shape`."""
        (m, n), bare = shape, replace(wires, source=0.0, sense=0.0)
        network = Network.build(np.zeros(shape), bare, drive, sense)
        source = np.where(np.isinf(wires.source), 0.0, wires.source)
        return cls(
            np.where(np.isinf(network.row_z), 0.0, network.row_z),
            np.where(np.isinf(network.column_z), 0.0, network.column_z),
            np.broadcast_to(source, (m,))[:, None],
            np.broadcast_to(wires.sense, (n,))[None],
        )
