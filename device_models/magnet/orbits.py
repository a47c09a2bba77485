"""What it takes to undamp a layer whose easy axis is that of the spins, orbit by orbit.

A torque b along the easy axis does work on the precession, the damping alpha takes it away; on an
orbit of one energy both balance at b = alpha B. From the bottom of the well to its rim B grows:

- `bottom`: the state loses its linear stability, but a steady precession may be all that follows;
- `mean`: what counts against a barrier, Delta (1 - b/(alpha B)), for b up to the bottom's;
- `rim`: the layer turns over without heat.

Units: the lower of the two fields that hold the layer back from its hard axes is 1, the other
`ratio` [1], one or more; `h` [1] is the field along the easy axis that helps out of the well. The
energy of a direction m, from the well at m_y = -1: m_x^2 + ratio m_z^2 - 2 h m_y
[T: D. M. Apalkov and P. B. Visscher, Phys. Rev. B 72 (2005) 180405(R), the orbit average, here for
two hard axes and a field].
"""

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.polynomial import Chebyshev
from numpy.typing import ArrayLike

from device_models.checks import Floats

_ORBIT, _ENERGIES, _FIELDS = 64, 40, 24  # nodes: round an orbit, over energies, degree over h
_LEAST_RATIO, MOST_RATIO = 1.001, 1e6  # both hard axes alike, and no barrier at all
_RIM = 1.0 - 1e-9


class Thresholds(NamedTuple):
    """B [1] of the bottom of a well, the mean over its depth, and the rim."""

    bottom: Floats
    mean: Floats
    rim: Floats


def thresholds(h: ArrayLike, ratio: float) -> Thresholds:
    """B of a well in fields `h` (any shape) [1]; interpolated over h to 1e-6 of the mean.

    Beyond h = 1, where the field alone turns the layer, and below -1, where there is one well only,
    all three follow the bottom's (1 + ratio)/2 - h from their values there [A].
    """
    return Thresholds(of_bottom(h, ratio), of_mean(h, ratio), of_rim(h, ratio))


def of_bottom(h: ArrayLike, ratio: float) -> Floats:
    """`thresholds(h, ratio).bottom` alone."""
    return np.asarray((1.0 + ratio) / 2.0 - np.asarray(h, float))


def of_mean(h: ArrayLike, ratio: float) -> Floats:
    """`thresholds(h, ratio).mean` alone."""
    return _extended(_laws(_within(ratio))[0], h)


def of_rim(h: ArrayLike, ratio: float) -> Floats:
    """`thresholds(h, ratio).rim` alone."""
    return _extended(_laws(_within(ratio))[1], h)


def _within(ratio: float) -> float:
    return min(max(float(ratio), _LEAST_RATIO), MOST_RATIO)


def _extended(law: Chebyshev, h: ArrayLike) -> Floats:
    """A `law` of fields from -1 to 1, and beyond them straight."""
    field = np.asarray(h, float)
    inside = np.clip(field, -1.0, 1.0)
    return np.asarray(law(inside) + (inside - field))


def balance_of_orbit(depth: ArrayLike, h: float, ratio: float) -> Floats:
    """B [1] of the orbits at `depth` [1], 0 at the bottom to 1 at the rim; any shape.

    Work and loss are integrals over one turn; the time on an orbit goes as dm_y/(m_x m_z), whose
    ends are square roots: the midpoints of Chebyshev's angle sum them.
    """
    energy = 2.0 * h + np.asarray(depth, float)[..., None] * (1.0 - h) ** 2
    angle = (np.arange(_ORBIT) + 0.5) / _ORBIT * np.pi
    swing = np.sqrt(np.maximum(h * h - energy + 1.0, 0.0))
    wide, beyond = -h - swing, -h + swing  # m_y where m_z is 0: of this well, and of the other
    swing = np.sqrt(h * h - ratio * (energy - ratio))
    near, far = (-h - swing) / ratio, (-h + swing) / ratio  # where m_x is 0
    y = (wide + near) / 2.0 + (wide - near) / 2.0 * np.cos(angle)
    z2 = (wide - y) * (beyond - y) / (ratio - 1.0)
    x2 = ratio * (y - near) * (far - y) / (ratio - 1.0)
    time = 1.0 / np.sqrt((beyond - y) * (far - y))
    along = h * y - x2 - ratio * z2  # the effective field along m, less that of the easy axis
    size = x2 + h * h + ratio**2 * z2
    return np.asarray(np.sum((size - along**2) * time, axis=-1)
                      / np.sum((along * y - h) * time, axis=-1))


@lru_cache(maxsize=256)
def _laws(ratio: float) -> tuple[Chebyshev, Chebyshev]:
    """Mean and rim over h in [-1, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(_ENERGIES)
    depth, share = (nodes + 1.0) / 2.0, weights / 2.0

    def mean(fields: Floats) -> Floats:
        return np.array([1.0 / np.sum(share / balance_of_orbit(depth, h, ratio)) for h in fields])

    def rim(fields: Floats) -> Floats:
        return np.array([float(balance_of_orbit(_RIM, h, ratio)) for h in fields])

    return (Chebyshev.interpolate(mean, _FIELDS, domain=(-1.0, 1.0)),
            Chebyshev.interpolate(rim, _FIELDS, domain=(-1.0, 1.0)))
