"""Devices so steep that rounding of the node voltages changes their currents.

Kirchhoff's laws then tell the current, and the law the voltage that belongs to it. Such a device is
a conductance no larger than rounding allows, beside which flows what it lacks of its current: with
a conductance g and wires of resistance R around it the current is found to 1/(g R) a step.
"""

import numpy as np

from circuits.array.devices import Devices
from circuits.errors import ConvergenceError
from circuits.solvers.equations import Equations, largest
from circuits.solvers.nodes import Nodes
from circuits.solvers.tangents import Tangents, voltages_of
from device_models.checks import Floats

_STEPS = 60
_ROUNDING = 16 * float(np.finfo(float).eps)  # of node voltages, relative
_SHARE = 1e-11  # of the largest current that their rounding may change
_MOST = 1e-6  # of the largest current that may be left by the law at the node voltages


def settle(equations: Equations, at: Nodes, voltages: Floats) -> Nodes:
    """The solution for one input `voltages` (m, 1) [V] from `at`, whose voltages are right up to
    rounding.

    Raises
    ------
    ConvergenceError
        If there is none whose node voltages tell the currents.
    """
    devices = equations.devices
    size = np.abs(at.u) + np.abs(at.w)
    slope = devices.slope(at.u - at.w)
    most = max(float(largest(at.currents)[0]), float((_ROUNDING * slope * size).max()))
    for _ in range(_STEPS):
        tangents, steep = _lines(devices, at, _SHARE * most / (_ROUNDING * size + 1e-300))
        at = tangents.solve(equations.network, voltages, int(at.iterations[0]) + 1)
        most, size = float(largest(at.currents)[0]), np.abs(at.u) + np.abs(at.w)
        taken = devices.current(at.u - at.w)
        error = np.abs(at.currents - np.where(steep, tangents.current, taken))
        allowed = equations.tolerance * most * ~steep + tangents.slope * _ROUNDING * size
        if np.all(error <= allowed):
            break
    left = float(largest(taken - at.currents)[0])
    if np.all(error <= allowed) and left <= _MOST * most:
        return at
    raise ConvergenceError(
        f"devices conduct up to {slope.max():.2g} S there, so that rounding of the node voltages "
        f"leaves {left:.2g} A of a largest device current of {most:.2g} A; expected a law whose "
        "current keeps six digits when its voltage keeps fifteen: make it less steep, or the "
        "wires better"
    )


def _lines(devices: Devices, at: Nodes, most: Floats) -> tuple[Tangents, np.ndarray]:
    """Lines through the devices' laws, of slopes up to `most` (m, n, 1) [S], and which devices are
    steeper: these carry the currents of `at`, the others are at its voltages."""
    x = at.u - at.w
    steep = devices.slope(x) > most
    reach = _ROUNDING * (np.abs(at.u) + np.abs(at.w))
    while True:
        low, high = x - reach, x + reach
        outside = (devices.current(low) > at.currents) | (devices.current(high) < at.currents)
        outside &= steep
        if not outside.any() or reach.max() > np.abs(at.u).max() + np.abs(at.w).max():
            break
        reach = np.where(outside, 4 * reach, reach)
    v = np.where(steep, voltages_of(devices, at.currents, low, high, 0.0 * reach), x)
    tangents = Tangents.at(devices, v)
    current = np.where(steep, at.currents, tangents.current)
    return Tangents(v, current, np.minimum(tangents.slope, most)), steep
