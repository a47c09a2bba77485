"""Descent over discrete states: which weights to move by one level, all in one go.

Of each output the error of moves is taken as a quadratic form: of each move alone to first order
through all wires, and to second order, of each alone and of every two, as the moved weights
themselves are read and inputs go together. The move that lowers it most is made, the others are
looked at again knowing it, and so on; no weight moves twice.
"""

from collections.abc import Sequence

import numpy as np

from crossbar.recovery.solved_states import Moves, SolvedStates
from device_models.checks import Floats
from device_models.compiled import compiled


def best_moves(states: SolvedStates, ways: Sequence[Moves], most: int) -> Floats:
    """The differences (groups, rows, outputs) [S] with up to `most` weights of each output moved,
    each in one of the `ways`."""
    target, found = states.target, states.difference.copy()
    read = np.stack([np.moveaxis(way.read, 1, 2) for way in ways], axis=2)
    curvature = states.gain[..., None, None] ** 2
    change = np.stack([np.moveaxis(way.error, 1, 2) for way in ways], axis=2)
    change += curvature * target.own[:, None, None] * read**2
    groups, outputs = states.gain.shape
    taken = np.full((groups, outputs, found.shape[1]), -1)
    for group in range(groups):
        choose(change[group], read[group], 2.0 * curvature[group, :, 0, 0],
               target.moments[group] if target.full else np.zeros((0, 0)),
               most, taken[group])
    for number, way in enumerate(ways):
        moved = np.moveaxis(taken == number, 1, 2)
        found[moved] = way.difference[moved]
    return found


@compiled
def choose(change, read, twice, moments, most, taken):  # type: ignore[no-untyped-def]  # compiled
    """Which way each weight of one matrix is moved: `taken` (outputs, rows), -1 for none.

    `change` (outputs, ways, rows) of the error and `read` [S], of each move alone; `twice` the
    squared gain (outputs,); `moments` (rows, rows), or none where rows do not go together.
    """
    outputs, ways, rows = change.shape
    for output in range(outputs):
        for _ in range(most):
            best, way, row = 0.0, -1, -1
            for w in range(ways):
                for r in range(rows):
                    if change[output, w, r] < best and taken[output, r] < 0:
                        best, way, row = change[output, w, r], w, r
            if row < 0:
                break
            taken[output, row] = way
            if not moments.size:
                continue
            by = twice[output] * read[output, way, row]
            for w in range(ways):
                for r in range(rows):
                    change[output, w, r] += by * moments[row, r] * read[output, w, r]
