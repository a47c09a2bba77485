"""Weight per siemens: one number, one for each output, or one for each output of every matrix."""

from collections.abc import Sequence

import numpy as np

from device_models.checks import Floats, positive_array


def checked_scale(scale: float | Sequence[float] | Floats, groups: int, outputs: int
                  ) -> float | Floats:
    """Weight per siemens, one, one for each output or for each of every matrix, above zero."""
    array = positive_array("scale", scale, "1/S")
    if array.shape not in ((), (outputs,), (groups, outputs)):
        raise ValueError(f"scale [1/S] has shape {array.shape}; expected one number, ({outputs},), "
                         f"one for each output, or ({groups}, {outputs}), for each of every matrix")
    return array if array.ndim else float(array)


def of_matrix(scale: float | Floats, group: int) -> float | Floats:
    """That of the matrix number `group`: one, or (outputs,) [1/S]."""
    return scale[group] if isinstance(scale, np.ndarray) and scale.ndim == 2 else scale


def scaled(scale: float | Floats, matrices: Floats) -> Floats:
    """`matrices` ([groups,] rows, outputs) times the scale of their outputs; (groups, rows,
    outputs) where it has groups."""
    by_group = isinstance(scale, np.ndarray) and scale.ndim == 2
    return np.asarray((scale[:, None] if by_group else scale) * matrices)  # type: ignore[index]  # an array
