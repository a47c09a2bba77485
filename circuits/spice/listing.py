"""A circuit as a netlist that ngspice runs as it is."""

from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from circuits.spice.resistors import (
    cells,
    device_node,
    floating,
    names,
    resistors,
    sensed_ends,
)
from device_models.checks import Floats, real_array

if TYPE_CHECKING:
    from circuits.circuit import CrossbarCircuit

_LEGEND = """\
* Units: volt, ampere, ohm, siemens. Rows and columns are numbered from 0, (row, column).
* Nodes: in3 the source of row 3; dl3 and dr3 its driver's output at the left and the right end;
*   r3_5 and c3_5 row and column at cross-point (3, 5); a3_5 the device behind its access
*   transistor; st5 and sb5 the amplifier of column 5 at the top and the bottom end; gt5 and gb5
*   its virtual ground. Nodes joined by zero ohm are one and have one name, see below.
* Elements: Rdl3, Rdr3 driver; Rr3_5 segment left of (3, 5); Rc3_5 segment above (3, 5);
*   Ra3_5 access transistor; G3_5 or B3_5 device; Rst5, Rsb5 amplifier; Vt5, Vb5 of 0 V measure
*   the current of column 5 into ground. Open cells are left out."""

_OPTIONS = """\
* reltol, vntol, abstol: where Newton's steps end [1, V, A]. Near the solution every step squares
*   the error, so that a last step of 1e-9 leaves rounding only. The defaults (1e-3, 1e-6, 1e-12)
*   are larger than the voltages across a segment of a milliohm.
* gmin, gminsteps: if plain Newton steps fail, a conductance across every device goes down to gmin
*   in ten stages; the default of 1e-12 S is that of a device. itl1: Newton steps before that.
* pivtol: smallest matrix entry to divide by; the default of 1e-13 S is that of a device.
* Left to ngspice: it keeps 11 digits of every number in a B line, so that currents of such
*   devices are good to about 1e-10; all other numbers are kept in full.
.options reltol=1e-9 vntol=1e-15 abstol=1e-18 gmin=1e-18 gminsteps=10 itl1=500 pivtol=1e-30"""


def netlist(circuit: "CrossbarCircuit", voltages: ArrayLike) -> str:
    """A netlist of `circuit` with row voltages (rows,) [V], for `ngspice -b file`.

    It finds the operating point and prints with 17 digits the column currents `column0`,
    `column1`, ... [A] and all node voltages [V].

    Parameters
    ----------
    circuit : CrossbarCircuit
        With linear or nonlinear devices; their law writes itself by `law.expression`.
    voltages : (rows,) array
        Source voltages of one input [V].

    Raises
    ------
    ValueError, TypeError
        If `voltages` does not fit, or is not finite and real.

    Examples
    --------
    >>> import circuits
    >>> circuit = circuits.CrossbarCircuit([[1e-4, 2e-4]], circuits.Wires(row=1.0))
    >>> [line for line in netlist(circuit, [0.1]).splitlines() if line.startswith(("V", "R", "G"))]
    ['Vin0 in0 0 0.1', 'Rr0_0 in0 r0_0 1.0', 'Rr0_1 r0_0 r0_1 1.0', \
'G0_0 r0_0 c0_0 r0_0 c0_0 0.0001', 'G0_1 r0_1 c0_1 r0_1 c0_1 0.0002', 'Vb0 c0_0 0 0', \
'Vb1 c0_1 0 0']
    """
    v = real_array("voltages", voltages, "V")
    if v.shape != circuit.shape[:1]:
        raise ValueError(f"voltages has shape {v.shape}; a netlist holds one input, expected "
                         f"({circuit.shape[0]},)")
    name = names(circuit)
    ammeters = _ammeters(circuit, name)
    return "\n".join([
        *_head(circuit, name),
        "* Sources", *_sources(circuit, v),
        "* Drivers, wires, amplifiers, access transistors", *_resistors(circuit, name),
        "* Devices", *_devices(circuit, name),
        "* Column currents", *(f"{meter} {node} 0 0" for meter, node in ammeters.items()),
        _OPTIONS,
        *_control(circuit, ammeters),
        ".end", "",
    ])


def _head(circuit: "CrossbarCircuit", name: dict[str, str]) -> Iterator[str]:
    m, n = circuit.shape
    yield (f"* Crossbar of {m} rows and {n} columns, {type(circuit.law).__name__}, driven "
           f"{circuit.drive.name.lower()}, sensed {circuit.sense.name.lower()}")
    yield _LEGEND
    joined = defaultdict(list)
    for node, own in name.items():
        if node != own:
            joined[own].append(node)
    for own, nodes in joined.items():
        yield f"* joined to {own}: {' '.join(nodes)}"


def _sources(circuit: "CrossbarCircuit", v: Floats) -> Iterator[str]:
    undriven = floating(circuit)
    for i, voltage in enumerate(v):
        yield f"* row {i} floats" if i in undriven else f"Vin{i} in{i} 0 {float(voltage)!r}"


def _resistors(circuit: "CrossbarCircuit", name: dict[str, str]) -> Iterator[str]:
    for element in resistors(circuit):
        start, end = name[element.start], name[element.end]
        if start != end:
            yield f"{element.name} {start} {end} {element.ohm!r}"


def _devices(circuit: "CrossbarCircuit", name: dict[str, str]) -> Iterator[str]:
    """Linear devices as conductances, others as current sources of their voltage."""
    for i, j in cells(circuit):
        start, end = name[device_node(circuit, i, j)], name[f"c{i}_{j}"]
        conductance = circuit.devices.conductance[:, i, j].tolist()
        if circuit.is_linear:
            slopes = circuit.law.slope(np.zeros(1))[:, 0].tolist()
            total = sum(g * slope for g, slope in zip(conductance, slopes, strict=True))
            yield f"G{i}_{j} {start} {end} {start} {end} {total!r}"
            continue
        current = "+".join(f"{g!r}*({circuit.law.expression(branch, f'v({start},{end})')})"
                           for branch, g in enumerate(conductance) if g)
        yield f"B{i}_{j} {start} {end} I={current}"


def _ammeters(circuit: "CrossbarCircuit", name: dict[str, str]) -> dict[str, str]:
    """A source of 0 V for each sensed end, with its node; one if zero ohm joins both ends."""
    nodes: dict[str, str] = {}
    for j in range(circuit.shape[1]):
        for end in sensed_ends(circuit):
            node = name[f"g{end}{j}"]
            if node not in nodes.values():
                nodes[f"V{end}{j}"] = node
    return nodes


def _control(circuit: "CrossbarCircuit", ammeters: dict[str, str]) -> Iterator[str]:
    yield ".control"
    yield "set numdgt=17"
    yield "op"
    for j in range(circuit.shape[1]):
        parts = [f"i({end})" for end in (f"Vt{j}", f"Vb{j}") if end in ammeters]
        yield f"let column{j} = {'+'.join(parts).lower()}"
    yield "print all"
    yield "quit"
    yield ".endc"
