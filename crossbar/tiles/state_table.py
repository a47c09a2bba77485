"""What stands in the columns of a row of tiles for each level of each output."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from crossbar.hardware import Hardware
from crossbar.tiles.access import wanted_devices
from crossbar.tiles.grid import columns_of, grid
from device_models.checks import Floats

_FINE = 32  # points between two levels of what is continuous


@dataclass(frozen=True, eq=False)
class StateTable:
    """Devices of an output as a function of its level.

    An output has so many devices in a row, one of each role (as plus and minus); besides these
    there are columns that are the same whatever the weights, as references.

    Parameters
    ----------
    values : (levels,) array
        Differences that a weight can take, increasing [S].
    bounds : (levels - 1,) array
        What is above one is nearer to the next level [S]; ties go to the lower.
    devices : (roles, levels) array
        Conductance of the devices at each level [S].
    column : (roles, outputs) array of int
        Where they stand.
    counts : (roles, outputs) array
        What their currents count in the result of their output [1].
    fixed : (fixed,) array of int
        Columns that are always the same.
    fixed_devices : (fixed,) array
        What stands in them [S].
    fixed_counts : (fixed, outputs) array
        What they count in each result [1].
    continuous : bool
        Whether everything between two levels can be set too.
    """

    values: Floats
    bounds: Floats
    devices: Floats
    column: NDArray[np.intp]
    counts: Floats
    fixed: NDArray[np.intp]
    fixed_devices: Floats
    fixed_counts: Floats
    continuous: bool

    @classmethod
    def of(cls, outputs: int, hardware: Hardware) -> "StateTable":
        """For a layer of so many outputs."""
        levels = hardware.levels
        values = np.asarray(levels.values, np.float64)
        if levels.continuous:
            steps = np.arange(_FINE * (len(values) - 1) + 1) / _FINE
            values = np.interp(steps, np.arange(len(values)), values)
        at_level = np.empty((len(values), columns_of(outputs, hardware)))
        owner, shared = np.full(at_level.shape[1], -1), False
        for place in grid((1, outputs), hardware):
            width = place.width
            at_level[:, place.columns] = wanted_devices(
                np.repeat(values[:, None], width, axis=1), hardware)
            one_up = np.where(np.eye(width, dtype=bool), values[-1], values[0])
            moved = wanted_devices(one_up, hardware) != at_level[0, place.columns]
            shared = shared or bool(np.any(moved.sum(axis=0) > 1))
            owner[place.columns] = np.where(
                moved.any(axis=0), place.outputs.start + moved.argmax(axis=0), -1)
        found = None if shared else cls._of(
            values, at_level, owner, _counts(outputs, hardware), levels.continuous)
        if found is None:
            raise ValueError(f"{hardware.mapping} reads an output from devices of others, or "
                             "writes one level in several ways; expected a mapping whose columns "
                             "belong to one output each, or are the same for all weights")
        return found

    @classmethod
    def _of(cls, values: Floats, at_level: Floats, owner: NDArray[np.intp], counts: Floats,
            continuous: bool) -> "StateTable | None":
        """None if columns do not belong to outputs."""
        column = np.stack([np.flatnonzero(owner == output)
                           for output in range(counts.shape[1])], axis=1)
        fixed = np.flatnonzero(owner < 0)
        own = np.take_along_axis(counts, column, axis=0)
        rest = counts.copy()
        np.put_along_axis(rest, column, 0.0, axis=0)
        devices = at_level[:, column]  # (levels, roles, outputs)
        if np.any(np.delete(rest, fixed, axis=0)) or np.any(devices != devices[..., :1]):
            return None
        return cls(values, (values[1:] + values[:-1]) / 2, devices[..., 0].T, column, own,
                   fixed, at_level[0, fixed], counts[fixed], continuous)

    @property
    def roles(self) -> int:
        """Devices of an output in a row."""
        return len(self.devices)

    @property
    def slopes(self) -> Floats:
        """How devices change with the level, between each two of them: (roles, levels - 1) [1]."""
        apart = np.diff(self.values)
        return np.asarray(np.diff(self.devices) / np.where(apart > 0, apart, np.inf))

    def of_levels(self, difference: Floats) -> Floats:
        """Devices (roles, ...) [S] of differences (...) [S] that are levels."""
        if self.continuous:
            return np.stack([np.interp(difference, self.values, each) for each in self.devices])
        return np.asarray(self.devices[:, np.searchsorted(self.bounds, difference)])


def _counts(outputs: int, hardware: Hardware) -> Floats:
    """From the columns of a row of tiles to results, converters ideal: (columns, outputs) [1]."""
    found = np.zeros((columns_of(outputs, hardware), outputs))
    for place in grid((1, outputs), hardware):
        found[place.columns, place.outputs] = hardware.mapping.results(place.width)
    return found
