"""What the paper's Fig. 4 shows, from the model: switching by pulses, probability, breakdown."""

from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.devices.captions import caption, circles
from benchmarks.devices.magnetics_figure import minor_reach
from benchmarks.devices.numbers import breakdown
from benchmarks.devices.page_figure import (
    FALLING,
    RISING,
    draw,
    fan,
    one_thickness,
    over_thickness,
    there_and_back,
    thicknesses,
)
from device_models import CompoundMTJ, PerpendicularMagnet, Stack
from device_models.magnet.magnetics import resistance_field_loop
from device_models.switching.pulses import (
    critical_voltage,
    field_free_probability,
    pulse_field,
    switching_probability,
)
from device_models.switching.sequential import resistance_voltage_loop, voltage_sweep

_SEED = 2  # of the cells' deviations in the 3-cell panels; one that shows every state
_DEVICES = 10
_TOSSES = 200  # perpendicular cells whose mean a field-free loop shows
_DRIVE = ("switching.spin_hall_angle", "magnetics.interface_anisotropy_mj_per_m2",
          "magnetics.saturation_magnetisation_ka_per_m")  # what V_c depends on most
_PULSE = ("switching.pulse_ns", "switching.assist_field_mt")


def draw_switching(path: Path, stack: Stack) -> dict[str, str]:
    """Fig. 4a-h; the panels left out and why."""
    loop = f"{one_thickness(stack) * 1e9:.1f} nm"
    out_of_plane = is_perpendicular(stack)
    return draw(path, stack, "4", (2, 4), {
        "a": (f"R(H), 1 cell, {loop}", lambda axes, s: _field_loop(axes, s, 1)),
        "b": (f"R(V), 1 cell, {loop}", lambda axes, s: _voltage_loop(axes, s, 1)),
        "c": (f"field-free pulses, {_TOSSES} cells", _tosses) if out_of_plane else (
            "field-free R(V), 1 cell", _field_free_loops),
        "d": ("probability over assist field", _assisted) if out_of_plane else (
            "field-free probability", _field_free),
        "e": (f"R(H), 3 cells, {loop}", lambda axes, s: _field_loop(axes, s, 3)),
        "f": (f"R(V), 3 cells, {loop}", lambda axes, s: _voltage_loop(axes, s, 3)),
        "g": ("R(V), 3 cells, with field", _compound_loops),
        "h": ("breakdown and critical voltage", _breakdown)})


def is_perpendicular(stack: Stack) -> bool:
    """Whether the stack's magnet, if it has one, stands out of the plane."""
    try:
        return isinstance(stack.magnet(), PerpendicularMagnet)
    except ValueError:  # the panels say what is missing
        return False


def _pulse(stack: Stack) -> tuple[float, float]:
    """Width [s] and least assist field [T] of a write, or what of them the file lacks."""
    drive = stack.table("switching")
    for key, name in (("pulse", "pulse_ns"), ("assist_field", "assist_field_mt")):
        if key not in drive:
            raise ValueError(f"stack {stack.name!r} has no {name} in [switching]")
    return drive["pulse"], drive["assist_field"][0]


def _cells(stack: Stack, t: float, cells: int) -> tuple[Any, Any, Any]:
    """R_P, R_AP [ohm] and coercive field [T] of the cells of one compound; a single is nominal."""
    mtj, coercive = stack.mtj(t), stack.table("magnetics")["device_coercivity"]
    if cells == 1:
        return np.full(1, mtj.r_p), np.full(1, mtj.r_ap), np.full(1, coercive)
    sample = stack.variability().sample(CompoundMTJ(mtj, cells), 1, _SEED,
                                        coercive_field=coercive)
    r_p = 1 / sample.g_p[0]
    return r_p, r_p * (1 + sample.tmr[0]), sample.coercive_field[0]


def _field_loop(axes: Any, stack: Stack, cells: int) -> str:
    t, h = one_thickness(stack), there_and_back(minor_reach(stack))
    half = len(h) // 2
    r_p, r_ap, h_c = _cells(stack, t, cells)
    each = resistance_field_loop(np.broadcast_to(h, (cells, len(h))), r_p, r_ap, h_c,
                                 stack.table("magnetics").get("device_offset", 0.0))
    r = 1 / np.sum(1 / each, axis=0) / 1e3
    axes.plot(h[:half] * 1e3, r[:half], color=FALLING, label="falling")
    axes.plot(h[half:] * 1e3, r[half:], color=RISING, label="rising")
    axes.set(xlabel="field (mT)", ylabel="R (kohm)")
    axes.legend()
    if cells == 1:
        return caption(stack, (
            "stated: H_c about 10 mT +-15 %.\nassumed: R at 1.7 nm (dome), no offset"),
            "Easy-axis loop, abrupt steps.",
            ("magnetics.device_coercivity_mt", "magnetics.device_offset_mt"))
    return caption(stack, (
        "stated: parallel resistors, 4 states.\nassumed: one draw of the cells' spread "
        f"(R_P, TMR 4 %, H_c 15 %), seed {_SEED}"),
        f"Parallel resistors; one draw of the cells' spread, seed {_SEED}.",
        [f"variability.{key}" for key in ("sigma_r_p", "sigma_tmr", "sigma_h_c")])


def _loop(stack: Stack, t: float, cells: int, voltage: Any, **settings: Any) -> Any:
    """The R(V) loop of a train of pulses, with the stack's spread where there are cells."""
    r_p, r_ap, _ = _cells(stack, t, cells)
    sigma = stack.variability().sigma_v_c if cells > 1 else 0.0
    pulse, assist = _pulse(stack)
    settings = {"assist_field": assist, **settings}
    return resistance_voltage_loop(
        stack.writing_magnet(t, cells), voltage, r_p, r_ap, cells=cells, pulse=pulse,
        spread=sigma, rng=_SEED, **settings)


def _reach(stack: Stack, t: float, cells: int) -> float:
    """Up to breakdown [V]; of a file that states none, half as much again as V_c."""
    if "breakdown" in stack.tables:
        return float(breakdown(stack, t, cells))
    return 1.5 * float(critical_voltage(stack.writing_magnet(t, cells)))


def _voltage_loop(axes: Any, stack: Stack, cells: int) -> str:
    t, in_plane = one_thickness(stack), not is_perpendicular(stack)
    loop = _loop(stack, t, cells, voltage_sweep(_reach(stack, t, cells), 81))
    r, v = loop.resistance[0] / 1e3, loop.voltage
    half = len(v) // 2 + 1
    axes.plot(v[:half], r[:half], ".-", ms=2, lw=0.8, color=RISING, label="+V, +H: P to AP")
    axes.plot(v[half - 1:], r[half - 1:], ".-", ms=2, lw=0.8, color=FALLING,
              label="-V, -H: AP to P" if in_plane else "-V, +H: AP to P")
    axes.set(xlabel="pulse (V)", ylabel="R (kohm)")
    axes.legend(fontsize=6)
    sense = "the field turns with the pulse" if in_plane else "one in-plane field for both signs"
    shown = (f"{'Up to breakdown' if 'breakdown' in stack.tables else 'Up to 1.5 V_c'}; {sense}, "
             f"{_pulse(stack)[1] * 1e3:g} mT.")
    if cells == 1:
        return caption(stack, (
            "stated: directions, 200 ns pulses, |H| 6-10 mT (6 here).\n"
            "assumed: macrospin switching, fitted to V_c; symmetric in sign"),
            shown, (*_PULSE, *_DRIVE))
    return caption(stack, (
        "stated: 4 states, one cell after the other, 200 ns, -6 mT.\nassumed: spread of V_c "
        f"6 % (seed {_SEED}), 900 ohm in series with\nthe channel (fits the stated +20-30 %)"),
        f"{shown} One draw of the spread, seed {_SEED}.", (*_PULSE, "variability.sigma_v_c"))


def _highest(stack: Stack, cells: int, field: float) -> float:
    """The largest critical voltage over the range of thickness [V]."""
    return max(float(critical_voltage(stack.writing_magnet(t, cells), field))
               for t in stack.thickness_range)


def _field_free_loops(axes: Any, stack: Stack) -> str:
    steps = np.linspace(0, -1.1 * _highest(stack, 1, 0.0), 111)
    for t, colour in fan(stack):
        loop = _loop(stack, t, 1, steps, assist_field=0.0, initial_parallel=False)
        axes.plot(steps, loop.resistance[0] / stack.mtj(t).r_p, color=colour,
                  label=f"{t * 1e9:.2f} nm")
    circles(axes, stack, [-0.7, -2.0], [1.0, 1.0])
    axes.set(xlabel="pulse (V)", ylabel="R/R_P")
    axes.legend(fontsize=6)
    return caption(stack, (
        "stated: V_c 0.7 to 2.0 V from 1.6 to 2.6 nm.\nassumed: macrospin with M_s, K_s, "
        "damping fitted to those two;\nthe devices shown are ones that do switch without field"),
        "Macrospin, devices that do switch without field.", ("switching.pulse_ns", *_DRIVE))


def _tosses(axes: Any, stack: Stack) -> str:
    """Out of the plane: every pulse above the threshold tosses a coin for either state."""
    steps = np.linspace(0, -1.1 * _highest(stack, 1, 0.0), 56)
    for t, colour in fan(stack):
        loop = _loop(stack, t, 1, steps, assist_field=0.0, initial_parallel=False,
                     devices=_TOSSES)
        axes.plot(steps, 100 * np.mean(loop.parallel, axis=(0, 2)), color=colour,
                  label=f"{t * 1e9:.2f} nm")
    axes.axhline(50, color="k", lw=0.6, ls=":")
    axes.set(xlabel="pulse (V)", ylabel=f"parallel of {_TOSSES} antiparallel cells (%)",
             ylim=(-3, 103))
    axes.legend(fontsize=6)
    return caption(stack, "", (
        "Without in-plane field a strong pulse is a coin toss: half of the cells."),
        ("switching.pulse_ns", *_DRIVE))


def _field_free(axes: Any, stack: Stack) -> str:
    drive, t = stack.table("switching"), thicknesses(stack, 6)
    law = drive["field_free_middle"], drive["field_free_width"]
    share = field_free_probability(t, *law)
    drawn = np.random.default_rng(_SEED).binomial(_DEVICES, share) / _DEVICES
    width = 0.6 * (t[1] - t[0]) * 1e9 if len(t) > 1 else 0.1
    axes.bar(t * 1e9, 100 * drawn, width=width, color="#9ecae9",
             label="10 devices, drawn")
    fine = thicknesses(stack, 101)
    axes.plot(fine * 1e9, 100 * field_free_probability(fine, *law), "k",
              **over_thickness(stack), label="law")
    circles(axes, stack, [2.6], [0])
    axes.set(xlabel="free layer (nm)", ylabel="devices that switch without field (%)")
    axes.legend()
    return caption(stack, (
        "stated: falls to zero at 2.6 nm; with field every device switches.\n"
        "assumed: Phi((2.1 nm - t)/0.17 nm), all else"),
        "Phi((middle - t)/width).",
        ("switching.field_free_middle_nm", "switching.field_free_width_nm"))


def _assisted(axes: Any, stack: Stack) -> str:
    """Out of the plane: the coin toss at zero field, and how little field decides it."""
    pulse, assist = _pulse(stack)
    field = np.linspace(-0.1, 0.1, 201) * assist
    for t, colour in fan(stack):
        magnet = stack.magnet(t)
        volt = 1.2 * float(critical_voltage(magnet))
        axes.plot(field * 1e3, 100 * switching_probability(magnet, volt, pulse, field),
                  color=colour, label=f"{t * 1e9:.2f} nm")
    axes.axhline(50, color="k", lw=0.6, ls=":")
    axes.axvline(0, color="k", lw=0.6, ls=":")
    axes.set(xlabel="field along the current (mT)", ylabel="P to AP by +1.2 V_c (%)",
             ylim=(-3, 103))
    axes.legend(fontsize=6)
    return caption(stack, "", (
        "Field against heat, for slow pulse edges; a faster fall rings and returns a part."),
        ("switching.pulse_ns", "magnetics.damping", *_DRIVE[1:]))


def _compound_loops(axes: Any, stack: Stack) -> str:
    drive, assist = stack.table("switching"), _pulse(stack)[1]
    fields = drive.get("full_switching_field", (assist, assist))
    reach = 1.2 * _highest(stack, 3, -fields[-1])
    steps = np.linspace(0, -reach, 151)
    for t, colour in fan(stack):
        field = float(np.interp(t, stack.thickness_range, (fields[0], fields[-1])))
        loop = _loop(stack, t, 3, steps, assist_field=field, initial_parallel=False)
        r = loop.resistance[0]
        signed = pulse_field(stack.magnet(t), -1, field) * 1e3
        axes.plot(steps, r / r[-1], color=colour, label=f"{t * 1e9:.2f} nm, {signed:+.1f} mT")
        if stack.tables.get("breakdown"):
            v_b = float(breakdown(stack, t, 3))
            axes.plot(-v_b, np.interp(v_b, -steps, r / r[-1]), "x", color=colour)
    axes.set(xlabel="pulse (V)", ylabel="R/R of all parallel")
    axes.legend(fontsize=5.5, loc="lower right", handlelength=1, handletextpad=0.4,
                borderaxespad=0, bbox_to_anchor=(1.02, 0.02))
    return caption(stack, (
        "stated: 4 states; 20-30 % above 1 cell at -6 mT; -8.5 mT at 2.6 nm.\n"
        "assumed: 900 ohm in series, V_c spread 6 %. Crosses: V_b. That the thick ones\n"
        "switch below V_b, as stated, this model does not give (contradiction 9)"),
        "Crosses: breakdown, beyond which no cell would live.",
        (*_PULSE, "variability.sigma_v_c", "channel.pitch_um", "breakdown.one_cell_v"))


def _breakdown(axes: Any, stack: Stack) -> str:
    t, assist = thicknesses(stack, 41), _pulse(stack)[1]
    for cells, colour, stated in ((1, FALLING, (1.8, 2.0)), (3, RISING, (1.7, 1.9))):
        magnets = [stack.writing_magnet(x, cells) for x in t]
        v_c = [float(critical_voltage(m, pulse_field(m, -1, assist))) for m in magnets]
        signed = pulse_field(magnets[0], -1, assist) * 1e3
        axes.plot(t * 1e9, breakdown(stack, t, cells), color=colour,
                  **over_thickness(stack), label=f"V_b, n = {cells}")
        axes.plot(t * 1e9, v_c, "--", color=colour, **over_thickness(stack),
                  label=f"V_c at {signed:g} mT, n = {cells}")
        circles(axes, stack, [1.6, 2.6], stated)
    axes.set(xlabel="free layer (nm)", ylabel="V", ylim=(0, None))
    axes.legend(fontsize=6)
    return caption(stack, (
        "stated: ends of V_b, 1.8 to 2.0 and 1.7 to 1.9 V.\nassumed: lines between; Weibull "
        "weakest link of shape 20 from 1 to 3 cells;\nV_c as in the panels before"),
        "Weibull weakest link; V_c of the macrospin, an upper bound.",
        ("breakdown.one_cell_v", "breakdown.shape", *_DRIVE))
