"""Rows and outputs of matrices in other places, as tensors."""

from dataclasses import dataclass

import numpy as np
from keras import ops

from crossbar.layers.untyped import Tensor
from crossbar.tiles.order import Order


@dataclass(frozen=True, eq=False)
class Placing:
    """What `crossbar.tiles.order.Order` does to arrays, done to tensors, with gradients.

    Parameters
    ----------
    order : Order, optional
        Where they stand, if not in their own order.
    """

    order: Order | None

    def placed(self, x: Tensor) -> Tensor:
        """Something (groups, rows, outputs) as it stands in tiles."""
        return x if self.order is None else _outputs(self.order, _rows(self.order, x))

    def rows_placed(self, x: Tensor) -> Tensor:
        """Something (groups, rows, any) of rows as they stand in tiles."""
        return x if self.order is None else _rows(self.order, x)

    def undone(self, x: Tensor) -> Tensor:
        """What stands in tiles, in the matrices' own order."""
        if self.order is None:
            return x
        back = self.order.inverse
        return _outputs(back, _rows(back, x))

    def rows_undone(self, x: Tensor) -> Tensor:
        """Something (groups, rows, any) of rows, in the matrices' own order."""
        return x if self.order is None else _rows(self.order.inverse, x)


def _rows(order: Order, x: Tensor) -> Tensor:
    return ops.take_along_axis(x, np.broadcast_to(order.rows[..., None], tuple(x.shape)), axis=1)


def _outputs(order: Order, x: Tensor) -> Tensor:
    return ops.take_along_axis(x, np.broadcast_to(order.outputs[:, None], tuple(x.shape)), axis=2)
