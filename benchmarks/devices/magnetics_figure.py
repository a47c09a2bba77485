"""What the paper's Fig. 3 shows, from the model: M(H) and R(H), and what depends on thickness."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes

from benchmarks.devices.captions import caption
from benchmarks.devices.page_figure import Overlay, draw
from benchmarks.devices.panel_figure import (
    FALLING,
    FIELD,
    RESISTANCE,
    RISING,
    beside,
    circles,
    draw_sweep,
    fan,
    marker,
    minor_reach,
    one_thickness,
    there_and_back,
    thicknesses,
)
from benchmarks.inputs.paper import is_paper
from device_models import Stack
from device_models.checks import Floats
from device_models.magnet import resistance_field_loop
from device_models.stacks import film_branches, film_major_loop, major_loop, slow_coercivity
from device_models.stacks.errors import given

_PINNED = 2.6  # [nm] of reference and CoFe on it, stated; beside 1.6 nm of free layer
_FILM = ("film_coercivity_mt", "saturation_field_mt", "exchange_field_mt")


def draw_magnetics(
    path: Path, stack: Stack, overlays: Mapping[str, Overlay] | None = None
) -> dict[str, str]:
    """Fig. 3a-f; the panels left out and why."""
    return draw(path, stack, "3", (2, 3), {
        "a": ("major M(H) of the film", _film_major), "b": ("major R(H), 1 cell", _device_major),
        "c": ("minor M(H) of the film", _film_minor), "d": ("minor R(H), 1 cell", _device_minor),
        "e": ("fields over thickness", _fields),
        "f": ("R and TMR over thickness", _resistances)}, overlays or {})


def _keys(table: str, *keys: str) -> list[str]:
    return [f"{table}.{key}" for key in keys]


def _thin(stack: Stack) -> float:
    """The paper's major loops are of its thinnest layer; another stack's of its usual one."""
    return stack.thickness_range[0] if is_paper(stack) else one_thickness(stack)


def _film_major(axes: Axes, stack: Stack) -> str:
    t, h = _thin(stack), there_and_back(given(stack.magnetics.major_sweep, "major_sweep"))
    moment = film_major_loop(stack, t, h)
    draw_sweep(axes, h * 1e3, moment, "falling", "rising")
    turned = -_PINNED / (1.6 + _PINNED)  # the moment, where the free layer's own is zero
    circles(axes, stack, [-5, 5], [turned, turned])
    axes.set(xlabel=FIELD, ylabel=r"$M/M_\mathrm{s}$ of free and reference layer")
    axes.legend()
    return caption(stack, (
        "stated: free layer switches at about +-5 mT, apart from the reference layer.\n"
        "assumed: shape (tanh, hysteron), equal M_s, reference layer from 90 mT\n"
        "(stated of R(H)) and 150 mT; the pinned layer's own reversal is left out"),
        f"Easy-axis loop at {t * 1e9:.2f} nm: tanh for the film, a hysteron for the reference "
        "layer, equal M_s.", [*_keys(
            "magnetics", *_FILM, "reference_flip_mt", "reference_rise_mt"),
            "process.reference_nm"])


def _device_major(axes: Axes, stack: Stack) -> str:
    t = _thin(stack)
    h = there_and_back(given(stack.magnetics.major_sweep, "major_sweep"), 3001)
    draw_sweep(axes, h * 1e3, major_loop(stack, t, h) / 1e3, "falling", "rising")
    circles(axes, stack, [300, 90, -10], [25.2, 33.8, 25.2])
    axes.set(xlabel=FIELD, ylabel=RESISTANCE)
    axes.legend()
    return caption(stack, (
        "stated: P at +300 mT, AP (33.8 kohm) from +90, P (25.2) by -10 mT, 1.6 nm.\n"
        "assumed: abrupt steps, return at 150 mT; R_AP is from the stated TMR of 33 %"),
        f"Easy-axis loop at {t * 1e9:.2f} nm with abrupt steps.", [*_keys(
            "magnetics", "device_coercivity_mt", "reference_flip_mt", "reference_rise_mt"),
            *_resistance_keys(stack)])


def _film_minor(axes: Axes, stack: Stack) -> str:
    saturation = given(stack.magnetics.saturation_field, "saturation_field")
    reach = 20e-3 if is_paper(stack) else 1.5 * max(saturation.values)
    h = there_and_back(reach)
    for i, (t, colour) in enumerate(fan(stack)):
        falling, rising = film_branches(stack, t, h)
        axes.plot(h * 1e3, falling + 2.3 * i, color=colour)
        axes.plot(h * 1e3, rising + 2.3 * i, color=colour)
        axes.text(-1e3 * reach, 2.3 * i - 0.85, f"{t * 1e9:.2f} nm", color=colour, fontsize=6)
    axes.set(xlabel=FIELD, ylabel=r"$M/M_\mathrm{s}$, shifted", yticks=[])
    return caption(stack, (
        "stated: H_c about 5 mT, H_ex 2.5 to 0.4 and H_s 12.7 to 14.8 mT at the ends.\n"
        "assumed: tanh through them (99 % at H_s), linear between the ends"),
        "Easy-axis loops: tanh through H_c, 99 % at H_s, linear over thickness.",
        _keys("magnetics", *_FILM))


def _device_minor(axes: Axes, stack: Stack) -> str:
    h, film = there_and_back(minor_reach(stack)), stack.magnetics
    for t, colour in fan(stack):
        mtj = stack.mtj(t)
        r = resistance_field_loop(h, mtj.r_p, mtj.r_ap, film.device_coercivity,
                                  film.device_offset or 0.0)
        axes.plot(h * 1e3, r / 1e3, color=colour, label=f"{t * 1e9:.2f} nm")
    circles(axes, stack, [-10, 10], [25.2, 33.8])
    axes.set(xlabel=FIELD, ylabel=RESISTANCE)
    beside(axes)
    return caption(stack, (
        "stated: coercivity about 10 mT +-15 % at every thickness, sharp transitions.\n"
        "assumed: R_P but at 1.6 nm; no offset (stated: small, of either sign)"),
        "Easy-axis loops with one coercivity for every thickness.", [
            *_keys("magnetics", "device_coercivity_mt", "device_offset_mt"),
            *_resistance_keys(stack)])


def _fields(axes: Axes, stack: Stack) -> str:
    film, t = stack.magnetics, thicknesses(stack, 41)
    for curve, name, stated in ((film.exchange_field, r"$H_\mathrm{ex}$", (2.5, 0.4)),
                                (film.saturation_field, r"$H_\mathrm{s}$", (12.7, 14.8))):
        if curve:
            axes.plot(t * 1e9, [curve(x) * 1e3 for x in t], marker=marker(stack),
                      label=f"{name}, film")
            circles(axes, stack, [1.6, 2.6], stated)
    for field, spread, name in (
            (film.film_coercivity, film.film_coercivity_spread, r"$H_\mathrm{c}$, film"),
            (film.device_coercivity, film.device_coercivity_spread, r"$H_\mathrm{c}$, device")):
        if field:
            _band(axes, stack, t * 1e9, field * 1e3, spread or 0.0, name)
    if stack.tables.switching and stack.tables.channel:  # a magnet takes them
        slow = [slow_coercivity(stack, x) * 1e3 for x in t]
        axes.plot(t * 1e9, slow, "k--", lw=1, marker=marker(stack),
                  label=r"$H_\mathrm{c}$, Sharrock's law")
    axes.set(xlabel="free layer (nm)", ylabel=r"$\mu_0 H$ (mT)")
    _room_for_legend(axes)
    return caption(stack, (
        "stated: ends of H_ex and H_s, H_c of film (+-12 %) and device (+-15 %, bands).\n"
        "assumed: lines between the ends; dashed: shape anisotropy, M_s = 1 MA/m,\n"
        "1 s, which the stated flat coercivity overrides"),
        "Dashed: the macrospin's easy-axis anisotropy over 1 s, an upper bound.",
        _keys("magnetics", "device_coercivity_mt", *_FILM, "saturation_magnetisation_ka_per_m",
              "interface_anisotropy_mj_per_m2"))


def _band(axes: Axes, stack: Stack, x: Floats, value: float, spread: float, name: str) -> None:
    """One value over all `x`, and what its relative `spread` [1] allows."""
    line, = axes.plot(x, np.full(len(x), value), marker=marker(stack), label=name)
    axes.fill_between(x, value * (1 - spread), value * (1 + spread), alpha=0.15,
                      color=line.get_color())


def _room_for_legend(axes: Axes) -> None:
    """From zero, or with a logarithmic scale where one curve dwarfs the others."""
    y = np.concatenate([line.get_ydata() for line in axes.lines])
    if y.min() > 0 and y.max() > 20 * np.median(y):
        axes.set(yscale="log", ylim=(y.min() / 1.5, y.max() * 8))
    else:
        axes.set(ylim=(min(0.0, 1.1 * float(y.min())), 1.28 * float(y.max())))
    axes.legend(ncol=2, fontsize=6, loc="upper center")


def _resistances(axes: Axes, stack: Stack) -> str:
    t = thicknesses(stack, 61)
    mtjs = [stack.mtj(x) for x in t]
    axes.plot(t * 1e9, [m.r_p / 1e3 for m in mtjs], color=FALLING, label=r"$R_\mathrm{P}$",
              marker=marker(stack))
    axes.plot(t * 1e9, [m.r_ap / 1e3 for m in mtjs], color=RISING, label=r"$R_\mathrm{AP}$",
              marker=marker(stack))
    circles(axes, stack, [1.6, 1.6], [25.2, 33.8])
    axes.set(xlabel="free layer (nm)", ylabel=RESISTANCE,
             ylim=(0, max(m.r_ap for m in mtjs) * 1.15e-3))
    axes.legend(loc="lower left")
    right = axes.twinx()
    right.spines["right"].set_visible(True)
    right.plot(t * 1e9, [100 * m.tmr for m in mtjs], color="#7b3294", label="TMR",
               marker=marker(stack))
    circles(right, stack, [1.6, 1.9, 2.6], [33, 40, 78])
    right.set(ylabel="TMR (%)", ylim=(0, max(m.tmr for m in mtjs) * 135))
    right.legend(loc="lower right")
    return caption(stack, (
        "stated: 25.2, 33.8 kohm at 1.6 nm, a dome; TMR 33, 40, 78 %, exponential.\n"
        "assumed: height and shape of the dome, within RA 2.2-3.6 kohm um^2"),
        "Low bias, 300 K.", _resistance_keys(stack))


def _resistance_keys(stack: Stack) -> list[str]:
    return [key for key in stack.tags if key.startswith(("resistance", "tmr"))
            and "thickness" not in key]
