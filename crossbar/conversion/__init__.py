"""A Keras model in, an analog model out.
Needs Keras."""

from crossbar.conversion.convert import count_tiles, to_analog
from crossbar.conversion.probe import Inputs, layer_inputs

__all__ = ["Inputs", "count_tiles", "layer_inputs", "to_analog"]
