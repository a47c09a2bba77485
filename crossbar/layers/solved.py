"""What a product computes with."""

from typing import NamedTuple

from crossbar.layers.untyped import Tensor


class Solved(NamedTuple):
    """What a product multiplies with and adds.

    Parameters
    ----------
    kernel : (groups, inputs, outputs) tensor
        Weights that the circuits realise; None where currents are known tile by tile.
    bias : (groups, outputs) tensor, optional
        What is added to products with them: biases, digital or realised by the row of them.
    transconductance : (groups, rows of tiles, rows, converters) tensor
        From rows to converted currents [S]; None where they are not known by themselves.
    decoder : ([groups,] converters, outputs) tensor
        From what is converted to results, times volts; likewise.
    noise : (groups, rows of tiles, converters) tensor, optional
        Standard deviation of what is added to converted currents, drawn for each read [S].
    """

    kernel: Tensor
    bias: Tensor
    transconductance: Tensor
    decoder: Tensor
    noise: Tensor = None
