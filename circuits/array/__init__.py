"""The network itself: wires and where they come from, which ends are driven and sensed,
and the devices at the cross-points."""

from circuits.array.array import Array
from circuits.array.devices import Devices
from circuits.array.network import Network
from circuits.array.reference_column import with_reference_column
from circuits.array.resistances import Resistances
from circuits.array.technology import TECHNOLOGIES, Technology, segment_capacitance, wire_resistance
from circuits.array.topology import ColumnSense, RowDrive
from circuits.array.wires import Wires

__all__ = [
    "TECHNOLOGIES", "Array", "ColumnSense", "Devices", "Network", "Resistances", "RowDrive",
    "Technology", "Wires", "segment_capacitance", "wire_resistance", "with_reference_column",
]
