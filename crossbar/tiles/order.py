"""Which row and output of a layer's matrix stands where in its tiles."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from device_models.checks import Floats

Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Order:
    """Places of the rows and outputs of some matrices side by side.

    A permutation that the digital side undoes: inputs are sent to other rows, results are taken
    from other columns.

    Parameters
    ----------
    rows : (groups, rows) array of int
        Physical row i of matrix g holds the matrix's row rows[g, i].
    outputs : (groups, outputs) array of int
        The outputs of matrix g that stand side by side hold its outputs outputs[g].

    Raises
    ------
    ValueError
        If one of them is no permutation.
    """

    rows: Indices
    outputs: Indices

    def __post_init__(self) -> None:
        for name in ("rows", "outputs"):
            object.__setattr__(self, name, _permutations(name, getattr(self, name)))
        if len(self.rows) != len(self.outputs):
            raise ValueError(f"the order is of rows of {len(self.rows)} matrices and of outputs of "
                             f"{len(self.outputs)}; expected as many")

    @classmethod
    def unchanged(cls, shape: tuple[int, ...]) -> Self:
        """Of matrices (groups, rows, outputs), as they are."""
        groups, rows, outputs = shape
        return cls(np.tile(np.arange(rows), (groups, 1)), np.tile(np.arange(outputs), (groups, 1)))

    @property
    def shape(self) -> tuple[int, int, int]:
        """Groups, rows and outputs."""
        return *self.rows.shape, self.outputs.shape[1]

    @property
    def changes(self) -> bool:
        """Whether anything stands elsewhere."""
        unchanged = self.unchanged(self.shape)
        return not (np.array_equal(self.rows, unchanged.rows)
                    and np.array_equal(self.outputs, unchanged.outputs))

    @property
    def inverse(self) -> "Order":
        """From places to the matrix's own order."""
        return Order(np.argsort(self.rows, axis=1), np.argsort(self.outputs, axis=1))

    def placed(self, matrices: Floats) -> Floats:
        """Matrices (groups, rows, outputs) as they stand in tiles."""
        return np.take_along_axis(np.take_along_axis(
            matrices, self.rows[..., None], axis=1), self.outputs[:, None], axis=2)

    def undone(self, matrices: Floats) -> Floats:
        """What stands in tiles as (groups, rows, outputs), in the matrices' own order."""
        return self.inverse.placed(matrices)

    def results(self, decoder: Floats) -> Floats:
        """A decoder ([groups,] converters, outputs) of outputs as they stand side by side, as one
        of the matrices' own outputs: (groups, converters, outputs)."""
        decoders = np.broadcast_to(decoder, (len(self.outputs), *decoder.shape[-2:]))
        return np.take_along_axis(decoders, np.argsort(self.outputs, axis=1)[:, None], axis=2)

    def of_matrix(self, group: int) -> "Order":
        """That of the matrix number `group` alone."""
        at = slice(group, group + 1)
        return Order(self.rows[at], self.outputs[at])


def _permutations(name: str, given: ArrayLike) -> Indices:
    """Checked indices (groups, count)."""
    array = np.asarray(given)
    if array.ndim != 2 or array.dtype.kind not in "iu":
        raise ValueError(f"the order of {name} has shape {array.shape}, type {array.dtype}; "
                         f"expected whole numbers (groups, {name})")
    if not np.array_equal(np.sort(array, axis=1), np.tile(np.arange(array.shape[1]),
                                                          (len(array), 1))):
        raise ValueError(f"the order of {name} is no permutation: each of 0 to "
                         f"{array.shape[1] - 1} is expected once in every matrix")
    return array.astype(np.intp)
