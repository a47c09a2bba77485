"""A crossbar as three arrays of numbers: what the kernels work on."""

from dataclasses import dataclass

import numpy as np

from circuits.wires import Wires
from device_models.checks import Floats


@dataclass(frozen=True)
class Network:
    """Devices and wires of an array whose driven rows meet sensed columns.

    Parameters
    ----------
    g : (m, n) array
        Device conductances [S].
    row_z : (m, n + 1) array
        Resistances along each row, driven end first; infinite where the end is open [ohm].
    column_z : (m + 1, n) array
        Resistances down each column, sensed end last; infinite where the end is open [ohm].
    """

    g: Floats
    row_z: Floats
    column_z: Floats

    @classmethod
    def from_wires(cls, g: Floats, wires: Wires) -> "Network":
        """Rows driven on the left and open on the right; columns sensed below and open above."""
        m, n = g.shape
        row_z = np.full((m, n + 1), wires.row)
        row_z[:, 0] += wires.source
        row_z[:, n] = np.inf
        column_z = np.full((m + 1, n), wires.column)
        column_z[m] += wires.sense
        column_z[0] = np.inf
        return cls(g, row_z, column_z)

    def turned(self) -> "Network":
        """The same network with columns for rows: driven ends last, sensed ends first.

        Row i of the turned network is column i of this one, read from the sensed end; its columns
        are this one's rows, so that the driven ends come last. Turning twice restores it.
        """
        return Network(
            np.ascontiguousarray(self.g.T[::-1, ::-1]),
            np.ascontiguousarray(self.column_z.T[::-1, ::-1]),
            np.ascontiguousarray(self.row_z.T[::-1, ::-1]),
        )
