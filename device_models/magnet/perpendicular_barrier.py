"""The energy of a perpendicular layer under a torque: its threshold and its barriers.

Units: i = b/(H_k/2), h = H_x/H_k, k = H_z/H_k (towards the state that is left), energies over
E_b = M_s H_k V/2, with b the torque field hbar theta_SH J/(2 e M_s t), H_k against x [T]. At the
tilt theta from the state that is left towards the side to which the current pulls,

    U = sin^2 theta - 2 h sin theta - 2 k cos theta - i theta.

A negative i pulls to the other side; h is positive towards the side to which theta counts.
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from device_models.checks import Floats

_BISECTIONS = 26  # U is level at its extremes: 1e-7 rad of tilt are 1e-14 of energy


def threshold_torque(h: ArrayLike, k: ArrayLike = 0.0) -> Floats:
    """i_c [1], the largest restoring torque: max over theta of sin 2 theta - 2 h cos theta
    + 2 k sin theta; zero where the field alone suffices.

    For k = 0 the maximum lies at sin theta = (h + sqrt(8 + h^2))/4, which is the closed form of
    K.-S. Lee et al., Appl. Phys. Lett. 102 (2013) 112410; for small fields
    b = H_k/2 - H_x/sqrt 2. `h`, `k` [1], either sign, broadcast.
    """
    x, z = np.asarray(h, float), np.asarray(k, float)
    return np.asarray(np.maximum(_restoring(_steepest(x, z), x, z), 0.0))


def effective_barrier(i: ArrayLike, h: ArrayLike, k: ArrayLike = 0.0) -> Floats:
    """c [1], the barrier of U over E_b that torque `i` and fields `h`, `k` [1] leave; 0 from i_c.

    Without fields sqrt(1 - i^2) - i arccos i; without current (1 - h)^2 (k = 0), (1 + k)^2 (h = 0)
    [T: K.-S. Lee et al., Appl. Phys. Lett. 104 (2014) 072413]. U is exact along the x-z plane, on
    which the extremes lie; off it the torque has no potential, which moves even odds by a few per
    cent of i.
    """
    i, h, k = np.broadcast_arrays(*(np.asarray(value, float) for value in (i, h, k)))
    top = _steepest(h, k)
    low = _root(-_steepest(-h, k), top, i, h, k)
    high = _root(math.pi - _steepest(h, -k), top, i, h, k)
    depth = _energy(high, i, h, k) - _energy(low, i, h, k)
    return np.asarray(np.where(_restoring(top, h, k) > i, np.maximum(depth, 0.0), 0.0))


def lower_barrier(i: ArrayLike, h: ArrayLike, k: ArrayLike = 0.0) -> Floats:
    """c [1] of the lower of the two ways round, with the current and against it.

    The one against it is that of i and h reversed. It is the lower one where a field that hinders
    outweighs the current; without current the two states of k = 0 so have one barrier,
    (1 - |h|)^2, whatever the sign of h. Arguments as in `effective_barrier`.
    """
    i, h = np.asarray(i, float), np.asarray(h, float)
    return np.minimum(effective_barrier(i, h, k), effective_barrier(-i, -h, k))


def _restoring(theta: Floats, h: Floats, k: Floats) -> Floats:
    return np.asarray(np.sin(2 * theta) - 2 * h * np.cos(theta) + 2 * k * np.sin(theta))


def _energy(theta: Floats, i: Floats, h: Floats, k: Floats) -> Floats:
    return np.asarray(np.sin(theta) ** 2 - 2 * h * np.sin(theta) - 2 * k * np.cos(theta)
                      - i * theta)


def _steepest(h: Floats, k: Floats) -> Floats:
    """Tilt of the largest restoring torque [rad]: closed form without k, then Newton's rule."""
    s = np.clip((h + np.sqrt(8.0 + h**2)) / 4.0, -1.0, 1.0)
    theta = np.broadcast_to(np.arcsin(s), np.broadcast_shapes(h.shape, k.shape))
    if not np.any(k):
        return theta
    for _ in range(6):
        slope = 2 * np.cos(2 * theta) + 2 * h * np.sin(theta) + 2 * k * np.cos(theta)
        bend = -4 * np.sin(2 * theta) + 2 * h * np.cos(theta) - 2 * k * np.sin(theta)
        step = slope / np.where(np.abs(bend) > 1e-6, bend, -1.0)
        theta = np.clip(theta - np.clip(step, -0.3, 0.3), -math.pi / 2, math.pi / 2)
    return theta


def _root(outer: Floats, top: Floats, i: Floats, h: Floats, k: Floats) -> Floats:
    """Where the restoring torque equals `i` between `outer`, where it is least, and `top` [rad]."""
    inner = np.array(np.broadcast_to(top, outer.shape))
    for _ in range(_BISECTIONS):
        middle = (outer + inner) / 2
        above = _restoring(middle, h, k) > i
        outer, inner = np.where(above, outer, middle), np.where(above, middle, inner)
    return inner
