"""Fig. 4c, d: what pulses do without an assist field, in the plane and out of it."""

import numpy as np

from benchmarks.devices.captions import caption
from benchmarks.devices.layers_figure import fan, marker, thicknesses
from benchmarks.devices.panel_figure import Panel
from benchmarks.devices.pulse_loop import (
    DRIVE,
    SEED,
    critical,
    pulse_loop,
    setting_steps,
    write_pulse,
)
from benchmarks.devices.quantity import THICKNESS, VOLTS, Quantity
from device_models import Stack
from device_models.stacks.errors import given
from device_models.switching import field_free_probability, switching_probability

TOSSES = 200  # perpendicular cells whose mean a field-free loop shows
_DEVICES = 10


def field_free_loops(panel: Panel, stack: Stack) -> str:
    steps = setting_steps(stack, 1, 0.0, 1.1, 111)
    panel.show(VOLTS, Quantity(r"$R/R_\mathrm{P}$", "1"))
    for t, colour in fan(stack):
        loop = pulse_loop(stack, t, 1, steps, 0.0, initial_parallel=False)
        panel.curve(steps, loop.resistance[0] / stack.mtj(t).r_p, f"{t * 1e9:.2f} nm", steps=True,
                    color=colour)
    return caption(stack, (
        r"stated: $V_\mathrm{c}$ 0.7 to 2.0 V from 1.6 to 2.6 nm (dotted lines)."
        "\nassumed: macrospin with $M_\\mathrm{s}$, $K_\\mathrm{s}$, damping fitted to those two; "
        "the devices shown are ones that do switch without field."),
        "Macrospin, devices that do switch without field.", ("switching.pulse_ns", *DRIVE))


def tosses(panel: Panel, stack: Stack) -> str:
    """Out of the plane: every pulse above the threshold tosses a coin for either state."""
    steps = setting_steps(stack, 1, 0.0, 1.1, 56)
    panel.show(VOLTS, Quantity("parallel cells", "%"))
    for t, colour in fan(stack):
        loop = pulse_loop(stack, t, 1, steps, 0.0, initial_parallel=False, devices=TOSSES)
        panel.curve(steps, 100 * np.mean(loop.parallel, axis=(0, 2)), f"{t * 1e9:.2f} nm",
                    color=colour, marker=".", ms=2.5, lw=0.8)
    panel.axes.axhline(50, color="k", lw=0.6, ls=":")
    panel.axes.set_ylim(-3, 103)
    return caption(stack, "", (
        f"{TOSSES} antiparallel cells, pulse after pulse. Without in-plane field a strong pulse "
        "is a coin toss: half of the cells."),
        ("switching.pulse_ns", *DRIVE))


def field_free(panel: Panel, stack: Stack) -> str:
    drive, t = stack.switching, thicknesses(stack, 6)
    law = (given(drive.field_free_middle, "field_free_middle"),
           given(drive.field_free_width, "field_free_width"))
    panel.show(THICKNESS, Quantity("field-free switching", "%"))
    drawn = np.random.default_rng(SEED).binomial(
        _DEVICES, field_free_probability(t, *law)) / _DEVICES
    width = 0.6 * (t[1] - t[0]) * 1e9 if len(t) > 1 else 0.1
    name = f"{_DEVICES} devices, drawn"
    panel.axes.bar(t * 1e9, 100 * drawn, width=width, color="#9ecae9", label=name)
    panel.keep(t * 1e9, 100 * drawn, name)
    fine = thicknesses(stack, 101)
    panel.curve(fine * 1e9, 100 * field_free_probability(fine, *law), "law", color="k",
                marker=marker(stack))
    middle, wide = (f"{value * 1e9:g} nm" for value in law)
    return caption(stack, (
        "stated: falls to zero at 2.6 nm; with field every device switches."
        f"\nassumed: $\\Phi$(({middle} $-$ $t$)/{wide}), all else."),
        r"$\Phi$((middle $-$ $t$)/width) of devices switch without field.",
        ("switching.field_free_middle_nm", "switching.field_free_width_nm"))


def assisted(panel: Panel, stack: Stack) -> str:
    """Out of the plane: the coin toss at zero field, and how little field decides it."""
    pulse, assist = write_pulse(stack)
    field = np.linspace(-0.1, 0.1, 201) * assist
    panel.show(Quantity(r"field along the current $\mu_0H_x$", "mT"),
               Quantity("switched, P to AP", "%"))
    for t, colour in fan(stack):
        magnet = stack.magnet(t)
        volt = 1.2 * magnet.spin_sign * critical(magnet)
        panel.curve(field * 1e3, 100 * switching_probability(magnet, volt, pulse, field),
                    f"{t * 1e9:.2f} nm", color=colour)
    panel.axes.axhline(50, color="k", lw=0.6, ls=":")
    panel.axes.axvline(0, color="k", lw=0.6, ls=":")
    panel.axes.set_ylim(-3, 103)
    return caption(stack, "", (
        r"One pulse of 1.2 $V_\mathrm{c}$. Field against heat, for slow pulse edges; a faster "
        "fall rings and returns a part."),
        ("switching.pulse_ns", "magnetics.damping", *DRIVE[1:]))
