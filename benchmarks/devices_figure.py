"""What the paper's Fig. 3 shows, from the model: M(H) and R(H), and what depends on thickness."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import matplotlib
import numpy as np
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

from benchmarks.devices_numbers import film_branches, major_loop, why
from device_models import Stack
from device_models.magnetics import (
    anisotropy_field,
    hysteron,
    resistance_field_loop,
    sharrock_coercivity,
    stability_factor,
)

STATED = {"ls": "none", "marker": "o", "mfc": "none", "mec": "k", "ms": 7, "zorder": 5}
FALLING, RISING = "#4c78a8", "#e4572e"
Panel = Callable[[Any, Stack], str]

_STYLE: Any = {"font.size": 8, "axes.spines.top": False, "axes.spines.right": False,
          "legend.frameon": False, "legend.fontsize": 7}


def draw_magnetics(path: Path, stack: Stack) -> dict[str, str]:
    """Fig. 3a-f; the panels left out and why."""
    return draw(path, stack, "3", (2, 3), {
        "a": ("major M(H) of the film", _film_major), "b": ("major R(H), 1 cell", _device_major),
        "c": ("minor M(H) of the film", _film_minor), "d": ("minor R(H), 1 cell", _device_minor),
        "e": ("fields over thickness", _fields), "f": ("R and TMR over thickness", _resistances)})


def draw(path: Path, stack: Stack, number: str, shape: tuple[int, int],
         panels: dict[str, tuple[str, Panel]]) -> dict[str, str]:
    """A page of panels, each with a line on what is measured and what assumed below it."""
    missing = {}
    with matplotlib.rc_context(_STYLE):
        figure = Figure(figsize=(4.2 * shape[1], 4.0 * shape[0]),
                        layout=ConstrainedLayoutEngine(
                            h_pad=0.29, w_pad=0.1, rect=(0, 0.045, 1, 0.935)))
        grid = np.ravel(figure.subplots(*shape))
        for axes, (letter, (title, panel)) in zip(grid, panels.items(), strict=True):
            axes.set_title(f"({letter}) {title}", loc="left", fontweight="bold")
            try:
                line = panel(axes, stack)
            except (ValueError, KeyError) as error:
                missing[f"{number}{letter}"] = why(error)
                axes.clear()
                axes.set_axis_off()
                line = f"({letter}) {title}: this stack lacks what it takes"
            axes.text(0.0, -0.2, line, transform=axes.transAxes, fontsize=6.5, va="top",
                      color="#555555", in_layout=False)
        figure.text(0.5, 0.985, f"{stack.name}: model, laid out as Fig. {number} of Kumar et al. "
                    "2024; open circles: numbers their text states of their own stack",
                    ha="center", va="top", fontsize=9)
        figure.savefig(path, dpi=130)
    return missing


def thicknesses(stack: Stack, count: int) -> Any:
    """From the thinnest to the thickest free layer [m]."""
    return np.linspace(*stack.thickness_range, count)


def colours(count: int) -> Iterable[Any]:
    """From thin to thick."""
    return matplotlib.colormaps["viridis"](np.linspace(0, 0.85, count))


def _sweep(reach: float, points: int = 2001) -> Any:
    down = np.linspace(reach, -reach, points)
    return np.concatenate([down, down[::-1]])


def _film_major(axes: Any, stack: Stack) -> str:
    t, film = stack.thickness_range[0], stack.table("magnetics")
    h = _sweep(0.3)
    half = len(h) // 2
    falling, rising = film_branches(stack, t, h)
    free = np.concatenate([falling[:half], rising[half:]])
    up = hysteron(h, film["reference_rise"], film["reference_flip"], True)
    reference = stack.table("process")["reference"] + stack.table("process")["saf"][0]
    moment = (t * free + reference * np.where(up, 1.0, -1.0)) / (t + reference)
    for part, colour in ((slice(half), FALLING), (slice(half, None), RISING)):
        axes.plot(h[part] * 1e3, moment[part], color=colour)
    axes.plot([-5, 5], np.interp([-5e-3, 5e-3], h[:half][::-1], moment[:half][::-1]), **STATED)
    axes.set(xlabel="field (mT)", ylabel="M/M_s of free and reference layer")
    return ("stated: free layer switches at about +-5 mT, apart from the reference layer.\n"
            "assumed: shape (tanh, hysteron), equal M_s, reference layer from 90 mT\n"
            "(stated of R(H)) and 150 mT; the pinned layer's own reversal is left out")


def _device_major(axes: Any, stack: Stack) -> str:
    t, h = stack.thickness_range[0], _sweep(0.3, 3001)
    r, half = major_loop(stack, t, h) / 1e3, len(h) // 2
    axes.plot(h[:half] * 1e3, r[:half], color=FALLING, label="falling")
    axes.plot(h[half:] * 1e3, r[half:], color=RISING, label="rising")
    axes.plot([300, 90, -10], [25.2, 33.8, 25.2], **STATED)
    axes.set(xlabel="field (mT)", ylabel="R (kohm)")
    axes.legend()
    return ("stated: P at +300 mT, AP (33.8 kohm) from +90, P (25.2) by -10 mT, 1.6 nm.\n"
            "assumed: abrupt steps, return at 150 mT; R_AP is from the stated TMR of 33 %")


def _film_minor(axes: Any, stack: Stack) -> str:
    h = _sweep(20e-3)
    for i, (t, colour) in enumerate(zip(thicknesses(stack, 5), colours(5), strict=True)):
        falling, rising = film_branches(stack, t, h)
        axes.plot(h * 1e3, falling + 2.3 * i, color=colour, label=f"{t * 1e9:.2f} nm")
        axes.plot(h * 1e3, rising + 2.3 * i, color=colour)
    axes.set(xlabel="field (mT)", ylabel="M/M_s, shifted", yticks=[], xlim=(-21, 34))
    axes.legend(loc="lower right")
    return ("stated: H_c about 5 mT, H_ex 2.5 to 0.4 and H_s 12.7 to 14.8 mT at the ends.\n"
            "assumed: tanh through them (99 % at H_s), linear between the ends")


def _device_minor(axes: Any, stack: Stack) -> str:
    h = _sweep(stack.table("magnetics")["minor_sweep"])
    for t, colour in zip(thicknesses(stack, 5), colours(5), strict=True):
        mtj, magnet = stack.mtj(t), stack.magnet(t)
        r = resistance_field_loop(h, mtj.r_p, mtj.r_ap, magnet.coercive_field, magnet.offset_field)
        axes.plot(h * 1e3, r / 1e3, color=colour, label=f"{t * 1e9:.2f} nm")
    axes.plot([-10, 10], [25.2, 33.8], **STATED)
    axes.set(xlabel="field (mT)", ylabel="R (kohm)")
    axes.legend(fontsize=6)
    return ("stated: coercivity about 10 mT +-15 % at every thickness, sharp transitions.\n"
            "assumed: R_P but at 1.6 nm; no offset (stated: small, of either sign)")


def _fields(axes: Any, stack: Stack) -> str:
    film, t = stack.table("magnetics"), thicknesses(stack, 41)
    for key, name, stated in (("exchange_field", "H_ex", (2.5, 0.4)),
                              ("saturation_field", "H_s", (12.7, 14.8))):
        values = [stack.over_thickness("magnetics", key, x) * 1e3 for x in t]
        axes.plot(t * 1e9, values, label=f"{name}, film")
        axes.plot(np.array(film["thickness"]) * 1e9, stated, **STATED)
    for key, name in (("film_coercivity", "H_c, film"), ("device_coercivity", "H_c, device")):
        value, spread = film[key] * 1e3, film[f"{key}_spread"]
        line, = axes.plot(t * 1e9, np.full(len(t), value), label=name)
        axes.fill_between(t * 1e9, value * (1 - spread), value * (1 + spread), alpha=0.15,
                          color=line.get_color())
    size = stack.axes
    m_s = film["saturation_magnetisation"]
    axes.plot(t * 1e9, sharrock_coercivity(anisotropy_field(m_s, *size, t), stability_factor(
        m_s, *size, t)) * 1e3, "k--", lw=1, label="H_c, Sharrock's law")
    axes.set(xlabel="free layer (nm)", ylabel="field (mT)", ylim=(0, 19))
    axes.legend(ncol=2, fontsize=6)
    return ("stated: ends of H_ex and H_s, H_c of film (+-12 %) and device (+-15 %, bands).\n"
            "assumed: lines between the ends; dashed: shape anisotropy, M_s = 1 MA/m,\n"
            "1 s, which the stated flat coercivity overrides")


def _resistances(axes: Any, stack: Stack) -> str:
    t = thicknesses(stack, 61)
    mtjs = [stack.mtj(x) for x in t]
    axes.plot(t * 1e9, [m.r_p / 1e3 for m in mtjs], color=FALLING, label="R_P")
    axes.plot(t * 1e9, [m.r_ap / 1e3 for m in mtjs], color=RISING, label="R_AP")
    axes.plot([1.6, 1.6], [25.2, 33.8], **STATED)
    axes.set(xlabel="free layer (nm)", ylabel="R (kohm)", ylim=(0, None))
    axes.legend(loc="lower left")
    right = axes.twinx()
    right.spines["right"].set_visible(True)
    right.plot(t * 1e9, [100 * m.tmr for m in mtjs], color="#7b3294", label="TMR")
    right.plot([1.6, 1.9, 2.6], [33, 40, 78], **STATED)
    right.set(ylabel="TMR (%)", ylim=(0, None))
    right.legend(loc="upper left")
    return ("stated: 25.2, 33.8 kohm at 1.6 nm, a dome; TMR 33, 40, 78 %, exponential.\n"
            "assumed: height and shape of the dome, within RA 2.2-3.6 kohm um^2")
