"""Fig. 4a, b, e, f: loops of one compound over field and voltage, of one cell or of three."""

import numpy as np
from matplotlib.axes import Axes

from benchmarks.devices.captions import caption
from benchmarks.devices.panel_figure import (
    FALLING,
    FIELD,
    PULSE_VOLTAGE,
    RESISTANCE,
    RISING,
    draw_sweep,
    minor_reach,
    one_thickness,
    there_and_back,
)
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
from device_models import Stack
from device_models.magnet import resistance_field_loop
from device_models.switching import voltage_sweep


def field_loop(axes: Axes, stack: Stack, cells: int) -> str:
    t, h = one_thickness(stack), there_and_back(minor_reach(stack))
    r_p, r_ap, h_c = cells_of(stack, t, cells)
    each = resistance_field_loop(np.broadcast_to(h, (cells, len(h))), r_p, r_ap, h_c,
                                 stack.magnetics.device_offset or 0.0)
    r = 1 / np.sum(1 / each, axis=0) / 1e3
    draw_sweep(axes, h * 1e3, r, "falling", "rising")
    axes.set(xlabel=FIELD, ylabel=RESISTANCE)
    axes.legend()
    if cells == 1:
        return caption(stack, (
            "stated: H_c about 10 mT +-15 %.\nassumed: R at 1.7 nm (dome), no offset"),
            "Easy-axis loop, abrupt steps.",
            ("magnetics.device_coercivity_mt", "magnetics.device_offset_mt"))
    return caption(stack, (
        "stated: parallel resistors, 4 states.\nassumed: one draw of the cells' spread "
        f"(R_P, TMR 4 %, H_c 15 %), seed {SEED}"),
        f"Parallel resistors; one draw of the cells' spread, seed {SEED}.",
        [f"variability.{key}" for key in ("sigma_r_p", "sigma_tmr", "sigma_h_c")])


def _sign(stack: Stack) -> int:
    """Of the voltage that writes AP."""
    return int(stack.writing_magnet(one_thickness(stack)).spin_sign)


def voltage_loop(axes: Axes, stack: Stack, cells: int) -> str:
    t, in_plane = one_thickness(stack), not is_perpendicular(stack)
    sign = _sign(stack)  # first towards AP, from parallel cells
    loop = pulse_loop(stack, t, cells, sign * voltage_sweep(reach(stack, t, cells), 81))
    r, v = loop.resistance[0] / 1e3, loop.voltage
    half = len(v) // 2 + 1
    up, down = (f"{mark}V: {name}" for mark, name in zip(
        "+-"[::sign], ("P to AP", "AP to P"), strict=True))
    for part, colour, label in ((slice(None, half), RISING, up), (slice(half - 1, None), FALLING,
                                                                  down)):
        axes.step(v[part], r[part], ".-", where="post", ms=2, lw=0.8, color=colour, label=label)
    axes.set(xlabel=PULSE_VOLTAGE, ylabel=RESISTANCE)
    axes.legend(fontsize=6)
    sense = "the field turns with the pulse" if in_plane else "one in-plane field for both signs"
    shown = (f"{'Up to breakdown' if stack.tables.breakdown else 'Up to 1.5 V_c'}; {sense}, "
             f"{write_pulse(stack)[1] * 1e3:g} mT.")
    if cells == 1:
        return caption(stack, (
            "stated: directions, 200 ns pulses, |H| 6-10 mT (6 here).\n"
            "assumed: macrospin switching, fitted to V_c; symmetric in sign"),
            shown, (*PULSE, *DRIVE))
    return caption(stack, (
        "stated: 4 states, one cell after the other, 200 ns, -6 mT.\nassumed: spread of V_c "
        f"6 % (seed {SEED}), 900 ohm in series with\nthe channel (fits the stated +20-30 %)"),
        f"{shown} One draw of the spread, seed {SEED}.", (*PULSE, "variability.sigma_v_c"))
