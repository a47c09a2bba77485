"""What the paper's Fig. 4 shows, from the model: switching by pulses, probability, breakdown."""

from collections.abc import Sequence

from benchmarks.devices.compound_figure import breakdown, compound_loops
from benchmarks.devices.field_free_figure import (
    TOSSES,
    assisted,
    field_free,
    field_free_loops,
    tosses,
)
from benchmarks.devices.heat_figure import heat
from benchmarks.devices.layers_figure import one_thickness
from benchmarks.devices.loops_figure import field_loop, voltage_loop
from benchmarks.devices.marks import Marks
from benchmarks.devices.page_figure import Page, draw
from benchmarks.devices.pulse_loop import is_perpendicular
from device_models import Stack


def draw_switching(stack: Stack, marks: Sequence[Marks] = ()) -> Page:
    """Fig. 4a-h and the heat of a pulse, with `marks` beside the model."""
    loop = f"{one_thickness(stack) * 1e9:.4g} nm"
    out_of_plane = is_perpendicular(stack)
    return draw(stack, "4", {
        "a": (f"$R(H)$, 1 cell, {loop}", lambda panel, s: field_loop(panel, s, 1)),
        "b": (f"$R(V)$, 1 cell, {loop}", lambda panel, s: voltage_loop(panel, s, 1)),
        "c": (f"field-free pulses, {TOSSES} cells", tosses) if out_of_plane else (
            "field-free $R(V)$, 1 cell", field_free_loops),
        "d": ("probability over assist field", assisted) if out_of_plane else (
            "field-free probability", field_free),
        "e": (f"$R(H)$, 3 cells, {loop}", lambda panel, s: field_loop(panel, s, 3)),
        "f": (f"$R(V)$, 3 cells, {loop}", lambda panel, s: voltage_loop(panel, s, 3)),
        "g": ("$R(V)$, 3 cells, with field", compound_loops),
        "h": ("breakdown and critical voltage", breakdown),
        "i": ("heat of a pulse, an estimate", heat)}, marks)
