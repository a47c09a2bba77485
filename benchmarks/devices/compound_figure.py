"""Fig. 4g, h: whether compounds of three cells switch before they break."""

import numpy as np
from matplotlib.axes import Axes

from benchmarks.devices.captions import caption
from benchmarks.devices.panel_figure import (
    FALLING,
    PULSE_VOLTAGE,
    RISING,
    beside,
    circles,
    fan,
    marker,
    thicknesses,
)
from benchmarks.devices.pulse_loop import (
    DRIVE,
    PULSE,
    critical,
    pulse_loop,
    setting_steps,
    write_pulse,
)
from device_models import Stack
from device_models.switching import pulse_field


def compound_loops(axes: Axes, stack: Stack) -> str:
    assist, full = write_pulse(stack)[1], stack.switching.full_switching_field
    fields = full.values if full else (assist, assist)
    steps = setting_steps(stack, 3, fields[-1], 1.2, 151)
    for t, colour in fan(stack):
        field = float(np.interp(t, stack.thickness_range, (fields[0], fields[-1])))
        loop = pulse_loop(stack, t, 3, steps, field, initial_parallel=False)
        r = loop.resistance[0]
        signed = pulse_field(stack.magnet(t), -1, field) * 1e3
        axes.step(steps, r / r[-1], where="post", color=colour,
                  label=f"{t * 1e9:.2f} nm, {signed:+.1f} mT")
        if stack.tables.breakdown:
            v_b = float(stack.tables.breakdown.voltage(t, 3))
            axes.plot(np.copysign(v_b, steps[-1]),
                      np.interp(v_b, np.abs(steps), r / r[-1]), "x", color=colour)
    axes.set(xlabel=PULSE_VOLTAGE, ylabel=r"$R$/$R$ of all parallel")
    beside(axes)
    return caption(stack, (
        "stated: 4 states; 20-30 % above 1 cell at -6 mT; -8.5 mT at 2.6 nm.\n"
        "assumed: 900 ohm in series, V_c spread 6 %. Crosses: V_b. That the thick ones\n"
        "switch below V_b, as stated, this model does not give (contradiction 9)"),
        "Crosses: breakdown, beyond which no cell would live.",
        (*PULSE, "variability.sigma_v_c", "channel.pitch_um", "breakdown.one_cell_v"))


def breakdown(axes: Axes, stack: Stack) -> str:
    t, assist = thicknesses(stack, 41), write_pulse(stack)[1]
    for cells, colour, stated in ((1, FALLING, (1.8, 2.0)), (3, RISING, (1.7, 1.9))):
        magnets = [stack.writing_magnet(x, cells) for x in t]
        v_c = [critical(m, assist) for m in magnets]
        signed = pulse_field(magnets[0], -1, assist) * 1e3
        axes.plot(t * 1e9, stack.breakdown.voltage(t, cells), color=colour,
                  marker=marker(stack), label=rf"$V_\mathrm{{b}}$, $n$ = {cells}")
        axes.plot(t * 1e9, v_c, "--", color=colour, marker=marker(stack),
                  label=rf"$V_\mathrm{{c}}$, {signed:g} mT, $n$ = {cells}")
        circles(axes, stack, [1.6, 2.6], stated)
    most = max(float(np.max(line.get_ydata())) for line in axes.lines)
    axes.set(xlabel="free layer (nm)", ylabel=r"$V$ (V)", ylim=(0, 1.35 * most))
    axes.legend(loc="upper center", ncol=2)
    return caption(stack, (
        "stated: ends of V_b, 1.8 to 2.0 and 1.7 to 1.9 V.\nassumed: lines between; Weibull "
        "weakest link of shape 20 from 1 to 3 cells;\nV_c as in the panels before"),
        "Weibull weakest link; V_c of the macrospin, an upper bound.",
        ("breakdown.one_cell_v", "breakdown.shape", *DRIVE))
