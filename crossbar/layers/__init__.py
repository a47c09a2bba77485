"""Keras layers that multiply through solved circuits,
and which of them stands for which layer of Keras."""

from crossbar.layers.base import AnalogLayer
from crossbar.layers.dense import AnalogDense
from crossbar.layers.registry import ANALOG, analog_twin

__all__ = ["ANALOG", "AnalogDense", "AnalogLayer", "analog_twin"]
