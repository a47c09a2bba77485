"""Fig. 4g, h: whether compounds of three cells switch before they break."""

import numpy as np

from benchmarks.devices.captions import caption
from benchmarks.devices.layers_figure import fan, marker, thicknesses
from benchmarks.devices.panel_figure import FALLING, RISING, Panel
from benchmarks.devices.pulse_loop import (
    DRIVE,
    PULSE,
    critical,
    pulse_loop,
    setting_steps,
    write_pulse,
)
from benchmarks.devices.quantity import THICKNESS, VOLTAGE, VOLTS, Quantity
from device_models import Stack
from device_models.switching import pulse_field


def compound_loops(panel: Panel, stack: Stack) -> str:
    assist, full = write_pulse(stack)[1], stack.switching.full_switching_field
    fields = full.values if full else (assist, assist)
    steps = setting_steps(stack, 3, fields[-1], 1.2, 151)
    panel.show(VOLTS, Quantity("$R/R$ of all parallel", "1"))
    for t, colour in fan(stack):
        field = float(np.interp(t, stack.thickness_range, (fields[0], fields[-1])))
        loop = pulse_loop(stack, t, 3, steps, field, initial_parallel=False)
        r = loop.resistance[0] / loop.resistance[0][-1]
        signed = pulse_field(stack.magnet(t), -1, field) * 1e3
        name = f"{t * 1e9:.2f} nm, ${signed:+.1f}$ mT"
        panel.curve(steps, r, name, steps=True, color=colour)
        if stack.tables.breakdown:
            v_b = float(stack.tables.breakdown.voltage(t, 3))
            last = r[np.flatnonzero(np.abs(steps) <= v_b)[-1]]  # what the pulses before have left
            broken = [np.copysign(v_b, steps[-1])]
            panel.curve(broken, [last], rf"$V_\mathrm{{b}}$, {t * 1e9:.2f} nm", label="",
                        color=colour, ls="none", marker="x", ms=6, mew=1.5, zorder=4)
    series, spread = stack.switching.common_series or 0.0, stack.variability().sigma_v_c
    return caption(stack, (
        r"stated: 4 states; 20 to 30 % above 1 cell at $-6$ mT; $-8.5$ mT at 2.6 nm."
        f"\nassumed: {series:g} " r"$\mathrm{\Omega}$ in series, $V_\mathrm{c}$ spread "
        f"{100 * spread:g} %. " r"Crosses: $V_\mathrm{b}$. That the thick ones switch below "
        r"$V_\mathrm{b}$, as stated, this model does not give (contradiction 9)."),
        "Crosses: breakdown, beyond which no cell would live.",
        (*PULSE, "variability.sigma_v_c", "channel.pitch_um", "breakdown.one_cell_v"))


def breakdown(panel: Panel, stack: Stack) -> str:
    t, assist = thicknesses(stack, 41), write_pulse(stack)[1]
    panel.show(THICKNESS, VOLTAGE)
    for cells, colour in ((1, FALLING), (3, RISING)):
        magnets = [stack.writing_magnet(x, cells) for x in t]
        v_c = [critical(m, assist) for m in magnets]
        signed = pulse_field(magnets[0], -1, assist) * 1e3
        panel.curve(t * 1e9, stack.breakdown.voltage(t, cells), rf"$V_\mathrm{{b}}$, $n={cells}$",
                    color=colour, marker=marker(stack))
        panel.curve(t * 1e9, v_c, rf"$V_\mathrm{{c}}$, $n={cells}$", ls="--",
                    color=colour, marker=marker(stack))
    panel.floor = True
    shape = f"{stack.breakdown.shape:g}" if stack.breakdown.shape else "-"
    return caption(stack, (
        r"stated: ends of $V_\mathrm{b}$, 1.8 to 2.0 V and 1.7 to 1.9 V."
        f"\nassumed: lines between; Weibull weakest link of shape {shape} from 1 to 3 cells; "
        rf"$V_\mathrm{{c}}$ at ${signed:g}$ mT, as in the panels before."),
        rf"Weibull weakest link; $V_\mathrm{{c}}$ at ${signed:g}$ mT of the macrospin, an upper "
        "bound.",
        ("breakdown.one_cell_v", "breakdown.shape", *DRIVE))
