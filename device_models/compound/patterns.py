"""Which cells of a compound are parallel, and the conductance of each such pattern.

Pattern p has cell i parallel where bit i of p is set; cell 0 is nearest to the end that is read.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from device_models.checks import Floats
from device_models.compound.channel import Channel, ladder_voltages
from device_models.junction.mtj import MTJ

MOST_CELLS = 20
"""More than a million patterns are not enumerated."""
_CHUNK = 2**16  # junctions solved at a time, so that they stay in a processor's cache
_STEPS = 100
_HALVINGS = 30
_MOVE = 1e-7  # relative, for a slope good to as much; a step then errs by 1e-7 of itself
_SMALL = 1e-6  # share of the voltage below which a junction carries next to nothing
_TOLERANCE = 1e-9  # of a step, which leaves an error of 1e-16


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
    junction sees its own voltage, on which its conductance depends: solved together by Newton's
    method, exact to rounding.
    """
    if channel is None:
        g = cell_conductances(mtj, areas, parallel, v[:, None, None])
        return np.asarray(g.sum(axis=-1))
    parts = -(-len(v) * parallel.size // _CHUNK)
    segments = channel.segments(parallel.shape[-1])
    return np.concatenate([_on_channel(mtj, areas, part, v, segments)
                           for part in np.array_split(parallel, max(parts, 1))], axis=1)


def channel_shares(
    mtj: MTJ, areas: Floats, parallel: NDArray[np.bool_], v: float, channel: Channel
) -> Floats:
    """Share of the power of a read at bias `v` [V] that the channel takes, of each pattern of
    `parallel` (patterns, n): (patterns,) [1]."""
    def conductance(share: Floats) -> Floats:
        return cell_conductances(mtj, areas, parallel, v * share)

    share = junction_shares(conductance, channel.segments(parallel.shape[-1]), parallel.shape)
    current = conductance(share) * share
    return np.asarray(1.0 - (current * share).sum(axis=-1) / current.sum(axis=-1))


def _on_channel(
    mtj: MTJ, areas: Floats, parallel: NDArray[np.bool_], v: Floats, segments: Floats
) -> Floats:
    """As `pattern_conductances`, all at a time, with `segments` (n + 1,) of a channel [ohm]."""
    applied = v[:, None, None]

    def conductance(share: Floats) -> Floats:
        return cell_conductances(mtj, areas, parallel, applied * share)

    share = junction_shares(conductance, segments, (len(v), *parallel.shape))
    return np.asarray((conductance(share) * share).sum(axis=-1))


def junction_shares(
    conductance: Callable[[Floats], Floats], segments: Floats, shape: tuple[int, ...]
) -> Floats:
    """Voltage over each junction on a channel, in shares of the applied one: `shape` (..., n) [1].

    Newton's method on Kirchhoff's current law. Each step puts the tangents of the currents in
    place of the junctions, which leaves a ladder that `ladder_voltages` solves; it is shortened
    until the balance of currents improves. Where a current grows with its voltage there is one
    solution, and every step leads towards it.

    Parameters
    ----------
    conductance : function
        Chord conductances [S] at the shares (..., n) [1]; zero throughout for an open junction.
    segments : (n + 1,) array
        As in `ladder_voltages` [ohm].
    shape : tuple
        Of the result.
    """
    share = np.ones(shape)
    current = conductance(share) * share
    for _ in range(_STEPS):
        moved = share + _MOVE * (np.abs(share) + _SMALL)
        slope = (conductance(moved) * moved - current) / (moved - share)
        if np.any((slope < 0) | ((slope == 0) & (current != 0))):
            break
        lift = np.divide(current, slope, out=np.zeros_like(current), where=slope > 0)
        step = 1.0 - share - ladder_voltages(slope, segments, 1.0 - share + lift)
        far = np.abs(step).max(axis=-1) > _TOLERANCE * np.abs(share).max(axis=-1)
        if not far.any():
            return share + step
        share, current = _shortened(conductance, segments, share, current, step, far)
    raise ArithmeticError(
        "junctions and channel do not come to agree: under this bias law a current falls while its "
        "voltage grows, so that there is no single solution; lower the bias, or take another law")


def _shortened(
    conductance: Callable[[Floats], Floats], segments: Floats, share: Floats, current: Floats,
    step: Floats, far: NDArray[np.bool_],
) -> tuple[Floats, Floats]:
    """Shares [1] and currents [S] after a step, halved where the balance would get worse.

    Only where it is `far` (...) from the end: there is rounding in the balance.
    """
    rounding = (8 * np.finfo(float).eps * (1.0 / segments).max()) ** 2 * len(segments)
    before = _imbalance(share, current, segments) + rounding
    for _ in range(_HALVINGS):
        found = share + step
        flows = conductance(found) * found
        worse = far & (_imbalance(found, flows, segments) > before)
        if not worse.any():
            break
        step = np.where(worse[..., None], step / 2.0, step)
    return found, flows


def _imbalance(share: Floats, current: Floats, segments: Floats) -> Floats:
    """Sum of the squares of what does not balance at the nodes: (...) [S^2]."""
    along = np.diff(1.0 - share, prepend=0.0, append=0.0) / segments
    return np.asarray(((np.diff(along) + current) ** 2).sum(axis=-1))
