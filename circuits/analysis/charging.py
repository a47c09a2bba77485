"""What it takes to charge an array's lines, beyond the power that flows once they are charged."""

from numpy.typing import ArrayLike

from circuits.analysis.rc_network import node_capacitance
from circuits.solution.budget import budget
from circuits.solution.operating_point import OperatingPoint
from device_models.checks import Floats


def charging_energy(
    point: OperatingPoint, row_capacitance: ArrayLike, column_capacitance: ArrayLike
) -> Floats:
    """Energy [J] that the sources deliver per pulse beyond the settled power times its length.

    For pulses that step from zero to the voltages of `point`, settle, and step back to zero: each
    node's capacitance times its settled voltage squared, whatever the wires, as
    `circuits.solution.budget` derives. What is joined to a source by zero ohm counts too: the limit
    of little resistance. Where devices are nonlinear, so that their conductances change on the way,
    it is an approximation.

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

    found = budget(point, row, column).charges
    return found if point.voltages.ndim == 2 else found[0]
