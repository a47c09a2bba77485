"""What compounds are to become and what they are, checked: states, voltages, areas, stuck cells."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from device_models.checks import Floats, first, positive_array, real_array, truths
from device_models.compound.patterns import all_patterns, states_of


def relative_areas(areas: ArrayLike | None, cells: int) -> Floats:
    """Areas (cells,) [1] of the cells of a compound; ones if none are given."""
    if areas is None:
        return np.ones(cells)
    each = positive_array("areas", areas, "1")
    if each.shape != (cells,):
        raise ValueError(f"areas [1] have shape {each.shape}; expected one for each of the {cells} "
                         "cells")
    return each


def parallel_areas(areas: Floats) -> Floats:
    """Area of the parallel cells in each state (states,) [1]; as of `CompoundMTJ`."""
    if np.all(areas == areas[0]):
        return np.asarray(np.arange(len(areas) + 1.0) * areas[0])
    return states_of(all_patterns(len(areas)), areas)[1]


def wanted_states(wanted: ArrayLike, devices: int, states: int) -> NDArray[np.intp]:
    """A whole number below `states` for each of the `devices`: (devices,)."""
    k = real_array("wanted", wanted, "1")
    if k.shape not in ((), (devices,)):
        raise ValueError(f"wanted has shape {k.shape}; expected one state, or one for each of the "
                         f"{devices} devices that factors has")
    wrong = (k < 0) | (k >= states) | (k != np.rint(k))
    if np.any(wrong):
        where, found = first(k, wrong)
        raise ValueError(f"wanted is {found:g}{where}; expected whole numbers from 0 to "
                         f"{states - 1}, the states of these cells: give areas if they are unequal")
    return np.broadcast_to(k, devices).astype(np.intp)


def cell_truths(
    name: str, value: ArrayLike | None, shape: tuple[int, ...]
) -> NDArray[np.bool_]:
    """Truths (devices, cells) of `shape`; all false if none are given."""
    if value is None:
        return np.zeros(shape, bool)
    array = truths(name, value)
    if array.shape != shape:
        raise ValueError(f"{name} has shape {array.shape}; expected {shape}, (devices, cells) as "
                         "factors has")
    return array


def growing_voltages(voltages: Sequence[float]) -> tuple[float, ...]:
    """Set voltages (states - 1,) [V], refused unless each is at least the one before."""
    v = positive_array("set_voltages", voltages, "V")
    if v.ndim != 1 or not v.size:
        raise ValueError(f"set_voltages [V] have shape {v.shape}; expected one number for each "
                         "state from 1 on, (states - 1,)")
    if np.any(np.diff(v) < 0):
        where, found = first(v[1:], np.diff(v) < 0)
        raise ValueError(f"set_voltages [V] fall to {found:g}{where} after the first; expected "
                         "each to be at least the one before, as more cells need more: sort them")
    return tuple(v.tolist())
