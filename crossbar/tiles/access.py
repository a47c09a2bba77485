"""What access transistors take from every device alike, known beforehand and so undone.

A transistor of resistance r in series leaves g/(1 + r g) of a conductance g. Behind it a mapping
stands on the levels of these: it is given a synapse in series, so that a reference, which has a
transistor of its own, is trimmed to the middle of what is read; and the gain is that of the swing
that is left. The outermost levels then count as if there were no transistors. Inner states stay off
by the curvature of g/(1 + r g); what a continuous synapse is set to between them, is set evenly.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from circuits import Wires
from crossbar.hardware import Hardware
from device_models import Synapse
from device_models.checks import Floats


@dataclass(frozen=True, eq=False)
class BehindAccess:
    """A synapse with a resistor in series; conductances and targets are those of both.

    Parameters
    ----------
    synapse : Synapse
        Alone.
    resistance : float
        In series [ohm].
    """

    synapse: Synapse
    resistance: float

    @property
    def continuous(self) -> bool:
        """As of the synapse."""
        return self.synapse.continuous

    def conductances(self, v: float = 0.0) -> Floats:
        """Those of the states at bias `v` [V] over the synapse: (states,) [S]."""
        return self._behind(self.synapse.conductances(v))

    def program(self, target: ArrayLike, v: float = 0.0) -> Floats:
        """What is left of each target [S], any shape, set in the synapse at bias `v` [V]."""
        within = np.clip(target, *self.conductances(v)[[0, -1]])
        return self._behind(self.synapse.program(self.alone(within), v))

    def alone(self, conductance: Floats) -> Floats:
        """The conductance that has `conductance` with the resistor [S], any shape."""
        return np.asarray(conductance / (1.0 - self.resistance * conductance))

    def _behind(self, conductance: Floats) -> Floats:
        return np.asarray(conductance / (1.0 + self.resistance * conductance))


def known_access(wires: Wires) -> float:
    """The resistance that is undone [ohm]: of an array of them the mean."""
    return float(np.mean(wires.access))


def swing_lost(hardware: Hardware) -> float:
    """The outermost level over what access transistors leave of it [1]; 1 without any."""
    access, v = known_access(hardware.wires), hardware.read_voltage
    if access == 0:
        return 1.0
    whole, left = (hardware.mapping.levels(synapse, v).reach for synapse in (
        hardware.synapse, BehindAccess(hardware.synapse, access)))
    return whole / left


def wanted_devices(difference: Floats, hardware: Hardware) -> Floats:
    """Devices (rows, columns) [S] that hold differences (rows, outputs) [S] of the mapping's levels
    as well as their access transistors let them, if they become what they are to be."""
    access, mapping, v = known_access(hardware.wires), hardware.mapping, hardware.read_voltage
    if access == 0:
        return mapping.conductances(difference, hardware.synapse, v)
    behind = BehindAccess(hardware.synapse, access)
    return behind.alone(mapping.moved(difference, hardware.synapse, behind, v))
