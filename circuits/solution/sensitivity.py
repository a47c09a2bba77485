"""How a loss that depends on a transconductance changes with the wires."""

import numpy as np

from circuits.array.network import Network
from circuits.solution.power import column_currents, row_currents
from circuits.solvers.choice import Response, response_of
from device_models.checks import Floats

_AT_ONCE = 2**20  # node voltages of a chunk of rows


def wire_gradient(network: Network, direct: Response, m: Floats) -> tuple[Floats, Floats]:
    """dL/dr of every row segment (rows, columns + 1) and column segment (rows + 1, columns).

    `direct` solves `network`, `m` (rows, columns) is dL/dT. A segment with the current I_i when
    row i is at 1 V, and J_i when the column ends are at m_i instead, has dL/dr = sum over i of
    I_i J_i (Tellegen): no difference of voltages, so it holds at zero ohm too.
    """
    adjoint, rows = response_of(network.turned()), len(m)
    g, unit = network.g[..., None], np.eye(rows)
    row, column = np.zeros_like(network.row_z), np.zeros_like(network.column_z)
    step = max(1, _AT_ONCE // network.g.size)
    for start in range(0, rows, step):
        chunk = slice(start, min(start + step, rows))
        u, w = direct.solve(unit[:, chunk])
        forward = g * (u - w)
        w, u = adjoint.solve(np.ascontiguousarray(m[chunk].T))
        back = g * (u - w).swapaxes(0, 1)
        row += np.einsum("ijb,ijb->ij", row_currents(network, forward),
                         row_currents(network, back))
        column += np.einsum("ijb,ijb->ij", column_currents(network, forward),
                            column_currents(network, back))
    return row, column
