"""Fig. 4a, b, e, f: loops of one compound over field and voltage, of one cell or of three."""

import numpy as np

from benchmarks.devices.captions import caption
from benchmarks.devices.layers_figure import minor_reach, one_thickness, there_and_back
from benchmarks.devices.panel_figure import FALLING, RISING, Panel
from benchmarks.devices.pulse_loop import (
    DRIVE,
    PULSE,
    SEED,
    cells_of,
    is_perpendicular,
    pulse_loop,
    reach,
    write_pulse,
)
from benchmarks.devices.quantity import FIELD, RESISTANCE, VOLTS
from device_models import Stack
from device_models.magnet import resistance_field_loop
from device_models.switching import voltage_sweep


def field_loop(panel: Panel, stack: Stack, cells: int) -> str:
    t, h = one_thickness(stack), there_and_back(minor_reach(stack))
    r_p, r_ap, h_c = cells_of(stack, t, cells)
    each = resistance_field_loop(np.broadcast_to(h, (cells, len(h))), r_p, r_ap, h_c,
                                 stack.magnetics.device_offset or 0.0)
    panel.show(FIELD, RESISTANCE)
    panel.sweep(h * 1e3, 1e-3 / np.sum(1 / each, axis=0), ("falling", "rising"), steps=True)
    if cells == 1:
        return caption(stack, (
            r"stated: $H_\mathrm{c}$ about 10 mT $\pm$ 15 % (dotted lines: 10 mT)."
            f"\nassumed: $R$ at {t * 1e9:.4g} nm (dome), no offset."),
            "Easy-axis loop, abrupt steps.",
            ("magnetics.device_coercivity_mt", "magnetics.device_offset_mt"))
    return caption(stack, (
        "stated: parallel resistors, 4 states.\nassumed: one draw of the cells' spread "
        f"({_spread(stack)}), seed {SEED}."),
        f"Parallel resistors; one draw of the cells' spread, seed {SEED}.",
        [f"variability.{key}" for key in ("sigma_r_p", "sigma_tmr", "sigma_h_c")])


def _spread(stack: Stack) -> str:
    spread = stack.variability()
    return (rf"$R_\mathrm{{P}}$ {100 * spread.sigma_r_p:g} %, TMR {100 * spread.sigma_tmr:g} %, "
            rf"$H_\mathrm{{c}}$ {100 * spread.sigma_h_c:g} %")


def voltage_loop(panel: Panel, stack: Stack, cells: int) -> str:
    t, in_plane = one_thickness(stack), not is_perpendicular(stack)
    sign = int(stack.writing_magnet(t, cells).spin_sign)  # of the voltage that writes AP
    loop = pulse_loop(stack, t, cells, sign * voltage_sweep(reach(stack, t, cells), 81))
    r, v = loop.resistance[0] / 1e3, loop.voltage
    half = len(v) // 2 + 1
    panel.show(VOLTS, RESISTANCE)
    for part, name, colour in (
            (slice(None, half), f"${'-+'[sign > 0]}V$, $+H$: P to AP", RISING),
            (slice(half - 1, None), f"${'+-'[sign > 0]}V$, ${'-' if in_plane else '+'}H$: AP to P",
             FALLING)):
        panel.curve(v[part], r[part], name, steps=True, marker=".", ms=1.8, lw=0.8, color=colour)
    sense = "the field turns with the pulse" if in_plane else "one in-plane field for both signs"
    limit = "breakdown" if stack.tables.breakdown else r"1.5 $V_\mathrm{c}$"
    pulse, assist = write_pulse(stack)
    shown = f"A dot is a pulse, up to {limit}; {sense}, {assist * 1e3:g} mT."
    if cells == 1:
        return caption(stack, (
            f"stated: directions, {pulse * 1e9:g} ns pulses (dots), $|H|$ 6 to 10 mT "
            f"({assist * 1e3:g} here).\nassumed: macrospin switching, fitted to $V_\\mathrm{{c}}$; "
            "symmetric in sign."),
            shown, (*PULSE, *DRIVE))
    series = stack.switching.common_series or 0.0
    return caption(stack, (
        f"stated: 4 states, one cell after the other, {pulse * 1e9:g} ns, $-{assist * 1e3:g}$ mT."
        "\nassumed: spread of $V_\\mathrm{c}$ "
        f"{100 * stack.variability().sigma_v_c:g} % (seed {SEED}), {series:g} "
        r"$\mathrm{\Omega}$ in series with the channel (fits the stated +20 to 30 %)."),
        f"{shown} One draw of the spread, seed {SEED}.", (*PULSE, "variability.sigma_v_c"))
