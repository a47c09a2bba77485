"""Many devices on channels, each junction at its own voltage: Kirchhoff's laws, part by part."""

from collections.abc import Callable

import numpy as np

from device_models.checks import Floats
from device_models.compound.channel import Channel
from device_models.compound.patterns import junction_shares

_CHUNK = 2**16  # junctions solved at a time, so that they stay in a processor's cache


def channel_conductances(
    channel: Channel, bias: Floats, cells: int, conductance: Callable[[slice, Floats], Floats]
) -> Floats:
    """Current of each junction over the voltage applied to its device: (devices, cells) [S].

    Parameters
    ----------
    channel : Channel
        Of each device, which has one of its own.
    bias : (devices, 1) array
        Between the upper electrodes and the channel's end [V].
    cells : int
        Junctions on a channel.
    conductance : function
        Chord conductances [S] of some devices, a slice of them, at junction voltages (of these
        devices, cells) [V]; the currents grow with them.
    """
    segments, found = channel.segments(cells), np.empty((len(bias), cells))
    size = max(1, _CHUNK // cells)
    for start in range(0, len(bias), size):
        part = slice(start, start + size)
        found[part] = _solved(segments, bias[part], cells, part, conductance)
    return found


def _solved(
    segments: Floats, applied: Floats, cells: int, part: slice,
    conductance: Callable[[slice, Floats], Floats],
) -> Floats:
    """As `channel_conductances`, of the devices in `part`."""
    def chord(share: Floats) -> Floats:
        return conductance(part, applied * share)

    share = junction_shares(chord, segments, (len(applied), cells))
    return chord(share) * share
