"""How a network is laid out for the merging of blocks."""

from dataclasses import dataclass

import numpy as np

from circuits.array.network import Network
from circuits.kernels import ports
from device_models.checks import Floats


@dataclass(frozen=True)
class Layout:
    """Turned (columns for rows), then mirrored left to right, then upside down.

    In it rows are at least as many as columns, and lines that have one end have it on the left
    or at the bottom.
    """

    turned: bool
    mirrored: bool
    flipped: bool

    @classmethod
    def of(cls, network: Network) -> "Layout":
        """The layout of a network."""
        m, n = network.g.shape
        rows, columns = network.row_z, network.column_z.T
        if m < n:
            rows, columns = columns, rows
        return cls(m < n, not ends(rows)[0] and ends(rows)[1],
                   ends(columns)[0] and not ends(columns)[1])

    def apply(self, network: Network) -> Network:
        """The network in this layout."""
        return Network(self.do(network.g),
                       self.do(network.column_z if self.turned else network.row_z),
                       self.do(network.row_z if self.turned else network.column_z))

    def do(self, values: Floats) -> Floats:
        """An array (rows, columns, ...) in this layout, contiguous."""
        values = values.swapaxes(0, 1) if self.turned else values
        values = values[:, ::-1] if self.mirrored else values
        return np.ascontiguousarray(values[::-1] if self.flipped else values)

    def undo(self, values: Floats) -> Floats:
        """The inverse of `do`."""
        values = values[::-1] if self.flipped else values
        values = values[:, ::-1] if self.mirrored else values
        return np.ascontiguousarray(values.swapaxes(0, 1) if self.turned else values)


def ends(z: Floats) -> tuple[bool, bool]:
    """Whether any line with resistances `z` (lines, nodes + 1) has a first, and a last end."""
    return bool(np.isfinite(z[:, 0]).any()), bool(np.isfinite(z[:, -1]).any())


def conductances(z: Floats) -> Floats:
    """Those of resistances [S]: at most `ports.SHORT`, and none below `ports.OPEN`."""
    with np.errstate(divide="ignore", over="ignore"):
        return without_open(np.minimum(1.0 / z, ports.SHORT))


def without_open(y: Floats) -> Floats:
    """Conductances [S] with 0 for what counts as open."""
    return np.where(y < ports.OPEN, 0.0, y)
