"""The states that cells side by side can have, and which of them a pulse may lead to."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from device_models.checks import Floats
from device_models.compound.patterns import all_patterns
from device_models.measured.errors import MeasuredError
from device_models.switching.targets import relative_areas

MOST_UNEQUAL = 8
"""Cells whose patterns are told apart: each reading takes (2^n)^2 comparisons."""
_MERGED = 1e-3  # of a squared step: of two paths as near, the one whose cells switch one by one


@dataclass(frozen=True)
class Cells:
    """n cells in parallel.

    Parameters
    ----------
    areas : (cells,) array
        Relative [1].
    parallel : (patterns, cells) bool array
        What is told apart: of equal cells the number that is parallel, 0 to n; of unequal ones all
        patterns, as `all_patterns` numbers them.
    """

    areas: Floats
    parallel: NDArray[np.bool_]

    @cached_property
    def weights(self) -> Floats:
        """Parallel area of each pattern: (patterns,) [1]."""
        return np.asarray(self.parallel @ self.areas, dtype=float)

    @property
    def smallest(self) -> float:
        """The smallest step between patterns that one cell makes [1]."""
        return float(self.areas.min())

    @cached_property
    def falling(self) -> Floats:
        """What it costs to go from a pattern (rows) to another by cells that turn antiparallel:
        (patterns, patterns) [squared steps], infinite where a cell would have to turn back."""
        more, less = self.parallel[:, None], self.parallel[None]
        merged = np.maximum(np.count_nonzero(more & ~less, axis=-1) - 1, 0)
        return np.where(np.any(less & ~more, axis=-1), np.inf, _MERGED * merged)


def cells_of(count: int, areas: ArrayLike | None = None) -> Cells:
    """`count` cells of relative `areas` (cells,) [1], or equal ones."""
    sizes = relative_areas(areas, count)
    if np.all(sizes == sizes[0]):
        return Cells(sizes, np.tri(count + 1, count, -1, dtype=bool))
    if count > MOST_UNEQUAL:
        raise MeasuredError(f"{count} cells of unequal areas have {2**count} patterns; expected "
                            f"{MOST_UNEQUAL} cells or fewer, or leave areas away")
    return Cells(sizes, all_patterns(count))
