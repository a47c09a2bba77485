"""What of a device's power its write channel takes when it is read."""

import numpy as np

from crossbar.hardware import Hardware
from crossbar.tiles.matrix import Tile
from device_models import CompoundMTJ
from device_models.checks import Floats


def channel_shares(tile: Tile, hardware: Hardware) -> Floats | float:
    """Share of the power of each device of a tile that its channel takes: (rows, columns) [1].

    That of the pattern of parallel cells that conducts as much, at the read voltage; in between it
    is interpolated, as for cells that spread. The junctions take the rest. Trimmed resistors and
    synapses without a channel have none.
    """
    compound = getattr(hardware.synapse, "synapse", hardware.synapse)  # that of a continuum
    if not isinstance(compound, CompoundMTJ) or compound.channel is None:
        return 0.0
    conductance = compound.pattern_conductances(hardware.read_voltage)
    shares = compound.channel_shares(hardware.read_voltage)
    order = np.argsort(conductance, kind="stable")
    found = np.interp(tile.circuit.conductance, conductance[order], shares[order])
    trimmed = hardware.mapping.trimmed(tile.outputs.stop - tile.outputs.start)[tile.own]
    return np.where(trimmed, 0.0, found)
