"""A layer's matrix put on states, cut into arrays, solved,
and run without Keras."""

from crossbar.tiles.matrix import Tile, TiledMatrix
from crossbar.tiles.quantisation import Quantised, quantise_weights

__all__ = ["Quantised", "Tile", "TiledMatrix", "quantise_weights"]
