"""Reading a few rows of an array while the others float, are grounded or are held half-way.

In a passive array, one without access transistors, the current of a read cell is joined by sneak
currents through the unselected ones; how much depends on what is done with their rows.
"""

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum

import numpy as np

from circuits.circuit import CrossbarCircuit
from circuits.solution.operating_point import OperatingPoint
from device_models.checks import real_array, whole


class Unselected(Enum):
    """What is done with the rows that are not read."""

    FLOATING = "floating"
    GROUNDED = "grounded"
    HALF = "at half the read voltage"


def read_rows(
    circuit: CrossbarCircuit,
    rows: Sequence[int],
    voltage: float,
    unselected: Unselected = Unselected.GROUNDED,
) -> OperatingPoint:
    """Drive `rows` with `voltage` [V] and treat all others as `unselected` says.

    Raises
    ------
    ValueError
        If a row does not exist or is named twice.
    """
    count = circuit.shape[0]
    chosen = [whole("row", row, 0) for row in rows]
    if not chosen or max(chosen) >= count or len(set(chosen)) < len(chosen):
        raise ValueError(f"rows are {list(rows)}; expected different numbers from 0 to {count - 1}")
    if not isinstance(unselected, Unselected):
        raise TypeError(f"unselected is {unselected!r}; expected a circuits.Unselected")
    given = real_array("voltage", voltage, "V")
    if given.ndim:
        raise ValueError(f"voltage [V] has shape {given.shape}; expected one number")
    v = float(given)
    voltages = np.full(count, v / 2 if unselected is Unselected.HALF else 0.0)
    voltages[chosen] = v
    if unselected is Unselected.FLOATING:
        source = np.full(count, np.inf)
        # a row whose cells are all open matters to nobody and keeps its driver
        driven = np.array(circuit.devices.conductance.sum(axis=(0, 2)) == 0.0)
        driven[chosen] = True
        source[driven] = np.broadcast_to(circuit.wires.source, (count,))[driven]
        circuit = replace(circuit, wires=replace(circuit.wires, source=source))
    return circuit.solve(voltages)
