"""Devices as a function of weights, as tensors: states in front, straight through behind."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from keras import ops

from crossbar.layers.untyped import Tensor
from crossbar.tiles.state_table import StateTable
from device_models.checks import Floats


@dataclass(frozen=True, eq=False)
class DifferentiableStates:
    """Devices of the level nearest to a weight, with the slope that levels have about the weight.

    The gradient passes through the choice of the level as if devices could be set to anything in
    between (Y. Bengio, N. Leonard and A. Courville, arXiv:1308.3432): at each weight it is the
    slope of the straight line from the level below to the level above it.

    Parameters
    ----------
    table : StateTable
        The devices of each level.
    """

    table: StateTable

    @cached_property
    def reach(self) -> float:
        """Magnitude of the outermost level [S]."""
        return float(np.abs(self.table.values).max())

    def devices(self, share: Tensor) -> list[Tensor]:
        """Conductances [S] of each role, for differences in shares of the outermost level: (...)
        [1] each."""
        table, reach = self.table, self.reach
        within = _passed(share, table.values[1:-1] / reach)
        level = None if table.continuous else _passed(share, table.bounds / reach)
        moved = share - ops.stop_gradient(share)
        found = []
        for devices, slopes in zip(table.devices, table.slopes, strict=True):
            slope = _of(slopes * reach, within, share)
            still = _of(devices, level, share) if level is not None else (
                _of(devices[:-1], within, share) + slope * ops.stop_gradient(
                    share - _of(table.values[:-1] / reach, within, share)))
            found.append(still + slope * moved)
        return found


def _passed(share: Tensor, steps: Floats) -> Tensor:
    """How many of the `steps` each number is above."""
    found = ops.zeros_like(share, "int32")
    for step in steps:
        found = found + ops.cast(share > step, "int32")
    return found


def _of(values: Floats, index: Tensor, like: Tensor) -> Tensor:
    """Entries of `values`, in the type of `like`."""
    return ops.take(ops.convert_to_tensor(values, like.dtype), index)
