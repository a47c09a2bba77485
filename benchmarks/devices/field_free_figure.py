"""Fig. 4c, d: what pulses do without an assist field, in the plane and out of it."""

import numpy as np
from matplotlib.axes import Axes

from benchmarks.devices.captions import caption
from benchmarks.devices.panel_figure import PULSE_VOLTAGE, beside, circles, fan, marker, thicknesses
from benchmarks.devices.pulse_loop import (
    DRIVE,
    SEED,
    critical,
    pulse_loop,
    setting_steps,
    write_pulse,
)
from device_models import Stack
from device_models.stacks.errors import given
from device_models.switching import (
    field_free_probability,
    switching_probability,
)

TOSSES = 200  # perpendicular cells whose mean a field-free loop shows
_DEVICES = 10


def field_free_loops(axes: Axes, stack: Stack) -> str:
    steps = setting_steps(stack, 1, 0.0, 1.1, 111)
    for t, colour in fan(stack):
        loop = pulse_loop(stack, t, 1, steps, 0.0, initial_parallel=False)
        axes.step(steps, loop.resistance[0] / stack.mtj(t).r_p, where="post", color=colour,
                  label=f"{t * 1e9:.2f} nm")
    circles(axes, stack, [-0.7, -2.0], [1.0, 1.0])
    axes.set(xlabel=PULSE_VOLTAGE, ylabel=r"$R/R_\mathrm{P}$")
    beside(axes)
    return caption(stack, (
        "stated: V_c 0.7 to 2.0 V from 1.6 to 2.6 nm.\nassumed: macrospin with M_s, K_s, "
        "damping fitted to those two;\nthe devices shown are ones that do switch without field"),
        "Macrospin, devices that do switch without field.", ("switching.pulse_ns", *DRIVE))


def tosses(axes: Axes, stack: Stack) -> str:
    """Out of the plane: every pulse above the threshold tosses a coin for either state."""
    steps = setting_steps(stack, 1, 0.0, 1.1, 56)
    for t, colour in fan(stack):
        loop = pulse_loop(stack, t, 1, steps, 0.0, initial_parallel=False,
                     devices=TOSSES)
        axes.plot(steps, 100 * np.mean(loop.parallel, axis=(0, 2)), color=colour,
                  label=f"{t * 1e9:.2f} nm")
    axes.axhline(50, color="k", lw=0.6, ls=":")
    axes.set(xlabel=PULSE_VOLTAGE, ylabel=f"parallel of {TOSSES} antiparallel cells (%)",
             ylim=(-3, 103))
    beside(axes)
    return caption(stack, "", (
        "Without in-plane field a strong pulse is a coin toss: half of the cells."),
        ("switching.pulse_ns", *DRIVE))


def field_free(axes: Axes, stack: Stack) -> str:
    drive, t = stack.switching, thicknesses(stack, 6)
    law = (given(drive.field_free_middle, "field_free_middle"),
           given(drive.field_free_width, "field_free_width"))
    share = field_free_probability(t, *law)
    drawn = np.random.default_rng(SEED).binomial(_DEVICES, share) / _DEVICES
    width = 0.6 * (t[1] - t[0]) * 1e9 if len(t) > 1 else 0.1
    axes.bar(t * 1e9, 100 * drawn, width=width, color="#9ecae9",
             label="10 devices, drawn")
    fine = thicknesses(stack, 101)
    axes.plot(fine * 1e9, 100 * field_free_probability(fine, *law), "k",
              marker=marker(stack), label="law")
    circles(axes, stack, [2.6], [0])
    axes.set(xlabel="free layer (nm)", ylabel="devices that switch without field (%)")
    axes.legend()
    return caption(stack, (
        "stated: falls to zero at 2.6 nm; with field every device switches.\n"
        "assumed: Phi((2.1 nm - t)/0.17 nm), all else"),
        "Phi((middle - t)/width).",
        ("switching.field_free_middle_nm", "switching.field_free_width_nm"))


def assisted(axes: Axes, stack: Stack) -> str:
    """Out of the plane: the coin toss at zero field, and how little field decides it."""
    pulse, assist = write_pulse(stack)
    field = np.linspace(-0.1, 0.1, 201) * assist
    for t, colour in fan(stack):
        magnet = stack.magnet(t)
        volt = 1.2 * magnet.spin_sign * critical(magnet)
        axes.plot(field * 1e3, 100 * switching_probability(magnet, volt, pulse, field),
                  color=colour, label=f"{t * 1e9:.2f} nm")
    axes.axhline(50, color="k", lw=0.6, ls=":")
    axes.axvline(0, color="k", lw=0.6, ls=":")
    axes.set(xlabel=r"$\mu_0 H_x$ along the current (mT)",
             ylabel=r"P to AP by 1.2 $V_\mathrm{c}$ (%)", ylim=(-3, 103))
    beside(axes)
    return caption(stack, "", (
        "Field against heat, for slow pulse edges; a faster fall rings and returns a part."),
        ("switching.pulse_ns", "magnetics.damping", *DRIVE[1:]))
