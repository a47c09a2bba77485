"""The resistors around the devices, and the names of the nodes between them.

Numbers in names are those of rows and columns, from zero: `r3_5` and `c3_5` are the row and the
column at cross-point (3, 5).
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import numpy as np

from circuits.circuit import CrossbarCircuit


class Resistor(NamedTuple):
    """A resistor of `ohm` [ohm] between two nodes."""

    name: str
    start: str
    end: str
    ohm: float


def resistors(circuit: CrossbarCircuit) -> list[Resistor]:
    """Drivers, wires, amplifiers and access transistors, those of zero ohm included.

    An open end has none; neither has a floating row's driver, nor the transistor of an open cell.
    """
    return [*_of_rows(circuit), *_of_columns(circuit), *_of_access(circuit)]


def floating(circuit: CrossbarCircuit) -> list[int]:
    """Rows behind an infinite source resistance: nothing drives them."""
    source = np.broadcast_to(circuit.wires.source, circuit.shape[:1])
    return [int(i) for i in np.flatnonzero(np.isinf(source))]


def cells(circuit: CrossbarCircuit) -> list[tuple[int, int]]:
    """Cross-points with a device that conducts."""
    closed = np.argwhere(circuit.devices.conductance.any(axis=0))
    return [(int(i), int(j)) for i, j in closed]


def device_node(circuit: CrossbarCircuit, i: int, j: int) -> str:
    """The node of device (i, j) that is not its column: behind the access transistor, if any."""
    return f"a{i}_{j}" if circuit.devices.access[i, j] else f"r{i}_{j}"


def names(circuit: CrossbarCircuit) -> dict[str, str]:
    """The name of each node in the netlist: nodes joined by zero ohm share one.

    ngspice takes a resistor of zero ohm for one of a milliohm, hence no such resistor may remain.
    Of joined nodes the one that comes first in this order lends its name: sources, rows, columns,
    others.
    """
    m, n = circuit.shape
    order = [f"in{i}" for i in range(m)]
    order += [f"{side}{i}_{j}" for side in "rc" for i in range(m) for j in range(n)]
    elements = resistors(circuit)
    order += [node for element in elements for node in (element.start, element.end)]
    rank = {node: k for k, node in enumerate(dict.fromkeys(order))}
    parent = {node: node for node in rank}

    def root(node: str) -> str:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for element in elements:
        if element.ohm == 0:
            first, last = sorted((root(element.start), root(element.end)), key=rank.__getitem__)
            parent[last] = first
    return {node: root(node) for node in rank}


def sensed_ends(circuit: CrossbarCircuit) -> list[str]:
    """`t` and `b` where columns are sensed at the top and at the bottom."""
    return [end for end, sensed in zip("tb", circuit.sense.ends, strict=True) if sensed]


def _of_rows(circuit: CrossbarCircuit) -> Iterator[Resistor]:
    m, n = circuit.shape
    ohm, undriven = circuit.array.resistances, floating(circuit)
    for i in range(m):
        left, right = (driven and i not in undriven for driven in circuit.drive.ends)
        source = float(ohm.source[i, 0])
        nodes = [f"dl{i}", *(f"r{i}_{j}" for j in range(n)), f"dr{i}"]
        if left:
            yield Resistor(f"Rdl{i}", f"in{i}", nodes[0], source)
        yield from _line(f"Rr{i}_{{}}", nodes, ohm.row_wire[i], left, right)
        if right:
            yield Resistor(f"Rdr{i}", nodes[-1], f"in{i}", source)


def _of_columns(circuit: CrossbarCircuit) -> Iterator[Resistor]:
    m, n = circuit.shape
    ohm, ends = circuit.array.resistances, sensed_ends(circuit)
    for j in range(n):
        sense = float(ohm.sense[0, j])
        nodes = [f"st{j}", *(f"c{i}_{j}" for i in range(m)), f"sb{j}"]
        if "t" in ends:
            yield Resistor(f"Rst{j}", f"gt{j}", nodes[0], sense)
        yield from _line(f"Rc{{}}_{j}", nodes, ohm.column_wire[:, j], "t" in ends, "b" in ends)
        if "b" in ends:
            yield Resistor(f"Rsb{j}", nodes[-1], f"gb{j}", sense)


def _line(
    name: str, nodes: list[str], ohms: Iterable[float], first: bool, last: bool
) -> Iterator[Resistor]:
    """Segments between neighbouring nodes; the first and the last one only if there is an end."""
    segments = [Resistor(name.format(k), nodes[k], nodes[k + 1], float(ohm))
                for k, ohm in enumerate(ohms)]
    yield from segments[not first: len(segments) - (not last)]


def _of_access(circuit: CrossbarCircuit) -> Iterator[Resistor]:
    for i, j in cells(circuit):
        node = device_node(circuit, i, j)
        if node != f"r{i}_{j}":
            yield Resistor(f"Ra{i}_{j}", f"r{i}_{j}", node, float(circuit.devices.access[i, j]))
