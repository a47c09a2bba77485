"""Fig. 3e, f: what depends on the thickness of the free layer."""

import numpy as np

from benchmarks.devices.captions import caption
from benchmarks.devices.layers_figure import marker, thicknesses
from benchmarks.devices.panel_figure import FALLING, RISING, Panel
from benchmarks.devices.quantity import FIELD, RESISTANCE, THICKNESS, TMR, Quantity
from device_models import CompoundMTJ, Stack
from device_models.checks import Floats
from device_models.stacks import slow_coercivity

_TMR_COLOUR = "#7b3294"


def fields(panel: Panel, stack: Stack) -> str:
    panel.show(THICKNESS, FIELD)
    _measured_fields(panel, stack, thicknesses(stack, 41))
    y = np.concatenate([line.get_ydata() for line in panel.axes.lines])
    if y.min() > 0 and y.max() > 20 * np.median(y):  # one curve dwarfs the others
        panel.axes.set_yscale("log")
    panel.floor = True
    return caption(stack, (
        r"stated: ends of $H_\mathrm{ex}$ and $H_\mathrm{s}$; $H_\mathrm{c}$ of film, $\pm$ 12 %, "
        r"and device, $\pm$ 15 %, at every thickness (bars)."
        "\nassumed: lines between the ends; dashed: shape anisotropy, $M_\\mathrm{s}$ = 1 MA/m, "
        "1 s, which the stated flat coercivity overrides."),
        "Dashed: the macrospin's easy-axis anisotropy over 1 s, an upper bound.",
        [f"magnetics.{key}" for key in (
            "device_coercivity_mt", "film_coercivity_mt", "saturation_field_mt",
            "exchange_field_mt", "saturation_magnetisation_ka_per_m",
            "interface_anisotropy_mj_per_m2")])


def _measured_fields(panel: Panel, stack: Stack, t: Floats) -> None:
    """What the file says of film and device at `t` [m], and what a macrospin would have."""
    film = stack.magnetics
    for curve, name, colour in ((film.exchange_field, r"$H_\mathrm{ex}$, film", "#4c78a8"),
                                (film.saturation_field, r"$H_\mathrm{s}$, film", "#54a24b")):
        if curve:
            panel.curve(t * 1e9, [curve(x) * 1e3 for x in t], name, color=colour,
                        marker=marker(stack))
    for field, spread, name, colour in (
            (film.film_coercivity, film.film_coercivity_spread, r"$H_\mathrm{c}$, film", "#7b3294"),
            (film.device_coercivity, film.device_coercivity_spread, r"$H_\mathrm{c}$, device",
             "#e4572e")):
        if field:
            _band(panel, stack, t * 1e9, field * 1e3, spread or 0.0, name, colour)
    if stack.tables.switching and stack.tables.channel:  # a magnet takes them
        slow = [slow_coercivity(stack, x) * 1e3 for x in t]
        panel.curve(t * 1e9, slow, r"$H_\mathrm{c}$, Sharrock's law", color="k", ls="--", lw=1,
                    marker=marker(stack))


def _band(panel: Panel, stack: Stack, x: Floats, value: float, spread: float, name: str,
          colour: str) -> None:
    """One value over all `x`, and what its relative `spread` [1] allows."""
    panel.curve(x, np.full(len(x), value), name, marker=marker(stack), color=colour)
    panel.axes.fill_between(x, value * (1 - spread), value * (1 + spread), alpha=0.15, lw=0,
                            color=colour)


def resistances(panel: Panel, stack: Stack) -> str:
    """Over thickness, where the file knows of any; else the states of compounds."""
    if "thickness" in stack.lacking:
        return _states(panel, stack)
    t = thicknesses(stack, 61)
    mtjs = [stack.mtj(x) for x in t]
    panel.show(THICKNESS, RESISTANCE)
    panel.show_right(TMR)
    for name, r, colour in ((r"$R_\mathrm{P}$", [m.r_p for m in mtjs], FALLING),
                            (r"$R_\mathrm{AP}$", [m.r_ap for m in mtjs], RISING)):
        panel.curve(t * 1e9, np.array(r) / 1e3, name, color=colour, marker=marker(stack))
    panel.curve(t * 1e9, [100 * m.tmr for m in mtjs], "TMR", right=True, color=_TMR_COLOUR, ls="--",
                label="TMR (right)", marker=marker(stack))
    panel.floor = True
    return caption(stack, (
        r"stated: 25.2 and 33.8 $\mathrm{k\Omega}$ at 1.6 nm, a dome; TMR 33, 40, 78 %, "
        "exponential.\nassumed: height and shape of the dome, within RA 2.2 to 3.6 "
        r"$\mathrm{k\Omega\,\mu m^2}$."),
        "Low bias, 300 K.", resistance_keys(stack))


def _states(panel: Panel, stack: Stack) -> str:
    """What one junction's numbers make of n of them, read in parallel."""
    panel.show(Quantity("antiparallel cells", "1"), RESISTANCE)
    for cells, colour in ((1, RISING), (2, _TMR_COLOUR), (3, FALLING)):
        g = np.sort(CompoundMTJ(stack.mtj(), cells).conductances())[::-1]
        name = "1 cell" if cells == 1 else f"{cells} cells"
        panel.curve(np.arange(cells + 1), 1e-3 / g, name, color=colour, marker="s", ms=4, lw=0.8,
                    ls=":")
    panel.axes.set_xticks(range(4))
    panel.floor = True
    return caption(stack, "", (
        f"Equal cells in parallel, TMR {100 * stack.mtj().tmr:.3g} %, low bias."),
        resistance_keys(stack))


def resistance_keys(stack: Stack) -> list[str]:
    """What the file says of resistances."""
    return [key for key in stack.tags if key.startswith(("resistance", "tmr"))
            and "thickness" not in key]
