"""A measured current-voltage curve for each state."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.interpolate import PchipInterpolator

from circuits.laws.law import Law
from device_models.checks import Floats, real_array


class TabulatedLaw(Law):
    """Measured I(V), odd or asymmetric, one curve per state, interpolated without overshoot.

    Between the points monotone cubic interpolation (PCHIP), beyond the ends straight lines with
    the end slopes; a solution that gets there warns. Each state is a branch: the conductances of
    a circuit are 1 for the state a cross-point is in and 0 otherwise; see `conductance`.

    Parameters
    ----------
    voltages : (points,) array
        Increasing, two or more [V].
    currents : (points,) or (states, points) array
        Non-decreasing along the points [A].
    """

    def __init__(self, voltages: ArrayLike, currents: ArrayLike) -> None:
        v = real_array("voltages", voltages, "V")
        i = np.atleast_2d(real_array("currents", currents, "A"))
        if v.ndim != 1 or len(v) < 2 or np.any(np.diff(v) <= 0):
            raise ValueError(f"voltages has shape {v.shape}; expected two or more, increasing")
        if i.ndim != 2 or i.shape[1] != len(v):
            raise ValueError(f"currents has shape {i.shape}; expected ({len(v)},) or (states, "
                             f"{len(v)}), one current per voltage")
        if np.any(np.diff(i, axis=1) < 0):
            raise ValueError("currents decrease with voltage somewhere; expected monotone curves "
                             "(a device with negative differential resistance has no unique state)")
        self.voltages, self.currents = v, i
        self.branches = len(i)
        self.limits = (float(v[0]), float(v[-1]))

    def conductance(self, states: ArrayLike) -> Floats:
        """Branch weights (states, rows, columns) [1] for cross-points' `states` (rows, columns)."""
        k = real_array("states", states, "1")
        if np.any((k < 0) | (k >= self.branches) | (k != np.rint(k))):
            raise ValueError(f"states are {k.min():g} to {k.max():g}; expected whole numbers from "
                             f"0 to {self.branches - 1}")
        return np.asarray(np.arange(self.branches)[:, None, None] == k, np.float64)

    @cached_property
    def _curves(self) -> tuple[Any, Any]:
        curve = PchipInterpolator(self.voltages, self.currents, axis=1)
        return curve, curve.derivative()

    def shape(self, v: Floats) -> Floats:
        curve, slope = self._curves
        inside = np.clip(v, *self.limits)
        return np.asarray(curve(inside) + slope(inside) * (v - inside))

    def slope(self, v: Floats) -> Floats:
        # no monotone curve falls: what is below zero is rounding
        return np.maximum(self._curves[1](np.clip(v, *self.limits)), 0.0)

    def expression(self, branch: int, v: str) -> str:
        """A sum over pieces, each clipped to its own interval by min and max."""
        points, coefficients = self.voltages, self._curves[0].c[:, :, branch]
        low, high = self.limits
        ends = self.slope(np.array(self.limits))[branch]
        terms = [repr(float(self.currents[branch, 0])),
                 f"{float(ends[0])!r}*min({v}-({low!r}),0)",
                 f"{float(ends[1])!r}*max({v}-({high!r}),0)"]
        for piece in range(len(points) - 1):
            a, width = float(points[piece]), float(points[piece + 1] - points[piece])
            x = f"min(max({v}-({a!r}),0),{width!r})"
            c3, c2, c1 = (float(c) for c in coefficients[:3, piece])
            terms.append(f"{x}*({c1!r}+{x}*({c2!r}+{x}*({c3!r})))")
        return "+".join(terms)
