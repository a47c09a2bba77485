"""How warm a pulse makes a cell: an estimate, of which the other panels know nothing."""

import numpy as np
from matplotlib.ticker import LogFormatter

from benchmarks.devices.captions import caption
from benchmarks.devices.layers_figure import fan
from benchmarks.devices.panel_figure import Panel
from benchmarks.devices.pulse_loop import critical
from benchmarks.devices.quantity import Quantity
from device_models import Stack

_WIDTHS = np.geomspace(1e-9, 1e-6, 61)  # [s]
_ROOM = 300.0  # [K]


def heat(panel: Panel, stack: Stack) -> str:
    """The rise at each layer's critical voltage over pulse width, to the Curie temperature."""
    channel = stack.channel_heat()
    _axes(panel)
    beyond = []
    for t, colour in fan(stack):
        magnet, name = stack.magnet(t), f"{t * 1e9:.2f} nm"
        rise = channel.rise(critical(magnet) / magnet.channel_resistance, _WIDTHS)
        solid = rise < magnet.curie_temperature - _ROOM
        if np.any(solid):
            panel.curve(_WIDTHS[solid] * 1e9, rise[solid], name, color=colour)
        else:
            beyond.append(name)
    ends = "Each line ends at the Curie temperature" + (
        f"; beyond it within 1 ns: {', '.join(beyond)}." if beyond else ".")
    way = "a measured thermal resistance" if channel.thermal_resistance else (
        f"{channel.resistance:.0f} " r"$\mathrm{\Omega}$ on a half-space of "
        f"{channel.conductivity:g} W/(m K)")
    return caption(stack, (
        f"stated: nothing.\nassumed: all: Joule heat of the channel, {way}. {ends} Too warm to be "
        r"all of it for thick layers, whose $V_\mathrm{c}$ is stated."),
        f"Estimate: Joule heat of the channel, {way}. {ends}", [f"channel.{key}" for key in (
            "sheet_resistance_ohm_per_sq", "resistivity_uohm_cm", "width_um", "length_um",
            *(["thermal_resistance_k_per_w"] if channel.thermal_resistance else [
                "conductivity_w_per_m_k", "heat_capacity_mj_per_m3_k"]))])


def _axes(panel: Panel) -> None:
    """Logarithmic both; numbers of three digits in full, so that the axis' name has its place."""
    panel.show(Quantity("pulse width", "ns"), Quantity(r"rise at $V_\mathrm{c}$", "K"))
    panel.axes.set(xscale="log", yscale="log", xlim=(_WIDTHS[0] * 1e9, _WIDTHS[-1] * 1e9))
    for axis in (panel.axes.xaxis, panel.axes.yaxis):
        axis.set_major_formatter(LogFormatter())
        axis.set_minor_formatter(LogFormatter(minor_thresholds=(1.5, 0.5)))
