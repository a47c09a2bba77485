"""What a cell's own barrier is, and which cells a chance befalls."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from device_models.checks import Floats, nonnegative_array, positive_array

Stability = tuple[ArrayLike, ArrayLike]
"""Barriers over k_B T [1] of parallel and antiparallel cells, one number or (cells,) each."""


class Barriers(NamedTuple):
    """Barriers over k_B T [1] (devices, cells) of the state that cells are in, and of the other."""

    own: Floats
    other: Floats


def cell_barriers(stability: Stability, parallel: NDArray[np.bool_], factor: Floats) -> Barriers:
    """Of cells that are `parallel` (devices, cells), with `factor` (devices, cells) [1] times the
    nominal `stability`."""
    two = _two_states(stability, parallel.shape[1])
    return Barriers(np.where(parallel, *two) * factor, np.where(parallel, *two[::-1]) * factor)


def _two_states(stability: Stability, cells: int) -> tuple[Floats, Floats]:
    if not isinstance(stability, tuple | list) or len(stability) != 2:
        raise ValueError(f"stability is {stability!r}; expected the barriers of the parallel and "
                         "of the antiparallel state, as mtj.stability has them where the stack's "
                         "file has [magnetics]")
    parallel, antiparallel = (nonnegative_array("stability", delta, "1") for delta in stability)
    for delta in (parallel, antiparallel):
        if delta.shape not in ((), (cells,)):
            raise ValueError(f"stability [1] of a state has shape {delta.shape}; expected one "
                             f"number, or one for each of the {cells} cells")
    return parallel, antiparallel


def critical_currents(disturb_current: ArrayLike, areas: tuple[float, ...]) -> Floats:
    """Of cells of relative `areas` (cells,) [1], to which they are proportional: (cells,) [A];
    `disturb_current` [A] of area 1, one number or (cells,)."""
    critical = positive_array("disturb_current", disturb_current, "A")
    if critical.shape not in ((), (len(areas),)):
        raise ValueError(f"disturb_current [A] has shape {critical.shape}; expected one number, or "
                         f"one for each of the {len(areas)} cells")
    return np.asarray(critical * np.array(areas))


def turned(
    before: NDArray[np.bool_], probability: Floats, stuck: NDArray[np.bool_],
    rng: np.random.Generator | int,
) -> NDArray[np.bool_]:
    """Patterns (devices, cells) where each cell that is not `stuck` has turned over with its
    `probability` [1].

    One uniform number decides for each cell of `stuck`, whatever its probability: where that
    grows, those that had turned have turned again.
    """
    chance = np.random.default_rng(rng).random(stuck.shape)
    return np.asarray(before ^ ((chance < probability) & ~stuck))
