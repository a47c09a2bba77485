"""Which analog layer stands for which layer of Keras.

A new type of layer is a new file and its line here.
"""

import keras

from crossbar.layers.base import AnalogLayer
from crossbar.layers.dense import AnalogDense

ANALOG: dict[type[keras.Layer], type[AnalogLayer]] = {
    keras.layers.Dense: AnalogDense,
}


def analog_twin(layer: keras.Layer) -> type[AnalogLayer] | None:
    """The class that stands for `layer`, or None.

    Subclasses of what is registered have none: they may compute something else.
    """
    return ANALOG.get(type(layer))
