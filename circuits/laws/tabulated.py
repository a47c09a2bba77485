"""A measured current-voltage curve for each state."""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike
from scipy.interpolate import PchipInterpolator

from circuits.copies import read_only
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
        if v.ndim != 1 or len(v) < 2 or np.any(v[1:] <= v[:-1]):
            raise ValueError(f"voltages has shape {v.shape}; expected two or more, increasing")
        if i.ndim != 2 or i.shape[1] != len(v):
            raise ValueError(f"currents has shape {i.shape}; expected ({len(v)},) or (states, "
                             f"{len(v)}), one current per voltage")
        if np.any(i[:, 1:] < i[:, :-1]):
            raise ValueError("currents decrease with voltage somewhere; expected monotone curves "
                             "(a device with negative differential resistance has no unique state)")
        self.voltages, self.currents = read_only(v), read_only(i)
        self.branches = len(i)
        self.limits = (float(v[0]), float(v[-1]))
        self._check_curves()

    def _check_curves(self) -> None:
        """Refuse points so close or so far apart that slopes or their cubes overflow."""
        v, i = self.voltages, self.currents
        with np.errstate(all="ignore"):
            try:
                between = np.concatenate([v, v[:-1] + np.diff(v) / 2])
                known = np.isfinite([curve(between) for curve in self._curves]).all()
            except ValueError:  # SciPy's, of slopes at the points that are infinite
                known = np.False_
        if not known:
            raise ValueError(
                f"no curve in double precision goes through these points: voltages are "
                f"{v[0]:.3g} to {v[-1]:.3g} V, currents {i.min():.3g} to {i.max():.3g} A; expected "
                "volts and amperes of a device, at voltages that can be told apart")

    def __getstate__(self) -> dict[str, object]:
        """The points, without the curve through them."""
        return {name: value for name, value in vars(self).items() if name != "_curves"}

    def __setstate__(self, state: dict[str, object]) -> None:
        vars(self).update(read_only(state))

    def conductance(self, states: ArrayLike) -> Floats:
        """Branch weights (states, rows, columns) [1] for cross-points' `states` (rows, columns)."""
        k = real_array("states", states, "1")
        if np.any((k < 0) | (k >= self.branches) | (k != np.rint(k))):
            raise ValueError(f"states are {k.min():g} to {k.max():g}; expected whole numbers from "
                             f"0 to {self.branches - 1}")
        return np.asarray(np.arange(self.branches)[:, None, None] == k, np.float64)

    @cached_property
    def _curves(self) -> tuple[Any, Any]:
        with np.errstate(over="ignore", under="ignore"):  # of the inverse of a slope near zero
            curve = PchipInterpolator(self.voltages, self.currents, axis=1)
        return curve, curve.derivative()

    def shape(self, v: Floats) -> Floats:
        curve, slope = self._curves
        inside = np.clip(v, *self.limits)
        return np.asarray(curve(inside) + slope(inside) * (v - inside))

    def slope(self, v: Floats) -> Floats:
        slope = self._curves[1](np.clip(v, *self.limits))
        return np.asarray(np.maximum(slope, 0.0))  # below zero, on a monotone curve, is rounding

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
