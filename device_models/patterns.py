"""Which cells of a compound are parallel, and the conductance of each such pattern.

Pattern p has cell i parallel where bit i of p is set; cell 0 is nearest to the end that is read.
"""

import numpy as np
from numpy.typing import NDArray

from device_models.channel import Channel, ladder_voltages
from device_models.checks import Floats
from device_models.mtj import MTJ

MOST_CELLS = 20
"""More than a million patterns are not enumerated."""
_STEPS = 200
_TOLERANCE = 1e-14  # of conductances; sums over many cells round at some 1e-15


def all_patterns(cells: int) -> NDArray[np.bool_]:
    """The (2^cells, cells) patterns in binary order."""
    if cells > MOST_CELLS:
        raise ValueError(f"{cells} cells have 2^{cells} patterns; expected at most {MOST_CELLS} "
                         "cells, or leave channel and areas away to have the counts alone")
    bits = np.arange(cells)
    return (np.arange(2**cells)[:, None] >> bits & 1).astype(bool)


def states_of(parallel: NDArray[np.bool_], areas: Floats) -> tuple[NDArray[np.intp], Floats]:
    """State of each pattern (patterns,), and the parallel area of each state (states,) [cells].

    Patterns with the same total area of parallel cells are one state, so that n equal cells have
    n + 1 states, and cells of 1, 2 and 4 have 8.
    """
    total = parallel @ areas
    order = np.argsort(total, kind="stable")
    step = np.diff(total[order]) > 1e-9 * areas.sum()
    states = np.empty(len(total), np.intp)
    states[order] = np.concatenate([[0], np.cumsum(step)])
    return states, total[order][np.concatenate([[True], step])]


def cell_conductances(
    mtj: MTJ, areas: Floats, parallel: NDArray[np.bool_], v: Floats
) -> Floats:
    """Chord conductances [S] of cells of relative `areas` (n,) at their own bias `v` [V]."""
    return areas * mtj.conductance(parallel, v)


def pattern_conductances(
    mtj: MTJ, areas: Floats, parallel: NDArray[np.bool_], v: Floats, channel: Channel | None
) -> Floats:
    """Chord conductance of each pattern at each bias: (biases, patterns) [S].

    `parallel` is (patterns, n), `v` (biases,) [V] over junctions and channel. With a channel each
    junction sees its own voltage; as its conductance depends on it, ladder and junctions are
    solved in turn until they agree to rounding.
    """
    applied = v[:, None, None]
    g = cell_conductances(mtj, areas, parallel, applied)
    if channel is None:
        return np.asarray(g.sum(axis=-1))
    segments = channel.segments(parallel.shape[-1])
    for _ in range(_STEPS):
        share = 1.0 - ladder_voltages(g, segments)
        updated = cell_conductances(mtj, areas, parallel, applied * share)
        change = np.abs(updated - g).max() / g.max()
        g = updated
        if change <= _TOLERANCE:
            return np.asarray((g * (1.0 - ladder_voltages(g, segments))).sum(axis=-1))
    raise ArithmeticError(
        f"junctions and channel do not agree after {_STEPS} steps (conductances still change by "
        f"{change:.1g}); the bias of up to {np.abs(v).max():g} V is far beyond the bias law: lower "
        "it, or lower the channel's resistance")
