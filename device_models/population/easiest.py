"""Which cells of a device a growing pulse switches first, and the patterns that this leaves."""

import numpy as np
from numpy.typing import NDArray

from device_models.checks import Floats
from device_models.compound.patterns import all_patterns, states_of

_CHUNK = 2**22  # costs of patterns compared at a time


def ranks(critical_voltage: Floats) -> NDArray[np.int16]:
    """Place of each cell among the critical voltages of its device, 0 the lowest, both (devices,
    cells)."""
    rank = np.zeros(critical_voltage.shape, np.int16)
    for i in range(critical_voltage.shape[1]):
        for j in range(i):
            later = critical_voltage[:, i] >= critical_voltage[:, j]
            rank[:, i] += later
            rank[:, j] += ~later
    return rank


def easiest_patterns(
    state: NDArray[np.int_], rank: NDArray[np.int16], areas: Floats
) -> NDArray[np.bool_]:
    """Of the patterns of each device's `state` (devices,), that with the least sum of 2^rank.

    A sum of distinct powers of two orders as its highest power, then the next. `rank` (devices,
    cells) as of `ranks`, `areas` (cells,) [1]; one device may be asked for many states.
    """
    every, cells = all_patterns(len(areas)), len(areas)
    state_of, _ = states_of(every, areas)
    size = max(len(state), len(rank))
    state, rank = np.broadcast_to(state, size), np.broadcast_to(rank, (size, cells))
    found = np.empty(rank.shape, bool)
    for k in np.unique(state):
        candidates, devices = every[state_of == k], np.flatnonzero(state == k)
        if len(candidates) == 1:
            found[devices] = candidates
            continue
        for part in np.array_split(devices, -(-len(devices) * len(candidates) // _CHUNK)):
            cost = np.exp2(rank[part]) @ candidates.T.astype(float)
            found[part] = candidates[np.argmin(cost, axis=1)]
    return found
