"""Laws of a comparison: its weights are those of the first layer on crossbars, wherever it is."""

import keras
import numpy as np

from benchmarks.accuracy.run import compare
from benchmarks.inputs import ImageSet
from circuits import Wires
from crossbar import Hardware
from device_models import CompoundMTJ, load_stack


def test_layers_without_weights_may_come_first() -> None:
    layers = keras.layers
    model = keras.Sequential([
        keras.Input((784,)), layers.Reshape((28, 28, 1)), layers.AveragePooling2D(14),
        layers.Flatten(), layers.Dense(3, name="first"), layers.Dense(10, name="second")])
    rng = np.random.default_rng(0)
    test = ImageSet("mnist", "folder", "test", rng.random((20, 784), np.float32),
                    np.arange(20) % 10)
    hardware = Hardware(CompoundMTJ(load_stack("kumar2024").mtj(1.9e-9), 3), wires=Wires(1.0, 1.0))
    found = compare(model, hardware, test, 20)
    assert found.first == "first"
    assert list(found.energy.layers) == ["first", "second"]
    kernel = model.get_layer("first").kernel.numpy()
    assert found.quantised.shape == found.realised.shape == kernel.shape
    # seven levels of a pair of three cells: still those weights
    assert np.corrcoef(found.quantised.ravel(), kernel.ravel())[0, 1] > 0.95
    assert not np.array_equal(found.quantised, found.realised)
