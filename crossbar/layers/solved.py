"""What a product computes with."""

from typing import NamedTuple

from crossbar.layers.untyped import Tensor


class Solved(NamedTuple):
    """What a product multiplies with and adds.

    Parameters
    ----------
    kernel : (groups, inputs, outputs) tensor
        Weights that the circuits realise.
    bias : (groups, outputs) tensor, optional
        Biases, digital or realised by the row of them.
    transconductance : (groups, rows of tiles, rows, converters) tensor
        From rows to converted currents [S], empty where none is converted.
    decoder : (converters, outputs) tensor
        From what is converted to results, times volts.
    noise : (groups, rows of tiles, converters) tensor, optional
        Standard deviation of what is added to converted currents, drawn for each read [S].
    """

    kernel: Tensor
    bias: Tensor
    transconductance: Tensor
    decoder: Tensor
    noise: Tensor = None
