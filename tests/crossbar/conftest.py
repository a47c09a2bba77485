"""Small networks and the device they run on, shared by the tests of this folder."""

from collections.abc import Callable, Sequence

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from device_models import CompoundMTJ, load_stack

Floats = NDArray[np.float64]


@pytest.fixture(scope="session")
def synapse() -> CompoundMTJ:
    """Three cells, seven differential levels."""
    return CompoundMTJ(load_stack("kumar2024").mtj(1.9e-9), 3)


@pytest.fixture(scope="session")
def values() -> Callable[..., Floats]:
    """Outputs of a Keras model as float64, without compiling it."""

    def evaluate(model: keras.Model, x: Floats | list[Floats]) -> Floats:
        return np.asarray(keras.ops.convert_to_numpy(model(x, training=False)), np.float64)

    return evaluate


@pytest.fixture(scope="session")
def network() -> Callable[..., keras.Model]:
    """A Sequential of Dense layers of given sizes, with random weights and biases."""

    def build(sizes: Sequence[int] = (9, 7, 4), activation: str | None = "sigmoid", seed: int = 1,
              **settings: object) -> keras.Model:
        model = keras.Sequential([keras.Input((sizes[0],))])
        for i, units in enumerate(sizes[1:]):
            model.add(keras.layers.Dense(units, activation=activation, name=f"d{i}", **settings))
        rng = np.random.default_rng(seed)
        model.set_weights([rng.normal(0, 0.7, w.shape) for w in model.get_weights()])
        return model

    return build


@pytest.fixture(scope="session")
def inputs() -> Callable[..., Floats]:
    """Random inputs (samples, features) between 0 and 1."""

    def draw(features: int = 9, samples: int = 40, low: float = 0.0, high: float = 1.0) -> Floats:
        return np.random.default_rng(5).uniform(low, high, (samples, features)).astype(np.float32)

    return draw
