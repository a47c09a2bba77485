"""What the paper's Fig. 4 shows, from the model: switching by pulses, probability, breakdown."""

from collections.abc import Mapping
from pathlib import Path

from benchmarks.devices.compound_figure import breakdown, compound_loops
from benchmarks.devices.field_free_figure import (
    TOSSES,
    assisted,
    field_free,
    field_free_loops,
    tosses,
)
from benchmarks.devices.heat_figure import heat
from benchmarks.devices.loops_figure import field_loop, voltage_loop
from benchmarks.devices.page_figure import Overlay, draw
from benchmarks.devices.panel_figure import one_thickness
from benchmarks.devices.pulse_loop import is_perpendicular
from device_models import Stack


def draw_switching(
    path: Path, stack: Stack, overlays: Mapping[str, Overlay] | None = None
) -> dict[str, str]:
    """Fig. 4a-h, and the heat of a pulse; the panels left out and why."""
    loop = f"{one_thickness(stack) * 1e9:.1f} nm"
    out_of_plane = is_perpendicular(stack)
    return draw(path, stack, "4", (3, 3), {
        "a": (f"R(H), 1 cell, {loop}", lambda axes, s: field_loop(axes, s, 1)),
        "b": (f"R(V), 1 cell, {loop}", lambda axes, s: voltage_loop(axes, s, 1)),
        "c": (f"field-free pulses, {TOSSES} cells", tosses) if out_of_plane else (
            "field-free R(V), 1 cell", field_free_loops),
        "d": ("probability over assist field", assisted) if out_of_plane else (
            "field-free probability", field_free),
        "e": (f"R(H), 3 cells, {loop}", lambda axes, s: field_loop(axes, s, 3)),
        "f": (f"R(V), 3 cells, {loop}", lambda axes, s: voltage_loop(axes, s, 3)),
        "g": ("R(V), 3 cells, with field", compound_loops),
        "h": ("breakdown and critical voltage", breakdown),
        "i": ("heat of a pulse, an estimate", heat)}, overlays or {})
