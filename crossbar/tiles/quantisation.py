"""What is left of a layer's weights on a synapse's states, before any wire."""

from dataclasses import dataclass

import numpy as np

from crossbar.hardware import Hardware
from crossbar.tiles.access import swing_lost
from device_models.checks import Floats, real_array


@dataclass(frozen=True, eq=False)
class Quantised:
    """A layer's weights on levels.

    Parameters
    ----------
    difference : (inputs, outputs) array
        Signed conductance differences, each one of the mapping's levels [S].
    gain : float or (outputs,) array
        Weight that a siemens counts when it is read [1/S].
    undone : float or (outputs,) array
        How much of the gain makes up for what access transistors take from the outermost level [1].
    """

    difference: Floats
    gain: float | Floats
    undone: float | Floats = 1.0

    @property
    def weights(self) -> Floats:
        """The weights (inputs, outputs) that the levels stand for."""
        return np.asarray(self.gain / self.undone * self.difference)


def quantise_weights(weights: Floats, hardware: Hardware) -> Quantised:
    """Put `weights` (inputs, outputs) on the levels of `hardware`: scale, nearest level, gain.

    The gain is told the scale at which the outermost level, read behind the access transistors of
    `hardware.wires` (behind their mean, of an array), still counts the weight it was chosen for.

    Raises ValueError or TypeError if `weights` are no matrix of finite numbers.
    """
    weights = real_array("weights", weights, "1")
    if weights.ndim != 2 or not weights.size:
        raise ValueError(f"weights have shape {weights.shape}; expected (inputs, outputs), one or "
                         "more of each")
    synapse, v = hardware.synapse, hardware.read_voltage
    levels = hardware.levels
    scale = hardware.scale.fit(weights, levels)
    alone, read = (hardware.gain.weight_per_siemens(each, synapse, v)
                   for each in (scale, scale * swing_lost(hardware)))
    return Quantised(levels.nearest(weights / scale), read, read / alone)
