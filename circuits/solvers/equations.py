"""What the methods for nonlinear devices solve, and when they are done.

Write every device as a fixed conductance g and an excess current e(V) = I(V) - g V; the wires with
the conductances g are linear. All methods iterate V -> e(V) -> V. At every step there are device
currents N that satisfy Kirchhoff's laws; the solution is found where they equal I(V), and their
difference is the KCL residual.
"""

from dataclasses import dataclass

import numpy as np

from circuits.array.array import Array
from circuits.array.devices import Devices
from circuits.array.network import Network
from circuits.errors import ConvergenceError
from circuits.solvers.nodes import Flags, Nodes
from device_models.checks import Floats

NOISE = 1e-9  # rounding of g V, relative to the currents, above which g does not fit the law
UPRIGHT = 1e30  # S of a slope that is as good as upright
_ROUNDING = 16 * float(np.finfo(float).eps)  # of node voltages, relative


@dataclass(frozen=True, eq=False)
class Equations:
    """Wires, nonlinear devices, and how well Kirchhoff's laws shall hold.

    Parameters
    ----------
    network : Network
        The wires, with the reference conductances g [S].
    devices : Devices
        The nonlinear devices.
    tolerance : float
        KCL residual at convergence, relative to an input's largest device current [1].
    """

    network: Network
    devices: Devices
    tolerance: float

    @classmethod
    def of(cls, array: Array, typical: float, tolerance: float) -> "Equations":
        """Take the slopes of the devices at the voltage `typical` [V] as reference."""
        with np.errstate(over="ignore"):
            slope = array.devices.slope(np.full((*array.shape, 1), typical))
        if np.any(slope > UPRIGHT):  # far beyond what a wire lets happen
            slope = array.devices.slope(np.zeros((*array.shape, 1)))
        reference = conductances(slope, array.devices, typical)
        return cls(array.network.with_devices(reference), array.devices, tolerance)

    def limit(self, voltages: Floats) -> "Limit":
        """When inputs (m, batch) [V] are solved by the reference conductances."""
        # no node exceeds the sources
        rounding = _ROUNDING * self.network.g.max() * np.abs(voltages).max(axis=0)
        return Limit(self.tolerance, np.asarray(rounding))

    def limit_at(self, nodes: Nodes, v: Floats, slope: Floats) -> "Limit":
        """When inputs are solved by lines of `slope` [S] through `v` [V] that led to `nodes`, all
        of them (m, n, batch)."""
        size = np.abs(nodes.u) + np.abs(nodes.w) + np.abs(v)
        rounding = _ROUNDING * (slope * size).max(axis=(0, 1))
        return Limit(self.tolerance, np.asarray(rounding))


@dataclass(frozen=True, eq=False)
class Limit:
    """The KCL residual at which an input counts as solved.

    Parameters
    ----------
    tolerance : float
        Relative to an input's largest device current [1].
    rounding : (batch,) array
        What rounding may leave of Kirchhoff's law [A].
    """

    tolerance: float
    rounding: Floats

    def allowed(self, largest: Floats) -> Floats:
        """Residuals (batch,) [A] allowed beside the `largest` device currents (batch,) [A]."""
        return np.asarray(self.tolerance * largest + self.rounding)

    def resolves(self, largest: Floats) -> Flags:
        """Whether rounding is small beside these currents; otherwise g does not fit the law."""
        return np.asarray(self.rounding <= NOISE * largest)


def conductances(slope: Floats, devices: Devices, reach: float) -> Floats:
    """The slopes (m, n, 1) of `devices` at voltages up to `reach` [V], as conductances (m, n) [S].

    Raises
    ------
    ConvergenceError
        If a slope is negative, infinite or no number.
    """
    if not np.all(slope >= 0) or np.any(np.isinf(slope)):
        raise ConvergenceError(
            f"{devices.law!r} has a negative or infinite slope, or none, within {reach:.3g} V; "
            "expected currents that do not fall with voltage and slopes that are finite")
    return np.ascontiguousarray(slope[:, :, 0])


def largest(currents: Floats) -> Floats:
    """Largest device current of each input (batch,) [A], of (m, n, batch)."""
    return np.asarray(np.abs(currents).max(axis=(0, 1)))


def check_finite(currents: Floats) -> None:
    """Refuse to go on with device currents (m, n, batch) [A] that are not numbers."""
    if not np.isfinite(currents).all():
        raise ConvergenceError(
            "the device currents are not finite; check that the law gives finite currents at the "
            "voltages that its devices see, and the voltages")
