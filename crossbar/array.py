"""One physical array: its size, its wires, and how it cuts up a matrix."""

from dataclasses import dataclass, field

from circuits import ColumnSense, CrossbarCircuit, Law, LinearLaw, RowDrive, Wires
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
    drive : RowDrive
        Ends of the rows that are driven.
    sense : ColumnSense
        Ends of the columns that are sensed.
    """

    tile: tuple[int, int] = (64, 64)
    wires: Wires = field(default_factory=Wires)
    drive: RowDrive = RowDrive.LEFT
    sense: ColumnSense = ColumnSense.BOTTOM

    def __post_init__(self) -> None:
        if not isinstance(self.wires, Wires):
            raise TypeError(f"wires is {self.wires!r}; expected circuits.Wires(...)")
        for name, kind in (("drive", RowDrive), ("sense", ColumnSense)):
            if not isinstance(getattr(self, name), kind):
                raise TypeError(f"{name} is {getattr(self, name)!r}; expected one of "
                                f"{', '.join(map(str, kind))}")
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

    def circuit(self, conductance: Floats, law: Law | None = None) -> CrossbarCircuit:
        """The network of devices (rows, columns) [S] in it, or of branches of a `law`.

        A part of an array is cut to size.
        """
        return CrossbarCircuit(conductance, self.wires, LinearLaw() if law is None else law,
                               self.drive, self.sense)

    def cut(self, shape: tuple[int, int], mapping: Mapping) -> list[tuple[slice, slice]]:
        """Inputs and outputs of each tile of a matrix (inputs, outputs), row by row of tiles."""
        width = mapping.outputs_per_tile(self.columns)
        return [(slice(i, min(i + self.rows, shape[0])), slice(j, min(j + width, shape[1])))
                for i in range(0, shape[0], self.rows) for j in range(0, shape[1], width)]
