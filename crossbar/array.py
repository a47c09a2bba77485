"""One physical array: its size, its wires, and how it cuts up a matrix."""

from dataclasses import dataclass, field

from circuits import CrossbarCircuit, Wires
from crossbar.mapping import Mapping
from device_models.checks import Floats, whole


@dataclass(frozen=True)
class Array:
    """A tile without its devices.

    Parameters
    ----------
    tile : (int, int)
        Physical rows and columns.
    wires : Wires
        Wire, source and sense resistances [ohm].
    """

    tile: tuple[int, int] = (64, 64)
    wires: Wires = field(default_factory=Wires)

    def __post_init__(self) -> None:
        if not isinstance(self.wires, Wires):
            raise TypeError(f"wires is {self.wires!r}; expected circuits.Wires(...)")
        if not isinstance(self.tile, (tuple, list)) or len(self.tile) != 2:
            raise ValueError(f"tile is {self.tile!r}; expected (rows, columns)")
        rows, columns = (whole("tile size", side, 1) for side in self.tile)
        object.__setattr__(self, "tile", (rows, columns))

    @property
    def rows(self) -> int:
        """Physical rows."""
        return self.tile[0]

    @property
    def columns(self) -> int:
        """Physical columns."""
        return self.tile[1]

    def circuit(self, conductance: Floats) -> CrossbarCircuit:
        """The network of devices (rows, columns) [S] in it; a part of an array is cut to size."""
        return CrossbarCircuit(conductance, self.wires)

    def cut(self, shape: tuple[int, int], mapping: Mapping) -> list[tuple[slice, slice]]:
        """Inputs and outputs of each tile of a matrix (inputs, outputs), row by row of tiles."""
        width = mapping.outputs_per_tile(self.columns)
        return [(slice(i, min(i + self.rows, shape[0])), slice(j, min(j + width, shape[1])))
                for i in range(0, shape[0], self.rows) for j in range(0, shape[1], width)]
