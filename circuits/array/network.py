"""A crossbar as arrays of numbers: what the solvers work on."""

from dataclasses import dataclass, replace

import numpy as np

from circuits.array.topology import ColumnSense, RowDrive
from circuits.array.wires import Resistance, Wires
from device_models.checks import Floats


@dataclass(frozen=True, eq=False)
class Network:
    """Devices and wires of an array whose driven rows meet sensed columns.

    Parameters
    ----------
    g : (m, n) array
        Conductances of linear devices [S].
    row_z : (m, n + 1) array
        Resistances along each row, from its left to its right end; infinite where the end is
        open [ohm].
    column_z : (m + 1, n) array
        Resistances down each column, from top to bottom; infinite where the end is open [ohm].
    """

    g: Floats
    row_z: Floats
    column_z: Floats

    @classmethod
    def build(cls, g: Floats, wires: Wires, drive: RowDrive, sense: ColumnSense) -> "Network":
        """The network of an array; the shapes of `wires` must fit `g`."""
        m, n = g.shape
        row_z = _segments("row", wires.row, "source", wires.source, m, n, drive.ends)
        column_z = _segments("column", wires.column, "sense", wires.sense, n, m, sense.ends)
        return cls(g, row_z, np.ascontiguousarray(column_z.T))

    def with_devices(self, g: Floats) -> "Network":
        """The same wires with other linear devices."""
        return replace(self, g=g)

    def flipped(self) -> "Network":
        """The same network upside down."""
        return Network(*(np.ascontiguousarray(a[::-1])
                         for a in (self.g, self.row_z, self.column_z)))

    def turned(self) -> "Network":
        """The same network with columns for rows."""
        return Network(*(np.ascontiguousarray(a.T)
                         for a in (self.g, self.column_z, self.row_z)))


def _segments(
    name: str, segment: Resistance, end_name: str, end: Resistance, lines: int, nodes: int,
    driven: tuple[bool, bool],
) -> Floats:
    """Resistances (lines, nodes + 1) [ohm] along the rows; columns are passed as rows."""
    own = np.asarray(segment)
    if name == "column" and own.ndim == 2:
        own = own.T
    if own.ndim == 1:
        own = own[:, None]
    ends = np.asarray(end)
    if own.ndim and own.shape not in ((lines, 1), (lines, nodes + 1)):
        shapes = f"({lines},) or " + (
            f"({lines}, {nodes + 1})" if name == "row" else f"({nodes + 1}, {lines})")
        raise ValueError(f"{name} resistances have shape {np.shape(segment)}; expected one number "
                         f"or {shapes}")
    if ends.ndim and ends.shape != (lines,):
        raise ValueError(f"{end_name} resistances have shape {ends.shape}; expected one number or "
                         f"({lines},)")
    z = np.empty((lines, nodes + 1))
    z[:] = own
    for column, is_driven in zip((0, nodes), driven, strict=True):
        z[:, column] = z[:, column] + ends if is_driven else np.inf
    return z
