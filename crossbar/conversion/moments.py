"""Mean and second moments of what drives the rows of a product."""

from typing import Any

import numpy as np

from crossbar.conversion.currents import numbers_of
from crossbar.layers.product import CrossbarProduct
from crossbar.layers.untyped import Tensor
from device_models.checks import Floats

MOST = 2048
"""Rows of a matrix up to which moments between them are kept; of more, those of each alone."""


class Moments:
    """Of many rows of inputs, as they come in.

    Parameters
    ----------
    product : CrossbarProduct
        Whose rows they drive, that of biases included.

    Attributes
    ----------
    count : int
        Inputs so far.
    """

    def __init__(self, product: CrossbarProduct) -> None:
        groups, _, _ = product.shape
        self.product, self.count = product, 0
        rows = product.rows
        self._sum = np.zeros((groups, rows))
        self._squares = np.zeros((groups, rows, rows) if rows <= MOST else (groups, rows))

    def see(self, _: Any, rows: Tensor) -> None:
        """Count in rows (..., groups, inputs)."""
        x = np.moveaxis(numbers_of(rows), 1, 0)
        if self.product.bias_row:
            x = np.concatenate([x, np.full((*x.shape[:2], 1), self.product.input_range[1])], -1)
        self.count += x.shape[1]
        self._sum += x.sum(axis=1)
        self._squares += (x.swapaxes(1, 2) @ x if self._squares.ndim == 3 else
                          np.square(x).sum(axis=1))

    @property
    def mean(self) -> Floats:
        """(groups, rows)."""
        return self._sum / max(1, self.count)

    def second(self, *, centred: bool) -> Floats | None:
        """Second moments (groups, rows, rows), or (groups, rows) of many rows, about the mean or
        about zero; None without inputs."""
        if not self.count:
            return None
        mean, second = self.mean, self._squares / self.count
        if not centred:
            return second
        if second.ndim == 3:
            return second - mean[:, :, None] * mean[:, None, :]
        return np.maximum(second - mean**2, 0.0)
