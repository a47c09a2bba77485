"""Keras layers that multiply through solved circuits,
and which of them stands for which layer of Keras."""

from crossbar.layers.dense import AnalogDense

__all__ = ["AnalogDense"]
