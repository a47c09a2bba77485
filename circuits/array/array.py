"""All that describes an array, as solvers and solutions take it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from circuits.array.devices import Devices
from circuits.array.network import Network
from circuits.array.resistances import Resistances
from circuits.array.topology import ColumnSense, RowDrive
from circuits.array.wires import Wires
from circuits.copies import ReadOnly
from circuits.laws import Law
from circuits.laws.law import is_linear
from device_models.checks import Floats


def check_kinds(wires: object, drive: object, sense: object) -> None:
    """Refuse what is not `Wires`, a `RowDrive` and a `ColumnSense`."""
    for name, value, kind in (("wires", wires, Wires), ("drive", drive, RowDrive),
                              ("sense", sense, ColumnSense)):
        if not isinstance(value, kind):
            raise TypeError(f"{name} is {value!r}; expected a circuits.{kind.__name__}")


@dataclass(frozen=True, eq=False)
class Array(ReadOnly):
    """Devices, wires, and at which ends the array is driven and sensed.

    Parameters
    ----------
    devices : Devices
        The devices with their access transistors, m rows and n columns of them.
    wires : Wires
        Wire, source and sense resistances [ohm].
    drive : RowDrive
        Driven ends of the rows.
    sense : ColumnSense
        Sensed ends of the columns.
    """

    devices: Devices
    wires: Wires
    drive: RowDrive
    sense: ColumnSense

    @classmethod
    def of(
        cls, conductance: Floats, law: Law, wires: Wires, drive: RowDrive, sense: ColumnSense
    ) -> "Array":
        """The array of conductances ([branches,] m, n) [S].

        Raises
        ------
        ValueError
            If the access resistances do not fit.
        """
        shape = conductance.shape[-2:]
        access = np.asarray(wires.access)
        if access.ndim and access.shape != shape:
            raise ValueError(f"access resistances have shape {access.shape}; expected one number "
                             f"or {shape}")
        devices = Devices(conductance.reshape(-1, *shape), law, np.broadcast_to(access, shape))
        return cls(devices, wires, drive, sense)

    @property
    def shape(self) -> tuple[int, int]:
        """Numbers of rows and columns."""
        return self.devices.conductance.shape[1], self.devices.conductance.shape[2]

    @property
    def linear(self) -> bool:
        """Whether currents are proportional to voltages."""
        return is_linear(self.devices.law)

    @cached_property
    def network(self) -> Network:
        """The wires, with the slopes of the devices at zero bias.

        Raises
        ------
        ValueError
            If resistances do not fit the array, or a slope is no conductance.
        """
        slope = self.devices.slope(np.zeros((*self.shape, 1)))[:, :, 0]
        if not np.all(slope >= 0) or np.any(np.isinf(slope)):
            raise ValueError(f"{self.devices.law!r} has the slope {slope.min():g} S at 0 V; "
                             "expected finite conductances, zero or more: currents that do not "
                             "fall with voltage")
        return Network.build(slope, self.wires, self.drive, self.sense)

    @cached_property
    def resistances(self) -> Resistances:
        """What dissipates around the devices."""
        return Resistances.of(self.shape, self.wires, self.drive, self.sense)
