"""Keras layers that multiply through solved circuits,
and which of them stands for which layer of Keras."""

from crossbar.layers.base import AnalogLayer
from crossbar.layers.dense import AnalogDense
from crossbar.layers.folded import FoldedNormalization
from crossbar.layers.model import AnalogModel, AnalogSequential
from crossbar.layers.product import CrossbarProduct
from crossbar.layers.registry import ANALOG, WRAPPERS, analog_twin

__all__ = ["ANALOG", "WRAPPERS", "AnalogDense", "AnalogLayer", "AnalogModel", "AnalogSequential",
           "CrossbarProduct", "FoldedNormalization", "analog_twin"]
