"""Batch normalisations folded into the layers before them change nothing."""

from pathlib import Path

import keras
import numpy as np
import pytest

from crossbar import Hardware
from crossbar.conversion.convert import to_analog
from crossbar.conversion.report import conversion_report
from device_models import CompoundMTJ, UnlimitedStates
from tests.support.models import randomise, signed

L = keras.layers
# More than one channel in, and another number out: a kernel's axes must not be mistaken.
FOLDED = {
    "Dense": (lambda: L.Dense(5), (3,)),
    "Conv1D": (lambda: L.Conv1D(5, 2), (6, 3)),
    "Conv2D": (lambda: L.Conv2D(5, 2, use_bias=False), (6, 5, 3)),
    "Conv2D in groups": (lambda: L.Conv2D(6, 2, groups=3), (6, 5, 3)),
    "Conv3D": (lambda: L.Conv3D(5, 2), (4, 3, 3, 3)),
    "DepthwiseConv1D": (lambda: L.DepthwiseConv1D(2), (6, 3)),
    "DepthwiseConv2D": (lambda: L.DepthwiseConv2D(2, use_bias=False), (6, 5, 3)),
    "DepthwiseConv2D, two each": (lambda: L.DepthwiseConv2D(2, depth_multiplier=2), (6, 5, 3)),
    "Conv1DTranspose": (lambda: L.Conv1DTranspose(5, 2), (6, 3)),
    "Conv2DTranspose": (lambda: L.Conv2DTranspose(5, 2), (6, 5, 3)),
    "Conv3DTranspose": (lambda: L.Conv3DTranspose(5, 2), (4, 3, 3, 3)),
}


@pytest.mark.parametrize("center_and_scale", [True, False])
@pytest.mark.parametrize("kind", FOLDED)
def test_a_folded_normalisation_is_in_the_weights(
    kind: str, center_and_scale: bool, synapse: CompoundMTJ
) -> None:
    make, shape = FOLDED[kind]
    normal = L.BatchNormalization(center=center_and_scale, scale=center_and_scale)
    model = randomise(keras.Sequential([keras.Input(shape), make(), normal]))
    normal.moving_variance.assign(np.linspace(0.5, 2.0, normal.moving_variance.shape[0]))
    x = signed(model)
    analog = to_analog(model, Hardware(UnlimitedStates(synapse)), x, fold=True)
    expected = keras.ops.convert_to_numpy(model(x, training=False))
    np.testing.assert_allclose(keras.ops.convert_to_numpy(analog(x, training=False)), expected,
                               rtol=0, atol=1e-5 * np.abs(expected).max())
    _, gone = conversion_report(analog).layers
    assert gone.why == f"folded into {model.layers[0].name!r}"


def test_functional_models_fold_and_load(synapse: CompoundMTJ, tmp_path: Path) -> None:
    """Keras calls a normalisation in a graph with a mask and whether it trains."""
    x = keras.Input((6, 5, 3))
    y = L.BatchNormalization()(L.Conv2D(4, 3, use_bias=False)(x))
    z = L.BatchNormalization()(L.DepthwiseConv2D(2)(L.ReLU(6.0)(y)), training=False)
    model = randomise(keras.Model(x, L.Dense(2)(L.GlobalAveragePooling2D()(z))))
    images = signed(model)
    analog = to_analog(model, Hardware(UnlimitedStates(synapse)), images, fold=True)
    expected = keras.ops.convert_to_numpy(model(images, training=False))
    np.testing.assert_allclose(keras.ops.convert_to_numpy(analog(images, training=False)),
                               expected, rtol=0, atol=1e-5 * np.abs(expected).max())
    assert sum("folded into" in layer.why for layer in conversion_report(analog).layers) == 2
    analog.save(tmp_path / "folded.keras")
    loaded = keras.saving.load_model(tmp_path / "folded.keras")
    np.testing.assert_array_equal(loaded.predict(images, verbose=0),
                                  analog.predict(images, verbose=0))
