"""What the paper's Fig. 3 shows, from the model: M(H) and R(H), and what depends on thickness."""

from collections.abc import Sequence

import numpy as np

from benchmarks.devices.captions import caption
from benchmarks.devices.layers_figure import fan, minor_reach, one_thickness, there_and_back
from benchmarks.devices.marks import Marks
from benchmarks.devices.page_figure import Page, draw
from benchmarks.devices.panel_figure import Panel
from benchmarks.devices.quantity import FIELD, MOMENT, RESISTANCE
from benchmarks.devices.thickness_figure import fields, resistance_keys, resistances
from benchmarks.inputs.paper import is_paper
from device_models import Stack
from device_models.magnet import resistance_field_loop
from device_models.stacks import film_branches, film_major_loop, major_loop
from device_models.stacks.errors import given

_FILM = ("film_coercivity_mt", "saturation_field_mt", "exchange_field_mt")


def draw_magnetics(stack: Stack, marks: Sequence[Marks] = ()) -> Page:
    """Fig. 3a-f, with `marks` beside the model."""
    shape = "thickness" in stack.lacking
    return draw(stack, "3", {
        "a": ("major $M(H)$ of the film", _film_major),
        "b": ("major $R(H)$, 1 cell", _device_major),
        "c": ("minor $M(H)$ of the film", _film_minor),
        "d": ("minor $R(H)$, 1 cell", _device_minor),
        "e": ("fields over thickness", fields),
        "f": ("states of compounds" if shape else "resistance and TMR over thickness",
              resistances)}, marks)


def _keys(table: str, *keys: str) -> list[str]:
    return [f"{table}.{key}" for key in keys]


def _thin(stack: Stack) -> float:
    """The paper's major loops are of its thinnest layer; another stack's of its usual one."""
    return stack.thickness_range[0] if is_paper(stack) else one_thickness(stack)


def _film_reach(stack: Stack) -> float:
    """Half of a sweep that turns the free film [T]: the paper's, else some more than saturates."""
    saturation = given(stack.magnetics.saturation_field, "saturation_field")
    return 20e-3 if is_paper(stack) else 1.5 * max(saturation.values)


def _film_major(panel: Panel, stack: Stack) -> str:
    t = _thin(stack)
    h = there_and_back(given(stack.magnetics.major_sweep, "major_sweep"), 1201)
    panel.show(FIELD, MOMENT)
    panel.sweep(h * 1e3, film_major_loop(stack, t, h), ("falling", "rising"), steps=False)
    fine = there_and_back(_film_reach(stack))
    panel.enlarge((0.15, 0.46, 0.33, 0.4), fine * 1e3, film_major_loop(stack, t, fine),
                  "free layer")
    return caption(stack, (
        r"stated: the free layer switches at about $\pm5$ mT, apart from the reference layer "
        "(enlarged, dotted lines; no moment is stated).\nassumed: shape (tanh, hysteron), equal "
        r"$M_\mathrm{s}$, reference layer from 90 mT (stated of $R(H)$) and 150 mT; the pinned "
        "layer's own reversal is left out."),
        r"$M$ of free and reference layer along the easy axis at "
        f"{t * 1e9:.4g} nm, the free layer enlarged: tanh for the film, a hysteron "
        r"for the reference layer, equal $M_\mathrm{s}$.", [*_keys(
            "magnetics", *_FILM, "reference_flip_mt", "reference_rise_mt"),
            "process.reference_nm"])


def _device_major(panel: Panel, stack: Stack) -> str:
    t = _thin(stack)
    h = there_and_back(given(stack.magnetics.major_sweep, "major_sweep"), 1201)
    panel.show(FIELD, RESISTANCE)
    panel.sweep(h * 1e3, major_loop(stack, t, h) / 1e3, ("falling", "rising"), steps=True)
    return caption(stack, (
        r"stated: P at +300 mT, AP (33.8 $\mathrm{k\Omega}$) from +90 mT, P (25.2 "
        r"$\mathrm{k\Omega}$) by $-10$ mT, at 1.6 nm."
        "\nassumed: abrupt steps, return at 150 mT; "
        r"$R_\mathrm{AP}$ is from the stated TMR of 33 %."),
        f"Easy-axis loop at {t * 1e9:.4g} nm with abrupt steps.", [*_keys(
            "magnetics", "device_coercivity_mt", "reference_flip_mt", "reference_rise_mt"),
            *resistance_keys(stack)])


def _film_minor(panel: Panel, stack: Stack) -> str:
    reach = _film_reach(stack)
    h = np.linspace(-reach, reach, 401)
    panel.show(FIELD, MOMENT)
    for i, (t, colour) in enumerate(fan(stack)):
        for branch, m in zip(("falling", "rising"), film_branches(stack, t, h), strict=True):
            panel.curve(h * 1e3, m, f"{t * 1e9:.2f} nm, {branch}", shift=2.3 * i, color=colour,
                        label=f"{t * 1e9:.2f} nm" if branch == "rising" else "")
    panel.axes.set(ylabel=f"{MOMENT.label}, shifted", yticks=[])
    return caption(stack, (
        r"stated: $H_\mathrm{c}$ about 5 mT, $H_\mathrm{ex}$ 2.5 to 0.4 and $H_\mathrm{s}$ 12.7 to "
        r"14.8 mT at the ends." "\nassumed: tanh through them (99 % at $H_\\mathrm{s}$), linear "
        "between the ends."),
        r"Easy-axis loops: tanh through $H_\mathrm{c}$, 99 % at $H_\mathrm{s}$, linear over "
        "thickness.", _keys("magnetics", *_FILM))


def _device_minor(panel: Panel, stack: Stack) -> str:
    h, film = there_and_back(minor_reach(stack)), stack.magnetics
    panel.show(FIELD, RESISTANCE)
    for t, colour in fan(stack):
        mtj = stack.mtj(t)
        r = resistance_field_loop(h, mtj.r_p, mtj.r_ap, film.device_coercivity,
                                  film.device_offset or 0.0)
        panel.curve(h * 1e3, r / 1e3, f"{t * 1e9:.2f} nm", steps=True, color=colour)
    return caption(stack, (
        r"stated: coercivity about 10 mT $\pm$ 15 % at every thickness, sharp transitions; "
        r"$R_\mathrm{P}$ and $R_\mathrm{AP}$ at 1.6 nm."
        "\nassumed: $R_\\mathrm{P}$ but at 1.6 nm; no offset (stated: small, of either sign)."),
        "Easy-axis loops with one coercivity for every thickness.", [
            *_keys("magnetics", "device_coercivity_mt", "device_offset_mt"),
            *resistance_keys(stack)])
