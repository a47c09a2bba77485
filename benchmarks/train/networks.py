"""The networks that can be trained, by name.

Each takes images as rows of 784 pixels, so that every image set fits every network. A new one is a
function and its line in `NETWORKS`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.inputs.datasets import CLASSES, IMAGE_SHAPE, PIXELS
from benchmarks.inputs.weights import DENSE
from device_models.checks import known

if TYPE_CHECKING:
    import keras

HIDDEN = 128  # neurons of the dense network's hidden layer, as in the paper
DENSE_EPOCHS = 40  # as in the paper
LENET_EPOCHS = 20  # on 10,000 training images held out, accuracy is level from 12 to 25


@dataclass(frozen=True)
class Architecture:
    """A network before training.

    Args:
        build: makes it, (images, 784) -> (images, 10) class probabilities.
        epochs: passes over the training images that suit it.
        title: for help texts.
    """

    build: Callable[[], keras.Model]
    epochs: int
    title: str


def build_network(name: str = DENSE) -> keras.Model:
    """The untrained network `name` of `NETWORKS`, (images, 784) -> (images, 10) probabilities."""
    return NETWORKS[known("network", name, NETWORKS)].build()


def _dense() -> keras.Model:
    """784 x 128 x 10, sigmoid (Kumar et al., Nanoscale Horizons 2024, 9, 1522).

    Assumed, for the paper does not say: softmax instead of sigmoid after the last layer, so that
    the cross-entropy is defined.
    """
    import keras

    return keras.Sequential(
        [
            keras.layers.Input((PIXELS,)),
            keras.layers.Dense(HIDDEN, activation="sigmoid", name="hidden"),
            keras.layers.Dense(CLASSES, activation="softmax", name="output"),
        ]
    )


def _lenet() -> keras.Model:
    """LeNet-5 (LeCun et al., Proc. IEEE 1998, 86, 2278, doi 10.1109/5.726791), as it is built now.

    The original's sizes; rectifiers, largest values in pooling, softmax, and every feature map of
    the second convolution sees all of the first.
    """
    import keras

    layers = keras.layers
    return keras.Sequential(
        [
            layers.Input((PIXELS,)),
            layers.Reshape((*IMAGE_SHAPE, 1), name="image"),
            layers.Conv2D(6, 5, padding="same", activation="relu", name="conv1"),
            layers.MaxPooling2D(2, name="pool1"),
            layers.Conv2D(16, 5, padding="valid", activation="relu", name="conv2"),
            layers.MaxPooling2D(2, name="pool2"),
            layers.Flatten(name="flat"),
            layers.Dense(120, activation="relu", name="hidden1"),
            layers.Dense(84, activation="relu", name="hidden2"),
            layers.Dense(CLASSES, activation="softmax", name="output"),
        ]
    )


NETWORKS = {
    DENSE: Architecture(_dense, DENSE_EPOCHS, f"{PIXELS} x {HIDDEN} x {CLASSES}, sigmoid"),
    "lenet": Architecture(_lenet, LENET_EPOCHS, "two convolutions, three dense layers, relu"),
}
