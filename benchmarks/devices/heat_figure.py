"""How warm a pulse makes a cell: an estimate, of which the other panels know nothing."""

import numpy as np
from matplotlib.axes import Axes

from benchmarks.devices.captions import caption
from benchmarks.devices.panel_figure import beside, fan
from benchmarks.devices.pulse_loop import critical
from device_models import Stack

_WIDTHS = np.geomspace(1e-9, 1e-6, 61)  # [s]


def heat(axes: Axes, stack: Stack) -> str:
    """Rise of temperature over the width of pulses at each layer's critical voltage."""
    channel = stack.channel_heat()
    for t, colour in fan(stack):
        magnet = stack.magnet(t)
        rise = channel.rise(critical(magnet) / magnet.channel_resistance, _WIDTHS)
        left = rise < magnet.curie_temperature - 300.0
        axes.loglog(_WIDTHS[left] * 1e9, rise[left], color=colour, label=f"{t * 1e9:.2f} nm")
    axes.set(xlabel="pulse width (ns)", ylabel=r"rise at $V_\mathrm{c}$ (K)")
    beside(axes)
    return caption(stack, (
        "assumed: all of it. Joule heat of 115 ohm per square into a half-space of oxide, up to "
        "the Curie temperature: it cannot hold for thick layers, whose V_c is stated"),
        "Estimate: Joule heat of the channel into what lies under it.",
        ("channel.sheet_resistance_ohm_per_sq", "channel.width_um", "channel.length_um"))
