"""A layer's matrix put on states, cut into arrays, solved,
and run without Keras."""

from crossbar.tiles.layer import ProgrammedLayer, device_rows, row_inputs
from crossbar.tiles.matrix import Tile, TiledMatrix
from crossbar.tiles.progress import Progress, unseen
from crossbar.tiles.quantisation import Quantised, quantise_weights
from crossbar.tiles.ranges import Range, input_range
from crossbar.tiles.stacked import StackedTiles

__all__ = [
    "ProgrammedLayer", "Progress", "Quantised", "Range", "StackedTiles", "Tile", "TiledMatrix",
    "device_rows", "input_range", "quantise_weights", "row_inputs", "unseen",
]
