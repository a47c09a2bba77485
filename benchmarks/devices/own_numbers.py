"""What the model of any stack gives, at its own free layers: the table of a device of one's own."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple, TypedDict

import numpy as np

from benchmarks.devices import model
from benchmarks.devices.pulse_loop import critical
from benchmarks.output.left_out import LEFT_OUT
from device_models import CompoundMTJ, Stack
from device_models.switching import stability


class Column(TypedDict):
    """A quantity at one free layer [nm], None where the file knows of none; or why it has none."""

    name: str
    unit: str
    free_layer_nm: float | None
    model: float | None
    reason: str


class _Quantity(NamedTuple):
    name: str
    unit: str
    of: Callable[[Stack, float], float]


def _smallest_step(stack: Stack, t: float) -> float:
    g = CompoundMTJ(stack.mtj(t), 3).conductances()
    return float(np.min(np.diff(g) / g[:-1])) * 100


def _ra(stack: Stack, t: float) -> float:
    stack.require("junction")
    return stack.mtj(t).ra * 1e9


_QUANTITIES = (
    _Quantity("R_P", "kohm", lambda s, t: s.mtj(t).r_p / 1e3),
    _Quantity("R_AP", "kohm", lambda s, t: s.mtj(t).r_ap / 1e3),
    _Quantity("TMR", "%", lambda s, t: model.tmr(t, s)),
    _Quantity("RA", "kohm um2", _ra),
    _Quantity("smallest step of 3 cells", "%", _smallest_step),
    _Quantity("stability, E_b/(k_B T)", "1", lambda s, t: float(stability(s.magnet(t)))),
    _Quantity("coercive field, Sharrock's law", "mT",
              lambda s, t: model.macrospin_coercivity(t, s)),
    _Quantity("channel, 1 cell", "ohm", lambda s, t: model.channel_resistance(1, s)),
    _Quantity("channel, 3 cells", "ohm", lambda s, t: model.channel_resistance(3, s)),
    _Quantity("critical voltage, 1 cell", "V", lambda s, t: model.v_c(t, s)),
    _Quantity("critical voltage, 3 cells", "V",
              lambda s, t: critical(s.writing_magnet(t, 3))),
    _Quantity("breakdown voltage, 1 cell", "V", lambda s, t: model.mean_breakdown(t, 1, s)),
    _Quantity("breakdown voltage, 3 cells", "V", lambda s, t: model.mean_breakdown(t, 3, s)))


def own_numbers(stack: Stack) -> list[Column]:
    """Each quantity at the thinnest, the middle and the thickest free layer; a reason instead."""
    low, high = stack.thickness_range
    layers = [low] if low == high else [low, (low + high) / 2, high]
    return [_at(quantity, stack, t) for quantity in _QUANTITIES for t in layers]


def _at(quantity: _Quantity, stack: Stack, t: float) -> Column:
    found, reason = None, ""
    try:
        found = quantity.of(stack, t)
    except LEFT_OUT as error:
        reason = str(error)
    layer = None if "thickness" in stack.lacking else round(t * 1e9, 6)
    return {"name": quantity.name, "unit": quantity.unit, "free_layer_nm": layer, "model": found,
            "reason": reason}


def own_lines(table: Sequence[Column]) -> Iterator[str]:
    """A line for each quantity that the stack gives, with its values over the free layers."""
    layers = list(dict.fromkeys(column["free_layer_nm"] for column in table))
    heads = ["model" if layer is None else f"{layer:g} nm" for layer in layers]
    yield f"{'the model of this stack':34}" + "".join(f"{head:>12}" for head in heads) + "  unit"
    for name in dict.fromkeys(column["name"] for column in table):
        row = [column for column in table if column["name"] == name]
        if any(column["model"] is not None for column in row):
            yield f"{name:34}" + "".join(
                f"{'-' if column['model'] is None else format(column['model'], '.4g'):>12}"
                for column in row) + f"  {row[0]['unit']}"
    lacking = list(dict.fromkeys(
        column["name"] for column in table if column["model"] is None))
    if lacking:
        yield f"not in its file, or not at every free layer: {'; '.join(lacking)}"
