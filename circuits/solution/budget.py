"""What a batch of inputs spends in all, device by device, and what it charges."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from circuits.solution.operating_point import OperatingPoint
from circuits.solution.power import Branches
from circuits.solvers.nodes import Nodes
from device_models.checks import Floats, nonnegative_array

Spent = tuple[dict[str, float], Floats, Floats]


@dataclass(frozen=True, eq=False)
class Budget:
    """What all inputs of an operating point spend, summed over them but for charges.

    Parameters
    ----------
    parts : mapping
        Power [W] of the source and of `circuits.solution.PARTS`, as `OperatingPoint.power`.
    devices : (rows, columns) array
        Of it, that of each device with its access transistor [W].
    access : (rows, columns) array
        Of that, what the access transistor takes [W].
    squares : (columns,) array
        Squares of column currents [A^2].
    charges : (inputs,) array
        Energy [J] of each input that the sources deliver beyond power times time if it is a pulse:
        lines are charged from zero, and emptied into the same resistances afterwards.
    """

    parts: Mapping[str, float]
    devices: Floats
    access: Floats
    squares: Floats
    charges: Floats


def budget(op: OperatingPoint, row_capacitance: ArrayLike = 0.0,
           column_capacitance: ArrayLike = 0.0) -> Budget:
    """What the inputs of `op` spend; node voltages are never held at once.

    Parameters
    ----------
    op : OperatingPoint
        A solved circuit.
    row_capacitance, column_capacitance : float or (rows, columns) array
        Capacitances to ground [F] of the row and the column node of every cross-point.

    Notes
    -----
    In the node voltages x of a linear circuit, C dx/dt = -G x + B v. After a step from zero to v
    the sources' charge beyond the current that stays is B.T times the integral of x(end) - x(t),
    which is B.T G^-1 C x(end), so that its energy is v B.T G^-1 C x(end) = x(end) C x(end): half of
    it is lost on the way up, half is stored and lost on the way down. It does not depend on how
    fast the nodes settle. Of nonlinear devices it is an approximation, of their settled voltages.
    """
    shape = op.array.shape
    rows, columns = (np.broadcast_to(nonnegative_array(name, value, "F"), shape)
                     for name, value in (("row_capacitance", row_capacitance),
                                         ("column_capacitance", column_capacitance)))

    def spent(v: Floats, nodes: Nodes) -> Spent:
        power = Branches(op.array, v, nodes).power()
        devices = np.einsum("ijb,ijb->ij", nodes.u - nodes.w, nodes.currents)
        access = op.array.devices.access * np.einsum("ijb,ijb->ij", nodes.currents, nodes.currents)
        charges = np.einsum("ij,ijb,ijb->b", rows, nodes.u, nodes.u) + np.einsum(
            "ij,ijb,ijb->b", columns, nodes.w, nodes.w)
        parts = {part: float(each.sum()) for part, each in power.items()}
        return parts, np.stack([devices, access]), charges

    found = list(op.solved.each(spent))
    parts = {name: sum(each[0][name] for each in found) for name in found[0][0]}
    devices, access = np.sum([each[1] for each in found], axis=0)
    return Budget(parts, devices, access, np.sum(op.solved.column_currents**2, axis=0),
                  np.concatenate([each[2] for each in found]))
