"""CMOS nodes: how energy, delay and area of one circuit scale from 130 to 7 nm.

Nodes are lengths in metres, as 45e-9. Between those of the table everything is interpolated over
the logarithm of the node, in logarithms; outside it nothing is known, and refused.
"""

from dataclasses import astuple, dataclass

import numpy as np

from device_models.checks import positive

_ROUNDING = 1e-9  # relative; a node this close to the first or the last is that one


@dataclass(frozen=True)
class Node:
    """One row of the table.

    A. Stillmaker, B. Baas, Integration 58, 74 (2017), doi:10.1016/j.vlsi.2017.02.002: `energy` and
    `delay` are their polynomials (tables of coefficients, high-performance transistors from 45 nm
    on) at the nominal supply, which gives relative numbers without a unit; `area` their table, of
    two digits. As published, the delay at 20 nm (planar) is longer than at 32.

    Parameters
    ----------
    length : float
        What the node is called by [m].
    supply : float
        Nominal, of the predictive technology models that the polynomials were fitted to [V].
    energy, delay : float
        Of one operation, relative [1].
    area : float
        Of one circuit, relative to 45 nm [1].
    """

    length: float
    supply: float
    energy: float
    delay: float
    area: float


NODES = (
    Node(130e-9, 1.30, 6.301, 31.96, 6.4), Node(90e-9, 1.20, 3.212, 23.59, 2.8),
    Node(65e-9, 1.10, 1.681, 19.15, 1.5), Node(45e-9, 1.00, 0.8612, 12.50, 1.0),
    Node(32e-9, 0.90, 0.4571, 8.357, 0.46), Node(20e-9, 0.90, 0.2008, 9.467, 0.21),
    Node(16e-9, 0.85, 0.1385, 6.396, 0.19), Node(14e-9, 0.80, 0.09622, 4.510, 0.17),
    Node(10e-9, 0.75, 0.07024, 3.841, 0.10), Node(7e-9, 0.70, 0.04781, 3.239, 0.059),
)
"""The published nodes, the largest first."""

_LOGARITHMS = np.log([astuple(node) for node in reversed(NODES)])


def check_node(name: str, node: float) -> float:
    """A node [m] between the first and the last of the table."""
    node = positive(name, node, "m")
    low, high = NODES[-1].length, NODES[0].length
    if not low * (1 - _ROUNDING) <= node <= high * (1 + _ROUNDING):
        meant = f"; is {node:g} meant in nm? pass {node:g}e-9" if node >= 1 else ""
        raise ValueError(f"{name} [m] is {node:g}; expected {low:g} to {high:g}, the nodes whose "
                         f"scaling is published{meant}")
    return node


def supply(node: float) -> float:
    """Nominal supply voltage of a node [V]."""
    return _at(node, 1)


def energy_scale(from_node: float, to_node: float, from_supply: float | None = None,
                 to_supply: float | None = None) -> float:
    """Energy of an operation at `to_node` over that of the same one at `from_node` [1].

    Supplies [V] are the nominal ones if None; away from them the energy goes with their square,
    as charging does.
    """
    volts = _relative("from_supply", from_supply, from_node), _relative(
        "to_supply", to_supply, to_node)
    return _at(to_node, 2) / _at(from_node, 2) * (volts[1] / volts[0]) ** 2


def delay_scale(from_node: float, to_node: float) -> float:
    """Delay at `to_node` over that of the same circuit at `from_node` [1], both at their nominal
    supply."""
    return _at(to_node, 3) / _at(from_node, 3)


def area_scale(from_node: float, to_node: float) -> float:
    """Area at `to_node` over that of the same digital circuit at `from_node` [1]."""
    return _at(to_node, 4) / _at(from_node, 4)


def _relative(name: str, volts: float | None, node: float) -> float:
    return 1.0 if volts is None else positive(name, volts, "V") / supply(node)


def _at(node: float, column: int) -> float:
    x = np.log(check_node("node", node))
    return float(np.exp(np.interp(x, _LOGARITHMS[:, 0], _LOGARITHMS[:, column])))
