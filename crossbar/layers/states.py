"""States of devices that were chosen elsewhere, as a product holds them."""

from collections.abc import Callable

import numpy as np

from crossbar.layers.periphery import coded, decoded
from crossbar.layers.untyped import Shape, Tensor
from crossbar.tiles.matrix import Wanted


class GivenStates:
    """Variables that hold states which do not follow from weights.

    Parameters
    ----------
    variable : callable
        Makes a variable of a name, a shape and a type.
    shape : (int, int, int)
        Matrices, their rows with that of biases, their outputs.
    """

    def __init__(self, variable: Callable[[str, Shape, str], Tensor], shape: Shape) -> None:
        groups, _, outputs = shape
        self.difference = variable("states", (*shape, 2), "uint32")
        self.scale = variable("states_scale", (groups, outputs, 2), "uint32")

    @property
    def variables(self) -> tuple[Tensor, ...]:
        """What `states_of` makes states of."""
        return self.difference, self.scale

    def take(self, wanted: Wanted) -> None:
        """Hold these from now on."""
        self.difference.assign(coded(wanted.difference))
        self.scale.assign(coded(np.broadcast_to(wanted.scale, self.scale.shape[:2])))


def states_of(difference: Tensor, scale: Tensor) -> Wanted:
    """What variables hold, or the arrays in them."""
    return Wanted(decoded(difference), decoded(scale))
