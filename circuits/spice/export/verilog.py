"""A compound as a module in Verilog-A."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from circuits.spice.export.curves import Curves
from circuits.spice.export.device import ByArea, ByCell, by_cell, by_state, checked_name, title
from circuits.spice.export.fitting import meaning
from device_models import CompoundMTJ
from device_models.checks import Floats

_BIAS = "V(top, bottom)"
_POSITIVE = ("r_p", "tmr", "v_p", "v_h", "curvature")  # not slope, which has either sign


def verilog_a(
    compound: CompoundMTJ, name: str = "synapse", *, per_cell: bool = False, limit: float = 1.0,
    tolerance: float = 1e-9,
) -> str:
    """A compound as a module in Verilog-A: the device of `subcircuit`, with the same terminals and
    parameters.

    The language's own ranges keep states and patterns to those that there are. Nothing of this
    package compiles it: OpenVAF and the commercial simulators do.

    Parameters
    ----------
    compound, name, per_cell, limit, tolerance
        As of `subcircuit`; `name` that of the module.

    Examples
    --------
    >>> from device_models import MTJ, CompoundMTJ
    >>> text = verilog_a(CompoundMTJ(MTJ(1e4, 0.8, 0.9, 0.5, 1e-14), cells=3))
    >>> [line.strip() for line in text.splitlines() if "parameter integer" in line]
    ['parameter integer state = 0 from [0:3];']
    """
    name = checked_name(name)
    if per_cell:
        body = _cells(name, by_cell(compound, limit, tolerance))
    else:
        device = by_state(compound, limit, tolerance)
        body = _curves(name, device) if isinstance(device, Curves) else _areas(name, device)
    head = (f"// {line}" for line in title(compound))
    return "\n".join([*head, '`include "disciplines.vams"', "", *body, "endmodule", ""])


def _areas(name: str, device: ByArea) -> Iterator[str]:
    barrier, areas = device.barrier, device.areas
    yield from _declared(name, ["top", "bottom"], barrier.meaning)
    yield f"    parameter integer state = 0 from [0:{len(areas) - 1}];"
    yield from _parameters(barrier.parameters)
    yield "    real area_p, area_ap;"
    yield from _variable(barrier.curves)
    yield "    analog begin"
    yield from _case("area_p", [repr(float(area)) for area in areas])
    yield f"        area_ap = {float(areas[-1])!r} - area_p;"
    yield from _scaled(barrier.curves, "y", _BIAS)
    chord = barrier.chord(_BIAS, "area_p", "area_ap", partial(_polynomial, "y"))
    yield f"        I(top, bottom) <+ {_BIAS}*{chord};"
    yield "    end"


def _curves(name: str, curves: Curves) -> Iterator[str]:
    states = range(len(curves.coefficients))
    yield from _declared(name, ["top", "bottom"], meaning(curves))
    yield f"    parameter integer state = 0 from [0:{states[-1]}];"
    yield "    real conductance;"
    yield from _variable(curves)
    yield "    analog begin"
    yield from _scaled(curves, "y", _BIAS)
    yield from _case("conductance", [_polynomial("y", curves, state) for state in states])
    yield f"        I(top, bottom) <+ {_BIAS}*conductance;"
    yield "    end"


def _cells(name: str, device: ByCell) -> Iterator[str]:
    barrier, cells = device.barrier, range(len(device.areas))
    outer = ["top", "bottom"] if device.segments is None else ["top", "left", "right"]
    yield from _declared(name, outer, barrier.meaning)
    inner = {node for i in cells for node in device.nodes(i)} - set(outer)
    if inner:
        yield f"    electrical {', '.join(sorted(inner))};"
    for i in cells:
        yield f"    parameter integer p{i} = 0 from [0:1];"
    yield from _parameters(barrier.parameters)
    yield from _variable(barrier.curves)
    yield "    analog begin"
    for start, end, ohm in device.channel:
        yield f"        I({start}, {end}) <+ V({start}, {end})/{ohm!r};"
    for i in cells:
        yield from _cell(device, i, float(device.areas[i]))
    yield "    end"


def _cell(device: ByCell, i: int, area: float) -> Iterator[str]:
    barrier, (upper, lower) = device.barrier, device.nodes(i)
    v = f"V({upper}, {lower})"
    if device.contact:
        yield f"        I(top, {upper}) <+ V(top, {upper})/{device.contact / area!r};"
    yield from _scaled(barrier.curves, "y", v)
    chord = barrier.chord(v, f"{area!r}*p{i}", f"{area!r}*(1 - p{i})",
                          partial(_polynomial, "y"))
    yield f"        I({upper}, {lower}) <+ {v}*{chord};"


def _declared(name: str, ports: Sequence[str], comment: str) -> Iterator[str]:
    names = ", ".join(ports)
    yield f"// {comment}"
    yield f"module {name}({names});"
    yield f"    inout {names};"
    yield f"    electrical {names};"


def _parameters(values: Mapping[str, float]) -> Iterator[str]:
    for key, value in values.items():
        bounds = " from (0:inf)" if key in _POSITIVE else ""
        yield f"    parameter real {key} = {_number(value)}{bounds};"


def _case(variable: str, values: Sequence[str]) -> Iterator[str]:
    yield "        case (state)"
    for state, value in enumerate(values[:-1]):
        yield f"            {state}: {variable} = {value};"
    yield f"            default: {variable} = {values[-1]};"
    yield "        endcase"


def _variable(curves: Curves | None) -> Iterator[str]:
    if curves is not None:
        yield "    real y;"


def _scaled(curves: Curves | None, variable: str, v: str) -> Iterator[str]:
    """A variable of 2 V/limit, from -2 to 2."""
    if curves is not None:
        yield f"        {variable} = min(max({v}*{2.0 / curves.limit!r}, -2.0), 2.0);"


def _polynomial(variable: str, curves: Curves, which: int) -> str:
    return curves.text(variable, _numbers(curves.points), _numbers(curves.coefficients[which]))


def _numbers(values: Floats) -> list[str]:
    return [_number(value) for value in values.tolist()]


def _number(value: float) -> str:
    return repr(value + 0.0) if value >= 0 else f"({value!r})"
