"""One law for an array of devices that are all a little different.

Divide each device's chord conductance by its mean over biases: what is left, its shape, differs
little between devices and mostly along a few directions. Shapes in r such directions lie in a
simplex of r + 1 corners, and the place of a device in it is r + 1 weights, none negative, of sum
one. The corners are the law's branches; weights times means are their conductances.
"""

from collections.abc import Callable
from functools import partial
from typing import NoReturn

import numpy as np
from numpy.polynomial import chebyshev

from circuits.laws.law import Law
from circuits.laws.linear import LinearLaw
from circuits.laws.polynomial import PolynomialLaw
from circuits.laws.tabulated import TabulatedLaw
from device_models.checks import Floats, nonnegative_array, positive

Chord = Callable[[float], Floats]
"""A bias [V] of either sign to the chord conductances (rows, columns) [S] there."""
Interpolation = Callable[[Floats], Law | None]
"""Shapes of the branches (branches, biases) [1] to their law."""

MOST_BRANCHES = 6
_NODES = 16  # biases of polynomials: even, so that none is zero
_POINTS = 65, 257  # of tables, which take over where polynomials do not fit
_SHARE = 0.25  # of the tolerance, for what is left out of the shapes
_ROUNDING = 1e-4  # of the tolerance, for what is left out of the branches
_BETWEEN = np.array([0.07, 0.23, 0.41, 0.58, 0.77, 0.93, 1.0])  # of the limit, to judge at
_SLOPES = 33  # voltages at which no current may fall


def branches_of(chord: Chord, limit: float, tolerance: float = 1e-6) -> tuple[Law, Floats]:
    """A law of few branches, and the conductances that make it the law of every device.

    Parameters
    ----------
    chord : function
        Chord conductances I/V (rows, columns) [S] of all devices at one bias [V] of either sign,
        zero where there is none: `lambda v: synapse.conductances(v)[states]`. It is not asked for
        a bias of zero.
    limit : float
        Voltage [V] up to which the law holds, at both signs; beyond, a solution warns.
    tolerance : float
        Largest error of a device's current up to the limit, relative to its current there [1].

    Returns
    -------
    law : Law
        Of at most 6 branches; `LinearLaw` where no device depends on bias.
    conductance : (branches, rows, columns) array
        Their conductances [S], for `CrossbarCircuit`; zero where a device is open.

    Raises
    ------
    ValueError
        If so few branches do not describe all devices, or a device's current falls with voltage.

    Examples
    --------
    >>> law, conductance = branches_of(lambda v: np.array([[1e-4 * (1 + v**2), 2e-4]]), limit=0.5)
    >>> law
    PolynomialLaw(2 branches of degree 3, limit=0.5)
    """
    limit, tolerance = positive("limit", limit, "V"), positive("tolerance", tolerance, "1")
    between = limit * np.concatenate([_BETWEEN, -_BETWEEN])
    judged = _chords(chord, between)
    best, enough = (np.inf, 0.0, (0, 0)), False
    for sample in _SAMPLES:
        biases, interpolated = sample(limit, _ROUNDING * tolerance)
        g = _chords(chord, biases)
        shapes, conductance, enough = _split(g, np.abs(biases) / limit, _SHARE * tolerance)
        law = interpolated(shapes)
        if law is not None:
            best = min(best, _worst(law, conductance, np.concatenate([between, biases]),
                                    np.concatenate([judged, g])))
            if best[0] <= tolerance:
                _check_monotone(law, conductance)
                return law, conductance
        if not enough:
            break
    _refuse(*best, enough, tolerance)


def _chords(chord: Chord, biases: Floats) -> Floats:
    """(biases, rows, columns) [S], checked."""
    found = [nonnegative_array(f"chord({v:.4g} V)", chord(float(v)), "S") for v in biases]
    for v, g in zip(biases, found, strict=True):
        if g.ndim != 2 or g.shape != found[0].shape:
            raise ValueError(f"chord({v:.4g} V) has shape {g.shape}; expected (rows, columns), the "
                             f"same at every bias; {found[0].shape} at {biases[0]:.4g} V")
    return np.stack(found)


def _split(g: Floats, size: Floats, share: float) -> tuple[Floats, Floats, bool]:
    """Shapes of the branches (branches, biases) [1], their conductances (branches, m, n) [S], and
    whether currents follow to a `share` of those at the limit.

    `g` (biases, m, n) [S] are chord conductances at biases of `size` (biases,) [limit].
    """
    mean = g.mean(axis=0)
    live = mean > 0
    if not live.any():
        return np.ones((1, len(g))), np.zeros((1, *mean.shape)), True
    shapes = (g[:, live] / mean[live]).T
    corners, weights, enough = _simplex(shapes * size, share)
    conductance = np.zeros((len(corners), *mean.shape))
    conductance[:, live] = weights.T * mean[live]
    return corners / size, conductance, enough


def _simplex(points: Floats, share: float) -> tuple[Floats, Floats, bool]:
    """Corners (k + 1, d) of a simplex around `points` (count, d), the points' weights (count,
    k + 1) in it, and whether all lie in its plane up to `share`.

    The plane is that of the largest variances. The simplex has a corner at the least coordinates,
    from which its edges go along the axes until the opposite face meets the outermost point.
    """
    middle = points.mean(axis=0)
    away = points - middle
    _, _, axes = np.linalg.svd(away, full_matrices=False)
    for directions in range(MOST_BRANCHES):
        plane = axes[:directions]
        at = away @ plane.T
        enough = bool(np.abs(away - at @ plane).max() <= share)
        if enough or directions == len(axes):
            break
    low, span = at.min(axis=0), np.ptp(at, axis=0)
    along = np.divide(at - low, span, out=np.zeros_like(at), where=span > 0)
    reach = along.sum(axis=1).max(initial=0.0) if directions else 1.0
    weights = np.column_stack([np.maximum(1.0 - along.sum(axis=1) / reach, 0.0), along / reach])
    corners = middle + low @ plane + np.vstack([np.zeros(len(middle)),
                                                (reach * span)[:, None] * plane])
    return corners, weights, enough


def _polynomials(limit: float, rounding: float) -> tuple[Floats, Interpolation]:
    """Chebyshev's biases, and the polynomials through shapes there."""
    t = np.cos(np.pi * (np.arange(_NODES) + 0.5) / _NODES)
    transform = chebyshev.chebvander(t, _NODES - 1) * (2.0 / _NODES)
    transform[:, 0] /= 2.0

    def interpolated(shapes: Floats) -> Law:
        series = shapes @ transform
        if not np.any(np.abs(series[:, 1::2]).sum(axis=1) > rounding):
            series[:, 1::2] = 0.0
        tail = np.abs(series)[:, ::-1].cumsum(axis=1)[:, ::-1].max(axis=0)
        orders = max(int(np.sum(tail > rounding)), 1)
        if orders == 1 and len(shapes) == 1:
            return LinearLaw()
        return PolynomialLaw([chebyshev.cheb2poly(row) for row in series[:, :orders]], limit)

    return limit * t, interpolated


def _tables(limit: float, rounding: float, points: int) -> tuple[Floats, Interpolation]:
    """Biases, denser near zero, and the curves through every second current there: the others
    judge them. None where a current falls."""
    t = np.linspace(-1.0, 1.0, 2 * points - 1)
    v = limit * t * np.abs(t)
    biases = v[v != 0]

    def interpolated(shapes: Floats) -> Law | None:
        currents = np.insert(shapes * biases, points - 1, 0.0, axis=1)[:, ::2]
        return TabulatedLaw(v[::2], currents) if np.all(np.diff(currents) >= 0) else None

    return biases, interpolated


_SAMPLES: list[Callable[[float, float], tuple[Floats, Interpolation]]] = [
    _polynomials, *(partial(_tables, points=points) for points in _POINTS)]


def _worst(law: Law, conductance: Floats, v: Floats, chords: Floats
           ) -> tuple[float, float, tuple[int, int]]:
    """Largest error of a current relative to that at the limit [1], its voltage [V] and device.

    `chords` (biases, rows, columns) [S] are the true ones at `v`, whose size is greatest at the
    limit.
    """
    true = chords * v[:, None, None]
    found = np.tensordot(law.shape(v), conductance, (0, 0))
    at_limit = np.abs(true[np.abs(v) == np.abs(v).max()]).min(axis=0)
    error = np.abs(found - true)
    relative = np.divide(error, at_limit, out=np.where(error > 0, np.inf, 0.0),
                         where=at_limit > 0)
    k, i, j = np.unravel_index(np.argmax(relative), relative.shape)
    return float(relative[k, i, j]), float(v[k]), (int(i), int(j))


def _check_monotone(law: Law, conductance: Floats) -> None:
    """Refuse devices whose current falls with voltage."""
    low, high = law.limits if not law.linear else (-1.0, 1.0)
    v = np.linspace(low, high, _SLOPES)
    slope = np.tensordot(law.slope(v), conductance, (0, 0))
    if np.any(slope < 0):
        k, i, j = np.unravel_index(np.argmin(slope), slope.shape)
        raise ValueError(f"the current of device ({i}, {j}) falls by {-slope[k, i, j]:.3g} S at "
                         f"{v[k]:.3g} V; expected currents that do not fall with voltage: take a "
                         "lower limit, or check chord(v), which is I/V")


def _refuse(error: float, v: float, device: tuple[int, int], enough: bool, tolerance: float
            ) -> NoReturn:
    trouble = ("their laws have jumps or corners" if enough else
               f"their laws differ in more ways than {MOST_BRANCHES} branches have")
    raise ValueError(
        f"no law of few branches describes these devices: device {device} is off by {error:.2g} "
        f"of its current at the limit, at {v:.3g} V; expected {tolerance:.2g}: {trouble}; take a "
        "larger tolerance or a lower limit, or put devices of other kinds into circuits of "
        "their own")
