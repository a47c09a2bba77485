"""Rows and outputs of matrices in other places, as tensors."""

from dataclasses import dataclass

from keras import ops

from crossbar.layers.untyped import Tensor


@dataclass(frozen=True, eq=False)
class Placing:
    """What `crossbar.tiles.order.Order` does to arrays, done to tensors, with gradients.

    Parameters
    ----------
    rows : (groups, rows) tensor of int, optional
        Which row of its matrix stands in each place; none for the matrices' own order.
    outputs : (groups, outputs) tensor of int, optional
        Likewise of outputs.
    """

    rows: Tensor = None
    outputs: Tensor = None

    def placed(self, x: Tensor) -> Tensor:
        """Something (groups, rows, outputs) as it stands in tiles."""
        return _taken(self.rows, self.outputs, x)

    def rows_placed(self, x: Tensor) -> Tensor:
        """Something (groups, rows, any) of rows as they stand in tiles."""
        return _taken(self.rows, None, x)

    def undone(self, x: Tensor) -> Tensor:
        """What stands in tiles, in the matrices' own order."""
        return _taken(_inverse(self.rows), _inverse(self.outputs), x)

    def outputs_undone(self, x: Tensor) -> Tensor:
        """Something (groups, any, outputs) of outputs as they stand, in the matrices' own order."""
        return _taken(None, _inverse(self.outputs), x)

    def rows_undone(self, x: Tensor) -> Tensor:
        """Something (groups, rows, any) of rows, in the matrices' own order."""
        return _taken(_inverse(self.rows), None, x)


def _inverse(order: Tensor) -> Tensor:
    return None if order is None else ops.argsort(order, axis=-1)


def _taken(rows: Tensor, outputs: Tensor, x: Tensor) -> Tensor:
    """Rows and outputs of x (groups, rows, outputs) in other places; group by group, since what
    takes along axes is many times slower."""
    for axis, order in enumerate((rows, outputs)):
        if order is not None:
            x = ops.stack([ops.take(each, places, axis=axis) for each, places in zip(
                ops.unstack(x), ops.unstack(order), strict=True)])
    return x
