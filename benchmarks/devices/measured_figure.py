"""One's own measurements as they were taken, the model of the same thickness and cells beside them.
"""

from functools import partial
from string import ascii_lowercase

import numpy as np
from scipy.stats import beta

from benchmarks.devices.captions import caption
from benchmarks.devices.marks import Marks
from benchmarks.devices.measurements import Measured, Measurements, half_width
from benchmarks.devices.misfit_table import SHOWN
from benchmarks.devices.page_figure import Draw, Page, draw
from benchmarks.devices.panel_figure import FALLING, RISING, Panel
from benchmarks.devices.pulse_loop import is_perpendicular, pulse_loop
from benchmarks.devices.quantity import FIELD, RESISTANCE, VOLTAGE, VOLTS, Quantity, plain
from benchmarks.output.left_out import LEFT_OUT
from device_models import CompoundMTJ, Loop, Stack
from device_models.checks import Floats
from device_models.magnet import resistance_field_loop
from device_models.measured.device_files import CountsOfCells
from device_models.reliability import breakdown_probability, mean_breakdown
from device_models.stacks.errors import given
from device_models.switching import pulse_field, switching_probability
from device_models.switching.pulse import written_by

_SHARE = Quantity("share of devices", "%")
_MISFIT = Quantity("measured over model $-$ 1", "%")
_COLOURS = (FALLING, RISING, "#54a24b", "#7b3294")


def draw_measured(stack: Stack, found: Measurements) -> Page:
    """A panel for each kind, thickness and number of cells, and the misfits of all quantities."""
    panels: list[tuple[str, Draw]] = []
    for loops, title, paint in ((found.field_loops, "$R(H)$", _field_loops),
                                (found.voltage_loops, "$R(V)$", _voltage_loops)):
        groups: dict[tuple[float, int], list[Measured[Loop]]] = {}
        for each in loops:
            groups.setdefault((each.thickness, each.cells), []).append(each)
        panels += [(f"{title}, {_named(stack, *key)}", partial(paint, loops=some,
                                                                source=found.source))
                   for key, some in sorted(groups.items())]
    if found.counts:
        panels.append(("switched cells", partial(_counts, all_counts=found.counts,
                                                 source=found.source)))
    if found.breakdown:
        panels.append(("breakdown", partial(_breakdown, broken=found.breakdown,
                                            source=found.source)))
    if found.misfits:
        panels.append(("misfits", partial(_misfits, found=found)))
    return draw(stack, "5", {_letter(i): each for i, each in enumerate(panels)}, (),
                "measured, and the model of the same thickness and number of cells")


def _letter(i: int) -> str:
    return ascii_lowercase[i % 26] * (i // 26 + 1)


def _named(stack: Stack, t: float, cells: int) -> str:
    number = "1 cell" if cells == 1 else f"{cells} cells"
    return number if "thickness" in stack.lacking else f"{number}, {t * 1e9:.4g} nm"


def _field_loops(panel: Panel, stack: Stack, loops: list[Measured[Loop]], source: str) -> str:
    panel.show(FIELD, RESISTANCE)
    first = loops[0]
    h = first.data.swept
    mtj, film = stack.mtj(first.thickness), stack.tables.magnetics
    if film is not None and film.device_coercivity:
        r = resistance_field_loop(h, mtj.r_p, mtj.r_ap, film.device_coercivity,
                                  film.device_offset or 0.0) / first.cells
        panel.curve(h * 1e3, r / 1e3, "model", steps=True, color=RISING)
        shown = "Nominal cells, abrupt steps."
    else:
        shown = _levels(panel, stack, first)
    _mark_loops(panel, loops, source, 1e3)
    return caption(stack, shown, shown, ("resistance.r_p_kohm", "magnetics.device_coercivity_mt"))


def _voltage_loops(panel: Panel, stack: Stack, loops: list[Measured[Loop]], source: str) -> str:
    panel.show(VOLTS, RESISTANCE)
    first = loops[0]
    v, r = first.data.swept, first.data.resistance
    try:
        loop = pulse_loop(stack, first.thickness, first.cells, v, first.assist_field,
                          initial_parallel=bool(r[0] < (r.min() + r.max()) / 2))
    except LEFT_OUT as error:
        shown = f"{_levels(panel, stack, first)} No loop of the model: {error}."
    else:
        panel.curve(v, loop.resistance[0] / 1e3, "model", steps=True, color=RISING)
        field = "the file's assist field" if first.assist_field is None else (
            f"{1e3 * first.assist_field:.3g} mT")
        shown = f"Pulses of the file's width, {field}; one draw of the cells' spread."
    _mark_loops(panel, loops, source, 1.0)
    return caption(stack, shown, shown, ("resistance.r_p_kohm", "switching.pulse_ns",
                                         "switching.assist_field_mt", "variability.sigma_v_c"))


def _levels(panel: Panel, stack: Stack, first: Measured[Loop]) -> str:
    """The resistances of all states, across the panel."""
    x = np.array([first.data.swept.min(), first.data.swept.max()])
    x = x * 1e3 if first.data.unit == "T" else x
    for k, g in enumerate(CompoundMTJ(stack.mtj(first.thickness), first.cells).conductances()):
        panel.curve(x, np.full(2, 1e-3 / g), f"model, state {k}", color=RISING, lw=0.8,
                    label="" if k else "model, states")
    return "The model's states."


def _mark_loops(panel: Panel, loops: list[Measured[Loop]], source: str, factor: float) -> None:
    for each in loops:
        panel.mark(Marks(panel.name, each.file.name, source, tuple(each.data.swept * factor),
                         tuple(each.data.resistance / 1e3), joined=True))


def _counts(panel: Panel, stack: Stack, all_counts: list[Measured[CountsOfCells]],
            source: str) -> str:
    panel.show(VOLTAGE, _SHARE)
    why = ""
    for i, each in enumerate(all_counts):
        data, colour = each.data, _COLOURS[i % len(_COLOURS)]
        name = _named(stack, each.thickness, each.cells)
        v = np.linspace(0.9 * np.abs(data.voltage).min(), 1.1 * np.abs(data.voltage).max(), 101)
        sign = float(np.sign(data.voltage[0]))
        try:
            magnet = stack.magnet(each.thickness)
        except LEFT_OUT as error:
            why = f" No curve of the model: {error}."
        else:
            field = pulse_field(magnet, float(written_by(magnet, sign)),
                                (each.assist_field or 0.0) if is_perpendicular(stack) else 0.0)
            for pulse in np.unique(data.pulse):
                p = switching_probability(magnet, sign * v, float(pulse), field)
                panel.curve(v, 100 * p, f"{name}, {pulse * 1e9:.3g} ns", color=colour)
        share, half = 100 * data.switched / data.trials, _binomial(data)
        panel.mark(Marks(panel.name, f"{name}, {each.file.name}", source,
                         tuple(np.abs(data.voltage)), tuple(share), tuple(half)), colour)
    shown = f"Bars: 95 % of the counts (C. Clopper and E. Pearson).{why}"
    return caption(stack, shown, shown, ("magnetics.stability", "switching.critical_voltage_v"))


def _binomial(data: CountsOfCells) -> Floats:
    """The longer side of Clopper and Pearson's interval of each share [%]."""
    k, n = data.switched, data.trials
    low = np.where(k > 0, beta.ppf(0.025, np.maximum(k, 1), n - k + 1), 0.0)
    high = np.where(k < n, beta.ppf(0.975, k + 1, np.maximum(n - k, 1)), 1.0)
    return np.asarray(100 * np.maximum(high - k / n, k / n - low))


def _breakdown(panel: Panel, stack: Stack, broken: list[Measured[Floats]], source: str) -> str:
    panel.show(VOLTAGE, _SHARE)
    table = stack.breakdown
    shape = given(table.shape, "shape")
    for i, each in enumerate(broken):
        colour, volts = _COLOURS[i % len(_COLOURS)], np.sort(each.data)
        name = _named(stack, each.thickness, each.cells)
        v = np.linspace(0.9 * volts[0], 1.1 * volts[-1], 101)
        scale = float(table.voltage(each.thickness)) / float(mean_breakdown(1.0, shape))
        p = breakdown_probability(v, scale, shape, each.cells)
        panel.curve(v, 100 * p, name, color=colour)
        rank = (np.arange(1, len(volts) + 1) - 0.3) / (len(volts) + 0.4)  # medians [T: A. Benard]
        panel.mark(Marks(panel.name, f"{name}, {each.file.name}", source, tuple(volts),
                         tuple(100 * rank)), colour)
    shown = "Median ranks of the devices; Weibull's law of the stack."
    return caption(stack, shown, shown, ("breakdown.one_cell_v", "breakdown.shape"))


def _misfits(panel: Panel, stack: Stack, found: Measurements) -> str:
    names = [name for name in SHOWN if any(
        e.measured.quantity == name for e in found.misfits)]
    panel.show(Quantity("quantity", "1"), _MISFIT)
    panel.curve([-0.5, len(names) - 0.5], [0.0, 0.0], "model", color=RISING)
    for place, name in enumerate(names):
        mine = [e for e in found.misfits if e.measured.quantity == name]
        x = place + (np.arange(len(mine)) - (len(mine) - 1) / 2) * 0.6 / max(len(mine), 3)
        said = [e.measured.estimate for e in mine]
        panel.mark(Marks(
            panel.name, plain(SHOWN[name].symbol), found.source, tuple(x),
            tuple(100 * (s.value / e.model - 1) for s, e in zip(said, mine, strict=True)),
            tuple(100 * half_width(s) / e.model for s, e in zip(said, mine, strict=True))))
    panel.axes.set_xticks(range(len(names)), [SHOWN[name].symbol for name in names])
    panel.axes.set_xlabel("")
    inside = sum(e.measured.estimate.low <= e.model <= e.measured.estimate.high
                 for e in found.misfits)
    misfits = [abs(100 / (1 + e.relative) - 100) for e in found.misfits]
    halves = [100 * half_width(e.measured.estimate) / e.model for e in found.misfits]
    reach = 1.3 * max(*misfits, 3 * float(np.median(halves)), 5.0)
    panel.axes.set_ylim(-reach, reach)  # one wide interval would hide all else
    for artist in (*panel.axes.lines, *panel.axes.collections):
        artist.set_clip_on(True)
    return (f"Bars: 95 %, cut off where they are long. The model is in {inside} of "
            f"{len(found.misfits)} intervals.")
