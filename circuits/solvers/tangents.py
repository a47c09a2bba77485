"""Devices as straight lines, and where on a device a current flows."""

from dataclasses import dataclass

import numpy as np

from circuits.array.devices import Devices
from circuits.array.network import Network
from circuits.solvers.choice import response_of
from circuits.solvers.equations import UPRIGHT, check_finite, conductances
from circuits.solvers.nodes import Nodes
from device_models.checks import Floats

_HALVINGS = 64  # of a stretch of voltages: to its last digit
_NEAR = 0.1  # misfit of a tangent, relative to the step's current, that needs no search
_ENOUGH = 0.01  # the same, at which a search ends


@dataclass(frozen=True, eq=False)
class Tangents:
    """A line for each device: `current` [A] at `v` [V], rising by `slope` [S]; (m, n, 1) arrays."""

    v: Floats
    current: Floats
    slope: Floats

    @classmethod
    def at(cls, devices: Devices, v: Floats, current: Floats | None = None) -> "Tangents":
        """Those of `devices` at `v` (m, n, 1) [V], where they carry `current` if it is known.

        Raises
        ------
        ConvergenceError
            If a slope is negative, infinite or no number, or a current not finite.
        """
        slope = conductances(devices.slope(v), devices, float(np.abs(v).max()))[..., None]
        slope = np.minimum(slope, UPRIGHT)
        current = devices.current(v) if current is None else current
        check_finite(current)
        return cls(v, current, slope)

    def solve(self, network: Network, voltages: Floats, iterations: int) -> Nodes:
        """The state (m, n, 1) of these devices in `network` under `voltages` (m, 1) [V]."""
        excess = self.current - self.slope * self.v
        response = response_of(network.with_devices(np.ascontiguousarray(self.slope[..., 0])))
        u, w = response.solve(voltages, excess)
        return Nodes(u, w, self.slope * (u - w) + excess, np.array([iterations]))

    def next(self, devices: Devices, aim: Nodes, taken: Floats) -> "Tangents":
        """Tangents nearer to the solution, from the state `aim` that these lead to and the
        currents `taken` (m, n, 1) [A] of the devices there.

        They touch at the voltage of `aim`, or where the device carries the current of `aim` if
        that comes first.
        """
        x, wanted = aim.u - aim.w, aim.currents
        span = np.abs(wanted - self.current)
        passed = ~(np.abs(taken - wanted) <= _NEAR * span)
        passed &= ~np.where(x > self.v, taken <= wanted, taken >= wanted)
        if not passed.any():
            return Tangents.at(devices, x, taken)
        return Tangents.at(devices, voltages_of(
            devices, wanted, np.where(passed, self.v, x), x, _ENOUGH * span))


def voltages_of(devices: Devices, wanted: Floats, start: Floats, end: Floats, enough: Floats
                ) -> Floats:
    """Voltages (m, n, 1) [V] from `start` to `end` at which `devices` carry the currents `wanted`
    [A] up to `enough` [A]; what is no number counts as too much."""
    rising, found, open_ = end > start, end, start != end
    for _ in range(_HALVINGS):
        middle = start + (end - start) / 2
        carried = devices.current(middle)
        short = np.where(rising, carried <= wanted, carried >= wanted)
        start, end = np.where(short, middle, start), np.where(short, end, middle)
        close = np.abs(carried - wanted) <= enough
        found = np.where(open_, np.where(close, middle, start), found)
        open_ &= ~close
        if not open_.any():
            break
    return found
