"""What is left of a layer's weights on a synapse's states, before any wire."""

from dataclasses import dataclass

from crossbar.hardware import Hardware
from device_models.checks import Floats, real_array


@dataclass(frozen=True, eq=False)
class Quantised:
    """A layer's weights on levels.

    Parameters
    ----------
    difference : (inputs, outputs) array
        Signed conductance differences, each one of the mapping's levels [S].
    gain : float
        Weight that a siemens counts when it is read [1/S].
    """

    difference: Floats
    gain: float

    @property
    def weights(self) -> Floats:
        """The weights (inputs, outputs) that the levels stand for."""
        return self.gain * self.difference


def quantise_weights(weights: Floats, hardware: Hardware) -> Quantised:
    """Put `weights` (inputs, outputs) on the levels of `hardware`: scale, nearest level, gain.

    Raises ValueError or TypeError if `weights` are no matrix of finite numbers.
    """
    weights = real_array("weights", weights, "1")
    if weights.ndim != 2 or not weights.size:
        raise ValueError(f"weights have shape {weights.shape}; expected (inputs, outputs), one or "
                         "more of each")
    synapse, v = hardware.synapse, hardware.read_voltage
    levels = hardware.mapping.levels(synapse, v)
    scale = hardware.scale.fit(weights, levels)
    return Quantised(levels.nearest(weights / scale),
                     hardware.gain.weight_per_siemens(scale, synapse, v))
