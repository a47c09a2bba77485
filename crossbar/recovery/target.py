"""What the outputs of a layer are to be, and how far solved tiles are from them."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from crossbar.tiles.order import Order
from device_models.checks import Floats, real_array


@dataclass(frozen=True, eq=False)
class Target:
    """Weights that results are to have, as inputs weigh their errors.

    The error of an output with the weights t [S] and a gain is (w - gain t)^T M (w - gain t), M
    being second moments of the inputs: the mean square of what is computed wrongly.

    Parameters
    ----------
    weights : (groups, rows, outputs) array
        Wanted [1].
    moments : (groups, rows, rows) or (groups, rows) array
        Second moments of what drives the rows, or their diagonal [1].
    """

    weights: Floats
    moments: Floats

    @classmethod
    def of(cls, weights: Floats, moments: Floats | None, ridge: float) -> "Target":
        """Checked; no moments weigh all rows alike. To each row's own moment the share `ridge` [1]
        of the mean one is added, so that rows that were never driven count as well."""
        weights = real_array("weights", weights, "1")
        if weights.ndim != 3 or not weights.size:
            raise ValueError(f"weights have shape {weights.shape}; expected (groups, rows, "
                             "outputs), one or more of each")
        groups, rows, _ = weights.shape
        if moments is None:
            return cls(weights, np.ones((groups, rows)))
        given = real_array("moments", moments, "1")
        if given.shape not in ((groups, rows), (groups, rows, rows)):
            raise ValueError(f"moments have shape {given.shape}; expected E[x x^T] "
                             f"({groups}, {rows}, {rows}), or E[x^2] ({groups}, {rows})")
        made = cls(weights, given)
        if np.any(made.own < 0):
            raise ValueError(f"moments of rows reach down to {made.own.min():g}; expected mean "
                             "squares, which are not below zero")
        mean = made.own.mean(axis=1, keepdims=True)
        least = np.where(mean > 0, ridge * mean, 1.0)
        more = least if given.ndim == 2 else least[..., None] * np.eye(rows)
        return cls(weights, given + more)

    @property
    def full(self) -> bool:
        """Whether it is known how rows go together."""
        return self.moments.ndim == 3

    @property
    def own(self) -> Floats:
        """The second moment of each row: (groups, rows) [1]."""
        if not self.full:
            return self.moments
        return np.asarray(np.diagonal(self.moments, axis1=1, axis2=2))

    @cached_property
    def size(self) -> Floats:
        """Mean squares of the outputs that are wanted: (groups, outputs)."""
        return np.asarray(np.sum(self.weights * self.weighed(self.weights), axis=1))

    def weighed(self, t: Floats) -> Floats:
        """M t for weights (groups, rows, outputs)."""
        return np.asarray(self.moments @ t if self.full else self.moments[..., None] * t)

    def gain(self, t: Floats, otherwise: Floats) -> Floats:
        """Of each output (groups, outputs) [1/S], with which the weights `t` (groups, rows,
        outputs) [S] come nearest; `otherwise` where none above zero does."""
        weighed = self.weighed(t)
        along, size = np.sum(self.weights * weighed, axis=1), np.sum(t * weighed, axis=1)
        useful = (along > 0) & (size > 0)
        return np.asarray(np.where(useful, along / np.where(useful, size, 1.0), otherwise))

    def missed(self, t: Floats, gain: Floats) -> Floats:
        """What is missing of the weights: (groups, rows, outputs) [1]."""
        return np.asarray(self.weights - gain[:, None] * t)

    def error(self, t: Floats, gain: Floats) -> float:
        """Mean square of what is computed wrongly, summed over outputs."""
        missed = self.missed(t, gain)
        return float(np.sum(missed * self.weighed(missed)))

    @property
    def importance(self) -> Floats:
        """What each weight adds to the mean square of its output, alone: like `weights`."""
        return np.asarray(self.own[..., None] * self.weights**2)

    def ordered(self, order: Order) -> "Target":
        """Of rows and outputs in the places of `order`."""
        rows = order.rows
        moments = np.take_along_axis(self.moments, rows[..., None] if self.full else rows, axis=1)
        if self.full:
            moments = np.take_along_axis(moments, rows[:, None], axis=2)
        return Target(order.placed(self.weights), moments)
