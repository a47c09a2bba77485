"""A column of known conductances, whose current is subtracted from the others'."""

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import Floats, nonnegative_array


def with_reference_column(conductance: ArrayLike, reference: ArrayLike) -> tuple[Floats, Floats]:
    """An array with a reference column in its middle, and the matrix that subtracts its current.

    Parameters
    ----------
    conductance : (rows, columns) array
        Devices [S].
    reference : float or (rows,) array
        Devices of the reference [S]; the middle is where wires treat it most like the others.

    Returns
    -------
    (rows, columns + 1) array [S], (columns + 1, columns) array [1]
        `circuit.solve(v).column_currents @ decoder` are the differences.
    """
    g = nonnegative_array("conductance", conductance, "S")
    if g.ndim != 2 or g.size == 0:
        raise ValueError(f"conductance has shape {g.shape}; expected (rows, columns)")
    known = nonnegative_array("reference", reference, "S")
    if known.ndim > 1 or known.size not in (1, len(g)):
        raise ValueError(f"reference has shape {known.shape}; expected one number or ({len(g)},)")
    middle = g.shape[1] // 2
    decoder = np.insert(np.eye(g.shape[1]), middle, -1.0, axis=0)
    return np.insert(g, middle, known, axis=1), decoder
