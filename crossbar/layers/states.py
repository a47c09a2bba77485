"""States of devices that were chosen elsewhere, as a product holds them."""

from collections.abc import Callable

import numpy as np
from keras import ops

from crossbar.layers.periphery import coded, decoded
from crossbar.layers.untyped import Shape, Tensor
from crossbar.tiles.matrix import Wanted
from crossbar.tiles.order import Order


class GivenStates:
    """Variables that hold states which do not follow from weights.

    Parameters
    ----------
    variable : callable
        Makes a variable of a name, a shape and a type.
    shape : (int, int, int)
        Matrices, their rows with that of biases, their outputs.
    ordered : bool
        Whether rows and outputs stand in another order than that of the matrices.
    """

    def __init__(self, variable: Callable[[str, Shape, str], Tensor], shape: Shape, ordered: bool
                 ) -> None:
        self._variable, self.shape = variable, shape
        groups, _, outputs = shape
        self.difference = variable("states", (*shape, 2), "uint32")
        self.scale = variable("states_scale", (groups, outputs, 2), "uint32")
        self.order: tuple[Tensor, ...] = ()
        if ordered:
            self.make_order()

    @property
    def ordered(self) -> bool:
        """Whether they have an order."""
        return bool(self.order)

    @property
    def variables(self) -> tuple[Tensor, ...]:
        """What `states_of` makes states of."""
        return self.difference, self.scale, *self.order

    def make_order(self) -> None:
        """Variables for it."""
        groups, rows, outputs = self.shape
        self.order = (self._variable("row_order", (groups, rows), "int32"),
                      self._variable("column_order", (groups, outputs), "int32"))

    def take(self, wanted: Wanted) -> None:
        """Hold these from now on."""
        self.difference.assign(coded(wanted.difference))
        self.scale.assign(coded(np.broadcast_to(wanted.scale, self.scale.shape[:2])))
        order = wanted.order or Order.unchanged(self.shape)
        for variable, places in zip(self.order, (order.rows, order.outputs), strict=False):
            variable.assign(places.astype(np.int32))

    def placed(self, x: Tensor) -> Tensor:
        """Rows (..., groups, rows), or those without biases, in the places where they stand."""
        if not self.order:
            return x
        rows = self.order[0][:, : x.shape[-1]]  # that of biases is the last
        return ops.stack([ops.take(x[..., group, :], rows[group], axis=-1)
                          for group in range(self.shape[0])], axis=-2)

    def undone(self, y: Tensor) -> Tensor:
        """Results (..., groups, outputs) as they stand, in the matrices' own order."""
        if not self.order:
            return y
        places = ops.argsort(self.order[1], axis=-1)
        return ops.stack([ops.take(y[..., group, :], places[group], axis=-1)
                          for group in range(self.shape[0])], axis=-2)


def states_of(difference: Tensor, scale: Tensor, *order: Tensor) -> Wanted:
    """What variables hold, or the arrays in them."""
    return Wanted(decoded(difference), decoded(scale), order_of(*order))


def order_of(*order: Tensor) -> Order | None:
    """That of variables for rows and outputs; none without, or with nothing in them yet."""
    places = [np.asarray(ops.convert_to_numpy(each)) for each in order]
    known = bool(places) and all(each.any() or each.shape[1] == 1 for each in places)
    return Order(*places) if known else None
