"""What it takes to charge an array's lines, beyond the power that flows once they are charged."""

import numpy as np
from numpy.typing import ArrayLike

from circuits.analysis.rc_network import node_capacitance
from circuits.solution.operating_point import OperatingPoint
from circuits.solvers.nodes import Nodes
from device_models.checks import Floats


def charging_energy(
    point: OperatingPoint, row_capacitance: ArrayLike, column_capacitance: ArrayLike
) -> Floats:
    """Energy [J] that the sources deliver per pulse beyond the settled power times its length.

    For pulses that step from zero to the voltages of `point`, settle, and step back to zero. With
    C dx/dt = -G x + B v, the sources give v.T B.T (x_settled - x) more than when settled, and the
    integral of x_settled - x over the rise is G^-1 C x_settled; as B v = G x_settled, this is
    x.T C x: each node's capacitance times its settled voltage squared, whatever the wires. Half of
    it is stored at the end of the rise, all of it is heat after the fall, when sources at zero
    volts deliver nothing. What is joined to a source by zero ohm counts too: the limit of little
    resistance. Where devices are nonlinear, so that G changes on the way, it is an approximation.

    Parameters
    ----------
    point : OperatingPoint
        The settled circuit.
    row_capacitance, column_capacitance : float or (rows, columns) array
        Capacitances to ground [F] of the row and the column node of every cross-point.

    Returns
    -------
    (...) array
        One number per input.
    """
    m, n = point.array.shape
    row, column = (node_capacitance(name, value, m, n).reshape(m, n) for name, value in (
        ("row", row_capacitance), ("column", column_capacitance)))

    def charged(_: Floats, nodes: Nodes) -> Floats:
        return np.asarray(np.einsum("ij,ijb,ijb->b", row, nodes.u, nodes.u)
                          + np.einsum("ij,ijb,ijb->b", column, nodes.w, nodes.w))

    found = np.concatenate(list(point.solved.each(charged)))
    return found if point.voltages.ndim == 2 else found[0]
